"""What this room keeps for a short time only."""

from datetime import timedelta

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from core import ratelimit

COUNTED_FOR = timedelta(days=1)


@shared_task
def forget_visits() -> None:
    """Counters of earlier days go, and sessions that have run out: they say which contribution a browser worked on."""
    ratelimit.forget(before=timezone.now() - COUNTED_FOR)
    SessionStore.clear_expired()

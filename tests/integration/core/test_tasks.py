"""What is kept for a short time is deleted after it."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from core import tasks
from core.models import RateWindow

pytestmark = pytest.mark.django_db


def test_counters_of_earlier_days_and_sessions_that_ran_out_are_deleted() -> None:
    now = timezone.now()
    for age in (timedelta(days=2), timedelta(minutes=1)):
        RateWindow.objects.create(scope="receipt", digest="d", opened_at=now - age, hits=1)
    for key, left in (("old", -timedelta(minutes=1)), ("new", timedelta(days=7))):
        Session.objects.create(session_key=key, session_data="", expire_date=now + left)

    tasks.forget_visits()

    assert RateWindow.objects.get().opened_at == now - timedelta(minutes=1)
    assert Session.objects.get().session_key == "new"


def test_it_is_done_every_hour() -> None:
    entry = settings.CELERY_BEAT_SCHEDULE["core.tasks.forget_visits"]
    assert entry["schedule"] == timedelta(hours=1)

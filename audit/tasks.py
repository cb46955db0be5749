"""Beat rings hourly; each finished day is sealed once."""

import logging

from celery import shared_task
from django.utils import timezone

from audit import seals

log = logging.getLogger(__name__)


@shared_task
def seal_yesterday() -> None:
    """Seal the days that are over and not sealed yet: yesterday, and more after a standstill."""
    for seal in seals.seal_finished_days(at=timezone.now()):
        log.info("the audit trail of %s is sealed: %d events, %s", seal.day, seal.events, seal.sha256)

"""The work behind this room's doorbells. Beat rings each of them every minute as well."""

import logging
from time import monotonic

from celery import shared_task
from django.utils import timezone

from privacy import queries
from privacy.actions import checking, erasing

DRAIN_FOR = 60.0
"""Seconds after which a drain stops, well below the task's time limit; the next ring goes on."""

log = logging.getLogger(__name__)


@shared_task
def open_cases() -> None:
    """A case for every contribution that was sent."""
    for contribution in queries.contributions_without_case():
        try:
            checking.open_case(contribution=contribution, at=timezone.now())
        except checking.NotSubmitted:
            log.info("contribution %s was withdrawn before it had a case", contribution.pk)
        except Exception:
            log.exception("contribution %s got no case; the others go on", contribution.pk)


@shared_task
def check_images() -> None:
    """Clean and check images until none waits."""
    until = monotonic() + DRAIN_FOR
    while checking.check_next_image(at=timezone.now()) and monotonic() < until:
        pass


@shared_task
def sweep_storage() -> None:
    """Delete clean images that no case has."""
    erasing.sweep(at=timezone.now())

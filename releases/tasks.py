"""The work behind this room's doorbell. Beat rings it every minute as well."""

from time import monotonic

from celery import shared_task
from django.utils import timezone

from releases.actions import building

DRAIN_FOR = 60.0
"""Seconds after which a drain stops, well below the task's time limit; the next ring goes on."""


@shared_task
def build_releases() -> None:
    """Build frozen releases, portion by portion, and delete the objects of abandoned ones."""
    until = monotonic() + DRAIN_FOR
    while building.build_next(at=timezone.now()) and monotonic() < until:
        pass

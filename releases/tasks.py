"""The work behind this room's doorbell, which beat rings every minute as well, and the sweep of every hour."""

import logging
from time import monotonic

from celery import shared_task
from django.utils import timezone

from releases.actions import building, sweeping
from releases.actions.storing import Unavailable

DRAIN_FOR = 60.0
"""Seconds after which a drain stops, well below the task's time limit; the next ring goes on."""

log = logging.getLogger(__name__)


@shared_task
def build_releases() -> None:
    """Build frozen releases and verify built ones, portion by portion; delete the objects of abandoned ones."""
    until = monotonic() + DRAIN_FOR
    while building.build_next(at=timezone.now()) and monotonic() < until:
        pass


@shared_task
def sweep_storage() -> None:
    """Delete objects of releases that are abandoned, or that nobody knows."""
    try:
        sweeping.sweep(at=timezone.now())
    except Unavailable as error:
        log.warning("releases are swept in an hour: %s", error)

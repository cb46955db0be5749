"""Objects of releases that nobody will publish: what a worker that was killed at the wrong moment left behind."""

import logging
from datetime import datetime
from itertools import groupby

from audit.trail import WORKER, record
from core import storage
from core.storage import Place, Stored
from releases.actions import storing
from releases.models import Release

log = logging.getLogger(__name__)


def sweep(*, at: datetime) -> int:
    """Delete the objects of abandoned releases, and of versions that no release has; how many.

    The row of a release is there before its objects, and an abandoned one never comes back. What lies in a release that
    is still being prepared is not touched: its build deletes what does not belong. Raises core.storage.Unavailable.
    """
    swept = 0
    for version, objects in groupby(storage.keys(Place.RELEASES, storing.ROOT), key=_version):
        if Release.objects.filter(version=version).exclude(status=Release.Status.ABANDONED).exists():
            continue
        orphans = [stored.key for stored in objects]
        storage.delete_many(Place.RELEASES, orphans)
        record("orphans-swept", actor=WORKER, subject=f"Release {version}", at=at, objects=len(orphans))
        log.warning("%d objects of release %s, which is abandoned or unknown, were deleted", len(orphans), version)
        swept += len(orphans)
    return swept


def _version(stored: Stored) -> str:
    return stored.key.removeprefix(storing.ROOT).partition("/")[0]

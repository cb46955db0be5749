"""A withdrawn contribution leaves every release that is not published. Published copies cannot be called back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from audit.models import Erasure
from audit.trail import WORKER, record_erasure
from privacy.queries import case_of
from releases.actions import drafting, leaving_out
from releases.models import Release, ReleaseItem
from releases.queries import PUBLIC

WITHDRAWN = "a case of it was withdrawn"


def erase(*, reference: UUID | str, at: datetime) -> None:
    """Take the contribution's case out of releases that are being prepared, and leave the receipt. Safe to repeat.

    A frozen release goes on without it. One that is built or approved is abandoned: its tables and checksums hold the
    case. They are deleted here with the case's images, the other cases' images by the worker that clears the abandoned
    release. Of a published one the case's public id stays, for withdrawn_cases.csv of the next.
    The receipt counts the places in unpublished releases. Raises core.storage.Unavailable.
    """
    case = case_of(reference)
    items = 0
    if case is not None:
        for item in ReleaseItem.objects.filter(case=case).exclude(release__status__in=PUBLIC):
            items += _forget(item, at=at)
        # What was hidden of somebody is no longer needed: the case is in no later release.
        ReleaseItem.objects.filter(case=case, release__status__in=PUBLIC).update(mitigations=[], row_sha256="")
    record_erasure(reference=reference, place=Erasure.Place.RELEASES, items=items, at=at)


def _forget(item: ReleaseItem, *, at: datetime) -> int:
    release = _take(item, at=at)
    if release.status in PUBLIC:  # published this instant
        return 0
    return leaving_out.leave_out(release, [item])


@transaction.atomic
def _take(item: ReleaseItem, *, at: datetime) -> Release:
    """The release as it is now, with no worker on it; abandoned where it was built already."""
    release = Release.objects.select_for_update().get(pk=item.release_id)
    if release.status == Release.Status.FROZEN:
        Release.objects.filter(pk=release.pk).update(leased_until=None, due_at=at, attempts=0)
    elif release.status in (Release.Status.BUILT, Release.Status.APPROVED):
        drafting.abandon(release=release, manager=WORKER, at=at, reason=WITHDRAWN)
    return release

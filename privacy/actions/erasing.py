"""Forgetting what this room made of a contribution, and sweeping up what died workers left in the storage."""

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction

from audit.models import Erasure
from audit.trail import WORKER, record, record_erasure
from core import storage
from core.answers import ONE_OF, SOME_OF
from core.states import move
from core.vocabulary import AgeGroup
from privacy import queries
from privacy.models import Case, CaseImage, PrivacyCheck

log = logging.getLogger(__name__)


def erase(*, reference: UUID | str, at: datetime) -> None:
    """Leave nothing of the contribution's case but its id. Safe to repeat; also without a case, and in any status.

    A worker that is in the middle of an image of the case loses its lease, and deletes the object it then stores.
    Raises core.storage.Unavailable; what is left is erased by the next call.
    """
    case = queries.case_of(reference)
    items = 0
    if case is not None:
        keys = _forget(case, at=at)
        for key in keys:
            storage.delete(storage.Place.CLEAN, key)
        case.images.update(key="")
        items = 1 + case.images.count()
    record_erasure(reference=reference, place=Erasure.Place.CASE, items=items, at=at)


def sweep(*, at: datetime) -> int:
    """Delete objects that no row names (a worker was killed at the wrong moment); how many. Raises Unavailable.

    A key is on its row before there is an object, so an object that was listed before the rows were asked, and whose
    key no row has, belongs to nobody.
    """
    listed = [stored.key for stored in storage.keys(storage.Place.CLEAN)]
    named = set(CaseImage.objects.exclude(key="").values_list("key", flat=True))
    orphans = [key for key in listed if key not in named]
    for key in orphans:
        storage.delete(storage.Place.CLEAN, key)
    if orphans:
        record("orphans-swept", actor=WORKER, subject="Clean images", at=at, objects=len(orphans))
        log.warning("%d clean images belonged to no case and were deleted", len(orphans))
    return len(orphans)


@transaction.atomic
def _forget(case: Case, *, at: datetime) -> list[str]:
    """Clear the rows; returns the keys of the objects, which stay on the rows until the objects are gone."""
    held = Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    keys = [image.key for image in held.images.select_for_update(no_key=True).order_by("pk") if image.key]
    PrivacyCheck.objects.filter(image__case=held).delete()
    held.images.update(
        status=CaseImage.Status.ERASED,
        due_at=None,
        leased_until=None,
        problem="",
        sha256="",
        pixel_sha256="",
        size=0,
        width=0,
        height=0,
        sharpness=None,
        exposure=None,
        source_format="",
        truncated=False,
        metadata_found={},
    )
    if held.status != Case.Status.ERASED:
        answers: dict[str, str | list[str]] = dict.fromkeys(ONE_OF, "") | {name: [] for name in SOME_OF}
        move(
            held,
            Case.Status.ERASED,
            age_group=AgeGroup.AGE_UNKNOWN,
            decided_at=None,
            decided_by=None,
            rejection_reason="",
            **answers,
        )
        record("case-erased", actor=WORKER, subject=f"Case {held.pk}", at=at, images=len(keys))
    return keys

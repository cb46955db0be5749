"""Forgetting: photos and answers go, and a receipt per place stays. Consent text and audit line remain."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from audit import trail
from audit.models import Erasure
from contrib_portal import queries
from contrib_portal.models import Image, SelfReport, Withdrawal
from core import doorbell, leases, storage
from core.states import Stale, move

# Objects cannot be deleted at the moment; what was erased so far stays erased. Views and tasks know it by this name.
StorageDown = storage.Unavailable


class Eraser(Protocol):
    """One room's way of forgetting; safe to repeat."""

    def __call__(self, *, reference: UUID, at: datetime) -> None: ...


def erase_everywhere(*, reference: UUID, at: datetime) -> None:
    """Every room forgets the contribution, from the top of the house down (settings.ERASERS). Raises StorageDown."""
    erasers: list[Eraser] = [import_string(name) for name in settings.ERASERS]
    for erase_room in erasers:
        erase_room(reference=reference, at=at)


@transaction.atomic
def try_again(*, at: datetime) -> int:
    """Three more attempts for every withdrawal that failed in all of its attempts; how many."""
    failed = list(
        leases.exhausted(Withdrawal.objects.select_related("contribution"), at=at).select_for_update(of=("self",))
    )
    for withdrawal in failed:
        Withdrawal.objects.filter(pk=withdrawal.pk).update(attempts=0, leased_until=None, due_at=at)
        subject = f"Contribution {withdrawal.contribution.reference}"
        trail.record("withdrawal-tried-again", actor=trail.WORKER, subject=subject, at=at)
    doorbell.ring("contribution-withdrawn")
    return len(failed)


def erase(*, reference: UUID, at: datetime) -> None:
    """Forget what this room holds of a contribution: originals with their thumbnails, and answers.

    Rows of photos stay, empty, because the privacy room's own rows point to them. Raises StorageDown.
    """
    for image in queries.unerased_images(reference):
        erase_image(image=image)
    with transaction.atomic():
        photos = Image.objects.filter(contribution__reference=reference).count()
        answers = SelfReport.objects.filter(contribution__reference=reference).delete()[0]
        trail.record_erasure(reference=reference, place=Erasure.Place.ORIGINALS, items=photos, at=at)
        trail.record_erasure(reference=reference, place=Erasure.Place.ANSWERS, items=answers, at=at)


def erase_image(*, image: Image) -> None:
    """Delete a photo and its thumbnail, and what the row knows of their content. Raises StorageDown."""
    storage.delete(storage.Place.ORIGINALS, image.key)
    storage.delete(storage.Place.ORIGINALS, image.preview_key)
    try:
        move(image, Image.Status.ERASED, sha256="", advice=[])
    except Stale:
        # Another worker erased it, or a photo being received was received after all: the next round sees which.
        return

"""Drafts end: given up by the person, or forgotten for seven days. Nothing of them is kept."""

from datetime import datetime

from django.db import transaction

from audit import trail
from contrib_portal.actions import drafting, erasing
from contrib_portal.models import Contribution
from core.states import move


def expire(*, contribution: Contribution, actor: str, at: datetime) -> None:
    """End a draft and erase it. Raises drafting.NotADraft.

    Where storage is down the draft has ended all the same, and erasing is done by the hourly task.
    """
    with transaction.atomic():
        locked = drafting.lock(contribution=contribution)
        move(locked, Contribution.Status.EXPIRED)
        subject = f"Contribution {locked.reference}"
        trail.record("draft-expired", actor=actor, subject=subject, at=at)
    try:
        erasing.erase(reference=locked.reference, at=at)
    except erasing.StorageDown:
        return

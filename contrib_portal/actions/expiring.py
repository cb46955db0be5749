"""Drafts end: given up by the person, or forgotten for seven days. Nothing of them is kept."""

from datetime import datetime

from django.db import transaction

from audit import trail
from contrib_portal import queries
from contrib_portal.actions import drafting, erasing
from contrib_portal.models import Contribution
from core.states import move


def expire(*, contribution: Contribution, actor: str, at: datetime, only_if_forgotten: bool = False) -> None:
    """End a draft and erase it; with `only_if_forgotten` not one that was saved less than seven days ago.

    Raises drafting.NotADraft.
    Where storage is down the draft has ended all the same, and erasing is done by the hourly task.
    """
    with transaction.atomic():
        locked = drafting.lock(contribution=contribution)
        if only_if_forgotten and locked.touched_at > at - queries.DRAFT_LIFETIME:
            return
        move(locked, Contribution.Status.EXPIRED)
        subject = f"Contribution {locked.reference}"
        trail.record("draft-expired", actor=actor, subject=subject, at=at)
    try:
        erasing.erase(reference=locked.reference, at=at)
    except erasing.StorageDown:
        return

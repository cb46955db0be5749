"""A contributor takes a contribution back. It is hidden with this transaction; erasing everywhere is the work that follows."""

from datetime import datetime

from django.db import transaction

from audit import trail
from contrib_portal.models import Contribution, Withdrawal
from core import doorbell
from core.states import move


class NothingToWithdraw(Exception):
    """Only what was sent can be taken back."""


def withdraw(*, contribution: Contribution, at: datetime) -> None:
    """Take back what was sent. A second time changes nothing. Raises NothingToWithdraw."""
    with transaction.atomic():
        locked = Contribution.objects.select_for_update(no_key=True).get(pk=contribution.pk)
        if locked.status == Contribution.Status.WITHDRAWN:
            return
        if locked.status != Contribution.Status.SUBMITTED:
            raise NothingToWithdraw(locked.status)
        Withdrawal.objects.create(contribution=locked, withdrawn_at=at, due_at=at)
        move(locked, Contribution.Status.WITHDRAWN)
        subject = f"Contribution {locked.reference}"
        trail.record("contribution-withdrawn", actor=trail.CONTRIBUTOR, subject=subject, at=at)
        doorbell.ring("contribution-withdrawn")

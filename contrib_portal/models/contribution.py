"""What one person gave on one occasion."""

import uuid
from enum import nonmember

from django.db import models
from django.db.models import Q

from core.constraints import keeps_to_its_choices
from core.leases import LeasedWork


@keeps_to_its_choices
class Contribution(models.Model):
    """From the moment of consent on. `reference` is known to our rooms alone; `receipt_digest` is an HMAC of the code
    that only the contributor knows."""

    class Status(models.TextChoices):
        DRAFT = "DRAFT", "Draft"
        SUBMITTED = "SUBMITTED", "Submitted"
        WITHDRAWN = "WITHDRAWN", "Withdrawn"
        EXPIRED = "EXPIRED", "Expired"

        MOVES = nonmember(
            {"DRAFT": {"SUBMITTED", "EXPIRED"}, "SUBMITTED": {"WITHDRAWN"}, "WITHDRAWN": set(), "EXPIRED": set()}
        )

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    receipt_digest = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=10)
    campaign = models.SlugField(max_length=60, blank=True, help_text="Empty for a visit without a campaign.")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField(help_text="The last page that was saved; a draft expires seven days later.")
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="submitted_at_is_set_from_submitted_on",
                condition=Q(status__in=["DRAFT", "EXPIRED"], submitted_at=None)
                | Q(status__in=["SUBMITTED", "WITHDRAWN"], submitted_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="drafts_by_age", fields=["touched_at"], condition=Q(status="DRAFT")),
            models.Index(name="submitted_by_age", fields=["submitted_at"], condition=Q(status="SUBMITTED")),
        ]


class Withdrawal(LeasedWork):
    """A contributor took the contribution back. Exists exactly where the contribution is WITHDRAWN (a trigger keeps it);
    it is also the piece of work that erases, room by room."""

    contribution = models.OneToOneField(Contribution, models.PROTECT, related_name="withdrawal")
    withdrawn_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="withdrawal_is_due_until_erased",
                condition=Q(due_at=None, erased_at__isnull=False) | Q(due_at__isnull=False, erased_at=None),
            )
        ]

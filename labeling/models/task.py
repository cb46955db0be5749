"""The queue of cases to label, and who holds which place in it."""

from enum import nonmember

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.constraints import keeps_to_its_choices


class LabelTask(models.Model):
    """A case that wants labels: as many as `wanted`."""

    case = models.OneToOneField("privacy.Case", models.PROTECT, related_name="label_task")
    wanted = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="a_task_wants_at_least_one_label", condition=Q(wanted__gte=1)),
        ]
        indexes = [models.Index(name="open_label_tasks", fields=["opened_at"], condition=Q(completed_at=None))]


@keeps_to_its_choices
class Assignment(models.Model):
    """A labeler's lease on one slot of a task. The slot is SCIN's suffix `_1`…`_3`: two people can never hold one.

    A label that comes after its lease has ended is kept as long as a slot is free.
    """

    class Status(models.TextChoices):
        HELD = "HELD", "Held"
        SUBMITTED = "SUBMITTED", "Submitted"
        RETURNED = "RETURNED", "Returned"
        EXPIRED = "EXPIRED", "Expired"

        MOVES = nonmember(
            {
                "HELD": {"SUBMITTED", "RETURNED", "EXPIRED"},
                "SUBMITTED": set(),
                "RETURNED": {"SUBMITTED"},
                "EXPIRED": {"SUBMITTED"},
            }
        )

    TAKES_A_SLOT = (Status.HELD, Status.SUBMITTED)

    task = models.ForeignKey(LabelTask, models.PROTECT, related_name="assignments")
    labeler = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    slot = models.PositiveSmallIntegerField()
    token = models.UUIDField(unique=True, help_text="Names the lease in the form, so that a stale tab cannot submit.")
    status = models.CharField(max_length=10, choices=Status, default=Status.HELD)
    held_at = models.DateTimeField()
    leased_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_labeler_per_slot",
                fields=["task", "slot"],
                condition=Q(status__in=["HELD", "SUBMITTED"]),
            ),
            models.UniqueConstraint(
                name="one_slot_per_labeler",
                fields=["task", "labeler"],
                condition=Q(status__in=["HELD", "SUBMITTED"]),
            ),
            models.CheckConstraint(name="slots_count_from_one", condition=Q(slot__gte=1)),
            models.CheckConstraint(
                name="ended_at_is_set_unless_held",
                condition=Q(status="HELD", ended_at=None) | (~Q(status="HELD") & Q(ended_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(name="held_assignments", fields=["leased_until"], condition=Q(status="HELD"))]

"""Monk Skin Tone estimates by lay graders, in pools."""

from enum import nonmember

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.constraints import keeps_to_its_choices


class SkinTonePoolMember(models.Model):
    """A skin-tone grader belongs to exactly one pool, such as `us` or `india` (settings.STUDY["skin_tone_pools"])."""

    grader = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="skin_tone_pool")
    pool = models.SlugField(max_length=20)


@keeps_to_its_choices
class SkinToneAssignment(models.Model):
    """A grader's lease on a case for one pool. An estimate that comes late is kept as long as nobody else has the case."""

    class Status(models.TextChoices):
        HELD = "HELD", "Held"
        SUBMITTED = "SUBMITTED", "Submitted"
        EXPIRED = "EXPIRED", "Expired"

        MOVES = nonmember({"HELD": {"SUBMITTED", "EXPIRED"}, "SUBMITTED": set(), "EXPIRED": {"SUBMITTED"}})

    TAKES_THE_CASE = (Status.HELD, Status.SUBMITTED)

    case = models.ForeignKey("privacy.Case", models.PROTECT, related_name="skin_tone_assignments")
    pool = models.SlugField(max_length=20)
    grader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    token = models.UUIDField(unique=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.HELD)
    held_at = models.DateTimeField()
    leased_until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_grader_per_case_and_pool",
                fields=["case", "pool"],
                condition=Q(status__in=["HELD", "SUBMITTED"]),
            ),
        ]


class SkinToneEstimate(models.Model):
    """What one pool says of one case: `monk` 1–10 exactly where gradable; `difficult` was not released by SCIN."""

    case = models.ForeignKey("privacy.Case", models.PROTECT, related_name="skin_tone_estimates")
    pool = models.SlugField(max_length=20)
    grader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    gradable = models.BooleanField()
    monk = models.PositiveSmallIntegerField(null=True, blank=True)
    difficult = models.BooleanField(default=False)
    estimated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_estimate_per_case_and_pool", fields=["case", "pool"]),
            models.CheckConstraint(
                name="monk_is_1_to_10_exactly_where_gradable",
                # Without "is not null" the comparison with a missing monk is unknown, and a check lets that pass.
                condition=Q(gradable=True, monk__isnull=False, monk__gte=1, monk__lte=10)
                | Q(gradable=False, monk=None),
            ),
        ]

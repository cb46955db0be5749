"""What labelers and researchers may know of a contribution."""

from enum import nonmember

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.answers import SelfReportedAnswers, constraints
from core.constraints import keeps_to_its_choices
from core.ids import random_id
from core.leases import LeasedWork
from core.vocabulary import AgeGroup, ShotType


@keeps_to_its_choices
class Case(SelfReportedAnswers):
    """A contribution behind the privacy line: a random public `case_id`, clean images, an age *group*.

    ADMITTED only when every image has passed every required check (a trigger keeps it). An ERASED case keeps its id
    alone, so that a later release can say that it was withdrawn.
    """

    class Status(models.TextChoices):
        CHECKING = "CHECKING", "Checking"
        NEEDS_REVIEW = "NEEDS_REVIEW", "Needs review"
        ADMITTED = "ADMITTED", "Admitted"
        REJECTED = "REJECTED", "Rejected"
        ERASED = "ERASED", "Erased"

        MOVES = nonmember(
            {
                "CHECKING": {"NEEDS_REVIEW", "ERASED"},
                "NEEDS_REVIEW": {"ADMITTED", "REJECTED", "ERASED"},
                "ADMITTED": {"ERASED"},
                "REJECTED": {"ERASED"},
                "ERASED": set(),
            }
        )

    class Reason(models.TextChoices):
        """Why a moderator turned a contribution down."""

        SPAM = "SPAM", "Spam or a joke"
        NOT_SKIN = "NOT_SKIN", "Not a photo of skin, hair or nails"
        OUT_OF_SCOPE = "OUT_OF_SCOPE", "Outside what the study collects"
        IDENTIFYING = "IDENTIFYING", "Shows who the person is"
        PUBLIC_COPY = "PUBLIC_COPY", "A copy of a picture from the web or a book"
        DUPLICATE = "DUPLICATE", "The same photo was given before"
        TOO_POOR = "TOO_POOR", "No photo can be made out"
        UNREADABLE = "UNREADABLE", "A photo could not be processed"
        MINOR_OR_EXPLICIT = "MINOR_OR_EXPLICIT", "Shows a minor, or is explicit"

    case_id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    contribution = models.OneToOneField("contrib_portal.Contribution", models.PROTECT, related_name="case")
    status = models.CharField(max_length=12, choices=Status, default=Status.CHECKING)
    age_group = models.CharField(max_length=20, choices=[(group.value, group.value) for group in AgeGroup])
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    rejection_reason = models.CharField(max_length=20, choices=Reason, blank=True)

    class Meta:
        constraints = [
            *constraints(),
            models.CheckConstraint(
                name="a_decision_has_a_moderator_and_a_time",
                condition=~Q(status__in=["ADMITTED", "REJECTED"])
                | Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="a_rejection_has_a_reason_and_nothing_else_has",
                condition=Q(status="REJECTED") & ~Q(rejection_reason="")
                | ~Q(status="REJECTED") & Q(rejection_reason=""),
            ),
        ]
        indexes = [models.Index(name="cases_to_review", fields=["opened_at"], condition=Q(status="NEEDS_REVIEW"))]


@keeps_to_its_choices
class CaseImage(LeasedWork):
    """The image that counts: our own PNG of the pixels, under a random name; and the work of making it.

    `image_id` is the public name (dataset/images/<image_id>.png). `metadata_found` maps names of the tags that the
    original carried to their count, never a value. `sharpness` and `exposure` as imaging.quality defines them.
    """

    class Status(models.TextChoices):
        WAITING = "WAITING", "Waiting"
        CLEAN = "CLEAN", "Clean"
        NEEDS_REVIEW = "NEEDS_REVIEW", "Could not be cleaned"
        ERASED = "ERASED", "Erased"

        MOVES = nonmember(
            {
                "WAITING": {"CLEAN", "NEEDS_REVIEW", "ERASED"},
                "CLEAN": {"ERASED"},
                "NEEDS_REVIEW": {"ERASED"},
                "ERASED": set(),
            }
        )

    image_id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="images")
    source = models.OneToOneField("contrib_portal.Image", models.PROTECT, related_name="case_image")
    shot_type = models.CharField(max_length=20, choices=[(shot.value, shot.value) for shot in ShotType])
    status = models.CharField(max_length=12, choices=Status, default=Status.WAITING)
    problem = models.CharField(max_length=200, blank=True, help_text="Why it could not be cleaned.")
    key = models.CharField(max_length=32, blank=True, help_text="Object in the bucket of clean images.")
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the PNG, hexadecimal.")
    pixel_sha256 = models.CharField(max_length=64, blank=True, db_index=True, help_text="Of the pixels.")
    size = models.PositiveIntegerField(default=0, help_text="Bytes of the PNG.")
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    sharpness = models.FloatField(null=True, blank=True)
    exposure = models.FloatField(null=True, blank=True)
    source_format = models.CharField(max_length=10, blank=True)
    truncated = models.BooleanField(default=False, help_text="The original lacked its last rows.")
    metadata_found = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_case_image_per_shot", fields=["case", "shot_type"]),
            models.UniqueConstraint(name="case_image_key_is_unique", fields=["key"], condition=~Q(key="")),
            models.CheckConstraint(
                name="a_clean_image_has_object_hashes_and_size",
                condition=~Q(status="CLEAN")
                | (~Q(key="") & ~Q(sha256="") & ~Q(pixel_sha256="") & Q(width__gt=0, height__gt=0, size__gt=0)),
            ),
            models.CheckConstraint(
                name="an_image_is_due_exactly_while_waiting",
                condition=Q(status="WAITING", due_at__isnull=False) | (~Q(status="WAITING") & Q(due_at=None)),
            ),
        ]

"""That each step was taken, by whom or by what, and with what outcome."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.constraints import keeps_to_its_choices


@keeps_to_its_choices
class PrivacyCheck(models.Model):
    """One check of one image. Append-only (a trigger refuses UPDATE): the last of a kind that was recorded counts,
    whatever `at` it carries.

    `evidence` holds names, counts and distances, never a value from the image's metadata.
    """

    class Kind(models.TextChoices):
        METADATA_REMOVED = "METADATA_REMOVED", "Re-encoded from its pixels"
        READ_BACK = "READ_BACK", "Read back: nothing but pixels"
        EXACT_DUPLICATE = "EXACT_DUPLICATE", "Looked for the same pixels"
        HUMAN_REVIEW = "HUMAN_REVIEW", "Looked at by a moderator"

    class Outcome(models.TextChoices):
        PASSED = "PASSED", "Passed"
        FLAGGED = "FLAGGED", "A person must decide"
        FAILED = "FAILED", "Failed"

    REQUIRED = (Kind.METADATA_REMOVED, Kind.READ_BACK, Kind.EXACT_DUPLICATE, Kind.HUMAN_REVIEW)

    image = models.ForeignKey("privacy.CaseImage", models.PROTECT, related_name="checks")
    kind = models.CharField(max_length=20, choices=Kind)
    outcome = models.CharField(max_length=10, choices=Outcome)
    evidence = models.JSONField(default=dict, blank=True)
    by_person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    by_model = models.CharField(max_length=60, blank=True, help_text="Name and version of the program that checked.")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_check_is_by_a_person_or_by_a_program",
                condition=Q(by_person__isnull=False, by_model="") | (Q(by_person=None) & ~Q(by_model="")),
            ),
        ]
        indexes = [models.Index(name="latest_check_of_a_kind", fields=["image", "kind", "-id"])]

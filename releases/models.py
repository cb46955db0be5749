"""Versions of the data set, and what stands in each."""

from enum import nonmember

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.constraints import keeps_to_its_choices
from core.leases import LeasedWork


@keeps_to_its_choices
class Release(LeasedWork):
    """One version. Its case list is frozen before it is built; the builder never approves. `manifest_sha256` is the
    SHA-256 of SHA256SUMS.txt, which holds the hash of every other file."""

    class Status(models.TextChoices):
        DRAFT = "DRAFT", "Draft"
        FROZEN = "FROZEN", "Frozen"
        BUILT = "BUILT", "Built"
        APPROVED = "APPROVED", "Approved"
        PUBLISHED = "PUBLISHED", "Published"
        SUPERSEDED = "SUPERSEDED", "Superseded"
        ABANDONED = "ABANDONED", "Abandoned"

        MOVES = nonmember(
            {
                "DRAFT": {"FROZEN", "ABANDONED"},
                "FROZEN": {"BUILT", "ABANDONED"},
                "BUILT": {"APPROVED", "ABANDONED"},
                "APPROVED": {"PUBLISHED", "ABANDONED"},
                "PUBLISHED": {"SUPERSEDED"},
                "SUPERSEDED": set(),
                "ABANDONED": set(),
            }
        )

    version = models.CharField(max_length=20, unique=True, help_text="MAJOR.MINOR.PATCH.")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    profile = models.CharField(max_length=10, default="scin")
    k = models.PositiveSmallIntegerField(help_text="Smallest class of quasi-identifiers that keeps them.")
    created_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True, blank=True)
    built_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when the report says what was read again."
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    built_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    manifest_sha256 = models.CharField(max_length=64, blank=True)
    problem = models.CharField(max_length=300, blank=True, help_text="Why the last attempt to build or verify failed.")
    report = models.JSONField(default=dict, blank=True, help_text="What was withheld and mitigated, as counts.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="approver_is_not_the_builder",
                condition=Q(approved_by=None) | ~Q(approved_by=F("built_by")),
                violation_error_message="A second person approves a release.",
            ),
            models.CheckConstraint(
                name="manifest_is_set_from_built_on",
                condition=Q(status__in=["DRAFT", "FROZEN"], manifest_sha256="")
                | (Q(status__in=["BUILT", "APPROVED", "PUBLISHED", "SUPERSEDED"]) & ~Q(manifest_sha256=""))
                | Q(status="ABANDONED"),
            ),
            models.CheckConstraint(
                name="approval_has_a_person_and_a_time",
                condition=Q(approved_by=None, approved_at=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="approved_and_published_releases_are_approved",
                condition=~Q(status__in=["APPROVED", "PUBLISHED", "SUPERSEDED"]) | Q(approved_by__isnull=False),
            ),
            models.UniqueConstraint(name="one_published_release", fields=["status"], condition=Q(status="PUBLISHED")),
            models.CheckConstraint(name="k_is_at_least_one", condition=Q(k__gte=1)),
        ]


class ReleaseItem(models.Model):
    """A case in a release. `mitigations` names the cells that were hidden; hidden once, hidden in every later release.

    It keeps the case's public id after the case itself has been erased.
    """

    release = models.ForeignKey(Release, models.CASCADE, related_name="items")
    case = models.ForeignKey("privacy.Case", models.PROTECT, related_name="release_items")
    row_sha256 = models.CharField(max_length=64, blank=True, help_text="Of the row in scin_cases.csv, once built.")
    mitigations = models.JSONField(default=list, blank=True)
    copied_at = models.DateTimeField(null=True, blank=True, help_text="Since when its images lie in the release.")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="a_case_once_per_release", fields=["release", "case"]),
        ]

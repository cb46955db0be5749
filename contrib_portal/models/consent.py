"""What people agree to, word for word, and that they did."""

from enum import nonmember

from django.db import models

from core.constraints import keeps_to_its_choices


@keeps_to_its_choices
class ConsentDocument(models.Model):
    """The full text of one version in one language. `body` is Markdown-free plain text with blank lines between paragraphs.

    Immutable once effective (a trigger refuses it): a change of a comma is a new version.
    """

    class Status(models.TextChoices):
        DRAFT = "DRAFT", "Draft"
        EFFECTIVE = "EFFECTIVE", "Effective"
        RETIRED = "RETIRED", "Retired"

        MOVES = nonmember({"DRAFT": {"EFFECTIVE"}, "EFFECTIVE": {"RETIRED"}, "RETIRED": set()})

    version = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    body = models.TextField()
    sha256 = models.CharField(max_length=64, help_text="SHA-256 of `body` in UTF-8, hexadecimal.")
    is_material_change = models.BooleanField(
        default=True, help_text="Does it change what people agree to? Drafts under an older text must then agree again."
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    effective_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_text_per_version_and_language", fields=["version", "language"]),
            models.UniqueConstraint(
                name="one_effective_text_per_language",
                fields=["language"],
                condition=models.Q(status="EFFECTIVE"),
                violation_error_message="Another text is effective in this language: retire it in the same step.",
            ),
            models.CheckConstraint(
                name="effective_at_is_set_from_effective_on",
                condition=models.Q(status="DRAFT", effective_at=None)
                | (~models.Q(status="DRAFT") & models.Q(effective_at__isnull=False)),
            ),
        ]


class Consent(models.Model):
    """A contributor agreed to a text. Append-only (a trigger refuses UPDATE); a second consent never replaces the first."""

    contribution = models.ForeignKey("contrib_portal.Contribution", models.PROTECT, related_name="consents")
    document = models.ForeignKey(ConsentDocument, models.PROTECT)
    document_sha256 = models.CharField(max_length=64, help_text="Of the text as it was shown.")
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_consent_per_text", fields=["contribution", "document"]),
        ]

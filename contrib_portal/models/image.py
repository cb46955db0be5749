"""A photo as it arrived."""

from enum import nonmember

from django.db import models
from django.db.models import Q

from core.constraints import keeps_to_its_choices
from core.vocabulary import ShotType


@keeps_to_its_choices
class Image(models.Model):
    """An original: the bytes that the phone sent, under a random key in the bucket only this room and privacy open.

    `upload_id` comes from the form, so that the same POST sent twice is one photo. `preview_key` is our own cleaned
    thumbnail. Row first (RECEIVING), object, row again (RECEIVED).
    """

    class Status(models.TextChoices):
        RECEIVING = "RECEIVING", "Receiving"
        RECEIVED = "RECEIVED", "Received"
        REPLACED = "REPLACED", "Replaced"
        ERASED = "ERASED", "Erased"

        MOVES = nonmember(
            {
                "RECEIVING": {"RECEIVED", "ERASED"},
                "RECEIVED": {"REPLACED", "ERASED"},
                "REPLACED": {"ERASED"},
                "ERASED": set(),
            }
        )

    contribution = models.ForeignKey("contrib_portal.Contribution", models.PROTECT, related_name="images")
    shot_type = models.CharField(max_length=20, choices=[(shot.value, shot.value) for shot in ShotType])
    upload_id = models.UUIDField(unique=True)
    key = models.CharField(max_length=32, unique=True)
    preview_key = models.CharField(max_length=32, unique=True)
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the object, hexadecimal; empty until received.")
    size = models.PositiveIntegerField(help_text="Bytes.")
    source_format = models.CharField(max_length=10, help_text="By content: JPEG, PNG, WEBP, HEIF, AVIF, TIFF.")
    advice = models.JSONField(
        default=list, help_text="Codes of imaging.quality, e.g. TOO_DARK. Advises, never forbids."
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.RECEIVING)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_live_image_per_shot",
                fields=["contribution", "shot_type"],
                condition=Q(status="RECEIVED"),
            ),
            models.CheckConstraint(
                name="a_received_image_has_a_checksum",
                condition=~Q(status__in=["RECEIVED", "REPLACED"]) | ~Q(sha256=""),
            ),
        ]
        indexes = [models.Index(name="images_to_erase", fields=["status"], condition=Q(status="REPLACED"))]

"""What happened, kept so that nobody can change it: events, the receipts of forgetting, and daily seals."""

from django.db import models

from core.constraints import keeps_to_its_choices


class AuditEvent(models.Model):
    """One thing that somebody or something did. The database refuses UPDATE, DELETE and TRUNCATE.

    Holds no answer, no code, no byte of an image; never read by the application's logic. `actor` is an e-mail address of
    staff, "contributor", or "worker"; `subject` names a row ("Case -1234", "Release 1.0.0").
    """

    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    actor = models.CharField(max_length=254)
    subject = models.CharField(max_length=120)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject", "at"]), models.Index(fields=["at"])]
        constraints = [
            models.CheckConstraint(
                name="audit_event_names_actor_action_and_subject",
                condition=~models.Q(actor="") & ~models.Q(action="") & ~models.Q(subject=""),
            )
        ]


@keeps_to_its_choices
class Erasure(models.Model):
    """A receipt of forgetting: in `place`, what belonged to the contribution `reference` was erased at `at`.

    Shown to the contributor. `items` counts what was erased there (rows or objects).
    """

    class Place(models.TextChoices):
        RELEASES = "RELEASES", "Releases that were being prepared"
        LABELS = "LABELS", "Labels and skin-tone estimates"
        CASE = "CASE", "The case made for the labelers, and its clean images"
        ORIGINALS = "ORIGINALS", "Your original photos"
        ANSWERS = "ANSWERS", "Your answers"

    reference = models.UUIDField()
    place = models.CharField(max_length=20, choices=Place)
    items = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="audit_one_erasure_per_place", fields=["reference", "place"]),
        ]


class Seal(models.Model):
    """One day's events as one hash, chained to the day before: a later change of any event breaks every seal after it.

    `sha256` covers the previous seal and the day's events in order of id, as canonical JSON, a line each.
    """

    day = models.DateField(unique=True)
    events = models.PositiveIntegerField()
    last_event_id = models.BigIntegerField()
    previous_sha256 = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

"""The one way to write to the audit trail."""

from datetime import datetime
from uuid import UUID

from audit.models import AuditEvent, Erasure
from core.models import User

CONTRIBUTOR = "contributor"
WORKER = "worker"


def record(
    action: str, *, actor: User | str, subject: str, at: datetime, **detail: str | int | float | bool | None
) -> None:
    """Write one line, in the transaction of what it is about. `detail` holds counts and codes, never an answer."""
    name = actor if isinstance(actor, str) else actor.email
    AuditEvent.objects.create(action=action, actor=name, subject=subject, at=at, detail=detail)


def record_erasure(*, reference: UUID | str, place: str, items: int, at: datetime) -> None:
    """The receipt of forgetting in one place. Repeating it changes nothing: the first erasure counts."""
    Erasure.objects.bulk_create([Erasure(reference=reference, place=place, items=items, at=at)], ignore_conflicts=True)


def erasures(reference: UUID | str) -> list[Erasure]:
    """What has been erased for a contribution, in order of time."""
    return list(Erasure.objects.filter(reference=reference).order_by("at", "pk"))

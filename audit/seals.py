"""Each day's events as one hash, chained to the day before, kept in the database and as an object outside it.

Whoever changes an event of a sealed day, and be it the owner of the database, breaks that day's seal; whoever computes
all seals anew still differs from the objects, which are never overwritten.
"""

import hashlib
import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from audit.models import AuditEvent, Seal
from core import storage

PREFIX = "audit/seals/"
SETTLED_AFTER = timedelta(hours=1)
"""How long after midnight UTC a day is sealed: what was dated before midnight has been committed by then."""


def seal_finished_days(*, at: datetime) -> list[Seal]:
    """Seal every day since the first event that is over and has no seal, and store the seals that are not stored.

    A day without events is sealed too, so that the chain has no gap. Raises core.storage.Unavailable.
    """
    made = []
    last = Seal.objects.order_by("-day").first()
    first_event = AuditEvent.objects.order_by("at").first()
    if first_event is not None:
        day = last.day + timedelta(days=1) if last else first_event.at.astimezone(UTC).date()
        while _begin(day + timedelta(days=1)) + SETTLED_AFTER <= at:
            last = _sealed(day, previous=last, at=at)
            made.append(last)
            day += timedelta(days=1)
    _store_missing()
    return made


def verify() -> list[str]:
    """What is wrong with the trail, a sentence each; empty where every seal holds. Raises core.storage.Unavailable."""
    wrong = []
    previous: Seal | None = None
    seals = list(Seal.objects.order_by("day"))
    if seals and AuditEvent.objects.filter(at__lt=_begin(seals[0].day)).exists():
        wrong.append(f"{seals[0].day}: there are events before the first sealed day")
    for seal in seals:
        expected = _sealed(seal.day, previous=previous, at=seal.sealed_at, save=False)
        if previous is not None and seal.day != previous.day + timedelta(days=1):
            wrong.append(f"{seal.day}: a day before it has no seal")
        if seal.previous_sha256 != expected.previous_sha256:
            wrong.append(f"{seal.day}: does not continue the seal of the day before")
        if (seal.events, seal.last_event_id) != (expected.events, expected.last_event_id):
            wrong.append(f"{seal.day}: {expected.events} events, sealed were {seal.events}")
        if seal.sha256 != expected.sha256:
            wrong.append(f"{seal.day}: the events are not those that were sealed")
        try:
            if storage.get(storage.Place.RELEASES, _key(seal)) != _document(seal):
                wrong.append(f"{seal.day}: the stored seal is another one")
        except storage.NotStored:
            wrong.append(f"{seal.day}: the seal is not in the storage")
        previous = seal
    known = {_key(seal) for seal in seals}
    unknown = [entry.key for entry in storage.keys(storage.Place.RELEASES, PREFIX) if entry.key not in known]
    wrong += [f"{key}: is in the storage, and the database knows no such seal" for key in unknown]
    return wrong


def _sealed(day: date, *, previous: Seal | None, at: datetime, save: bool = True) -> Seal:
    before = previous.sha256 if previous else ""
    digest = hashlib.sha256(f"{before}\n".encode())
    count, last_id = 0, previous.last_event_id if previous else 0
    events = AuditEvent.objects.filter(at__gte=_begin(day), at__lt=_begin(day + timedelta(days=1)))
    for event in events.order_by("pk").iterator():
        digest.update(_line(event))
        count, last_id = count + 1, event.pk
    seal = Seal(
        day=day,
        events=count,
        last_event_id=last_id,
        previous_sha256=before,
        sha256=digest.hexdigest(),
        sealed_at=at,
    )
    if save:
        seal.save()
    return seal


def _store_missing() -> None:
    stored = {entry.key for entry in storage.keys(storage.Place.RELEASES, PREFIX)}
    for seal in Seal.objects.order_by("day"):
        if _key(seal) not in stored:
            storage.put(storage.Place.RELEASES, _key(seal), _document(seal), content_type="application/json")


def _line(event: AuditEvent) -> bytes:
    return _canonical(
        {
            "id": event.pk,
            "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "action": event.action,
            "actor": event.actor,
            "subject": event.subject,
            "detail": event.detail,
        }
    )


def _document(seal: Seal) -> bytes:
    return _canonical(
        {
            "day": seal.day.isoformat(),
            "events": seal.events,
            "last_event_id": seal.last_event_id,
            "previous_sha256": seal.previous_sha256,
            "sha256": seal.sha256,
        }
    )


def _canonical(content: dict[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def _key(seal: Seal) -> str:
    return f"{PREFIX}{seal.day.isoformat()}.json"


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)

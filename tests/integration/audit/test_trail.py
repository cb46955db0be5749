"""Nobody changes what happened."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client

from audit.models import AuditEvent, Erasure
from audit.trail import CONTRIBUTOR, erasures, record, record_erasure
from core.roles import Role
from tests.factories.cases import staff

pytestmark = pytest.mark.django_db
PAGE = "/staff/audit/"


def test_an_event_names_who_did_what_to_what(now: datetime) -> None:
    auditor = staff(Role.AUDITOR, email="kim@example.org")

    record("case-admitted", actor=auditor, subject="Case -1", at=now, images=3)
    record("consent-given", actor=CONTRIBUTOR, subject="Contribution x", at=now)

    staffs, contributors = AuditEvent.objects.order_by("pk")
    assert (staffs.actor, staffs.action, staffs.subject, staffs.at) == (
        "kim@example.org",
        "case-admitted",
        "Case -1",
        now,
    )
    assert staffs.detail == {"images": 3}
    assert contributors.actor == "contributor"


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE audit_auditevent SET actor = 'nobody'",
        "DELETE FROM audit_auditevent",
        "TRUNCATE audit_auditevent",
        "UPDATE audit_erasure SET items = 0",
        "DELETE FROM audit_erasure",
        "TRUNCATE audit_erasure",
        "UPDATE audit_seal SET events = 0",
        "DELETE FROM audit_seal",
        "TRUNCATE audit_seal",
    ],
)
def test_the_database_refuses_to_change_or_forget(attack: str, now: datetime) -> None:
    record("case-admitted", actor=CONTRIBUTOR, subject="Case -1", at=now)
    record_erasure(reference=uuid4(), place=Erasure.Place.CASE, items=2, at=now)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_seal (day, events, last_event_id, previous_sha256, sha256, sealed_at)"
            " VALUES ('2026-02-28', 1, 1, '', 'x', now())"
        )

        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(attack)


@pytest.mark.parametrize("missing", ["actor", "action", "subject"])
def test_an_event_without_a_name_is_refused(missing: str, now: datetime) -> None:
    names = {"actor": "a", "action": "b", "subject": "c", missing: ""}

    with pytest.raises(IntegrityError, match="names_actor_action_and_subject"), transaction.atomic():
        AuditEvent.objects.create(at=now, **names)


def test_the_trail_hangs_on_nothing_that_can_be_deleted() -> None:
    assert not [field for field in AuditEvent._meta.get_fields() if field.is_relation]


def test_of_two_erasures_of_one_place_the_first_counts(now: datetime) -> None:
    reference = uuid4()
    record_erasure(reference=reference, place=Erasure.Place.CASE, items=4, at=now)
    record_erasure(reference=reference, place=Erasure.Place.CASE, items=0, at=now + timedelta(hours=1))
    record_erasure(reference=reference, place=Erasure.Place.ANSWERS, items=1, at=now + timedelta(minutes=1))

    assert [(e.place, e.items, e.at) for e in erasures(reference)] == [
        ("CASE", 4, now),
        ("ANSWERS", 1, now + timedelta(minutes=1)),
    ]


def test_the_page_shows_the_latest_events_first(client: Client, now: datetime) -> None:
    client.force_login(staff(Role.AUDITOR))
    record("case-opened", actor="worker", subject="Case -7", at=now, images=2)
    record("case-admitted", actor="kim@example.org", subject="Case -7", at=now)

    page = client.get(PAGE).content.decode()

    assert page.index("case-admitted") < page.index("case-opened")
    assert "images: 2" in page
    assert "kim@example.org" in page


def test_the_page_shows_one_subject(client: Client, now: datetime) -> None:
    client.force_login(staff(Role.AUDITOR))
    record("case-opened", actor="worker", subject="Case -7", at=now)
    record("case-checked", actor="worker", subject="Case -77", at=now)

    page = client.get(PAGE, {"subject": "Case -7"}).content.decode()

    assert "case-opened" in page
    assert "case-checked" not in page


def test_the_page_turns_and_every_event_is_on_exactly_one(client: Client, now: datetime) -> None:
    client.force_login(staff(Role.AUDITOR))
    for number in range(120):
        record("case-opened", actor="worker", subject="Case 1" if number % 2 else "Case 2", at=now)
    seen: list[int] = []
    query: dict[str, str | int] = {"subject": "Case 1"}

    while True:
        context = client.get(PAGE, query).context
        seen += [event.pk for event in context["events"]]
        if context["older_than"] is None:
            break
        query["before"] = context["older_than"]

    assert seen == sorted(AuditEvent.objects.filter(subject="Case 1").values_list("pk", flat=True), reverse=True)


@pytest.mark.parametrize("query", ["before=abc", "before=99999999999999999999", "subject=%00", "before=%C2%B2"])
def test_a_query_that_makes_no_sense_breaks_nothing(client: Client, query: str) -> None:
    client.force_login(staff(Role.AUDITOR))

    assert client.get(f"{PAGE}?{query}").status_code == 200


def test_only_auditors_read_the_trail(client: Client) -> None:
    assert client.get(PAGE).status_code == 302
    client.force_login(staff(Role.MODERATOR, Role.ADMINISTRATOR))
    assert client.get(PAGE).status_code == 403

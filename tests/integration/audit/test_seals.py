"""A day that is over is sealed, and whoever changes it afterwards breaks the seal."""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from audit import seals
from audit.models import Seal
from audit.trail import record
from core import storage
from core.ids import random_key

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _place_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Objects outlive a test, so each test has its own prefix."""
    monkeypatch.setattr(seals, "PREFIX", f"{random_key()}/")


@pytest.fixture
def sealed(now: datetime) -> list[Seal]:
    """27 February (two events), 28 February (none), 1 March (one), and an event of today that is not sealed."""
    for at in (now - 2 * DAY, now - 2 * DAY + timedelta(hours=1), now, now + DAY):
        record("case-opened", actor="worker", subject="Case -7", at=at, images=1)
    return seals.seal_finished_days(at=now + DAY)


def attack(sql: str) -> None:
    """What the owner of the database could do."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_every_finished_day_is_sealed_once_and_continues_the_day_before(sealed: list[Seal], now: datetime) -> None:
    assert [(seal.day.isoformat(), seal.events) for seal in sealed] == [
        ("2026-02-27", 2),
        ("2026-02-28", 0),
        ("2026-03-01", 1),
    ]
    assert sealed[0].previous_sha256 == ""
    assert [seal.previous_sha256 for seal in sealed[1:]] == [seal.sha256 for seal in sealed[:-1]]
    assert len({seal.sha256 for seal in sealed}) == 3
    assert seals.seal_finished_days(at=now + DAY) == []


def test_a_day_is_not_sealed_before_its_last_events_have_settled(now: datetime) -> None:
    record("case-opened", actor="worker", subject="Case -7", at=now)
    midnight = datetime(2026, 3, 2, tzinfo=UTC)

    assert seals.seal_finished_days(at=midnight + timedelta(minutes=59)) == []
    assert [seal.day for seal in seals.seal_finished_days(at=midnight + timedelta(hours=1))] == [date(2026, 3, 1)]


def test_without_events_nothing_is_sealed(now: datetime) -> None:
    assert seals.seal_finished_days(at=now) == []


def test_each_seal_is_stored_as_an_object(sealed: list[Seal]) -> None:
    stored = json.loads(storage.get(storage.Place.RELEASES, f"{seals.PREFIX}2026-02-27.json"))

    assert stored == {
        "day": "2026-02-27",
        "events": 2,
        "last_event_id": sealed[0].last_event_id,
        "previous_sha256": "",
        "sha256": sealed[0].sha256,
    }


def test_a_seal_that_was_not_stored_is_stored_the_next_time(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    record("case-opened", actor="worker", subject="Case -7", at=now)

    def away(*args: object, **options: object) -> str:
        raise storage.Unavailable

    with monkeypatch.context() as patched, pytest.raises(storage.Unavailable):
        patched.setattr(storage, "put", away)
        seals.seal_finished_days(at=now + DAY)
    assert seals.verify() == ["2026-03-01: the seal is not in the storage"]

    seals.seal_finished_days(at=now + DAY)

    assert seals.verify() == []


def test_what_was_not_touched_verifies(sealed: list[Seal]) -> None:
    out = StringIO()
    call_command("verify_audit", stdout=out)

    assert seals.verify() == []
    assert out.getvalue() == "Every seal holds.\n"


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        (
            "UPDATE audit_auditevent SET actor = 'nobody' WHERE at < '2026-02-28'",
            "2026-02-27: the events are not those",
        ),
        ("UPDATE audit_auditevent SET detail = '{\"images\": 2}' WHERE at < '2026-02-28'", "2026-02-27: the events"),
        ("UPDATE audit_auditevent SET at = at + interval '1 microsecond'", "2026-02-27: the events are not those"),
        ("DELETE FROM audit_auditevent WHERE id = (SELECT min(id) FROM audit_auditevent)", "1 events, sealed were 2"),
        (
            "INSERT INTO audit_auditevent (at, action, actor, subject, detail)"
            " VALUES ('2026-02-28 12:00Z', 'a', 'b', 'c', '{}')",
            "2026-02-28: 1 events, sealed were 0",
        ),
        (
            "INSERT INTO audit_auditevent (at, action, actor, subject, detail)"
            " VALUES ('2026-01-01 12:00Z', 'a', 'b', 'c', '{}')",
            "there are events before the first sealed day",
        ),
        ("DELETE FROM audit_seal WHERE day = '2026-02-28'", "2026-03-01: a day before it has no seal"),
        ("UPDATE audit_seal SET sha256 = repeat('0', 64) WHERE day = '2026-02-27'", "2026-02-28: does not continue"),
        ("DELETE FROM audit_seal WHERE day = '2026-03-01'", "2026-03-01.json: is in the storage"),
    ],
)
def test_a_later_change_breaks_the_seal(sealed: list[Seal], sql: str, found: str) -> None:
    attack(sql)

    assert any(found in line for line in seals.verify())
    with pytest.raises(CommandError, match="not what was sealed"):
        call_command("verify_audit")


def test_sealing_anew_after_a_change_still_differs_from_the_objects(sealed: list[Seal], now: datetime) -> None:
    attack("UPDATE audit_auditevent SET actor = 'nobody' WHERE at < '2026-02-28'")
    attack("DELETE FROM audit_seal")

    seals.seal_finished_days(at=now + DAY)

    assert [line for line in seals.verify() if "the stored seal is another one" in line]


def test_a_day_that_is_sealed_anew_breaks_the_seal_of_the_day_after(sealed: list[Seal], now: datetime) -> None:
    attack("UPDATE audit_auditevent SET actor = 'nobody' WHERE at < '2026-02-28'")
    forged = seals._sealed(sealed[0].day, previous=None, at=now, save=False).sha256
    attack(f"UPDATE audit_seal SET sha256 = '{forged}' WHERE day = '2026-02-27'")  # noqa: S608
    attack(f"UPDATE audit_seal SET previous_sha256 = '{forged}' WHERE day = '2026-02-28'")  # noqa: S608

    assert "2026-02-28: the events are not those that were sealed" in seals.verify()

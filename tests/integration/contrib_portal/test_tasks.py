"""The work behind the doorbells, and what the room notices about itself."""

from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from audit.models import AuditEvent, Erasure
from contrib_portal import health, queries, receipts, tasks
from contrib_portal.actions import answering, erasing, withdrawing
from contrib_portal.models import ConsentDocument, Contribution, Image, SelfReport, Withdrawal
from core import leases, storage
from tests.factories.cases import AT_AN_ANGLE, CLOSE_UP, consent_document
from tests.factories.contributions import draft, is_stored, received_image, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def withdrawn(moment: datetime, only_this_room: None) -> Contribution:
    contribution = sent(at=moment, code=receipts.new_code(), age=33, shots=(CLOSE_UP, AT_AN_ANGLE))
    withdrawing.withdraw(contribution=contribution, at=moment)
    return contribution


def unavailable(**given: object) -> None:
    raise storage.Unavailable


def test_a_withdrawal_is_erased_and_then_done(withdrawn: Contribution) -> None:
    tasks.erase_withdrawn()
    row = Withdrawal.objects.get()
    assert row.due_at is None
    assert row.erased_at is not None
    assert not SelfReport.objects.exists()
    assert set(Erasure.objects.values_list("place", flat=True)) == {"ORIGINALS", "ANSWERS"}
    assert [step.done_at is not None for step in queries.progress(str(withdrawn.reference))] == [True, True, True]
    tasks.erase_withdrawn()


def test_while_storage_is_down_a_withdrawal_is_tried_without_end(
    withdrawn: Contribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "erase", unavailable)
    for _ in range(leases.MAX_ATTEMPTS + 2):
        Withdrawal.objects.update(due_at=timezone.now())
        tasks.erase_withdrawn()
    row = Withdrawal.objects.get()
    assert (row.attempts, row.erased_at) == (0, None)
    assert row.due_at is not None
    monkeypatch.undo()
    Withdrawal.objects.update(due_at=timezone.now())
    tasks.erase_withdrawn()
    assert not SelfReport.objects.exists()


def test_a_withdrawal_that_fails_three_times_is_shown_to_a_person(
    withdrawn: Contribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**given: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(erasing, "erase", broken)
    for _ in range(leases.MAX_ATTEMPTS + 1):
        Withdrawal.objects.update(due_at=timezone.now())
        tasks.erase_withdrawn()
    assert Withdrawal.objects.get().attempts == leases.MAX_ATTEMPTS
    at = timezone.now() + timedelta(minutes=2)
    assert any("failed three times" in problem for problem in health.problems(at))


def test_a_withdrawal_that_failed_three_times_is_erased_once_somebody_has_looked(
    withdrawn: Contribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**given: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as fault:
        fault.setattr(erasing, "erase", broken)
        for _ in range(leases.MAX_ATTEMPTS):
            Withdrawal.objects.update(due_at=timezone.now())
            tasks.erase_withdrawn()
    Withdrawal.objects.update(due_at=timezone.now())
    call_command("retry_withdrawals")
    tasks.erase_withdrawn()
    assert Withdrawal.objects.get().erased_at is not None
    assert AuditEvent.objects.get(action="withdrawal-tried-again").subject == f"Contribution {withdrawn.reference}"


def test_photos_that_were_replaced_leave_storage(moment: datetime) -> None:
    contribution = draft(at=moment, shots=(CLOSE_UP,))
    replaced = received_image(contribution, at=moment, status=Image.Status.REPLACED)
    tasks.erase_replaced()
    replaced.refresh_from_db()
    assert replaced.status == Image.Status.ERASED
    assert not is_stored(replaced.key)
    assert not is_stored(replaced.preview_key)
    assert is_stored(queries.live_images(contribution).get().key)


def test_drafts_end_after_seven_days_without_a_change(moment: datetime) -> None:
    old = draft(at=moment - timedelta(days=7, seconds=1), shots=(CLOSE_UP,), age=30)
    young = draft(at=moment - timedelta(days=6), shots=(CLOSE_UP,))
    key = queries.live_images(old).get().key
    tasks.expire_drafts()
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.status, young.status) == (Contribution.Status.EXPIRED, Contribution.Status.DRAFT)
    assert not is_stored(key)
    assert not SelfReport.objects.filter(contribution=old).exists()


def test_what_is_left_of_an_ended_draft_is_erased_by_the_next_round(
    moment: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft(at=moment - timedelta(days=8), shots=(CLOSE_UP,), age=30)
    with monkeypatch.context() as broken:
        broken.setattr(erasing, "erase", unavailable)
        tasks.expire_drafts()
    assert SelfReport.objects.exists()
    tasks.expire_drafts()
    assert not SelfReport.objects.exists()
    assert not queries.expired_and_not_erased().exists()


def test_the_sweep_waits_while_storage_is_down(moment: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*args: object) -> None:
        raise storage.Unavailable

    monkeypatch.setattr(storage, "keys", down)
    tasks.sweep_storage()


def test_a_healthy_room_has_no_problems(moment: datetime) -> None:
    consent_document(at=moment)
    draft(at=moment)
    sent(at=moment, code=receipts.new_code())
    assert health.problems(moment) == []


def test_the_room_notices_what_must_not_be(moment: datetime, only_this_room: None) -> None:
    withdrawing.withdraw(contribution=sent(at=moment, code=receipts.new_code()), at=moment)
    sent(at=moment, code=receipts.new_code(), shots=(AT_AN_ANGLE,))
    draft(at=moment - timedelta(days=8))
    Contribution.objects.filter(pk=draft(at=moment).pk).update(status="EXPIRED")
    ConsentDocument.objects.update(status="RETIRED")
    found = health.problems(moment + timedelta(hours=4))
    assert len(found) == 6
    for words in (
        "1 withdrawals due",
        "1 withdrawals are not erased",
        "1 contributions were sent without a close-up",
        "1 drafts are older than seven days",
        "1 drafts have ended",
        "no consent text is in force in en",
    ):
        assert any(words in problem for problem in found), words


def test_a_draft_that_is_saved_while_old_ones_are_being_ended_goes_on(
    moment: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    waking = draft(at=moment - timedelta(days=8), shots=(CLOSE_UP,), age=30)
    seen = list(queries.forgotten_drafts(timezone.now()))
    answering.answer(contribution=waking, column="age", value=31, at=moment)
    monkeypatch.setattr(queries, "forgotten_drafts", lambda at: seen)
    tasks.expire_drafts()
    waking.refresh_from_db()
    assert waking.status == Contribution.Status.DRAFT
    assert queries.answers(waking).age == 31

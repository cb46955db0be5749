"""Who gets which case, and for how long."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from core.models import User
from core.roles import Role
from labeling.actions import assigning
from labeling.models import Assignment, LabelTask
from labeling.tasks import open_label_tasks
from privacy.models import Case
from tests.factories import cases


def wants(task: LabelTask, labels: int) -> None:
    LabelTask.objects.filter(pk=task.pk).update(wanted=labels)
    task.refresh_from_db()


def test_admitted_cases_are_queued_once_with_the_labels_the_study_wants(
    case: Case, now: datetime, settings: Any
) -> None:
    settings.STUDY = {**settings.STUDY, "labels_per_case": 3}
    cases.case_to_review(at=now)
    cases.withdraw(cases.admitted_case(at=now), at=now)
    assert assigning.open_tasks(at=now) == 1
    open_label_tasks()
    assert list(LabelTask.objects.values_list("case", "wanted", "opened_at")) == [(case.pk, 3, now)]


def test_a_reload_shows_the_same_case_and_makes_the_lease_longer(
    task: LabelTask, dermatologist: User, now: datetime
) -> None:
    cases.admitted_case(at=now)
    assigning.open_tasks(at=now)
    first = assigning.claim(labeler=dermatologist, at=now)
    later = now + timedelta(minutes=5)
    second = assigning.claim(labeler=dermatologist, at=later)
    assert first is not None
    assert second is not None
    assert (second.pk, second.token) == (first.pk, first.token)
    assert Assignment.objects.get().leased_until == later + settings.LEASE


def test_the_case_that_has_waited_longest_comes_first(dermatologist: User, now: datetime) -> None:
    older, newer = cases.admitted_case(at=now), cases.admitted_case(at=now)
    LabelTask.objects.create(case=newer, wanted=1, opened_at=now)
    LabelTask.objects.create(case=older, wanted=1, opened_at=now - timedelta(days=1))
    assignment = assigning.claim(labeler=dermatologist, at=now)
    assert assignment is not None
    assert assignment.task.case == older


def test_a_slot_that_is_held_is_not_given_to_a_second_labeler(
    task: LabelTask, dermatologist: User, colleague: User, now: datetime
) -> None:
    assert assigning.claim(labeler=dermatologist, at=now) is not None
    assert assigning.claim(labeler=colleague, at=now + timedelta(minutes=14)) is None


def test_a_lease_that_ran_out_gives_the_slot_to_the_next(
    task: LabelTask, dermatologist: User, colleague: User, now: datetime
) -> None:
    stale = assigning.claim(labeler=dermatologist, at=now)
    later = now + settings.LEASE
    fresh = assigning.claim(labeler=colleague, at=later)
    assert stale is not None
    assert fresh is not None
    assert fresh.slot == stale.slot
    stale.refresh_from_db()
    assert (stale.status, stale.ended_at) == (Assignment.Status.EXPIRED, later)


def test_slots_count_from_one_to_what_is_wanted(task: LabelTask, now: datetime) -> None:
    wants(task, 2)
    claimed = [assigning.claim(labeler=cases.staff(Role.DERMATOLOGIST), at=now) for _ in range(3)]
    assert [assignment and assignment.slot for assignment in claimed] == [1, 2, None]


def test_a_withdrawn_case_is_not_handed_out_not_even_to_its_holder(
    task: LabelTask, dermatologist: User, colleague: User, now: datetime
) -> None:
    wants(task, 2)
    held = assigning.claim(labeler=dermatologist, at=now)
    cases.withdraw(task.case, at=now)
    assert held is not None
    assert assigning.claim(labeler=dermatologist, at=now) is None
    assert assigning.claim(labeler=colleague, at=now) is None
    with pytest.raises(assigning.LeaseGone):
        assigning.renew(token=held.token, labeler=dermatologist, at=now)


def test_a_case_given_back_goes_to_a_colleague_and_not_to_the_same_labeler(
    task: LabelTask, dermatologist: User, colleague: User, now: datetime
) -> None:
    held = assigning.claim(labeler=dermatologist, at=now)
    assert held is not None
    assigning.give_back(token=held.token, labeler=dermatologist, at=now)
    assigning.give_back(token=held.token, labeler=dermatologist, at=now)
    assert assigning.claim(labeler=dermatologist, at=now) is None
    assert assigning.claim(labeler=colleague, at=now) is not None


def test_a_heartbeat_holds_the_case_and_only_the_holder_s_counts(
    task: LabelTask, dermatologist: User, colleague: User, now: datetime
) -> None:
    held = assigning.claim(labeler=dermatologist, at=now)
    assert held is not None
    later = now + timedelta(minutes=10)
    assert assigning.renew(token=held.token, labeler=dermatologist, at=later) == later + settings.LEASE
    assert assigning.claim(labeler=colleague, at=later + timedelta(minutes=14)) is None
    with pytest.raises(assigning.LeaseGone):
        assigning.renew(token=held.token, labeler=colleague, at=later)


@pytest.mark.parametrize("law", ["one_labeler_per_slot", "one_slot_per_labeler"])
def test_the_database_refuses_two_holders_of_a_slot_and_two_slots_of_a_holder(
    task: LabelTask, dermatologist: User, colleague: User, now: datetime, law: str
) -> None:
    def hold(labeler: User, slot: int) -> None:
        Assignment.objects.create(
            task=task, labeler=labeler, slot=slot, token=uuid4(), held_at=now, leased_until=now + settings.LEASE
        )

    hold(dermatologist, 1)
    with pytest.raises(IntegrityError, match=law), transaction.atomic():
        hold(colleague, 1) if law == "one_labeler_per_slot" else hold(dermatologist, 2)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls in a thread each, started together; their results."""
    barrier, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(index: int, call: Callable[[], Any]) -> None:
        try:
            barrier.wait()
            results[index] = call()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index, call)) for index, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_labelers_who_claim_at_once_never_share_a_slot_and_nobody_is_sent_away(now: datetime) -> None:
    for _ in range(2):
        cases.admitted_case(at=now)
    assigning.open_tasks(at=now)
    LabelTask.objects.update(wanted=2)
    labelers = [cases.staff(Role.DERMATOLOGIST) for _ in range(5)]
    claimed = at_once(*(lambda who=who: assigning.claim(labeler=who, at=now) for who in labelers))
    places = [(assignment.task_id, assignment.slot) for assignment in claimed if assignment]
    assert len(places) == len(set(places)) == 4


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_tabs_opened_at_once_show_the_same_case(now: datetime) -> None:
    for _ in range(3):
        cases.admitted_case(at=now)
    assigning.open_tasks(at=now)
    labeler = cases.staff(Role.DERMATOLOGIST)
    claimed = at_once(*[lambda: assigning.claim(labeler=labeler, at=now)] * 3)
    assert len({assignment.token for assignment in claimed}) == 1

"""Of a contribution that was sent comes one case, and only what may cross the line crosses it."""

import threading
from datetime import datetime

import pytest
from django.db import connection

from audit.models import AuditEvent
from contrib_portal.models import Image
from core.vocabulary import AgeGroup
from privacy import tasks
from privacy.actions.checking import NotSubmitted, open_case
from privacy.models import Case, CaseImage
from tests.factories.cases import AT_AN_ANGLE, AT_DISTANCE, CLOSE_UP, submitted_contribution, withdraw

pytestmark = pytest.mark.django_db


def test_a_case_has_the_answers_the_age_as_a_group_and_an_image_for_each_photo(now: datetime) -> None:
    contribution = submitted_contribution(
        at=now,
        shots=(CLOSE_UP, AT_DISTANCE),
        age=47,
        sex_at_birth="FEMALE",
        body_parts=["arm", "palm"],
        condition_duration="ONE_DAY",
    )

    case = open_case(contribution=contribution, at=now)

    case.refresh_from_db()
    assert case.status == "CHECKING"
    assert case.age_group == AgeGroup.AGE_40_TO_49
    assert (case.sex_at_birth, case.body_parts, case.condition_duration) == ("FEMALE", ["arm", "palm"], "ONE_DAY")
    assert (case.fitzpatrick_skin_type, case.textures) == ("", [])
    images = case.images.order_by("source")
    assert [(image.shot_type, image.status, image.due_at) for image in images] == [
        ("CLOSE_UP", "WAITING", now),
        ("AT_DISTANCE", "WAITING", now),
    ]


def test_nothing_in_a_case_could_hold_an_exact_age() -> None:
    assert "age" not in {field.name for field in Case._meta.get_fields()}


def test_a_photo_that_was_replaced_or_not_received_is_left_behind(now: datetime) -> None:
    contribution = submitted_contribution(at=now, shots=(CLOSE_UP, AT_AN_ANGLE, AT_DISTANCE))
    Image.objects.filter(contribution=contribution, shot_type=AT_AN_ANGLE).update(status="REPLACED")
    Image.objects.filter(contribution=contribution, shot_type=AT_DISTANCE).update(status="RECEIVING", sha256="")

    case = open_case(contribution=contribution, at=now)

    assert [image.shot_type for image in case.images.all()] == ["CLOSE_UP"]


def test_opening_twice_gives_the_same_case_and_one_line_in_the_trail(now: datetime) -> None:
    contribution = submitted_contribution(at=now)

    assert open_case(contribution=contribution, at=now) == open_case(contribution=contribution, at=now)
    assert CaseImage.objects.count() == 1
    event = AuditEvent.objects.get(action="case-opened")
    assert (event.actor, event.subject) == ("worker", f"Case {Case.objects.get().pk}")
    assert str(contribution.reference) not in f"{event.subject} {event.detail}"


def test_of_a_contribution_that_was_withdrawn_comes_no_case(now: datetime) -> None:
    contribution = submitted_contribution(at=now)
    withdraw(contribution, at=now)

    with pytest.raises(NotSubmitted):
        open_case(contribution=contribution, at=now)

    assert not Case.objects.exists()


def test_the_task_opens_all_that_wait_and_one_that_fails_does_not_hold_up_the_others(
    now: datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, *good = (submitted_contribution(at=now) for _ in range(3))

    def opening(*, contribution: object, at: datetime) -> Case:
        if contribution == bad:
            raise ValueError("poison")
        return open_case(contribution=contribution, at=at)  # type: ignore[arg-type]

    monkeypatch.setattr("privacy.actions.checking.open_case", opening)

    tasks.open_cases()

    assert {case.contribution for case in Case.objects.all()} == set(good)
    assert "got no case" in caplog.text


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_workers_open_one_case(now: datetime) -> None:
    contribution = submitted_contribution(at=now)
    start = threading.Barrier(2)
    opened: list[Case] = []

    def work() -> None:
        start.wait()
        opened.append(open_case(contribution=contribution, at=now))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(opened) == 2
    assert opened[0] == opened[1] == Case.objects.get()
    assert CaseImage.objects.count() == 1

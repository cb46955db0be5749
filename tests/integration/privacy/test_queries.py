"""The only door to a Case."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from core import storage
from core.progress import Step
from core.storage import Place
from privacy import health, queries
from privacy.actions.admitting import admit
from privacy.actions.checking import check_next_image, open_case
from privacy.actions.erasing import erase
from privacy.models import Case, PrivacyCheck
from tests.factories.cases import (
    AT_AN_ANGLE,
    AT_DISTANCE,
    CLOSE_UP,
    admitted_case,
    case_to_review,
    checking_case,
    rejected_case,
    staff,
    submitted_contribution,
    withdraw,
)

pytestmark = pytest.mark.django_db


def withdrawn_case(*, at: datetime) -> Case:
    case = admitted_case(at=at)
    withdraw(case, at=at)
    return case


def erased_case(*, at: datetime) -> Case:
    case = withdrawn_case(at=at)
    erase(reference=case.contribution.reference, at=at)
    return case


def test_labelers_and_releases_see_admitted_cases_alone(now: datetime) -> None:
    admitted = admitted_case(at=now)
    others = [make(at=now) for make in (checking_case, case_to_review, rejected_case, withdrawn_case, erased_case)]

    assert list(queries.admitted_cases()) == [admitted]
    assert set(queries.visible_cases()) == {admitted, *others[:3]}
    assert [queries.is_visible(case) for case in others] == [True, True, True, False, False]


def test_withdrawn_and_erased_cases_are_listed_by_id_in_order(now: datetime) -> None:
    admitted_case(at=now)
    gone = [withdrawn_case(at=now), erased_case(at=now), withdrawn_case(at=now)]

    assert queries.withdrawn_case_ids() == sorted(case.pk for case in gone)


def test_a_case_is_found_by_its_contribution_even_when_it_is_withdrawn(now: datetime) -> None:
    case = withdrawn_case(at=now)

    assert queries.case_of(case.contribution.reference) == case
    assert queries.case_of(str(case.contribution.reference)) == case
    assert queries.case_of(uuid4()) is None


def test_images_come_close_up_first_then_at_an_angle_then_at_distance(now: datetime) -> None:
    case = admitted_case(at=now, shots=(AT_DISTANCE, CLOSE_UP, AT_AN_ANGLE))
    PrivacyCheck.objects.all().delete()
    for position, image in enumerate(case.images.order_by("source")):  # ids are random: not in this order by chance
        case.images.filter(pk=image.pk).update(image_id=position + 1)

    assert [image.shot_type for image in queries.images_of(case)] == ["CLOSE_UP", "AT_AN_ANGLE", "AT_DISTANCE"]


def test_an_image_that_is_not_clean_is_not_among_the_images_of_a_case(now: datetime) -> None:
    case = checking_case(at=now)

    assert queries.images_of(case) == []
    assert len(queries.images_to_review(case)) == 1


def test_an_image_is_streamed_from_the_bucket_of_clean_images(now: datetime) -> None:
    image = queries.images_of(admitted_case(at=now))[0]

    assert b"".join(queries.image_stream(image)) == storage.get(Place.CLEAN, image.key)

    storage.delete(Place.CLEAN, image.key)
    with pytest.raises(queries.ImageNotThere):
        queries.image_stream(image)


def test_the_oldest_case_is_reviewed_first(now: datetime) -> None:
    later = case_to_review(at=now + timedelta(minutes=1))
    sooner = case_to_review(at=now)
    for make in (checking_case, admitted_case, rejected_case):
        make(at=now)
    withdraw(case_to_review(at=now), at=now)

    assert list(queries.review_queue()) == [sooner, later]


def test_progress_is_told_from_the_start(now: datetime) -> None:
    contribution = submitted_contribution(at=now)
    cleaned_at, admitted_at = now + timedelta(minutes=1), now + timedelta(hours=1)
    reference = str(contribution.reference)
    nothing_yet = [Step("Photos cleaned", None), Step("Checked by a person", None)]
    assert queries.progress(reference) == nothing_yet

    case = open_case(contribution=contribution, at=now)
    assert queries.progress(reference) == nothing_yet

    check_next_image(at=cleaned_at)
    assert queries.progress(reference) == [Step("Photos cleaned", cleaned_at), Step("Checked by a person", None)]

    admit(case=case, moderator=staff(), at=admitted_at)
    assert queries.progress(reference) == [
        Step("Photos cleaned", cleaned_at),
        Step("Checked by a person", admitted_at),
    ]


def test_a_contributor_who_was_turned_down_is_told_in_kind_words_and_not_why(now: datetime) -> None:
    case = rejected_case(at=now, reason=Case.Reason.SPAM)

    step = queries.progress(str(case.contribution.reference))[1]

    assert step.done_at == now
    assert step.note.startswith("We cannot use this contribution in the study.")
    assert "spam" not in step.note.lower()


def test_of_what_was_withdrawn_no_progress_is_told(now: datetime) -> None:
    assert queries.progress(str(withdrawn_case(at=now).contribution.reference)) == []
    assert queries.progress(str(erased_case(at=now).contribution.reference)) == []


def test_a_room_where_all_is_done_is_healthy(now: datetime) -> None:
    admitted_case(at=now)
    withdraw(checking_case(at=now), at=now)
    withdraw(submitted_contribution(at=now), at=now)

    assert health.problems(now + timedelta(days=1)) == []


def test_what_waits_for_more_than_five_minutes_is_a_problem(now: datetime) -> None:
    submitted_contribution(at=now)
    checking_case(at=now)
    stuck = checking_case(at=now)
    stuck.images.update(status="NEEDS_REVIEW", due_at=None)

    assert health.problems(now + timedelta(minutes=5)) == []
    assert health.problems(now + timedelta(minutes=5, seconds=1)) == [
        "1 images to be cleaned have been due for more than five minutes",
        "1 contributions have had no case for more than five minutes",
        "1 cases are checked and were not handed to a moderator",
    ]

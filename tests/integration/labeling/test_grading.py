"""Monk estimates: one for each case and pool."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from core.models import User
from core.roles import Role
from core.vocabulary import MonkSkinTone
from labeling.actions import grading
from labeling.models import SkinToneAssignment, SkinToneEstimate, SkinTonePoolMember
from privacy.models import Case
from tests.factories import cases
from tests.integration.labeling.test_assigning import at_once

Grader = Callable[[str], User]


def test_each_pool_gives_one_estimate_of_a_case(case: Case, grader: Grader, now: datetime) -> None:
    for pool, monk in (("us", 3), ("india", 4)):
        person = grader(pool)
        held = grading.claim(grader=person, at=now)
        assert held is not None
        grading.submit(token=held.token, grader=person, monk=MonkSkinTone(monk), difficult=True, at=now)
        assert grading.claim(grader=grader(pool), at=now) is None
    assert set(SkinToneEstimate.objects.values_list("case", "pool", "gradable", "monk", "difficult")) == {
        (case.pk, "us", True, 3, True),
        (case.pk, "india", True, 4, True),
    }


def test_a_skin_tone_that_cannot_be_judged_has_no_swatch(case: Case, grader: Grader, now: datetime) -> None:
    person = grader("us")
    held = grading.claim(grader=person, at=now)
    assert held is not None
    estimate, _ = grading.submit(token=held.token, grader=person, monk=None, difficult=False, at=now)
    assert (estimate.gradable, estimate.monk) == (False, None)


def test_a_grader_without_one_of_the_study_s_pools_gets_no_case(case: Case, grader: Grader, now: datetime) -> None:
    for person in (cases.staff(Role.SKIN_TONE_GRADER), grader("mars")):
        with pytest.raises(grading.NoPool):
            grading.claim(grader=person, at=now)


def test_a_reload_shows_the_same_case_to_grade(case: Case, grader: Grader, now: datetime) -> None:
    cases.admitted_case(at=now)
    person = grader("us")
    first, second = (grading.claim(grader=person, at=now + timedelta(minutes=m)) for m in (0, 9))
    assert first is not None
    assert second is not None
    assert first.token == second.token
    assert SkinToneAssignment.objects.get().leased_until == now + timedelta(minutes=9) + settings.LEASE


def test_a_second_submit_of_an_estimate_changes_nothing(case: Case, grader: Grader, now: datetime) -> None:
    person = grader("us")
    held = grading.claim(grader=person, at=now)
    assert held is not None
    grading.submit(token=held.token, grader=person, monk=MonkSkinTone(2), difficult=False, at=now)
    again, is_new = grading.submit(token=held.token, grader=person, monk=MonkSkinTone(9), difficult=False, at=now)
    assert (again.monk, is_new) == (2, False)


def test_a_late_estimate_is_kept_until_somebody_else_has_the_case(case: Case, grader: Grader, now: datetime) -> None:
    slow, quick = grader("us"), grader("us")
    late = now + settings.LEASE
    held = grading.claim(grader=slow, at=now)
    taken = grading.claim(grader=quick, at=late)
    assert held is not None
    assert taken is not None
    with pytest.raises(grading.LeaseGone):
        grading.submit(token=held.token, grader=slow, monk=MonkSkinTone(2), difficult=False, at=late)
    much_later = late + settings.LEASE
    estimate, is_new = grading.submit(
        token=held.token, grader=slow, monk=MonkSkinTone(2), difficult=False, at=much_later
    )
    assert (estimate.grader, is_new) == (slow, True)


def test_a_withdrawn_case_is_not_graded(case: Case, grader: Grader, now: datetime) -> None:
    person = grader("us")
    held = grading.claim(grader=person, at=now)
    assert held is not None
    cases.withdraw(case, at=now)
    assert grading.claim(grader=person, at=now) is None
    with pytest.raises(grading.LeaseGone):
        grading.renew(token=held.token, grader=person, at=now)
    with pytest.raises(grading.LeaseGone):
        grading.submit(token=held.token, grader=person, monk=MonkSkinTone(2), difficult=False, at=now)


@pytest.mark.parametrize(
    "columns", [{"gradable": True}, {"gradable": True, "monk": 11}, {"gradable": False, "monk": 1}]
)
def test_the_database_refuses_a_swatch_off_the_scale_or_without_a_judgement(
    case: Case, grader: Grader, now: datetime, columns: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError, match="monk_is_1_to_10_exactly_where_gradable"), transaction.atomic():
        SkinToneEstimate.objects.create(case=case, pool="us", grader=grader("us"), estimated_at=now, **columns)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_graders_who_claim_at_once_never_share_a_case(now: datetime) -> None:
    for _ in range(3):
        cases.admitted_case(at=now)
    graders = [cases.staff(Role.SKIN_TONE_GRADER) for _ in range(4)]
    SkinTonePoolMember.objects.bulk_create(SkinTonePoolMember(grader=person, pool="us") for person in graders)
    claimed = at_once(*(lambda who=who: grading.claim(grader=who, at=now) for who in graders))
    graded = [assignment.case_id for assignment in claimed if assignment]
    assert len(graded) == len(set(graded)) == 3

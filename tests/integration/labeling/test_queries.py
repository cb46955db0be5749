"""What labeling tells the other rooms, and forgets."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Erasure
from core.models import User
from core.roles import Role
from core.vocabulary import FitzpatrickSkinType, Gradability, MonkSkinTone
from labeling import health, queries
from labeling.actions import assigning, erasing, grading, labeling
from labeling.models import Assignment, Label, LabeledCondition, LabelTask, SkinToneAssignment, SkinToneEstimate
from labeling.queries import CaseLabels, DermatologistLabel, SkinTone
from privacy.models import Case
from releases.schema import LABEL_QUESTIONS
from tests.factories import cases
from tests.integration.labeling.conftest import answers, condition

Grader = Callable[[str], User]


def label_next(given: labeling.Answers, *, at: datetime) -> Label:
    labeler = cases.staff(Role.DERMATOLOGIST)
    held = assigning.claim(labeler=labeler, at=at)
    assert held is not None
    return labeling.submit(token=held.token, labeler=labeler, answers=given, at=at)[0]


def grade_next(grader: User, monk: int | None, *, at: datetime) -> None:
    held = grading.claim(grader=grader, at=at)
    assert held is not None
    tone = MonkSkinTone(monk) if monk else None
    grading.submit(token=held.token, grader=grader, monk=tone, difficult=False, at=at)


def test_releases_get_labels_in_slot_order_and_conditions_in_the_order_entered(
    task: LabelTask, grader: Grader, now: datetime
) -> None:
    LabelTask.objects.update(wanted=2)
    label_next(answers(("Eczema", 2), ("Acne", 5)), at=now)
    label_next(answers(skin_type=None), at=now)
    superseded = label_next_superseded(task, at=now)
    grade_next(grader("us"), 7, at=now)
    grade_next(grader("india"), None, at=now)
    labels = queries.labels_for_release([task.case_id])
    assert superseded not in labels[task.case_id].labels
    assert labels == {
        task.case_id: CaseLabels(
            case_id=task.case_id,
            labels=(
                DermatologistLabel(
                    slot=1,
                    gradable=Gradability.DEFAULT_YES_IMAGE_QUALITY_SUFFICIENT,
                    condition_of_interest_is_clear=True,
                    conditions=(("Eczema", 2), ("Acne", 5)),
                    gradable_for_fitzpatrick_skin_type=True,
                    estimated_fitzpatrick_skin_type=FitzpatrickSkinType.FST3,
                ),
                DermatologistLabel(
                    slot=2,
                    gradable=Gradability.DEFAULT_YES_IMAGE_QUALITY_SUFFICIENT,
                    condition_of_interest_is_clear=False,
                    conditions=(),
                    gradable_for_fitzpatrick_skin_type=False,
                    estimated_fitzpatrick_skin_type=None,
                ),
            ),
            skin_tones={
                "us": SkinTone(gradable=True, monk=7, difficult=False),
                "india": SkinTone(gradable=False, monk=None, difficult=False),
            },
        )
    }


def label_next_superseded(task: LabelTask, *, at: datetime) -> Label:
    """An earlier reading of the first slot that a newer one has replaced."""
    return Label.objects.create(
        assignment=task.assignments.get(slot=1),
        gradable=Gradability.NO_IMAGE_QUALITY_INSUFFICIENT.value,
        gradable_for_fitzpatrick_skin_type=False,
        submitted_at=at,
        superseded_at=at,
    )


def test_labels_for_a_release_take_as_many_queries_for_one_case_as_for_many(grader: Grader, now: datetime) -> None:
    def queries_for(case_ids: list[int]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert set(queries.labels_for_release(case_ids)) == set(case_ids)
        return len(captured)

    made = [cases.admitted_case(at=now).pk for _ in range(4)]
    assigning.open_tasks(at=now)
    us = grader("us")
    for _ in made:
        label_next(answers(("Eczema", 4), ("Acne", 1)), at=now)
        grade_next(us, 2, at=now)
    assert queries_for(made[:1]) == queries_for(made) <= 4


def test_a_case_nobody_has_labeled_has_an_entry_without_labels(case: Case) -> None:
    assert queries.labels_for_release([case.pk]) == {case.pk: CaseLabels(case_id=case.pk, labels=(), skin_tones={})}


def test_the_questions_are_those_the_release_describes() -> None:
    asked = queries.questions()
    assert set(asked) == set(LABEL_QUESTIONS)
    assert asked["skin_condition_confidence"].options[4] == "5: above 90 %, a textbook picture"


def test_the_contributor_sees_both_steps_and_when_they_were_done(
    task: LabelTask, grader: Grader, now: datetime
) -> None:
    reference = str(task.case.contribution.reference)

    def done() -> list[datetime | None]:
        return [step.done_at for step in queries.progress(reference)]

    assert done() == [None, None]
    label_next(answers(("Acne", 3)), at=now)
    grade_next(grader("us"), 3, at=now)
    assert done() == [now, None]
    later = now + timedelta(hours=1)
    grade_next(grader("india"), 3, at=later)
    assert done() == [now, later]
    cases.withdraw(task.case, at=now)
    assert queries.progress(reference) == []


def test_a_contribution_without_a_case_has_both_steps_before_it(db: None, now: datetime) -> None:
    reference = str(cases.submitted_contribution(at=now).reference)
    assert [step.done_at for step in queries.progress(reference)] == [None, None]


def test_the_most_named_conditions_stand_first(task: LabelTask, now: datetime) -> None:
    condition("Eczema")
    label_next(answers(("Tinea", 3)), at=now)
    first = queries.conditions()[0]
    assert (first.name, first.mentions) == ("Tinea", 1)  # type: ignore[attr-defined]


# Forgetting -----------------------------------------------------------------------------------------------------------


def test_a_withdrawn_case_leaves_no_label_estimate_or_lease_behind_and_one_receipt(
    task: LabelTask, grader: Grader, now: datetime
) -> None:
    LabelTask.objects.update(wanted=2)
    label_next(answers(("Acne", 3)), at=now)
    assigning.claim(labeler=cases.staff(Role.DERMATOLOGIST), at=now)
    grade_next(grader("us"), 3, at=now)
    kept = cases.admitted_case(at=now)
    assigning.open_tasks(at=now)
    contribution = cases.withdraw(task.case, at=now)
    for minutes in (1, 2):
        erasing.erase(reference=contribution.reference, at=now + timedelta(minutes=minutes))
    for model in (Label, LabeledCondition, Assignment, SkinToneAssignment, SkinToneEstimate):
        assert not model.objects.exists()
    assert LabelTask.objects.get().case == kept
    erasure = Erasure.objects.get(reference=contribution.reference)
    assert (erasure.place, erasure.items, erasure.at) == ("LABELS", 2, now + timedelta(minutes=1))


def test_forgetting_a_contribution_that_never_became_a_case_leaves_a_receipt_too(db: None, now: datetime) -> None:
    contribution = cases.withdraw(cases.submitted_contribution(at=now), at=now)
    erasing.erase(reference=contribution.reference, at=now)
    assert Erasure.objects.get().items == 0


# Health ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def in_good_health(task: LabelTask, now: datetime) -> datetime:
    label_next(answers(("Acne", 3)), at=now)
    assert health.problems(now + timedelta(days=1)) == []
    return now


def test_a_case_that_nobody_queued_is_a_problem_after_five_minutes(in_good_health: datetime) -> None:
    cases.admitted_case(at=in_good_health)
    assert health.problems(in_good_health + timedelta(minutes=4)) == []
    assert "not queued" in health.problems(in_good_health + timedelta(minutes=6))[0]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda: LabelTask.objects.update(completed_at=None), "still open"),
        (lambda: LabeledCondition.objects.all().delete(), "none where they must"),
        (lambda: Label.objects.update(condition_of_interest_is_clear=False), "where they may not"),
    ],
)
def test_what_no_constraint_can_hold_is_watched(
    in_good_health: datetime, change: Callable[[], Any], problem: str
) -> None:
    change()
    assert [problem in found for found in health.problems(in_good_health)] == [True]

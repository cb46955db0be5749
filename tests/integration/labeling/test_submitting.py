"""A label is stored once, whole, or not at all."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from audit.models import AuditEvent
from core.models import User
from core.vocabulary import Confidence, Gradability
from labeling.actions import assigning, labeling
from labeling.actions.labeling import Answers, Entry, NotALabel
from labeling.models import Assignment, Label, LabeledCondition, LabelTask
from tests.factories import cases
from tests.integration.labeling.conftest import answers, condition

INSUFFICIENT = Gradability.NO_IMAGE_QUALITY_INSUFFICIENT
ECZEMA_AND_ACNE = (("Eczema", 4), ("Acne", 2))


@pytest.fixture
def held(task: LabelTask, dermatologist: User, now: datetime) -> Assignment:
    assignment = assigning.claim(labeler=dermatologist, at=now)
    assert assignment is not None
    return assignment


def test_a_label_keeps_the_order_entered_and_completes_the_task(
    held: Assignment, dermatologist: User, now: datetime
) -> None:
    given = answers(("Acne", 2), ("Eczema", 4))
    label, is_new = labeling.submit(token=held.token, labeler=dermatologist, answers=given, at=now)
    assert is_new
    assert list(
        LabeledCondition.objects.filter(label=label).order_by("position").values_list("condition__name", "confidence")
    ) == [("Acne", 2), ("Eczema", 4)]
    assert LabelTask.objects.get().completed_at == now
    assert AuditEvent.objects.get(action="case-labeled").actor == dermatologist.email


def test_a_task_stays_open_until_it_has_every_label_it_wants(
    held: Assignment, dermatologist: User, colleague: User, now: datetime
) -> None:
    LabelTask.objects.update(wanted=2)
    labeling.submit(token=held.token, labeler=dermatologist, answers=answers(*ECZEMA_AND_ACNE), at=now)
    assert LabelTask.objects.get().completed_at is None
    second = assigning.claim(labeler=colleague, at=now)
    assert second is not None
    labeling.submit(token=second.token, labeler=colleague, answers=answers(*ECZEMA_AND_ACNE), at=now)
    assert LabelTask.objects.get().completed_at == now


def test_a_second_submit_changes_nothing_and_says_so(held: Assignment, dermatologist: User, now: datetime) -> None:
    first, _ = labeling.submit(token=held.token, labeler=dermatologist, answers=answers(("Eczema", 4)), at=now)
    again, is_new = labeling.submit(token=held.token, labeler=dermatologist, answers=answers(("Acne", 1)), at=now)
    assert (again, is_new) == (first, False)
    assert LabeledCondition.objects.get().condition.name == "Eczema"


def test_a_late_submit_is_kept_while_the_slot_is_free(
    held: Assignment, dermatologist: User, colleague: User, now: datetime
) -> None:
    late = now + timedelta(hours=2)
    taken = assigning.claim(labeler=colleague, at=late)
    assert taken is not None
    assigning.give_back(token=taken.token, labeler=colleague, at=late)
    held.refresh_from_db()
    assert held.status == Assignment.Status.EXPIRED
    _label, is_new = labeling.submit(token=held.token, labeler=dermatologist, answers=answers(("Acne", 3)), at=late)
    held.refresh_from_db()
    assert (is_new, held.status) == (True, Assignment.Status.SUBMITTED)


def test_a_late_submit_is_refused_once_somebody_else_has_the_slot(
    held: Assignment, dermatologist: User, colleague: User, now: datetime
) -> None:
    late = now + settings.LEASE
    assert assigning.claim(labeler=colleague, at=late) is not None
    with pytest.raises(assigning.LeaseGone):
        labeling.submit(token=held.token, labeler=dermatologist, answers=answers(("Acne", 3)), at=late)
    assert not Label.objects.exists()


def test_a_late_submit_takes_whichever_slot_is_free(
    held: Assignment, dermatologist: User, colleague: User, now: datetime
) -> None:
    late = now + settings.LEASE
    assert assigning.claim(labeler=colleague, at=late) is not None
    LabelTask.objects.update(wanted=2)
    label, _ = labeling.submit(token=held.token, labeler=dermatologist, answers=answers(("Acne", 3)), at=late)
    assert label.assignment.slot == 2


def test_an_old_tab_saves_into_the_lease_that_the_labeler_has_now(
    held: Assignment, dermatologist: User, colleague: User, now: datetime
) -> None:
    late = now + settings.LEASE
    taken = assigning.claim(labeler=colleague, at=late)
    assert taken is not None
    assigning.give_back(token=taken.token, labeler=colleague, at=late)
    again = assigning.claim(labeler=dermatologist, at=late)
    assert again is not None
    label, _ = labeling.submit(token=held.token, labeler=dermatologist, answers=answers(("Acne", 3)), at=late)
    assert label.assignment == again
    assert labeling.submit(token=again.token, labeler=dermatologist, answers=answers(("Acne", 1)), at=late) == (
        label,
        False,
    )


def test_a_withdrawn_case_takes_no_label(held: Assignment, dermatologist: User, now: datetime) -> None:
    cases.withdraw(held.task.case, at=now)
    with pytest.raises(assigning.LeaseGone):
        labeling.submit(token=held.token, labeler=dermatologist, answers=answers(("Acne", 3)), at=now)


def test_nobody_submits_under_the_token_of_somebody_else(held: Assignment, colleague: User, now: datetime) -> None:
    LabelTask.objects.update(wanted=2)
    with pytest.raises(assigning.LeaseGone):
        labeling.submit(token=held.token, labeler=colleague, answers=answers(("Acne", 3)), at=now)


@pytest.mark.django_db
def test_answers_that_contradict_each_other_are_no_label() -> None:
    acne = Entry(condition=condition("Acne"), raw_term="zits", confidence=Confidence(3))
    sufficient = Gradability.DEFAULT_YES_IMAGE_QUALITY_SUFFICIENT
    for gradable, is_clear, entries in [
        (sufficient, True, ()),
        (sufficient, False, (acne,)),
        (sufficient, None, ()),
        (INSUFFICIENT, None, (acne,)),
        (INSUFFICIENT, True, ()),
        (sufficient, True, (acne, acne)),
    ]:
        with pytest.raises(NotALabel):
            Answers(
                gradable=gradable,
                condition_of_interest_is_clear=is_clear,
                entries=entries,
                estimated_fitzpatrick_skin_type=None,
            )


@pytest.mark.parametrize(
    ("law", "columns"),
    [
        ("skin_type_is_given_exactly_where_gradable", {"estimated_fitzpatrick_skin_type": ""}),
        ("skin_type_is_given_exactly_where_gradable", {"gradable_for_fitzpatrick_skin_type": False}),
        ("the_second_question_is_asked_where_sufficient", {"condition_of_interest_is_clear": None}),
        ("the_second_question_is_asked_where_sufficient", {"gradable": INSUFFICIENT.value}),
    ],
)
def test_the_database_refuses_a_label_that_contradicts_itself(
    held: Assignment, now: datetime, law: str, columns: dict[str, object]
) -> None:
    whole = {
        "assignment": held,
        "gradable": "DEFAULT_YES_IMAGE_QUALITY_SUFFICIENT",
        "condition_of_interest_is_clear": True,
        "gradable_for_fitzpatrick_skin_type": True,
        "estimated_fitzpatrick_skin_type": "FST1",
        "submitted_at": now,
    }
    Label.objects.create(**whole).delete()
    with pytest.raises(IntegrityError, match=law), transaction.atomic():
        Label.objects.create(**(whole | columns))

"""A dermatologist says what a case shows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from audit import trail
from core.models import User
from core.states import move
from core.vocabulary import Confidence, FitzpatrickSkinType, Gradability
from labeling.actions.assigning import LeaseGone, free_slot
from labeling.models import Assignment, Condition, Label, LabeledCondition, LabelTask
from privacy.queries import admitted_cases

SUFFICIENT = Gradability.DEFAULT_YES_IMAGE_QUALITY_SUFFICIENT


class NotALabel(ValueError):
    """The answers contradict each other. The form says so before, so it can only be a fault."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One condition of a differential, the words that were chosen or typed, and how sure the labeler is."""

    condition: Condition
    raw_term: str
    confidence: Confidence


@dataclass(frozen=True, kw_only=True)
class Answers:
    """One reading. Conditions are named exactly where the images suffice and the condition of interest is clear.

    `condition_of_interest_is_clear` is None where the images do not suffice; `estimated_fitzpatrick_skin_type` is None
    where the skin type cannot be estimated. Raises NotALabel.
    """

    gradable: Gradability
    condition_of_interest_is_clear: bool | None
    entries: tuple[Entry, ...]
    estimated_fitzpatrick_skin_type: FitzpatrickSkinType | None

    def __post_init__(self) -> None:
        if (self.condition_of_interest_is_clear is not None) != (self.gradable == SUFFICIENT):
            raise NotALabel("the second question is asked exactly where the images suffice")
        if bool(self.entries) != bool(self.condition_of_interest_is_clear):
            raise NotALabel("conditions are named exactly where the condition of interest is clear")
        if len({entry.condition.pk for entry in self.entries}) < len(self.entries):
            raise NotALabel("a condition is named once")
        if len(self.entries) > settings.STUDY["conditions_per_label"]:
            raise NotALabel(f"at most {settings.STUDY['conditions_per_label']} conditions")


@transaction.atomic
def submit(*, token: UUID, labeler: User, answers: Answers, at: datetime) -> tuple[Label, bool]:
    """Store the label of the case held under `token`: (label, True), or (the label of before, False) when repeated.

    A lease that ran out is honoured while a slot is free. Raises LeaseGone: nothing is stored.
    """
    assignment = Assignment.objects.filter(token=token, labeler=labeler).first()
    if assignment is None:
        raise LeaseGone(str(token))
    tasks = LabelTask.objects.select_for_update(no_key=True, of=("self",))
    task = tasks.filter(pk=assignment.task_id, case__in=admitted_cases()).first()
    if task is None:
        raise LeaseGone("the case was withdrawn")
    # Under the lock: what the labeler has on this case now, perhaps from another tab.
    standing = task.assignments.filter(labeler=labeler, status__in=Assignment.TAKES_A_SLOT).first()
    if standing is not None and standing.status == Assignment.Status.SUBMITTED:
        return standing.labels.get(superseded_at=None), False
    if standing is not None:
        assignment = standing
        move(assignment, Assignment.Status.SUBMITTED, ended_at=at)
    else:
        assignment = task.assignments.get(pk=assignment.pk)
        slot = free_slot(task, at=at)
        if slot is None:
            raise LeaseGone(str(token))
        move(assignment, Assignment.Status.SUBMITTED, ended_at=at, slot=slot)
    label = _store(assignment, answers, at)
    _complete(task, at)
    trail.record(
        "case-labeled",
        actor=labeler,
        subject=f"Case {task.case_id}",
        at=at,
        slot=assignment.slot,
        seconds=int((at - assignment.held_at).total_seconds()),
    )
    return label, True


def _store(assignment: Assignment, answers: Answers, at: datetime) -> Label:
    skin_type = answers.estimated_fitzpatrick_skin_type
    label = Label.objects.create(
        assignment=assignment,
        gradable=answers.gradable.value,
        condition_of_interest_is_clear=answers.condition_of_interest_is_clear,
        gradable_for_fitzpatrick_skin_type=skin_type is not None,
        estimated_fitzpatrick_skin_type=skin_type.value if skin_type else "",
        submitted_at=at,
    )
    LabeledCondition.objects.bulk_create(
        LabeledCondition(
            label=label,
            position=position,
            condition=entry.condition,
            raw_term=entry.raw_term,
            confidence=entry.confidence.value,
        )
        for position, entry in enumerate(answers.entries, start=1)
    )
    return label


def _complete(task: LabelTask, at: datetime) -> None:
    if task.assignments.filter(status=Assignment.Status.SUBMITTED).count() >= task.wanted:
        LabelTask.objects.filter(pk=task.pk, completed_at=None).update(completed_at=at)

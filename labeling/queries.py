"""What labeling tells: to its own pages, to the releases room, and to the contributor's receipt page."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Length
from django.utils import translation
from django.utils.translation import gettext as _

from core.models import User
from core.progress import Step
from core.questions import Question
from core.vocabulary import FitzpatrickSkinType, Gradability
from labeling.models import (
    Assignment,
    Condition,
    Label,
    LabeledCondition,
    LabelTask,
    SkinToneAssignment,
    SkinToneEstimate,
    SkinTonePoolMember,
)
from labeling.questions import QUESTIONS
from privacy.models import Case, CaseImage
from privacy.queries import admitted_cases, case_of, is_visible

# The queues -----------------------------------------------------------------------------------------------------------


def open_cases_for(labeler: User, *, at: datetime) -> QuerySet[LabelTask]:
    """Tasks with a free slot on which `labeler` has neither said anything nor passed; the longest waiting first."""
    status = Assignment.Status
    theirs = Assignment.objects.filter(
        task=OuterRef("pk"), labeler=labeler, status__in=[status.SUBMITTED, status.RETURNED]
    )
    occupied = Assignment.objects.filter(
        Q(status=status.SUBMITTED) | Q(status=status.HELD, leased_until__gt=at), task=OuterRef("pk")
    )
    slots = Subquery(
        occupied.order_by().values("task").annotate(slots=Count("pk")).values("slots"), output_field=IntegerField()
    )
    return (
        LabelTask.objects.filter(~Exists(theirs), completed_at=None, case__in=admitted_cases())
        .annotate(occupied=Coalesce(slots, 0))
        .filter(occupied__lt=F("wanted"))
        .order_by("opened_at", "pk")
    )


def held_by(labeler: User) -> QuerySet[Assignment]:
    """The labeler's own lease on a case that may still be seen, even where the time ran out and nobody came since."""
    held = Assignment.objects.filter(labeler=labeler, status=Assignment.Status.HELD, task__case__in=admitted_cases())
    return held.select_related("task__case").order_by("held_at")


def open_cases_for_pool(pool: str, *, at: datetime) -> QuerySet[Case]:
    """Cases that have no estimate of `pool` and that no grader of it holds; the first admitted first."""
    status = SkinToneAssignment.Status
    occupied = SkinToneAssignment.objects.filter(
        Q(status=status.SUBMITTED) | Q(status=status.HELD, leased_until__gt=at), case=OuterRef("pk"), pool=pool
    )
    estimated = SkinToneEstimate.objects.filter(case=OuterRef("pk"), pool=pool)
    return admitted_cases().filter(~Exists(occupied), ~Exists(estimated)).order_by("decided_at", "pk")


def skin_tone_held_by(grader: User) -> QuerySet[SkinToneAssignment]:
    """The grader's own lease, as `held_by`."""
    held = SkinToneAssignment.objects.filter(
        grader=grader, status=SkinToneAssignment.Status.HELD, case__in=admitted_cases()
    )
    return held.select_related("case").order_by("held_at")


def pool_of(grader: User) -> str | None:
    """The study's pool that a skin-tone grader belongs to; None where an administrator has not said."""
    pools = settings.STUDY["skin_tone_pools"]
    return SkinTonePoolMember.objects.filter(grader=grader, pool__in=pools).values_list("pool", flat=True).first()


def image_on_loan(*, image_id: int, person: User, at: datetime) -> CaseImage | None:
    """The image, if `person` may look at it now: their lease on its case runs and the case was not withdrawn."""
    lease = {"status": "HELD", "leased_until__gt": at}
    to_label = Assignment.objects.filter(labeler=person, **lease).values("task__case")
    to_grade = SkinToneAssignment.objects.filter(grader=person, **lease).values("case")
    on_loan = admitted_cases().filter(Q(pk__in=to_label) | Q(pk__in=to_grade))
    return CaseImage.objects.filter(pk=image_id, status=CaseImage.Status.CLEAN, case__in=on_loan).first()


def conditions() -> list[Condition]:
    """What a dermatologist may choose from: the most often named first, then the shorter, which is the more general name.

    `mentions` counts how often a condition was named.
    """
    named = LabeledCondition.objects.filter(condition=OuterRef("pk"), label__superseded_at=None).order_by()
    counts = Subquery(named.values("condition").annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    return list(Condition.objects.annotate(mentions=Coalesce(counts, 0)).order_by("-mentions", Length("name"), "name"))


def labeled_since(labeler: User, start: datetime) -> int:
    """How many labels somebody has given since then."""
    return Label.objects.filter(assignment__labeler=labeler, submitted_at__gte=start, superseded_at=None).count()


# For releases ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class DermatologistLabel:
    """A submitted, not superseded label. `conditions`: (name, confidence 1 to 5) in the order entered.

    `estimated_fitzpatrick_skin_type` is None exactly where the skin type was not gradable.
    """

    slot: int
    gradable: Gradability
    condition_of_interest_is_clear: bool | None
    conditions: tuple[tuple[str, int], ...]
    gradable_for_fitzpatrick_skin_type: bool
    estimated_fitzpatrick_skin_type: FitzpatrickSkinType | None


@dataclass(frozen=True, kw_only=True)
class SkinTone:
    """What one pool said: `monk` 1 to 10 exactly where gradable."""

    gradable: bool
    monk: int | None
    difficult: bool


@dataclass(frozen=True, kw_only=True)
class CaseLabels:
    """All that was said of one case: labels in slot order, skin tones by pool."""

    case_id: int
    labels: tuple[DermatologistLabel, ...]
    skin_tones: dict[str, SkinTone]


def labels_for_release(case_ids: Collection[int]) -> dict[int, CaseLabels]:
    """What was said of each of these cases, in three queries however many there are; every id has its entry."""
    labels: dict[int, list[DermatologistLabel]] = {case_id: [] for case_id in case_ids}
    for label in (
        Label.objects.filter(assignment__task__case__in=labels, superseded_at=None)
        .select_related("assignment__task")
        .prefetch_related("conditions__condition")
        .order_by("assignment__slot")
    ):
        labels[label.assignment.task.case_id].append(_released(label))
    skin_tones: dict[int, dict[str, SkinTone]] = {case_id: {} for case_id in case_ids}
    for estimate in SkinToneEstimate.objects.filter(case__in=skin_tones).order_by("pool"):
        skin_tones[estimate.case_id][estimate.pool] = SkinTone(
            gradable=estimate.gradable, monk=estimate.monk, difficult=estimate.difficult
        )
    return {
        case_id: CaseLabels(case_id=case_id, labels=tuple(labels[case_id]), skin_tones=skin_tones[case_id])
        for case_id in labels
    }


def _released(label: Label) -> DermatologistLabel:
    skin_type = label.estimated_fitzpatrick_skin_type
    return DermatologistLabel(
        slot=label.assignment.slot,
        gradable=Gradability(label.gradable),
        condition_of_interest_is_clear=label.condition_of_interest_is_clear,
        conditions=tuple(
            (entry.condition.name, entry.confidence)
            for entry in sorted(label.conditions.all(), key=lambda entry: entry.position)
        ),
        gradable_for_fitzpatrick_skin_type=label.gradable_for_fitzpatrick_skin_type,
        estimated_fitzpatrick_skin_type=FitzpatrickSkinType(skin_type) if skin_type else None,
    )


def questions() -> dict[str, Question]:
    """What labelers are asked, in English, by the names that releases.schema.LABEL_QUESTIONS has for it."""
    with translation.override("en"):
        return {name: asked.as_read for name, asked in QUESTIONS.items()}


# For the contributor --------------------------------------------------------------------------------------------------


def progress(reference: str) -> list[Step]:
    """What this room has done for a contribution; nothing for one that was withdrawn."""
    case = case_of(reference)
    if case is None:
        return _steps(None, None)
    if not is_visible(case):
        return []
    task = LabelTask.objects.filter(case=case).first()
    estimates: dict[str, Any] = SkinToneEstimate.objects.filter(case=case).aggregate(
        pools=Count("pool", filter=Q(pool__in=settings.STUDY["skin_tone_pools"])), at=Max("estimated_at")
    )
    is_estimated = estimates["pools"] >= len(settings.STUDY["skin_tone_pools"])
    return _steps(task.completed_at if task else None, estimates["at"] if is_estimated else None)


def _steps(labeled_at: datetime | None, estimated_at: datetime | None) -> list[Step]:
    return [Step(_("Looked at by a dermatologist"), labeled_at), Step(_("Skin tone estimated"), estimated_at)]

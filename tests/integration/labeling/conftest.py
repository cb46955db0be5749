"""People, cases and answers of the labeling tests."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from core.models import User
from core.roles import Role
from core.vocabulary import Confidence, FitzpatrickSkinType, Gradability
from labeling.actions import assigning
from labeling.actions.labeling import Answers, Entry
from labeling.models import Condition, LabelTask, SkinTonePoolMember
from privacy.models import Case
from tests.factories import cases


@pytest.fixture
def dermatologist(db: None) -> User:
    return cases.staff(Role.DERMATOLOGIST)


@pytest.fixture
def colleague(db: None) -> User:
    return cases.staff(Role.DERMATOLOGIST)


@pytest.fixture
def case(db: None, now: datetime) -> Case:
    return cases.admitted_case(at=now)


@pytest.fixture
def task(case: Case, now: datetime) -> LabelTask:
    assigning.open_tasks(at=now)
    return LabelTask.objects.get(case=case)


@pytest.fixture
def grader(db: None) -> Callable[[str], User]:
    """A skin-tone grader of a pool."""

    def make(pool: str) -> User:
        person = cases.staff(Role.SKIN_TONE_GRADER)
        SkinTonePoolMember.objects.create(grader=person, pool=pool)
        return person

    return make


def condition(name: str, *synonyms: str) -> Condition:
    """A condition of the list, or one that is made for the test."""
    found, _ = Condition.objects.get_or_create(
        name=name,
        defaults={
            "slug": name.lower().replace(" ", "-"),
            "synonyms": list(synonyms),
            "category": "other",
            "risk": "low",
        },
    )
    return found


def answers(*named: tuple[str, int], skin_type: FitzpatrickSkinType | None = FitzpatrickSkinType.FST3) -> Answers:
    """A reading that names these conditions; without any, several conditions are visible and none is meant."""
    return Answers(
        gradable=Gradability.DEFAULT_YES_IMAGE_QUALITY_SUFFICIENT,
        condition_of_interest_is_clear=bool(named),
        entries=tuple(
            Entry(condition=condition(name), raw_term=name, confidence=Confidence(number)) for name, number in named
        ),
        estimated_fitzpatrick_skin_type=skin_type,
    )


def posted(token: object, **changes: Any) -> dict[str, Any]:
    """What the label page sends."""
    return {
        "token": str(token),
        "gradable": "DEFAULT_YES_IMAGE_QUALITY_SUFFICIENT",
        "condition_of_interest_is_clear": "yes",
        "condition_1": "Eczema",
        "confidence_1": "4",
        "gradable_for_fitzpatrick_skin_type": "yes",
        "estimated_fitzpatrick_skin_type": "FST2",
        **changes,
    }

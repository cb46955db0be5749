"""Labelled cases and releases in every state, for the release tests."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from core import storage
from core.models import User
from core.roles import Role
from core.storage import Place
from core.vocabulary import FitzpatrickSkinType, Gradability, ShotType
from labeling.models import Assignment, Condition, Label, LabeledCondition, LabelTask, SkinToneEstimate
from privacy.models import Case
from releases.actions import building, drafting, publishing, storing
from releases.models import Release
from tests.factories.cases import CLOSE_UP, admitted_case, staff

SUFFICIENT = Gradability.DEFAULT_YES_IMAGE_QUALITY_SUFFICIENT


@pytest.fixture(autouse=True)
def _own_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests share one bucket, and version numbers: each has a folder of its own in it."""
    monkeypatch.setattr(storing, "ROOT", f"releases-of-a-test/{uuid4()}/")


@pytest.fixture
def manager(db: None) -> User:
    return staff(Role.RELEASE_MANAGER, email="builder@example.org")


@pytest.fixture
def approver(db: None) -> User:
    return staff(Role.RELEASE_MANAGER, email="approver@example.org")


@pytest.fixture
def labelled_case(now: datetime) -> Callable[..., Case]:
    """An admitted case with all its labels: one reading, or `readings`, each a list of (name, confidence)."""

    def make(
        *,
        readings: tuple[list[tuple[str, int]], ...] = ([("Eczema", 4)],),
        shots: tuple[ShotType, ...] = (CLOSE_UP,),
        **answers: Any,
    ) -> Case:
        case = admitted_case(at=now, shots=shots, **answers)
        task = LabelTask.objects.create(case=case, wanted=len(readings), opened_at=now, completed_at=now)
        for slot, entries in enumerate(readings, start=1):
            _label(task, slot=slot, entries=entries, at=now)
        return case

    return make


def _label(task: LabelTask, *, slot: int, entries: list[tuple[str, int]], at: datetime) -> None:
    assignment = Assignment.objects.create(
        task=task,
        labeler=staff(Role.DERMATOLOGIST),
        slot=slot,
        token=uuid4(),
        status=Assignment.Status.SUBMITTED,
        held_at=at,
        leased_until=at,
        ended_at=at,
    )
    label = Label.objects.create(
        assignment=assignment,
        gradable=SUFFICIENT,
        condition_of_interest_is_clear=bool(entries),
        gradable_for_fitzpatrick_skin_type=True,
        estimated_fitzpatrick_skin_type=FitzpatrickSkinType.FST3,
        submitted_at=at,
    )
    for position, (name, confidence) in enumerate(entries, start=1):
        condition, _ = Condition.objects.get_or_create(
            name=name, defaults={"slug": name.lower(), "category": "other", "risk": "low"}
        )
        LabeledCondition.objects.create(
            label=label, position=position, condition=condition, raw_term=f"typed {name}", confidence=confidence
        )


def estimate(case: Case, *, pool: str, monk: int | None, at: datetime) -> None:
    """What a pool says of the case's skin tone; None where it cannot be judged."""
    SkinToneEstimate.objects.create(
        case=case,
        pool=pool,
        grader=staff(Role.SKIN_TONE_GRADER),
        gradable=monk is not None,
        monk=monk,
        estimated_at=at,
    )


@pytest.fixture
def frozen(manager: User, now: datetime) -> Callable[..., Release]:
    """A release of all cases that stand ready."""

    def make(version: str = "1.0.0", k: int = 1) -> Release:
        release = drafting.draft(version=version, k=k, manager=manager, at=now)
        drafting.freeze(release=release, manager=manager, at=now)
        return release

    return make


@pytest.fixture
def built(frozen: Callable[..., Release], now: datetime) -> Callable[..., Release]:
    """The same, built and verified."""

    def make(version: str = "1.0.0", k: int = 1) -> Release:
        release = frozen(version, k)
        build(release, at=now)
        return release

    return make


@pytest.fixture
def published(built: Callable[..., Release], manager: User, approver: User, now: datetime) -> Callable[..., Release]:
    """The same, approved and published at `at`, by default now."""

    def make(version: str = "1.0.0", k: int = 1) -> Release:
        release = built(version, k)
        publishing.approve(release=release, approver=approver, at=now)
        publishing.publish(release=release, manager=manager, at=now)
        return release

    return make


def build(release: Release, *, at: datetime) -> None:
    """Work until there is nothing to do; fails unless the release is built and verified."""
    while building.build_next(at=at):
        pass
    release.refresh_from_db()
    assert release.status == Release.Status.BUILT, release.problem
    assert release.verified_at == at
    assert release.report["verification"]["faults"] == []


def build_only(release: Release, *, at: datetime) -> None:
    """Work until the release is built, and not yet verified."""
    while release.status == Release.Status.FROZEN and building.build_next(at=at):
        release.refresh_from_db()
    assert (release.status, release.verified_at) == (Release.Status.BUILT, None), release.problem


def replace(release: Release, path: str, data: bytes) -> None:
    """Put something else where a file of the release lies; nothing where `data` is empty."""
    key = storing.key_of(release, path)
    storage.delete(Place.RELEASES, key)
    if data:
        storage.put(Place.RELEASES, key, data, content_type="text/plain")


def files(release: Release) -> dict[str, bytes]:
    """{path: bytes} of what lies in storage."""
    prefix = storing.prefix_of(release)
    return {
        stored.key.removeprefix(prefix): storage.get(Place.RELEASES, stored.key)
        for stored in storage.keys(Place.RELEASES, prefix)
    }

"""A release begins: its version, its case list, and the end of one that is not wanted."""

from datetime import datetime

from django.db import IntegrityError, transaction

from audit.trail import record
from core.doorbell import ring
from core.models import User
from core.states import IllegalMove, Stale, move
from releases import queries
from releases.models import Release, ReleaseItem
from releases.versions import parse


class NotAVersion(Exception):
    """A version is MAJOR.MINOR.PATCH."""


class NotNewer(Exception):
    """There is a release of this version, or of a higher one: numbers are never used again."""


class NothingToRelease(Exception):
    """No admitted case has all its labels."""


class NoLongerPossible(Exception):
    """The release is in another status by now."""


@transaction.atomic
def draft(*, version: str, k: int, manager: User, at: datetime) -> Release:
    """A new release. `k`: the smallest class of quasi-identifiers that keeps them, at least 1.

    Raises NotAVersion, NotNewer.
    """
    try:
        numbers = parse(version)
    except ValueError as error:
        raise NotAVersion(version) from error
    if any(parse(earlier) >= numbers for earlier in Release.objects.values_list("version", flat=True)):
        raise NotNewer(version)
    try:
        with transaction.atomic():
            release = Release.objects.create(version=version, k=k, created_at=at, built_by=manager)
    except IntegrityError as error:  # somebody else drafted the same version this instant
        raise NotNewer(version) from error
    record("release-drafted", actor=manager, subject=f"Release {version}", at=at, k=k)
    return release


@transaction.atomic
def freeze(*, release: Release, manager: User, at: datetime) -> None:
    """Fix the case list and ask for the build: every admitted case that has all the labels it wants.

    Whoever freezes a release is its builder, and cannot approve it. Raises NothingToRelease, NoLongerPossible.
    """
    cases = list(queries.releasable_cases().values_list("pk", flat=True))
    if not cases:
        raise NothingToRelease(release.version)
    _move(release, Release.Status.FROZEN, frozen_at=at, built_by=manager, due_at=at)
    ReleaseItem.objects.bulk_create(ReleaseItem(release=release, case_id=case_id) for case_id in cases)
    record("release-frozen", actor=manager, subject=f"Release {release.version}", at=at, cases=len(cases))
    ring("release-frozen")


@transaction.atomic
def try_again(*, release: Release, manager: User, at: datetime) -> None:
    """Three more attempts for a release that could not be built or verified; a build looks at every image again.

    Raises NoLongerPossible.
    """
    held = Release.objects.select_for_update().get(pk=release.pk)
    if not queries.given_up(at).filter(pk=held.pk).exists():
        raise NoLongerPossible(release.version)
    Release.objects.filter(pk=held.pk).update(due_at=at, leased_until=None, attempts=0, problem="")
    if held.status == Release.Status.FROZEN:
        held.items.update(copied_at=None)
    record("release-tried-again", actor=manager, subject=f"Release {release.version}", at=at)
    ring("release-frozen")


@transaction.atomic
def abandon(*, release: Release, manager: User | str, at: datetime, reason: str = "") -> None:
    """End a release that is not published; a worker deletes its objects. `manager` may be audit.trail.WORKER.

    Raises NoLongerPossible.
    """
    _move(release, Release.Status.ABANDONED, due_at=at, leased_until=None, attempts=0)
    record("release-abandoned", actor=manager, subject=f"Release {release.version}", at=at, reason=reason)
    ring("release-frozen")


def _move(release: Release, to: Release.Status, **changes: object) -> None:
    try:
        move(release, to, **changes)
    except (IllegalMove, Stale) as error:
        raise NoLongerPossible(release.version) from error

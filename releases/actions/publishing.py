"""A second person approves what was built, and it becomes the published version."""

from datetime import datetime

from django.db import transaction

from audit.trail import record
from core.models import User
from core.states import IllegalMove, Stale, move
from releases import queries
from releases.actions import storing
from releases.actions.drafting import NoLongerPossible
from releases.actions.storing import NotAsBuilt
from releases.models import Release

__all__ = [
    "ByItsBuilder",
    "HasWithdrawnCases",
    "NoLongerPossible",
    "NotAsBuilt",
    "Overtaken",
    "approve",
    "publish",
    "verify",
]


class ByItsBuilder(Exception):
    """Whoever built a release does not approve it."""


class HasWithdrawnCases(Exception):
    """A case was withdrawn since the release was built: abandon it, and draft the next."""


class Overtaken(Exception):
    """Another release was published that this one does not follow; the message is its version."""


verify = storing.verify


def approve(*, release: Release, approver: User, at: datetime) -> None:
    """Approve a built release after every object of it was read again; what was read is noted in its report.

    Raises ByItsBuilder, HasWithdrawnCases, Overtaken, NotAsBuilt, NoLongerPossible, core.storage.Unavailable.
    """
    if release.status != Release.Status.BUILT:
        raise NoLongerPossible(release.version)
    if approver.pk == release.built_by_id:
        raise ByItsBuilder(release.version)
    _require_fit(release)
    verification = verify(release)
    if verification.faults:
        raise NotAsBuilt(verification)
    counts = {"objects": verification.objects, "bytes": verification.bytes}
    with transaction.atomic():
        _move(
            release,
            Release.Status.APPROVED,
            approved_by=approver,
            approved_at=at,
            report=release.report | {"verification": counts},
        )
        record("release-approved", actor=approver, subject=f"Release {release.version}", at=at, **counts)


@transaction.atomic
def publish(*, release: Release, manager: User, at: datetime) -> None:
    """Make an approved release the published one; the one before it is superseded in the same transaction.

    Raises HasWithdrawnCases, Overtaken, NoLongerPossible.
    """
    before = Release.objects.select_for_update().filter(status=Release.Status.PUBLISHED).first()
    if release.status != Release.Status.APPROVED:
        raise NoLongerPossible(release.version)
    _require_fit(release)
    if before is not None:
        _move(before, Release.Status.SUPERSEDED)
        record(
            "release-superseded",
            actor=manager,
            subject=f"Release {before.version}",
            at=at,
            superseded_by=release.version,
        )
    _move(release, Release.Status.PUBLISHED, published_at=at)
    record("release-published", actor=manager, subject=f"Release {release.version}", at=at, cases=release.items.count())


def _require_fit(release: Release) -> None:
    if queries.items_withdrawn_since(release).exists():
        raise HasWithdrawnCases(release.version)
    if (other := queries.overtaken_by(release)) is not None:
        raise Overtaken(other.version)


def _move(release: Release, to: Release.Status, **changes: object) -> None:
    try:
        move(release, to, **changes)
    except (IllegalMove, Stale) as error:
        raise NoLongerPossible(release.version) from error

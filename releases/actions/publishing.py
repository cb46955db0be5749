"""A second person approves what was built, and it becomes the published version."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from audit.trail import record
from core.models import User
from core.states import IllegalMove, Stale, move
from privacy.queries import hold_against_withdrawal
from releases import queries
from releases.actions import storing, verifying
from releases.actions.drafting import NoLongerPossible
from releases.actions.storing import NotAsBuilt, Verification
from releases.models import Release

__all__ = [
    "ByItsBuilder",
    "HasWithdrawnCases",
    "NoLongerPossible",
    "NotAsBuilt",
    "NotVerified",
    "Overtaken",
    "approve",
    "publish",
]


class ByItsBuilder(Exception):
    """Whoever built a release does not approve it."""


class HasWithdrawnCases(Exception):
    """A case was withdrawn since the release was built: abandon it, and draft the next."""


class NotVerified(Exception):
    """A worker is still reading the objects of the release again."""


class Overtaken(Exception):
    """Another release was published that this one does not follow; the message is its version."""


def approve(*, release: Release, approver: User, at: datetime) -> None:
    """Approve a built release whose every object a worker has read again, and found as it was built.

    Raises ByItsBuilder, NotVerified, NotAsBuilt, HasWithdrawnCases, Overtaken, NoLongerPossible,
    core.storage.Unavailable.
    """
    if release.status != Release.Status.BUILT:
        raise NoLongerPossible(release.version)
    if approver.pk == release.built_by_id:
        raise ByItsBuilder(release.version)
    verification = _require_whole(release)
    with transaction.atomic():
        _require_fit(release)
        _move(release, Release.Status.APPROVED, approved_by=approver, approved_at=at)
        record(
            "release-approved",
            actor=approver,
            subject=f"Release {release.version}",
            at=at,
            objects=verification.objects,
            bytes=verification.bytes,
        )


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


def _require_whole(release: Release) -> Verification:
    """What was verified, if since then no file has come, gone or changed its size: nothing is read a second time here."""
    verification = verifying.noted(release)
    if release.verified_at is None:
        raise NotVerified(release.version)
    now = storing.survey(release)
    faults = verification.faults or now.faults
    if not faults and (now.objects, now.bytes) != (verification.objects, verification.bytes):
        faults = (f"the files have {now.bytes} bytes, and {verification.bytes} when they were verified",)
    if faults:
        raise NotAsBuilt(replace(now, faults=faults))
    return verification


def _require_fit(release: Release) -> None:
    """Called within the transaction that it is for: what it found stays so until the commit."""
    hold_against_withdrawal(release.items.values_list("case_id", flat=True))
    if queries.items_withdrawn_since(release).exists():
        raise HasWithdrawnCases(release.version)
    if (other := queries.overtaken_by(release)) is not None:
        raise Overtaken(other.version)


def _move(release: Release, to: Release.Status, **changes: object) -> None:
    try:
        move(release, to, **changes)
    except (IllegalMove, Stale) as error:
        raise NoLongerPossible(release.version) from error

"""Every object of a built release is read again before a second person may approve it.

Like a build it goes in portions: each claim reads the next files of SHA256SUMS.txt and notes in the report how many were
read by then, so a worker may die anywhere. The first faults end it, for a release that has one is abandoned.
"""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from audit.trail import WORKER, record
from core import leases, storage
from core.storage import Place
from releases.actions import storing
from releases.actions.storing import NotAsBuilt, Verification
from releases.models import Release

PORTION = 200
"""Files that are read under one lease: seconds of work, so that a kill costs little."""
READERS = 8


def verify_on(release: Release, *, at: datetime) -> None:
    """Read the next portion of a built release whose lease the caller holds.

    Raises core.leases.LeaseLost, core.storage.Unavailable.
    """
    try:
        expected = list(storing.manifest(release).items())
    except NotAsBuilt as error:
        _finish(release, error.verification, at=at)
        return
    found = noted(release)
    portion = expected[found.objects : found.objects + PORTION]
    with ThreadPoolExecutor(READERS) as pool:
        read = list(pool.map(lambda listed: _read(release, path=listed[0]), portion))
    found = Verification(
        objects=found.objects + len(portion),
        bytes=found.bytes + sum(size for size, _ in read),
        faults=tuple(
            f"{path} is altered" if actual else f"{path} is missing"
            for (path, sha256), (_, actual) in zip(portion, read, strict=True)
            if actual != sha256
        ),
    )
    if found.faults:
        _finish(release, found, at=at)
    elif found.objects < len(expected):
        release.attempts = 0  # progress: the next portion is due at once, with all its attempts
        leases.retry(release, at=at, attempts=0, problem="", report=_with(found, release))
    else:
        _finish(release, replace(found, faults=storing.survey(release).faults), at=at)


def noted(release: Release) -> Verification:
    """What the report says was read so far, or in all once `verified_at` is set; nothing of another SHA256SUMS.txt."""
    note = release.report.get("verification", {})
    if note.get("manifest_sha256") != release.manifest_sha256:
        return Verification(objects=0, bytes=0, faults=())
    return Verification(objects=note["objects"], bytes=note["bytes"], faults=tuple(note["faults"]))


def _with(found: Verification, release: Release) -> dict[str, Any]:
    note = {"objects": found.objects, "bytes": found.bytes, "faults": list(found.faults)}
    return release.report | {"verification": note | {"manifest_sha256": release.manifest_sha256}}


@transaction.atomic
def _finish(release: Release, found: Verification, *, at: datetime) -> None:
    record(
        "release-verified",
        actor=WORKER,
        subject=f"Release {release.version}",
        at=at,
        objects=found.objects,
        bytes=found.bytes,
        faults=len(found.faults),
    )
    # Last, because a lease that is given up in a transaction that fails could not be given back.
    leases.finish(release, verified_at=at, problem="", report=_with(found, release))


def _read(release: Release, *, path: str) -> tuple[int, str]:
    """Bytes and SHA-256 of a file as it lies there now; (0, "") where there is none."""
    size, digest = 0, hashlib.sha256()
    try:
        for piece in storage.stream(Place.RELEASES, storing.key_of(release, path)):
            size += len(piece)
            digest.update(piece)
    except storage.NotStored:
        return 0, ""
    return size, digest.hexdigest()

"""A published release as a folder."""

import hashlib
import shutil
from pathlib import Path

from core import storage
from core.storage import Place
from releases import queries
from releases.actions import storing
from releases.actions.storing import NotAsBuilt, Verification
from releases.models import Release
from releases.schema import CHECKSUMS_FILE

__all__ = ["FolderNotEmpty", "NotAsBuilt", "NotPublished", "download"]


class NotPublished(Exception):
    """There is no published release of this version."""


class FolderNotEmpty(Exception):
    """Something lies in the target, or it is not a folder."""


def download(*, version: str, target: Path) -> int:
    """Copy a published (or superseded) release into the folder `target`; how many files.

    The folder is made where it is missing, and appears only when every file is there with the SHA-256 that
    SHA256SUMS.txt gives. Raises NotPublished, FolderNotEmpty, NotAsBuilt, core.storage.Unavailable, OSError.
    """
    release = Release.objects.filter(version=version, status__in=queries.PUBLIC).first()
    if release is None:
        raise NotPublished(version)
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise FolderNotEmpty(str(target))
    sums = storing.manifest(release)
    sums[CHECKSUMS_FILE] = release.manifest_sha256
    partial = target.with_name(target.name + ".part")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        for path, sha256 in sums.items():
            _fetch(release, path, sha256, partial / path)
        partial.replace(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return len(sums)


def _fetch(release: Release, path: str, sha256: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    try:
        with target.open("wb") as file:
            for piece in storage.stream(Place.RELEASES, storing.key_of(release, path)):
                digest.update(piece)
                file.write(piece)
    except storage.NotStored as error:
        raise _fault(f"{path} is missing") from error
    if digest.hexdigest() != sha256:
        raise _fault(f"{path} is altered")


def _fault(fault: str) -> NotAsBuilt:
    return NotAsBuilt(Verification(objects=0, bytes=0, faults=(fault,)))

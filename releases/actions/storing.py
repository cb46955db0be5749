"""The objects of one release, all under `releases/<version>/` in the bucket of releases.

Until a release is built its objects may be stored anew: an attempt that died may have left one of an older case list.
From then on nothing here changes one; an abandoned release loses them all.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

from core import storage
from core.storage import Place
from releases.models import Release
from releases.schema import CHECKSUMS_FILE

Unavailable = storage.Unavailable  # views and commands know it by this name
ROOT = "releases/"


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What was found of the files that SHA256SUMS.txt lists. `faults`: a sentence each, none for a whole release."""

    objects: int
    bytes: int
    faults: tuple[str, ...]


class NotAsBuilt(Exception):
    """Objects of the release are missing, altered or too many: `verification` says which."""

    def __init__(self, verification: Verification) -> None:
        super().__init__("; ".join(verification.faults))
        self.verification = verification


def prefix_of(release: Release) -> str:
    """Where the objects of a release lie."""
    return f"{ROOT}{release.version}/"


def key_of(release: Release, path: str) -> str:
    """The key of the file `path` of the release."""
    return prefix_of(release) + path


def store(release: Release, path: str, data: bytes | IO[bytes], *, sha256: str, content_type: str) -> bool:
    """Make `data` the file `path` of a release that is not built. What lies there with the same SHA-256 is kept.

    Whether it was stored now. Raises core.storage.Unavailable.
    """
    key = key_of(release, path)
    try:
        storage.put(Place.RELEASES, key, data, content_type=content_type)
    except storage.AlreadyStored:
        if storage.head(Place.RELEASES, key).sha256 == sha256:
            return False
        storage.delete(Place.RELEASES, key)
        storage.put(Place.RELEASES, key, data, content_type=content_type)
    return True


def sizes(release: Release) -> dict[str, int]:
    """{path: bytes} of a release as its files lie in storage; none is read. Raises core.storage.Unavailable."""
    prefix = prefix_of(release)
    return {stored.key.removeprefix(prefix): stored.size for stored in storage.keys(Place.RELEASES, prefix)}


def discard(release: Release, unwanted: Iterable[str]) -> None:
    """Delete these files of a release that is not published. Raises core.storage.Unavailable."""
    storage.delete_many(Place.RELEASES, [key_of(release, path) for path in unwanted])


def manifest(release: Release) -> dict[str, str]:
    """{path: SHA-256} as SHA256SUMS.txt has it. Raises NotAsBuilt where it is not the one that was built, Unavailable."""
    try:
        data = storage.get(Place.RELEASES, key_of(release, CHECKSUMS_FILE))
    except storage.NotStored:
        data = b""
    if hashlib.sha256(data).hexdigest() != release.manifest_sha256:
        fault = f"{CHECKSUMS_FILE} is missing or altered"
        raise NotAsBuilt(Verification(objects=0, bytes=0, faults=(fault,)))
    lines = data.decode().splitlines()
    return {path: sha256 for sha256, path in (line.split("  ", 1) for line in lines)}


def survey(release: Release) -> Verification:
    """What a look at the names alone tells of a built release. Raises core.storage.Unavailable.

    Faults: SHA256SUMS.txt is not the one that was built, a file of it is missing, or something lies there that it does
    not list.
    """
    try:
        expected = manifest(release)
    except NotAsBuilt as error:
        return error.verification
    found = sizes(release)
    found.pop(CHECKSUMS_FILE, None)
    extra = sorted(found.keys() - expected.keys())
    missing = sorted(expected.keys() - found.keys())
    return Verification(
        objects=len(found),
        bytes=sum(found.values()),
        faults=(
            *(f"{path} does not belong to the release" for path in extra),
            *(f"{path} is missing" for path in missing),
        ),
    )

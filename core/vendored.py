"""Takes other people's files out of their published packages, and records exactly what was taken.

    npm pack govuk-frontend@6.6.0                     (npm only downloads; nothing of it is installed or run)
    python -m core.vendored core/static/vendor govuk-frontend-6.6.0.tgz

`vendored.json` in the folder says which members of which package (version, sha256 of the tarball) become which files
(sha256), and by which edits: a list of [regular expression, replacement] applied in order. For a new version, change
the record first; the command then names every sum that differs from it, and writes nothing until all agree.
"""

import hashlib
import json
import re
import sys
import tarfile
from pathlib import Path
from typing import Any

RECORD = "vendored.json"


class RecordDiffers(Exception):
    """Something is not what vendored.json says it is."""


def read_record(folder: Path) -> list[dict[str, Any]]:
    """The packages that `folder` holds files of."""
    packages: list[dict[str, Any]] = json.loads((folder / RECORD).read_text(encoding="utf-8"))["packages"]
    return packages


def sha256(data: bytes) -> str:
    """As 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def edited(data: bytes, edits: list[list[str]]) -> bytes:
    """`data` after each [regular expression, replacement], in order; every expression has to match something."""
    text = data.decode("utf-8")
    for pattern, replacement in edits:
        text, count = re.subn(pattern, replacement, text, flags=re.DOTALL)
        if not count:
            raise RecordDiffers(f"the edit {pattern!r} matches nothing any more")
    return text.encode("utf-8")


def take(folder: Path, tarball: Path) -> list[str]:
    """Write the recorded files of one package; returns their paths inside `folder`.

    Raises RecordDiffers when the tarball or a resulting file has another sum than recorded; nothing is written then.
    """
    tarball_sum = sha256(tarball.read_bytes())
    with tarfile.open(tarball) as archive:
        described = json.loads(_member(archive, "package/package.json"))
        package = next((p for p in read_record(folder) if p["name"] == described["name"]), None)
        if package is None:
            raise RecordDiffers(f"{described['name']} is not in {folder / RECORD}")
        taken = {
            entry["path"]: edited(_member(archive, entry["member"]), entry.get("edits", []))
            for entry in package["files"]
            if "member" in entry
        }
    recorded = {entry["path"]: entry["sha256"] for entry in package["files"]}
    sums = {path: sha256(data) for path, data in taken.items()}
    differing = [
        f"{path}: {found}, recorded {recorded[path]}" for path, found in sums.items() if found != recorded[path]
    ]
    if described["version"] != package["version"] or tarball_sum != package["tarball_sha256"]:
        differing.append(f"{tarball.name}: version {described['version']}, {tarball_sum}")
    if differing:
        raise RecordDiffers("\n".join(differing))
    for path, data in taken.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return sorted(taken)


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    opened = archive.extractfile(name)
    if opened is None:
        raise RecordDiffers(f"{name} is not a file in the package")
    return opened.read()


def main(arguments: list[str]) -> int:
    """`FOLDER TARBALL…`; 0 when every file was written as recorded."""
    folder, *tarballs = (Path(argument) for argument in arguments)
    try:
        for tarball in tarballs:
            for path in take(folder, tarball):
                sys.stdout.write(f"{folder / path}\n")
    except RecordDiffers as differs:
        sys.stderr.write(f"Not what {folder / RECORD} says:\n{differs}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

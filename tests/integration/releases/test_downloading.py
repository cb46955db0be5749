"""A published release as a folder, or nothing."""

import hashlib
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core import storage
from core.storage import Place
from privacy.models import Case
from releases.actions import storing
from releases.models import Release
from tests.integration.releases.conftest import files

pytestmark = pytest.mark.django_db
Make = Callable[..., Release]
Labelled = Callable[..., Case]


def test_the_folder_holds_every_file_and_checks_with_sha256sum(
    labelled_case: Labelled, published: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    labelled_case()
    release, target = published(), tmp_path / "deep" / "release"

    call_command("download_release", "1.0.0", str(target))

    found = {str(path.relative_to(target)): path.read_bytes() for path in target.rglob("*") if path.is_file()}
    assert found == files(release)
    checked = subprocess.run(["sha256sum", "-c", "SHA256SUMS.txt"], cwd=target, capture_output=True, check=False)
    assert checked.returncode == 0
    assert f"{len(found)} files of release 1.0.0" in capsys.readouterr().out
    assert [path.name for path in target.parent.iterdir()] == ["release"]


def test_a_superseded_release_is_downloaded_too_and_an_empty_folder_is_taken(
    labelled_case: Labelled, published: Make, tmp_path: Path
) -> None:
    labelled_case()
    published("1.0.0")
    published("1.1.0")

    call_command("download_release", "1.0.0", str(tmp_path))

    assert (tmp_path / "scin_cases.csv").is_file()


@pytest.mark.parametrize("is_file", [False, True])
def test_what_lies_in_the_target_is_left_alone(
    labelled_case: Labelled, published: Make, tmp_path: Path, is_file: bool
) -> None:
    labelled_case()
    published()
    own = tmp_path / "notes.txt"
    own.write_text("mine")

    with pytest.raises(CommandError, match="must be an empty folder"):
        call_command("download_release", "1.0.0", str(own if is_file else tmp_path))

    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("notes.txt", "mine")]


@pytest.mark.parametrize("version", ["9.9.9", "nonsense"])
def test_a_version_that_is_not_there_is_named(version: str, db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=f"no published release {version}"):
        call_command("download_release", version, str(tmp_path))


def test_what_is_built_and_not_published_is_not_given_out(labelled_case: Labelled, built: Make, tmp_path: Path) -> None:
    labelled_case()
    built()

    with pytest.raises(CommandError, match="no published release"):
        call_command("download_release", "1.0.0", str(tmp_path / "new"))


@pytest.mark.parametrize(("path", "data"), [("README.md", b"other"), ("README.md", b""), ("SHA256SUMS.txt", b"other")])
def test_a_copy_that_is_not_whole_is_not_left_behind(
    labelled_case: Labelled, published: Make, tmp_path: Path, path: str, data: bytes
) -> None:
    labelled_case()
    release = published()
    storage.delete(Place.RELEASES, storing.key_of(release, path))
    if data:
        storage.put(Place.RELEASES, storing.key_of(release, path), data, content_type="text/plain")

    with pytest.raises(CommandError, match=f"not whole, nothing was copied: {path}"):
        call_command("download_release", "1.0.0", str(tmp_path / "new"))

    assert list(tmp_path.iterdir()) == []
    assert hashlib.sha256(data).hexdigest() != release.manifest_sha256

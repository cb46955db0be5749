"""What we took from others is what they published, as recorded, with its licence."""

import hashlib
import io
import json
import re
import tarfile
from pathlib import Path
from typing import Any

import pytest

from core import vendored

ROOT = Path(__file__).parents[2]
FOLDERS = [ROOT / "core/static/vendor", ROOT / "tests/vendor"]
OURS = {"vendored.json", "README.md"}


@pytest.mark.parametrize("folder", FOLDERS, ids=["core/static/vendor", "tests/vendor"])
def test_every_vendored_file_is_recorded_with_its_sum(folder: Path) -> None:
    recorded = {
        entry["path"]: entry["sha256"] for package in vendored.read_record(folder) for entry in package["files"]
    }
    found = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in OURS
    }
    assert found == recorded


@pytest.mark.parametrize("folder", FOLDERS, ids=["core/static/vendor", "tests/vendor"])
def test_every_vendored_package_has_version_tarball_and_licence_text(folder: Path) -> None:
    for package in vendored.read_record(folder):
        assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
        assert re.fullmatch(r"[0-9a-f]{64}", package["tarball_sha256"])
        name = {"MIT": "MIT License", "MPL-2.0": "Mozilla Public License"}[package["license"]]
        assert name in (folder / package["license_file"]).read_text(encoding="utf-8")


def test_the_font_and_the_crest_of_gov_uk_are_not_shipped() -> None:
    css = (FOLDERS[0] / "govuk-frontend/govuk-frontend.min.css").read_text(encoding="utf-8")
    assert "@font-face" not in css
    assert "GDS Transport" not in css
    assert "url(" not in css


def _folder_and_package(tmp_path: Path, **changed: Any) -> tuple[Path, Path]:
    tarball = tmp_path / "thing-1.2.3.tgz"
    with tarfile.open(tarball, "w:gz") as archive:
        for name, data in {
            "package.json": b'{"name": "thing", "version": "1.2.3"}',
            "a.css": b"a{}/*font*/b{}",
        }.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    entry = {"path": "thing/a.css", "member": "package/a.css", "edits": [[r"/\*.*?\*/", ""]]}
    package = {
        "name": "thing",
        "version": "1.2.3",
        "tarball_sha256": hashlib.sha256(tarball.read_bytes()).hexdigest(),
        "files": [entry | {"sha256": hashlib.sha256(b"a{}b{}").hexdigest()}],
    }
    folder = tmp_path / "vendor"
    folder.mkdir()
    (folder / "vendored.json").write_text(json.dumps({"packages": [package | changed]}), encoding="utf-8")
    return folder, tarball


def test_taking_writes_the_edited_file_where_the_record_says(tmp_path: Path) -> None:
    folder, tarball = _folder_and_package(tmp_path)
    assert vendored.take(folder, tarball) == ["thing/a.css"]
    assert (folder / "thing/a.css").read_bytes() == b"a{}b{}"


@pytest.mark.parametrize("changed", [{"tarball_sha256": "0" * 64}, {"version": "1.2.4"}])
def test_taking_another_package_than_recorded_writes_nothing(tmp_path: Path, changed: dict[str, str]) -> None:
    folder, tarball = _folder_and_package(tmp_path, **changed)
    with pytest.raises(vendored.RecordDiffers):
        vendored.take(folder, tarball)
    assert not (folder / "thing").exists()


def test_an_edit_that_matches_nothing_is_an_error() -> None:
    with pytest.raises(vendored.RecordDiffers):
        vendored.edited(b"a{}", [["font", ""]])

"""`manage.py clean_images`: one line for every file, a whole PNG or a reason, never a crash."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from imaging.readback import read_back
from tests.unit.imaging.pictures import STORED_AS, encode, exif, png_bomb, skin

ROOT = Path(__file__).resolve().parent.parent.parent


def clean_images(*arguments: Path | str) -> subprocess.CompletedProcess[str]:
    """The command as a person types it, where no database and no other service is configured."""
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings.development"}
    command = [sys.executable, str(ROOT / "manage.py"), "clean_images", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=False)


def report_of(path: Path) -> dict[str, dict[str, Any]]:
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert all(line.keys() == {"source", "status", "reason", "output"} for line in lines)
    by_source = {line["source"]: line for line in lines}
    assert len(by_source) == len(lines)
    return by_source


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    files = {
        "a.jpg": encode(STORED_AS[6](skin()), "JPEG", exif=exif(orientation=6, gps=True)),
        "a.heic": encode(skin(), "HEIF"),
        "a.jpg.png": encode(skin(), "PNG"),
        "deep/er/Größe 1.WEBP": encode(skin(), "WEBP"),
        "no suffix": encode(skin(), "AVIF"),
        "really a tiff.jpg": encode(skin(), "TIFF"),
        "empty.jpg": b"",
        "renamed.jpg": b"%PDF-1.7\n",
        "postscript.jpg": encode(skin(), "EPS"),
        "bomb.png": png_bomb(10_000, 10_000),
        "broken.heic": encode(skin(), "HEIF")[:-200],
        "notes.md": b"# Notes",
    }
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (folder / "dangling.jpg").symlink_to("nowhere")
    os.mkfifo(folder / "pipe.jpg")
    return folder


def test_every_file_is_cleaned_or_refused_with_a_reason(source: Path, tmp_path: Path) -> None:
    target, report = tmp_path / "target", tmp_path / "reports" / "report.jsonl"
    done = clean_images(source, target, "--report", report)
    assert done.returncode == 0, done.stderr
    lines = report_of(report)
    refused = {name: line["reason"].split(":")[0] for name, line in lines.items() if line["status"] == "refused"}
    assert refused == {
        "empty.jpg": "EMPTY",
        "renamed.jpg": "NOT_A_PHOTO",
        "postscript.jpg": "NOT_A_PHOTO",
        "bomb.png": "TOO_MANY_PIXELS",
        "broken.heic": "DAMAGED",
        "notes.md": "NOT_A_PHOTO",
        "dangling.jpg": "UNREADABLE",
        "pipe.jpg": "UNREADABLE",
    }
    assert all(lines[name]["output"] is None for name in refused)
    assert "PDF" in lines["renamed.jpg"]["reason"]
    cleaned = {name: target / line["output"] for name, line in lines.items() if line["status"] == "cleaned"}
    assert all(lines[name]["reason"] is None for name in cleaned)
    assert len(lines) == len(refused) + len(cleaned) == sum(1 for path in source.rglob("*") if not path.is_dir())
    for path in cleaned.values():
        assert read_back(path.read_bytes()) == (160, 96)
        with Image.open(path) as image:
            assert np.abs(np.asarray(image).astype(int) - skin()).mean() < 3
    assert {path for path in target.rglob("*") if path.is_file()} == set(cleaned.values())
    assert cleaned["deep/er/Größe 1.WEBP"] == target / "deep/er/Größe 1.WEBP.png"


def test_a_target_inside_the_source_is_not_cleaned_again(source: Path) -> None:
    target, report = source / "target", source / "report.jsonl"
    for _ in range(2):
        assert clean_images(source, target, "--report", report).returncode == 0
        assert not any(name.startswith(("target", "report")) for name in report_of(report))


def test_wrong_folders_are_a_clear_error(source: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.jsonl"
    for arguments, words in (
        ((tmp_path / "missing", tmp_path / "target"), "SOURCE is not a folder"),
        ((source / "a.jpg", tmp_path / "target"), "SOURCE is not a folder"),
        ((source, source), "TARGET must be a folder of its own"),
        ((source, source / "a.jpg"), "TARGET must be a folder of its own"),
    ):
        done = clean_images(*arguments, "--report", report)
        assert done.returncode == 1
        assert words in done.stderr and "Traceback" not in done.stderr
    assert not report.exists()
    assert (source / "a.jpg").read_bytes()[:2] == b"\xff\xd8"

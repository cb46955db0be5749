"""`manage.py clean_images SOURCE TARGET --report FILE.jsonl`: clean a folder of photos, without a database."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from imaging import sandbox
from imaging.results import MAX_BYTES, Refused

WORKERS = 2


class Command(BaseCommand):
    help = (
        "Cleans every photo under SOURCE into TARGET as a PNG of its pixels alone: upright, sRGB, without metadata. "
        "Writes one line of JSON for each file: source, status (cleaned or refused), reason, output."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", metavar="SOURCE", type=Path, help="Folder of photos, read recursively.")
        parser.add_argument(
            "target", metavar="TARGET", type=Path, help="Folder for the PNGs; made where it is missing."
        )
        parser.add_argument("--report", metavar="FILE.jsonl", type=Path, required=True, help="The report, JSON lines.")

    def handle(self, *, source: Path, target: Path, report: Path, **options: Any) -> None:
        if not source.is_dir():
            raise CommandError(f"SOURCE is not a folder: {source}")
        if target.exists() and (not target.is_dir() or target.samefile(source)):
            raise CommandError(f"TARGET must be a folder of its own: {target}")
        paths = list(_files(source, leaving_out=(target, report)))
        try:
            target.mkdir(parents=True, exist_ok=True)
            report.parent.mkdir(parents=True, exist_ok=True)
            with report.open("w", encoding="utf-8") as lines, ThreadPoolExecutor(WORKERS) as pool:
                cleaned = 0
                for line in pool.map(partial(_clean_one, source, target), paths):
                    cleaned += line["status"] == "cleaned"
                    lines.write(json.dumps(line) + "\n")
        except OSError as error:
            raise CommandError(f"Cannot write: {error}") from error
        self.stdout.write(f"{cleaned} cleaned, {len(paths) - cleaned} refused; see {report}")


def _files(source: Path, *, leaving_out: tuple[Path, Path]) -> Iterator[Path]:
    """Everything under SOURCE but folders, in order of name; never what this command writes."""
    ours = {path.resolve() for path in leaving_out}
    for path in sorted(source.rglob("*")):
        if not path.is_dir() and ours.isdisjoint((path.resolve(), *path.resolve().parents)):
            yield path


def _clean_one(source: Path, target: Path, path: Path) -> dict[str, str | None]:
    """One line of the report; the PNG is written on the way.

    The output's name is the source's with `.png` behind its suffix: no two sources share one.
    """
    name = path.relative_to(source)
    line = {"source": str(name), "status": "refused", "reason": None, "output": None}
    try:
        if not path.is_file():
            raise OSError("not a regular file")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        return line | {"reason": f"UNREADABLE: The file cannot be read: {error.strerror or error}."}
    try:
        png = sandbox.clean(data).png
    except Refused as refusal:
        return line | {"reason": f"{refusal.reason}: {refusal}"}
    output = name.with_name(name.name + ".png")
    _write(target / output, png)
    return line | {"status": "cleaned", "output": str(output)}


def _write(path: Path, png: bytes) -> None:
    """Under a temporary name first, so that no half a PNG ever stands where a whole one is expected."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial_path = path.with_name(path.name + ".part")
    partial_path.write_bytes(png)
    partial_path.replace(path)

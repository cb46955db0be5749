"""The demonstration's release managers, and a look at what they published."""

import csv
import hashlib
import time
from pathlib import Path

from demo.browser import Browser, Unexpected

PAGE = "/staff/releases/"
PATIENCE = 120
"""Seconds in which a worker verifies a release of the demonstration's size; a lost doorbell costs it one minute."""


def draft_and_freeze(browser: Browser, version: str) -> None:
    """Draft `version` and freeze its case list; a worker builds it."""
    browser.open(PAGE + "new").send({"version": version})
    browser.send(press="action=freeze")


def is_built(browser: Browser, version: str) -> bool:
    """Whether the worker has built the release. Raises Unexpected if it has given up."""
    browser.open(PAGE + version)
    if browser.has('button[name="action"][value="retry"]'):
        raise Unexpected(browser.text[:600])
    return _status(browser) == "Built"


def approve_and_publish(browser: Browser, version: str) -> None:
    """Approve what somebody else built, as soon as a worker has verified it, and publish it. Raises Unexpected."""
    deadline = time.monotonic() + PATIENCE
    while not browser.open(PAGE + version).has('button[name="action"][value="approve"]'):
        if time.monotonic() > deadline:
            raise Unexpected(f"after {PATIENCE} s release {version} cannot be approved: {browser.text[:600]}")
        time.sleep(0.5)
    browser.send(press="action=approve")
    browser.send(press="action=publish")
    if _status(browser) != "Published":
        raise Unexpected(f"release {version} is {_status(browser)}, not Published")


def contents(folder: Path, *, cases: int, images: int) -> str:
    """What a downloaded release holds, counted and checked against SHA256SUMS.txt. Raises Unexpected."""
    listed = [line.split("  ", 1) for line in (folder / "SHA256SUMS.txt").read_text().splitlines()]
    for sha256, name in listed:
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != sha256:
            raise Unexpected(f"{name} is not what SHA256SUMS.txt says")
    with (folder / "scin_labels.csv").open(newline="", encoding="utf-8") as file:
        labelled = sum(row["weighted_skin_condition_label"] != "{}" for row in csv.DictReader(file))
    with (folder / "scin_cases.csv").open(newline="", encoding="utf-8") as file:
        rows = sum(1 for _ in csv.DictReader(file))
    pngs = len(list((folder / "dataset" / "images").glob("*.png")))
    if (rows, pngs) != (cases, images):
        raise Unexpected(f"the release holds {rows} cases and {pngs} images, not {cases} and {images}")
    return f"{len(listed) + 1} files: {rows} cases ({labelled} with a differential), {pngs} images"


def _status(browser: Browser) -> str:
    tag = browser.page.select_one("h1 .govuk-tag")
    return tag.get_text(strip=True) if tag else ""

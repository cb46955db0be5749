"""A contributor's way through the pages in a real browser, for the journeys that need one."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from demo.photos import take

QUESTIONS = 10


def photo_file(folder: Path, seed: int = 0, shot: str = "CLOSE_UP") -> Path:
    """A drawn photo with the metadata of a phone, as a file to choose."""
    photo = take(seed, shot, seed)
    path = folder / photo.name
    path.write_bytes(photo.data)
    return path


def nothing(page: Page) -> None:
    """What is done on each page by a visitor who only passes through."""


def to_the_first_photo(page: Page, look: Callable[[Page], None] = nothing) -> None:
    """From the landing page through eligibility and consent."""
    page.goto("/")
    look(page)
    page.get_by_role("link", name="Start", exact=True).click()
    look(page)
    page.get_by_label("Yes, all three").check()
    page.get_by_role("button", name="Continue").click()
    look(page)
    page.get_by_role("link", name="Continue").click()
    look(page)
    page.get_by_label("I agree", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(re.compile("/photo/close-up"))


def send_photo(page: Page, path: Path, look: Callable[[Page], None] = nothing) -> None:
    """Send a photo, look at what came back, use it."""
    page.get_by_label("Choose a photo").last.set_input_files(path)
    page.get_by_role("button", name="Send this photo").click()
    page.get_by_role("heading", name="Use this photo?").wait_for()
    look(page)
    page.get_by_role("link", name="Use this photo").click()


def to_the_check(page: Page, photo: Path, look: Callable[[Page], None] = nothing) -> None:
    """One photo, two answers, everything else skipped."""
    to_the_first_photo(page, look)
    look(page)
    send_photo(page, photo, look)
    for _ in range(2):
        look(page)
        page.get_by_role("link", name="Skip this photo").click()
    for _ in range(QUESTIONS):
        look(page)
        if page.url.endswith("/where"):
            page.get_by_label("Arm", exact=True).check()
            page.get_by_role("button", name="Continue").click()
        elif page.url.endswith("/age"):
            page.get_by_label("How old are you?").fill("43")
            page.get_by_role("button", name="Continue").click()
        else:
            page.get_by_role("button", name="Skip this question").click()
    expect(page).to_have_url(re.compile("/check$"))


def send(page: Page) -> str:
    """Send the contribution; the receipt code."""
    page.get_by_role("button", name="Send").click()
    page.get_by_role("heading", name="Your receipt code").wait_for()
    return page.locator("#code").inner_text().strip()


def open_receipt(page: Page, code: str) -> None:
    """Enter a receipt code."""
    page.goto("/receipt")
    page.get_by_label("Your receipt code").fill(code)
    page.get_by_role("button", name="Continue").click()

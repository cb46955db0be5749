"""The dermatologist's page by keyboard alone, in a browser."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db.models import Model
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect, sync_playwright

from core.roles import Role
from labeling.actions import assigning
from labeling.models import Label, LabeledCondition, SkinToneEstimate, SkinTonePoolMember
from tests.factories import cases
from tests.integration.labeling.test_assigning import at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def desk(live_server: Any) -> Iterator[Page]:
    """A browser in which somebody with both roles is signed in; one case waits. Fails on a script error."""
    cases.admitted_case(at=timezone.now())
    assigning.open_tasks(at=timezone.now())
    person = cases.staff(Role.DERMATOLOGIST, Role.SKIN_TONE_GRADER)
    SkinTonePoolMember.objects.create(grader=person, pool="us")
    client = Client()
    client.force_login(person)
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    errors: list[str] = []
    with sync_playwright() as playwright:
        quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
        browser = playwright.chromium.launch(executable_path=found, args=[*quiet, "--disable-sync"])
        context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 800})
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
        browser.close()
    assert errors == []


def press(page: Page, *keys: str) -> None:
    """Press each key; more than one letter that is no key's name is typed."""
    for key in keys:
        if key.islower() and len(key) > 1:
            page.keyboard.type(key)
        else:
            page.keyboard.press(key)


def stored(model: type[Model], *columns: str) -> list[tuple[Any, ...]]:
    """What the table holds. Read in a thread: beside Playwright's loop Django would open a connection and keep it."""
    return at_once(lambda: sorted(model._default_manager.values_list(*columns)))[0]


def test_a_case_is_labeled_without_touching_the_mouse(desk: Page) -> None:
    desk.goto("/staff/label/")
    expect(desk.locator("#search")).to_be_focused()
    press(desk, "ecz", "Enter", "4", "ringw", "ArrowDown", "ArrowUp", "Enter", "2", "Alt+3", "Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Nothing to do just now")
    assert stored(LabeledCondition, "position", "condition__name", "confidence") == [(1, "Eczema", 4), (2, "Tinea", 2)]
    assert stored(Label, "estimated_fitzpatrick_skin_type") == [("FST3",)]


def test_what_is_missing_is_said_before_anything_is_sent_and_what_is_not_asked_is_not_sent(desk: Page) -> None:
    desk.goto("/staff/label/")
    missing = desk.locator("[data-missing]")
    press(desk, "Enter")
    expect(missing).to_contain_text("Name at least one condition")
    press(desk, "acn", "Enter", "Enter")
    expect(missing).to_contain_text("How sure are you?")
    press(desk, "5", "Enter")
    expect(missing).to_contain_text("The skin type")
    press(desk, "Alt+g")
    expect(desk.locator("#search")).to_be_hidden()
    press(desk, "g", "g")
    expect(desk.locator("#search")).to_be_focused()
    expect(desk.locator("[name=condition_1]")).to_have_value("Acne")
    press(desk, "Alt+g", "Alt+0", "Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Nothing to do just now")
    expected = ("NO_IMAGE_QUALITY_INSUFFICIENT", False, None)
    assert stored(Label, "gradable", "gradable_for_fitzpatrick_skin_type", "conditions") == [expected]


def test_a_skin_tone_is_graded_without_touching_the_mouse(desk: Page) -> None:
    desk.goto("/staff/label/skin-tone/")
    press(desk, "g")
    expect(desk.get_by_label("No", exact=True)).to_be_checked()
    press(desk, "0", "d", "Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Nothing to do just now")
    assert stored(SkinToneEstimate, "monk", "difficult") == [(10, True)]

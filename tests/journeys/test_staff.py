"""Staff at work, in Chromium: from a photograph to a published release, every page accessible."""

import base64
import hmac
import os
import re
import shutil
import time
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Page, expect

from config import embedded
from demo import people, releasing
from demo.answers import Person
from demo.photos import take
from tests.journeys import pages

VERSION = "1.0.0"
SHOTS = ("CLOSE_UP", "AT_AN_ANGLE", "AT_DISTANCE")


def one_time_code(secret: str) -> str:
    """RFC 6238 with its defaults, written anew so as not to ask the library whether it is right."""
    count = int(time.time()) // 30
    digest = hmac.digest(base64.b32decode(secret), count.to_bytes(8, "big"), "sha1")
    start = digest[-1] & 0xF
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


@pytest.fixture
def picture(tmp_path):
    """Take the README's picture of a page; `make docs` keeps it (DOCS_IMAGES names the folder)."""

    def taken(page: Page, name: str) -> None:
        path = tmp_path / name
        page.screenshot(path=path)
        assert path.stat().st_size > 10_000
        if folder := os.environ.get("DOCS_IMAGES"):
            shutil.copy(path, Path(folder) / name)

    return taken


def give(site, seed: int, shots: tuple[str, ...]) -> str:
    answers = {"body_parts": ["arm"], "textures": ["rough_or_flaky"], "age": "34", "condition_symptoms": ["itching"]}
    photos = {shot: take(seed + number, shot, seed) for number, shot in enumerate(shots)}
    return people.contribute(site.url, Person(shots, {**answers, "sex_at_birth": "FEMALE"}), photos)


def until(page: Page, path: str, selector: str) -> None:
    """Open `path` again and again until what a worker does shows on it."""
    for _ in range(120):
        page.goto(path)
        if page.locator(selector).count():
            return
        page.wait_for_timeout(500)
    pytest.fail(f"{path} never showed {selector}:\n{page.locator('main').inner_text()}")


def test_the_picture_of_the_contributors_page(visit, picture):
    page = visit()
    pages.to_the_first_photo(page)
    picture(page, "contributor.png")


def test_a_contribution_is_reviewed_labelled_graded_and_published_and_its_receipt_says_so(
    site, sign_in, visit, accessible, picture
):
    admitted, rejected = give(site, 4, SHOTS), give(site, 40, ("CLOSE_UP",))

    moderator = sign_in("moderator")
    accessible(moderator)
    until(moderator, "/staff/moderation/", "main table tbody tr:nth-child(2)")
    accessible(moderator)
    moderator.get_by_role("link", name="Start with the oldest").click()
    accessible(moderator)
    assert moderator.locator("main img").count() == len(SHOTS)
    moderator.get_by_role("button", name="Decide").click()
    expect(moderator.get_by_role("alert")).to_be_visible()  # nothing is preselected
    accessible(moderator)
    moderator.get_by_label("Admit").check()
    moderator.get_by_role("button", name="Decide").click()
    moderator.get_by_label("Reject").check()
    moderator.get_by_label("Not a photo of skin").check()
    moderator.get_by_role("button", name="Decide").click()
    expect(moderator.get_by_text("Nothing waits for a decision")).to_be_visible()

    for name in ("dermatologist-1", "dermatologist-2"):
        dermatologist = sign_in(name)
        until(dermatologist, "/staff/label/", "#search")
        accessible(dermatologist)
        for keys in ("eczem", "Enter", "4", "psoria", "Enter", "2", "Alt+3"):
            dermatologist.keyboard.type(keys) if keys.islower() else dermatologist.keyboard.press(keys)
        if name == "dermatologist-1":
            picture(dermatologist, "labeler.png")
        dermatologist.keyboard.press("Enter")
        expect(dermatologist.get_by_role("heading", level=1)).to_have_text("Nothing to do just now")
        accessible(dermatologist)

    for name in ("grader-us", "grader-india"):
        grader = sign_in(name)
        grader.goto("/staff/label/skin-tone/")
        accessible(grader)
        grader.keyboard.press("4")
        grader.keyboard.press("Enter")
        expect(grader.get_by_role("heading", level=1)).to_have_text("Nothing to do just now")

    builder = sign_in("release-manager-1")
    builder.goto("/staff/releases/")
    accessible(builder)
    builder.get_by_role("link", name="Draft a release").click()
    accessible(builder)
    builder.get_by_label("Version").fill(VERSION)
    builder.get_by_role("button", name="Draft").click()
    accessible(builder)
    builder.get_by_role("button", name="Freeze").click()
    until(builder, f"/staff/releases/{VERSION}", "h1 .govuk-tag:has-text('Built')")
    accessible(builder)
    expect(builder.get_by_text("Another release manager has to approve it")).to_be_visible()

    approver = sign_in("release-manager-2")
    until(approver, f"/staff/releases/{VERSION}", "button[value=approve]")
    accessible(approver)
    approver.get_by_role("button", name="Approve").click()
    approver.get_by_role("button", name="Publish").click()
    accessible(approver)
    target = site.var / "downloaded"
    site.manage("download_release", VERSION, str(target))
    assert "1 cases (1 with a differential), 3 images" in releasing.contents(target, cases=1, images=3)

    contributor = visit()
    pages.open_receipt(contributor, admitted)
    expect(contributor.get_by_text(f"Release {VERSION}")).to_be_visible()
    accessible(contributor)
    pages.open_receipt(visit(), rejected)

    auditor = sign_in("auditor")
    auditor.goto("/staff/audit/")
    accessible(auditor)
    for action in ("contribution-submitted", "case-admitted", "case-rejected", "release-published"):
        expect(auditor.get_by_text(action).first).to_be_visible()


def test_staff_set_up_a_second_factor_and_sign_in_with_it(accounts, visit, sign_in, accessible):
    page = sign_in("coordinator")
    page.goto("/staff/account/2fa/")
    accessible(page)
    page.goto("/staff/account/2fa/totp/activate/")
    accessible(page)
    page.get_by_label("Password").fill(accounts["coordinator"].password)  # asked again before anything is changed
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator("main img").first).to_be_visible()
    accessible(page)
    secret = page.locator("#authenticator_secret").input_value()
    page.get_by_label("Authenticator code").fill(one_time_code(secret))
    page.get_by_role("button", name="Activate").click()
    expect(page).to_have_url(re.compile("/2fa/(recovery-codes|$)"))
    accessible(page)

    again = visit(phone=False)
    again.goto("/staff/account/login/")
    again.get_by_label("Email").fill(accounts["coordinator"].email)
    again.get_by_label("Password").fill(accounts["coordinator"].password)
    again.get_by_role("button", name="Sign in").click()
    expect(again).to_have_url(re.compile("/staff/account/2fa/authenticate/"))
    accessible(again)


def test_a_wrong_password_is_told_and_the_page_stays_accessible(visit, accessible):
    page = visit(phone=False)
    page.goto("/staff/account/login/")
    accessible(page)
    page.get_by_label("Email").fill("nobody@demo.example")
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text(re.compile("not correct", re.IGNORECASE)).first).to_be_visible()
    accessible(page)


def test_a_lease_that_went_to_others_shows_what_was_entered(site, sign_in, accounts, accessible):
    give(site, 60, ("CLOSE_UP",))
    moderator = people.sign_in(site.url, accounts["moderator"])
    for _ in range(120):
        if people.moderate(moderator, lambda: None):
            break
        time.sleep(0.5)
    late = sign_in("dermatologist-1")
    until(late, "/staff/label/", "#search")
    for keys in ("eczem", "Enter", "4", "Alt+3"):
        late.keyboard.type(keys) if keys.islower() else late.keyboard.press(keys)
    services = embedded.running(site.var)
    with psycopg.connect(services.database_url) as rows:  # a quarter of an hour passes
        rows.execute("UPDATE labeling_assignment SET leased_until = now() - interval '1 second' WHERE status = 'HELD'")
    for name in ("dermatologist-2", "dermatologist-3"):
        assert people.sign_in(site.url, accounts[name]).open("/staff/label/").has('[name="token"]')
    late.keyboard.press("Enter")
    expect(late.get_by_text("Eczema").first).to_be_visible()
    expect(late.get_by_role("heading", level=1)).not_to_have_text("Label a case")
    accessible(late)


def test_pages_that_refuse_and_the_administration_are_accessible(site, sign_in, accessible, visit):
    grader = sign_in("grader-us")
    assert grader.goto("/staff/moderation/").status == 403
    accessible(grader)
    with psycopg.connect(embedded.running(site.var).database_url) as rows:
        rows.execute("DELETE FROM labeling_skintonepoolmember")
    grader.goto("/staff/label/skin-tone/")
    accessible(grader)
    stranger = visit(phone=False)
    for path in ("/staff/account/password/reset/", "/staff/account/password/reset/done/", "/staff/account/signup/"):
        stranger.goto(path)
        accessible(stranger)
    administrator = sign_in("administrator")
    for path in ("", "core/user/", "core/user/add/", "contrib_portal/consentdocument/", "labeling/condition/"):
        assert administrator.goto(f"/staff/admin/{path}").status == 200
        assert administrator.locator("h1").count()
        accessible(administrator)

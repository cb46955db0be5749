"""Contributors give, change their mind, come back and withdraw, on a phone, with JavaScript and without."""

import re

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from playwright.sync_api import expect

from tests.journeys import pages


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_contributor_gives_on_a_phone_and_gets_a_receipt_that_tells_how_far_it_is(visit, tmp_path, javascript):
    page = visit(javascript=javascript)
    pages.to_the_check(page, pages.photo_file(tmp_path))
    expect(page.get_by_text("43")).to_be_visible()
    code = pages.send(page)
    assert re.fullmatch(r"([0-9A-Z]{5}-){4}[0-9A-Z]{5}", code)

    pages.open_receipt(page, code.lower().replace("-", " "))
    expect(page.get_by_text("Sent")).to_be_visible()


def test_every_page_of_the_contributor_is_accessible_on_a_phone(visit, accessible, tmp_path):
    page = visit()
    looked: list[str] = []

    def look(page):
        looked.append(page.url)
        accessible(page)
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{page.url} scrolls sideways"

    pages.to_the_check(page, pages.photo_file(tmp_path, seed=1), look)
    look(page)
    code = pages.send(page)
    look(page)
    page.goto("/receipt")
    look(page)
    pages.open_receipt(page, code)
    look(page)
    page.get_by_role("link", name="Withdraw").click()
    look(page)
    for path in ("/privacy", "/consent/full", "/nowhere"):
        page.goto(path)
        look(page)
    assert len(set(looked)) >= 22


def test_errors_are_accessible_too(visit, accessible, tmp_path):
    page = visit()
    page.goto("/eligible")
    page.get_by_role("button", name="Continue").click()
    accessible(page)
    pages.to_the_first_photo(page)
    page.get_by_role("button", name="Send this photo").click()
    accessible(page)
    empty = tmp_path / "empty.jpg"
    empty.touch()
    page.get_by_label("Choose a photo").last.set_input_files(empty)
    page.get_by_role("button", name="Send this photo").click()
    expect(page.get_by_role("alert")).to_contain_text("empty")
    accessible(page)
    page.goto("/age")
    page.get_by_label("How old are you?").fill("17")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("18").first).to_be_visible()
    accessible(page)


def test_a_browser_that_was_killed_resumes_where_it_stopped(visit, tmp_path):
    page = visit()
    pages.to_the_first_photo(page)
    pages.send_photo(page, pages.photo_file(tmp_path, seed=2))
    page.goto("about:blank")
    page.goto("/")
    page.get_by_role("link", name="Carry on where you stopped").click()
    expect(page).to_have_url(re.compile("/where$"))  # optional photos can still be added from the check page


def test_an_answer_is_changed_from_the_check_page_and_the_change_returns_there(visit, tmp_path):
    page = visit()
    pages.to_the_check(page, pages.photo_file(tmp_path, seed=3))
    page.get_by_role("link", name="Change Age").click()
    page.get_by_label("How old are you?").fill("44")
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(re.compile("/check$"))
    expect(page.get_by_text("44", exact=True)).to_be_visible()


def test_a_withdrawal_hides_at_once_and_tells_what_was_erased_place_by_place(visit, accessible, tmp_path):
    page = visit()
    pages.to_the_check(page, pages.photo_file(tmp_path, seed=4))
    code = pages.send(page)
    pages.open_receipt(page, code)
    page.get_by_role("link", name="Withdraw").click()
    page.get_by_role("button", name="Withdraw and erase").click()
    expect(page.get_by_text("withdrawn").first).to_be_visible()
    for _ in range(60):  # the worker erases in the background
        if (
            page.get_by_text("Your answers", exact=True).count()
            and page.get_by_text("Your original photos", exact=True).count()
        ):
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(page.get_by_text("Your original photos", exact=True)).to_be_visible()
    expect(page.get_by_text("Your answers", exact=True)).to_be_visible()
    accessible(page)


def test_the_exclusive_answer_unticks_the_others(visit, tmp_path):
    page = visit()
    pages.to_the_first_photo(page)
    page.goto("/feels")
    page.get_by_label("It itches").check()
    page.get_by_label("None of these").check()
    expect(page.get_by_label("It itches")).not_to_be_checked()


def test_the_pages_beside_the_way_are_accessible_too(visit, accessible, tmp_path):
    page = visit()
    page.goto("/eligible")
    page.get_by_label("No, not all of it").check()
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(re.compile("/eligible/no$"))
    accessible(page)
    page.goto("/where")  # without a draft
    accessible(page)
    page.goto("/eligible")
    page.get_by_label("Yes, all three").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Continue").click()
    page.get_by_label("I do not agree").check()
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(re.compile("/consent/no$"))
    accessible(page)

    pages.to_the_first_photo(page)
    page.goto("/unwell")
    page.get_by_label("Fever").check()
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(re.compile("/see-a-doctor"))
    accessible(page)
    page.goto("/check")
    page.get_by_role("button", name="Send").click()  # the close-up is missing
    accessible(page)
    page.get_by_role("link", name="Stop and delete everything").click()
    accessible(page)
    page.get_by_role("button", name="Delete everything").click()
    expect(page).to_have_url(re.compile("/stopped$"))
    accessible(page)

    page.goto("/receipt")
    for _ in range(31):
        page.get_by_label("Your receipt code").fill("P9VR7")
        page.get_by_role("button", name="Continue").click()
        if page.get_by_role("heading", name="Too many codes were tried").count():
            break
    expect(page.get_by_role("heading", name="Too many codes were tried")).to_be_visible()
    accessible(page)


def test_a_form_without_its_session_says_what_to_do_and_is_accessible(visit, accessible):
    page = visit()
    page.goto("/eligible")
    page.get_by_label("Yes, all three").check()
    page.context.clear_cookies()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.locator("form").count() == 0, "this is not the page of the form"
    accessible(page)


@pytest.mark.parametrize("template", ["400.html", "500.html", "contrib_portal/closed.html"])
def test_pages_that_nobody_can_ask_for_are_accessible(visit, accessible, template):
    page = visit()
    page.goto("/")
    page.set_content(render_to_string(template, {"study": settings.STUDY}))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    accessible(page)

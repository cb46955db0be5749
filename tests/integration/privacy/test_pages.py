"""The moderator's pages."""

from datetime import datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from core import storage
from core.roles import Role
from core.storage import Place
from privacy import queries
from privacy.actions.admitting import reject
from privacy.models import Case, CaseImage, PrivacyCheck
from tests.factories.cases import (
    AT_AN_ANGLE,
    AT_DISTANCE,
    CLOSE_UP,
    admitted_case,
    case_to_review,
    checking_case,
    record_check,
    rejected_case,
    staff,
    withdraw,
)

pytestmark = pytest.mark.django_db
QUEUE = reverse("privacy:queue")


@pytest.fixture
def moderator(client: Client) -> Client:
    """A signed-in moderator's browser."""
    client.force_login(staff(Role.MODERATOR, email="mo@example.org"))
    return client


def review(case: Case) -> str:
    return reverse("privacy:review", args=[case.pk])


def picture_of(image: CaseImage) -> str:
    return reverse("privacy:image", args=[image.pk])


def text(response: HttpResponse) -> str:
    return response.content.decode()


class Fields(HTMLParser):
    """The inputs of a page: (name, value, checked)."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str | None, str | None, bool]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input":
            self.found.append((given.get("name"), given.get("value"), "checked" in given))


@pytest.mark.parametrize("page", ["queue", "review", "image"])
def test_only_moderators_open_the_pages(client: Client, now: datetime, page: str) -> None:
    case = case_to_review(at=now)
    address = {"queue": QUEUE, "review": review(case), "image": picture_of(case.images.get())}[page]

    assert client.get(address).status_code == 302
    client.force_login(staff(*(set(Role) - {Role.MODERATOR})))
    assert client.get(address).status_code == 403
    client.force_login(staff(Role.MODERATOR))
    assert client.get(address).status_code == 200


def test_the_queue_lists_what_waits_oldest_first(moderator: Client, now: datetime) -> None:
    later, sooner = case_to_review(at=now + timedelta(minutes=9)), case_to_review(at=now)
    admitted = admitted_case(at=now)

    page = text(moderator.get(QUEUE))

    assert "2 contributions wait for a decision" in page
    assert page.index(f">{sooner.pk}<") < page.index(f">{later.pk}<")
    assert str(admitted.pk) not in page


def test_an_empty_queue_says_so(moderator: Client) -> None:
    assert "Nothing waits for a decision." in text(moderator.get(QUEUE))


def test_a_case_shows_its_images_in_order_what_was_found_and_the_answers(moderator: Client, now: datetime) -> None:
    case = case_to_review(at=now, shots=(AT_DISTANCE, CLOSE_UP), age=47, body_parts=["back_of_hand", "arm"])
    case.images.update(metadata_found={"EXIF GPSLatitude": 1, "XMP": 2}, truncated=True)

    response = moderator.get(review(case))

    page = text(response)
    close_up, distance = (page.index(picture_of(case.images.get(shot_type=shot))) for shot in (CLOSE_UP, AT_DISTANCE))
    assert close_up < distance
    assert "EXIF GPSLatitude, XMP (2)" in page
    assert "48 × 64 pixels" in page
    assert "the original lacked its last rows" in page
    assert response.context["answers"] == [
        {"key": "Age group", "value": "Age 40 to 49"},
        {"key": "Body parts", "value": "Back of hand, Arm"},
    ]
    assert "Back of hand, Arm" in page


def test_nothing_is_chosen_beforehand(moderator: Client, now: datetime) -> None:
    fields = Fields(text(moderator.get(review(case_to_review(at=now))))).found

    assert {("decision", "admit", False), ("decision", "reject", False)} <= set(fields)
    assert len([field for field in fields if field[0] == "reason"]) == len(Case.Reason)
    assert not any(is_checked for _, _, is_checked in fields)
    assert not {"not_a_duplicate", "leave_out"} & {name for name, _, _ in fields}


def test_after_admitting_comes_the_next_case_and_at_the_end_the_queue(moderator: Client, now: datetime) -> None:
    first, second = (case_to_review(at=now + timedelta(minutes=n)) for n in range(2))

    response = moderator.post(review(first), {"decision": "admit"}, follow=True)
    assert response.redirect_chain == [(review(second), 302)]
    assert "Admitted." in text(response)

    response = moderator.post(review(second), {"decision": "admit"}, follow=True)
    assert response.redirect_chain == [(QUEUE, 302)]
    assert set(queries.admitted_cases()) == {first, second}
    assert {case.decided_by.email for case in queries.admitted_cases()} == {"mo@example.org"}


def test_rejecting_needs_a_reason_and_says_so_without_losing_the_choice(moderator: Client, now: datetime) -> None:
    case = case_to_review(at=now)

    response = moderator.post(review(case), {"decision": "reject"})

    assert response.status_code == 422
    page = text(response)
    assert "Choose a reason for rejecting." in page
    assert "There is a problem" in page
    assert ("decision", "reject", True) in Fields(page).found
    case.refresh_from_db()
    assert case.status == "NEEDS_REVIEW"

    response = moderator.post(review(case), {"decision": "reject", "reason": "NOT_SKIN"}, follow=True)
    assert "Rejected: Not a photo of skin, hair or nails." in text(response)
    case.refresh_from_db()
    assert (case.status, case.rejection_reason) == ("REJECTED", "NOT_SKIN")


def test_deciding_nothing_is_an_error_and_changes_nothing(moderator: Client, now: datetime) -> None:
    case = case_to_review(at=now)

    response = moderator.post(review(case), {})

    assert response.status_code == 422
    assert "Choose whether to admit or to reject." in text(response)


def test_a_copy_stands_beside_its_twin_and_needs_the_moderators_word(moderator: Client, now: datetime) -> None:
    case, twin = case_to_review(at=now), case_to_review(at=now + timedelta(minutes=1))
    image, other = case.images.get(), twin.images.get()
    CaseImage.objects.filter(pk=other.pk).update(pixel_sha256=image.pixel_sha256)
    record_check(
        image, kind=PrivacyCheck.Kind.EXACT_DUPLICATE, outcome=PrivacyCheck.Outcome.FLAGGED, at=now, evidence={}
    )

    page = text(moderator.get(review(case)))
    assert picture_of(other) in page
    assert f'href="{review(twin)}"' in page
    assert ("not_a_duplicate", None, False) in Fields(page).found

    assert moderator.post(review(case), {"decision": "admit"}).status_code == 422
    moderator.post(review(case), {"decision": "admit", "not_a_duplicate": "on"})
    case.refresh_from_db()
    assert case.status == "ADMITTED"


def test_a_flag_whose_twin_was_withdrawn_shows_nothing_of_the_twin(moderator: Client, now: datetime) -> None:
    case, twin = case_to_review(at=now), case_to_review(at=now)
    CaseImage.objects.filter(case=twin).update(pixel_sha256=case.images.get().pixel_sha256)
    record_check(
        case.images.get(), kind=PrivacyCheck.Kind.EXACT_DUPLICATE, outcome=PrivacyCheck.Outcome.FLAGGED, at=now
    )
    withdraw(twin, at=now)

    page = text(moderator.get(review(case)))

    assert "has been withdrawn since" in page
    assert str(twin.pk) not in page
    assert picture_of(twin.images.get()) not in page


def test_what_could_not_be_processed_is_named_and_can_be_left_out(moderator: Client, now: datetime) -> None:
    case = case_to_review(at=now, shots=(CLOSE_UP, AT_AN_ANGLE))
    case.images.filter(shot_type=AT_AN_ANGLE).update(status="NEEDS_REVIEW", key="", problem="The file is empty.")

    page = text(moderator.get(review(case)))
    assert "The file is empty." in page
    assert ("leave_out", None, False) in Fields(page).found

    assert moderator.post(review(case), {"decision": "admit"}).status_code == 422
    moderator.post(review(case), {"decision": "admit", "leave_out": "on"})
    case.refresh_from_db()
    assert case.status == "ADMITTED"


def test_without_a_close_up_only_rejecting_is_offered(moderator: Client, now: datetime) -> None:
    case = case_to_review(at=now)
    case.images.update(status="NEEDS_REVIEW", key="", problem="The file is empty.")

    fields = Fields(text(moderator.get(review(case)))).found

    assert [value for name, value, _ in fields if name == "decision"] == ["reject"]
    assert moderator.post(review(case), {"decision": "admit"}).status_code == 422


def test_a_case_that_somebody_else_decided_meanwhile_is_passed_over_kindly(moderator: Client, now: datetime) -> None:
    case, following = case_to_review(at=now), case_to_review(at=now + timedelta(minutes=1))
    reject(case=case, moderator=staff(), reason=Case.Reason.SPAM, at=now)

    for response in (
        moderator.post(review(case), {"decision": "admit"}, follow=True),
        moderator.get(review(case), follow=True),
    ):
        assert response.redirect_chain == [(review(following), 302)]
        assert "not waiting for a decision" in text(response)
    case.refresh_from_db()
    assert case.status == "REJECTED"


def test_a_copy_that_comes_in_between_looking_and_deciding_is_looked_at(
    moderator: Client, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = case_to_review(at=now)
    asked = iter([False, True])
    monkeypatch.setattr(queries, "is_flagged", lambda image: next(asked, True))

    response = moderator.post(review(case), {"decision": "admit"}, follow=True)

    assert response.redirect_chain == [(review(case), 302)]
    assert "Something about this case has changed" in text(response)


@pytest.mark.parametrize("make", [checking_case, admitted_case, rejected_case])
def test_a_case_that_waits_for_nobody_is_not_shown(moderator: Client, now: datetime, make: type) -> None:
    assert moderator.get(review(make(at=now))).status_code == 302


def test_what_is_withdrawn_does_not_exist_for_a_moderator(moderator: Client, now: datetime) -> None:
    case = case_to_review(at=now)
    withdraw(case, at=now)

    assert moderator.get(review(case)).status_code == 404
    assert moderator.post(review(case), {"decision": "admit"}).status_code == 404
    assert moderator.get(picture_of(case.images.get())).status_code == 404


@pytest.mark.parametrize("case_id", ["1", "-1", "9999999999999999999", "-9223372036854775808", "abc"])
def test_a_case_that_never_was_is_not_found(moderator: Client, case_id: str) -> None:
    assert moderator.get(f"{QUEUE}case/{case_id}").status_code == 404


def test_an_image_is_sent_as_a_picture_and_nothing_else_and_kept_nowhere(moderator: Client, now: datetime) -> None:
    image = case_to_review(at=now).images.get()

    response = moderator.get(picture_of(image))

    assert b"".join(response.streaming_content) == storage.get(Place.CLEAN, image.key)  # type: ignore[attr-defined]
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Content-Length"] == str(image.size)
    assert response.headers["Content-Disposition"] == f'inline; filename="{image.pk}.png"'
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_an_image_whose_object_is_missing_is_not_found(moderator: Client, now: datetime) -> None:
    image = case_to_review(at=now).images.get()
    storage.delete(Place.CLEAN, image.key)

    assert moderator.get(picture_of(image)).status_code == 404


def test_an_original_has_no_address(moderator: Client, now: datetime) -> None:
    image = case_to_review(at=now).images.get()

    assert moderator.get(reverse("privacy:image", args=[image.source.pk])).status_code == 404
    assert image.source.key not in text(moderator.get(review(image.case)))


def test_pages_carry_no_inline_style_or_script_and_are_kept_nowhere(moderator: Client, now: datetime) -> None:
    response = moderator.get(review(case_to_review(at=now)))

    page = text(response)
    assert "style=" not in page
    assert "<style" not in page
    assert "onclick" not in page
    assert "no-store" in response.headers["Cache-Control"]

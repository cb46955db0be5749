"""The way of a contributor, page by page."""

import re
import uuid
from datetime import datetime

import pytest
from django.http import HttpResponse

from contrib_portal import journey
from contrib_portal.models import Consent, Contribution, Image, SelfReport
from contrib_portal.views import photos
from core import storage
from tests.factories.cases import picture
from tests.factories.contributions import digest_of, new_text

from .conftest import Visitor

ANSWERS = {
    "where": {"body_parts": ["arm", "leg"]},
    "looks-like": {"related_category": "RASH"},
    "texture": {"textures": ["flat"]},
    "feels": {"condition_symptoms": ["itching", "pain"]},
    "unwell": {"other_symptoms": ["fatigue"]},
    "how-long": {"condition_duration": "ONE_DAY"},
    "age": {"age": "34"},
    "sex": {"sex_at_birth": "FEMALE"},
    "sun": {"fitzpatrick_skin_type": "FST5"},
    "ethnicity": {"race_ethnicity": ["asian", "white"]},
}


def words(response: HttpResponse) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode().split("<main", 1)[1])
    return re.sub(r"\s+", " ", text)


def test_from_the_advertisement_to_the_receipt(visitor: Visitor) -> None:
    assert 'href="/eligible?campaign=search-ad"' in visitor.get("/c/search-ad").content.decode()
    assert "sessionid" not in visitor.client.cookies
    assert visitor.post("/eligible", eligible="yes", campaign="search-ad").url == "/consent"
    assert "Somebody could still recognise you" in words(visitor.get("/consent"))
    page = visitor.get("/consent/agree")
    assert " checked" not in page.content.decode()
    document = page.context["form"]["document"].value()
    assert visitor.post("/consent/agree", document=document, agree="yes").url == "/photo/close-up"
    for shot, following in [("close-up", "/photo/angle"), ("angle", "/photo/distance"), ("distance", "/where")]:
        assert "Send this photo" in words(visitor.get(f"/photo/{shot}"))
        assert visitor.send_photo(shot).url == f"/photo/{shot}"
        taken = visitor.get(f"/photo/{shot}")
        assert taken.context["next"] == following
        thumbnail = visitor.get(f"/photo/{shot}/preview")
        assert thumbnail["Content-Type"] == "image/jpeg"
        assert thumbnail.content.startswith(b"\xff\xd8")
    paths = list(ANSWERS)
    for path, following in zip(paths, [*paths[1:], "check"], strict=True):
        assert visitor.get(f"/{path}").status_code == 200
        assert visitor.post(f"/{path}", **ANSWERS[path]).url == f"/{following}"
    check = words(visitor.get("/check"))
    assert "Arm, Leg" in check
    assert "34" in check
    assert visitor.post("/check").url == "/sent"
    page = visitor.get("/sent")
    code = page.context["code"]
    assert code in words(page)
    contribution = visitor.contribution
    assert contribution.status == Contribution.Status.SUBMITTED
    assert contribution.receipt_digest == digest_of(code)
    assert contribution.campaign == "search-ad"
    report = SelfReport.objects.get(contribution=contribution)
    assert {path: {name: getattr(report, name) for name in given} for path, given in ANSWERS.items()} == ANSWERS | {
        "age": {"age": 34}
    }
    assert (report.skipped, report.left_empty) == ([], [])
    assert contribution.images.filter(status=Image.Status.RECEIVED).count() == 3


def test_the_square_holds_the_code_in_the_fragment_of_the_address_alone(drafting: Visitor) -> None:
    drafting.send_photo()
    drafting.post("/check")
    page = drafting.get("/sent")
    assert page.context["receipt_url"] == "http://testserver/receipt"
    assert page.context["qr"].startswith("data:image/svg+xml")
    assert page.context["code"] not in page.context["receipt_url"]


def test_the_hour_in_which_the_code_is_shown_begins_once_and_is_not_begun_again_by_looking(drafting: Visitor) -> None:
    drafting.send_photo()
    drafting.post("/check")
    assert drafting.get("/sent").cookies["receipt"]["max-age"] == 3600
    again = drafting.get("/sent")
    assert again.context["code"]
    assert "receipt" not in again.cookies


@pytest.mark.parametrize("answer", [{}, {"eligible": "perhaps"}])
def test_eligibility_has_to_be_answered(visitor: Visitor, answer: dict[str, str]) -> None:
    response = visitor.post("/eligible", **answer)
    assert response.status_code == 422
    assert "There is a problem" in words(response)


def test_who_is_not_eligible_is_thanked_and_leaves_no_trace(visitor: Visitor) -> None:
    response = visitor.post("/eligible", eligible="no")
    assert response.url == "/eligible/no"
    assert "Thank you" in words(visitor.get(response.url))
    assert "sessionid" not in visitor.client.cookies


def test_who_does_not_agree_is_thanked_and_nothing_is_kept(visitor: Visitor) -> None:
    visitor.post("/eligible", eligible="yes")
    document = visitor.get("/consent/agree").context["form"]["document"].value()
    response = visitor.post("/consent/agree", document=document, agree="no")
    assert response.url == "/consent/no"
    assert "Thank you" in words(visitor.get(response.url))
    assert not Contribution.objects.exists()


def test_consent_without_a_choice_is_no_consent(visitor: Visitor) -> None:
    visitor.post("/eligible", eligible="yes")
    document = visitor.get("/consent/agree").context["form"]["document"].value()
    assert visitor.post("/consent/agree", document=document).status_code == 422
    assert not Consent.objects.exists()


def test_agreeing_twice_goes_on_with_the_same_draft(drafting: Visitor) -> None:
    drafting.send_photo()
    before = drafting.contribution
    assert drafting.agree().url == "/where"
    assert drafting.contribution == before
    assert Consent.objects.count() == 1


def test_a_text_that_changed_while_it_was_read_is_shown_again(visitor: Visitor, moment: datetime) -> None:
    from contrib_portal.actions import consenting
    from tests.factories.cases import staff

    visitor.post("/eligible", eligible="yes")
    shown = visitor.get("/consent/agree").context["form"]["document"].value()
    text = new_text(version="2", is_material_change=True, body="Something else\n\nYou agree to more.")
    consenting.bring_into_force(document=text, by=staff(), at=moment.replace(year=moment.year + 1))
    response = visitor.post("/consent/agree", document=shown, agree="yes")
    assert response.status_code == 409
    assert "You agree to more." in words(response)
    assert response.context["form"]["document"].value() == text.sha256
    assert not Contribution.objects.exists()


def test_the_full_text_can_be_read_and_downloaded_byte_for_byte(visitor: Visitor) -> None:
    page = visitor.get("/consent/full")
    file = visitor.get("/consent/full.txt")
    assert file.content.decode() == page.context["document"].body
    assert "attachment" in file["Content-Disposition"]


def test_only_the_close_up_has_to_be_there(drafting: Visitor) -> None:
    page = words(drafting.get("/photo/close-up"))
    assert "Skip this photo" not in page
    assert "Skip this photo" in words(drafting.get("/photo/angle"))


def test_skipped_left_empty_and_never_shown_are_kept_apart(drafting: Visitor) -> None:
    drafting.post("/where", skip="1")
    drafting.post("/looks-like")
    report = SelfReport.objects.get()
    assert (report.skipped, report.left_empty) == (["body_parts"], ["related_category"])
    drafting.post("/where", body_parts=["palm"])
    drafting.post("/looks-like", skip="1")
    report.refresh_from_db()
    assert (report.skipped, report.left_empty) == (["related_category"], [])
    assert report.body_parts == ["palm"]


def test_skip_takes_an_earlier_answer_back(drafting: Visitor) -> None:
    drafting.post("/age", age="40")
    drafting.post("/age", age="40", skip="1")
    report = SelfReport.objects.get()
    assert (report.age, report.skipped) == (None, ["age"])


def test_an_answer_is_still_there_when_the_page_is_opened_again(drafting: Visitor) -> None:
    drafting.post("/texture", textures=["flat", "fluid_filled"])
    page = drafting.get("/texture").content.decode()
    assert page.count(" checked") == 2


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("age", {"age": "17"}),
        ("age", {"age": "abc"}),
        ("where", {"body_parts": ["elbow"]}),
        ("sex", {"sex_at_birth": "X"}),
        ("unwell", {"other_symptoms": ["fever", "no_relevant_symptoms"]}),
    ],
)
def test_a_refused_answer_is_explained_and_loses_nothing(drafting: Visitor, path: str, answer: dict) -> None:
    drafting.post("/age", age="52")
    response = drafting.post(f"/{path}", **answer)
    assert response.status_code == 422
    assert "There is a problem" in words(response)
    assert response.content.decode().count("<h1") == 1
    assert SelfReport.objects.get().age == 52


def test_seventeen_leads_to_what_can_be_done(drafting: Visitor) -> None:
    page = drafting.post("/age", age="17")
    assert 'href="/stop"' in page.content.decode()


def test_fever_is_interrupted_by_a_page_that_says_to_see_a_doctor(drafting: Visitor) -> None:
    assert drafting.post("/unwell", other_symptoms=["fever"]).url == "/see-a-doctor"
    assert drafting.get("/see-a-doctor").context["next"] == "/how-long"
    assert drafting.post("/unwell?return=check", other_symptoms=["fever"]).url == "/see-a-doctor?return=check"
    assert drafting.get("/see-a-doctor?return=check").context["next"] == "/check"


def test_a_change_link_leads_back_to_the_last_page(drafting: Visitor) -> None:
    drafting.send_photo()
    page = drafting.get("/check").content.decode()
    assert 'href="/photo/close-up?return=check"' in page
    assert drafting.post("/sun?return=check", fitzpatrick_skin_type="FST1").url == "/check"
    assert drafting.post("/sun?return=check", skip="1").url == "/check"
    assert drafting.get("/photo/close-up?return=check").context["next"] == "/check"
    assert drafting.post("/sun?return=https://elsewhere.example", skip="1").url == "/ethnicity"


def test_without_the_close_up_it_cannot_be_sent_and_nothing_is_lost(drafting: Visitor) -> None:
    drafting.post("/age", age="60")
    response = drafting.post("/check")
    assert response.status_code == 422
    assert "The close-up photo is missing" in words(response)
    assert 'href="/photo/close-up?return=check"' in response.content.decode()
    assert drafting.contribution.status == Contribution.Status.DRAFT
    assert SelfReport.objects.get().age == 60


def test_sending_twice_is_sending_once(drafting: Visitor) -> None:
    drafting.send_photo()
    assert drafting.post("/check").url == "/sent"
    code = drafting.get("/sent").context["code"]
    at = drafting.contribution.submitted_at
    assert drafting.post("/check").url == "/sent"
    assert drafting.get("/sent").context["code"] == code
    assert drafting.contribution.submitted_at == at


def test_a_browser_that_lost_its_code_gets_another_one_when_it_sends(drafting: Visitor) -> None:
    old = drafting.contribution.receipt_digest
    drafting.send_photo()
    del drafting.client.cookies["receipt"]
    drafting.post("/check")
    code = drafting.get("/sent").context["code"]
    assert drafting.contribution.receipt_digest == digest_of(code) != old


def test_the_code_is_shown_only_to_the_browser_that_keeps_it(drafting: Visitor) -> None:
    drafting.send_photo()
    drafting.post("/check")
    cookie = drafting.client.cookies["receipt"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    drafting.get("/sent")
    assert drafting.client.cookies["receipt"]["max-age"] == 3600
    del drafting.client.cookies["receipt"]
    page = drafting.get("/sent")
    assert page.context["code"] == ""
    assert "not kept here any longer" in words(page)


def test_a_code_of_another_contribution_is_not_shown(drafting: Visitor) -> None:
    other = Visitor()
    other.agree()
    drafting.client.cookies["receipt"] = other.client.cookies["receipt"].value
    drafting.send_photo()
    drafting.post("/check")
    shown = drafting.get("/sent").context["code"]
    assert digest_of(shown) == drafting.contribution.receipt_digest != other.contribution.receipt_digest
    drafting.client.cookies["receipt"] = other.client.cookies["receipt"].value
    assert drafting.get("/sent").context["code"] == ""


def test_after_sending_a_new_start_is_a_new_contribution(drafting: Visitor) -> None:
    drafting.send_photo()
    drafting.post("/check")
    first = drafting.contribution
    assert drafting.agree().url == "/photo/close-up"
    assert drafting.contribution != first
    assert drafting.contribution.images.count() == 0


def test_what_was_sent_is_not_changed_from_an_old_page(drafting: Visitor) -> None:
    drafting.send_photo()
    drafting.post("/check")
    assert drafting.post("/age", age="20").url == "/sent"
    assert drafting.send_photo("angle").url == "/sent"
    assert SelfReport.objects.get().age is None
    assert drafting.contribution.images.count() == 1


PAGES_OF_A_DRAFT = [*(f"/{step.path}" for step in journey.STEPS), "/check", "/stop", "/see-a-doctor", "/sent"]


@pytest.mark.parametrize("path", [*PAGES_OF_A_DRAFT, "/photo/close-up/preview"])
def test_without_its_session_a_page_says_what_to_do(visitor: Visitor, path: str) -> None:
    response = visitor.get(path)
    assert response.status_code == 403
    assert "This visit has ended" in words(response)


@pytest.mark.parametrize("path", [path for path in PAGES_OF_A_DRAFT if path not in {"/see-a-doctor", "/sent"}])
def test_a_form_of_a_session_that_has_expired_says_what_to_do(drafting: Visitor, path: str) -> None:
    drafting.client.session.flush()
    response = drafting.post(path)
    assert response.status_code == 403
    assert "This visit has ended" in words(response)
    assert Contribution.objects.get().status == Contribution.Status.DRAFT


def test_agreeing_after_the_session_has_expired_says_what_to_do(visitor: Visitor) -> None:
    assert visitor.post("/consent/agree", agree="yes").status_code == 403
    assert visitor.get("/consent/agree").url == "/eligible"


def test_somebody_who_comes_back_carries_on_where_they_stopped(drafting: Visitor) -> None:
    assert drafting.get("/").context["resume"] == "/photo/close-up"
    drafting.send_photo()
    drafting.post("/where", skip="1")
    assert drafting.get("/").context["resume"] == "/looks-like"


def test_each_saved_page_keeps_the_session_as_long_as_the_draft(drafting: Visitor) -> None:
    drafting.client.cookies["sessionid"]["max-age"] = 1
    drafting.get("/where")
    assert drafting.client.cookies["sessionid"]["max-age"] == 1
    drafting.post("/where", skip="1")
    assert drafting.client.cookies["sessionid"]["max-age"] == 7 * 24 * 3600


def test_a_draft_can_be_deleted_at_once(drafting: Visitor) -> None:
    drafting.send_photo()
    drafting.post("/age", age="30")
    image = Image.objects.get()
    contribution = drafting.contribution
    assert drafting.get("/stop").status_code == 200
    assert drafting.post("/stop").url == "/stopped"
    contribution.refresh_from_db()
    assert contribution.status == Contribution.Status.EXPIRED
    assert not SelfReport.objects.exists()
    for key in (image.key, image.preview_key):
        with pytest.raises(storage.NotStored):
            storage.get(storage.Place.ORIGINALS, key)
    assert drafting.get("/check").status_code == 403


def test_a_photo_page_offers_another_and_keeps_the_one_that_was_sent(drafting: Visitor) -> None:
    drafting.send_photo()
    page = drafting.get("/photo/close-up?another=1")
    assert "Keep the photo I sent before" in words(page)
    assert drafting.get("/photo/close-up").templates[0].name == "contrib_portal/photo_taken.html"


def test_an_optional_photo_can_be_removed(drafting: Visitor) -> None:
    drafting.send_photo("angle")
    assert drafting.post("/photo/angle", remove="1").url == "/photo/angle"
    assert Image.objects.get().status == Image.Status.REPLACED
    assert "Skip this photo" in words(drafting.get("/photo/angle"))
    assert drafting.get("/photo/angle/preview").status_code == 404


def test_advice_is_shown_beside_the_photo(drafting: Visitor) -> None:
    import io

    from PIL import Image as Picture

    file = io.BytesIO()
    Picture.new("RGB", (400, 400), (4, 4, 4)).save(file, "JPEG")
    drafting.send_photo(data=file.getvalue())
    assert "The photo looks dark" in words(drafting.get("/photo/close-up"))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This file is empty"),
        (b"%PDF-1.7 not a photo", "not a photo that we can read"),
        (picture(image_format="JPEG")[:200], "damaged or not complete"),
        (b"\xff\xd8\xff" + b"\0" * (20 * 1024 * 1024), "larger than 20 MB"),
    ],
    ids=["0 bytes", "a renamed PDF", "a cut-off JPEG", "more than 20 MB"],
)
def test_a_refused_photo_is_explained_and_loses_nothing(drafting: Visitor, data: bytes, sentence: str) -> None:
    drafting.send_photo()
    before = Image.objects.get()
    response = drafting.send_photo(data=data)
    assert response.status_code == 422
    assert sentence in words(response)
    assert Image.objects.get() == before
    assert drafting.get("/photo/close-up/preview").status_code == 200


def test_no_photo_and_a_broken_upload_id_are_form_errors(drafting: Visitor) -> None:
    response = drafting.post("/photo/close-up", upload_id=uuid.uuid4())
    assert response.status_code == 422
    assert "Take or choose a photo first" in words(response)
    assert drafting.send_photo(upload_id="x").status_code == 422


def test_while_storage_is_down_the_page_says_to_try_again(drafting: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    drafting.send_photo()

    def unavailable(*args: object, **kwargs: object) -> None:
        raise storage.Unavailable

    monkeypatch.setattr(storage, "put", unavailable)
    response = drafting.send_photo()
    assert response.status_code == 503
    assert "Nothing you have sent before is lost" in words(response)
    assert drafting.get("/photo/close-up").context["advice"] == []
    monkeypatch.setattr(storage, "get", unavailable)
    assert drafting.get("/photo/close-up/preview").status_code == 503


def test_a_study_without_a_consent_text_is_closed(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    from contrib_portal import queries
    from contrib_portal.models import ConsentDocument

    def none(language: str) -> None:
        raise ConsentDocument.DoesNotExist

    visitor.post("/eligible", eligible="yes")
    monkeypatch.setattr(queries, "effective_document", none)
    for path in ("/consent/agree", "/consent/full", "/consent/full.txt"):
        assert visitor.get(path).status_code == 503


def test_photos_without_end_are_stopped_and_lose_nothing(drafting: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "PHOTOS_OF_A_DRAFT", 2)
    for _ in range(2):
        assert drafting.send_photo().status_code == 302
    refused = drafting.send_photo()
    assert refused.status_code == 429
    assert "nothing is lost" in refused.content.decode()
    assert Image.objects.filter(status=Image.Status.RECEIVED).count() == 1

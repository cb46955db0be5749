"""The pages of dermatologists and graders, through HTTP."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import User
from core.roles import Role
from core.vocabulary import ShotType
from labeling.actions import assigning
from labeling.models import Assignment, Label, LabeledCondition, SkinToneAssignment, SkinToneEstimate
from privacy.models import Case
from tests.factories import cases
from tests.integration.labeling.conftest import condition, posted

Grader = Callable[[str], User]
NEXT, NEXT_SKIN_TONE = "/staff/label/", "/staff/label/skin-tone/"


@pytest.fixture
def page(case: Case, dermatologist: User, client: Client) -> Client:
    """A dermatologist who has opened the page of a case."""
    condition("Eczema", "atopic dermatitis")
    condition("Acne", "pimples")
    assigning.open_tasks(at=timezone.now())
    client.force_login(dermatologist)
    assert client.get(NEXT).status_code == 200
    return client


def token() -> str:
    return str(Assignment.objects.latest("pk").token)


def photo_of(case: Case) -> str:
    return reverse("labeling:image", args=[case.images.get().image_id])


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.DERMATOLOGIST, Role.SKIN_TONE_GRADER}])
def test_other_roles_are_refused_and_strangers_asked_to_sign_in(db: None, client: Client, role: Role) -> None:
    for address in (NEXT, NEXT_SKIN_TONE):
        assert client.get(address).status_code == 302
    client.force_login(cases.staff(role))
    for address in (NEXT, NEXT_SKIN_TONE):
        assert client.get(address).status_code == 403


def test_dermatologists_do_not_grade_and_graders_do_not_label(
    client: Client, dermatologist: User, grader: Grader
) -> None:
    client.force_login(dermatologist)
    assert client.get(NEXT_SKIN_TONE).status_code == 403
    client.force_login(grader("us"))
    assert client.get(NEXT).status_code == 403


def test_the_page_presets_sufficient_and_nothing_else_that_would_be_an_opinion(page: Client) -> None:
    form = page.get(NEXT).context["form"]
    assert form["gradable"].value() == "DEFAULT_YES_IMAGE_QUALITY_SUFFICIENT"
    assert form["gradable_for_fitzpatrick_skin_type"].value() is None
    assert form["confidence_1"].value() is None


def test_a_label_is_saved_and_the_next_case_follows(page: Client) -> None:
    answer = page.post(NEXT, posted(token(), condition_2="PIMPLES ", confidence_2="1"))
    assert (answer.status_code, answer["Location"]) == (302, NEXT)
    assert list(LabeledCondition.objects.values_list("position", "condition__name", "raw_term", "confidence")) == [
        (1, "Eczema", "Eczema", 4),
        (2, "Acne", "PIMPLES", 1),
    ]
    assert "Nothing to do just now" in page.get(NEXT).content.decode()


def test_saving_twice_says_that_it_was_saved_before(page: Client) -> None:
    first = token()
    page.post(NEXT, posted(first))
    answer = page.post(NEXT, posted(first, condition_1="Acne"), follow=True)
    assert "saved before" in answer.content.decode()
    assert LabeledCondition.objects.get().condition.name == "Eczema"


def test_an_unknown_condition_is_refused_with_what_was_perhaps_meant_and_everything_stays(page: Client) -> None:
    answer = page.post(NEXT, posted(token(), condition_1="Exzema", condition_2="pimples", confidence_2="5"))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "“Exzema” is not in the list. Perhaps: Eczema" in text
    assert 'value="pimples"' in text
    assert answer.context["form"]["confidence_2"].value() == "5"
    assert not Label.objects.exists()


def test_a_lease_that_went_to_somebody_else_shows_what_was_entered(page: Client, colleague: User) -> None:
    mine = token()
    Assignment.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert assigning.claim(labeler=colleague, at=timezone.now()) is not None
    for changes in ({}, {"condition_1": "Exzema"}):
        answer = page.post(NEXT, posted(mine, **changes))
        assert answer.status_code == 409
        assert f"{changes.get('condition_1', 'Eczema')} (4)" in answer.content.decode()
    assert not Label.objects.exists()


@pytest.mark.parametrize("nonsense", ["", "no-token", "00000000-0000-4000-8000-000000000000"])
def test_a_token_that_was_never_given_out_is_no_crash(page: Client, nonsense: str) -> None:
    assert page.post(NEXT, posted(nonsense)).status_code == 409


def test_a_case_withdrawn_while_it_is_open_is_neither_shown_nor_saved(page: Client, case: Case) -> None:
    photo = photo_of(case)
    assert page.get(photo).status_code == 200
    cases.withdraw(case, at=timezone.now())
    assert page.get(photo).status_code == 404
    assert page.post(NEXT, posted(token())).status_code == 409
    assert page.get(NEXT).templates[0].name == "labeling/nothing_to_do.html"


def test_self_reported_race_and_skin_type_are_not_on_the_page(
    client: Client, dermatologist: User, now: datetime
) -> None:
    cases.admitted_case(
        at=now,
        age=52,
        sex_at_birth="FEMALE",
        body_parts=["back_of_hand", "arm"],
        fitzpatrick_skin_type="FST5",
        race_ethnicity=["asian"],
        condition_duration="ONE_TO_FOUR_WEEKS",
    )
    assigning.open_tasks(at=now)
    client.force_login(dermatologist)
    answer = client.get(NEXT)
    told = dict(answer.context["told"])
    assert told == {
        "Age": "50 to 59",
        "Sex at birth": "female",
        "Where": "back of hand, arm",
        "Since": "one to four weeks",
    }
    assert "asian" not in answer.content.decode().lower()


def test_the_three_places_are_always_there_and_an_empty_one_is_marked(
    client: Client, dermatologist: User, now: datetime
) -> None:
    cases.admitted_case(at=now, shots=(ShotType.CLOSE_UP, ShotType.AT_DISTANCE))
    assigning.open_tasks(at=now)
    client.force_login(dermatologist)
    answer = client.get(NEXT)
    assert [(place.shot, bool(place.url)) for place in answer.context["places"]] == [
        ("CLOSE_UP", True),
        ("AT_AN_ANGLE", False),
        ("AT_DISTANCE", True),
    ]
    assert answer.content.decode().count("No photo") == 1


def test_a_photo_is_shown_to_the_holder_alone_and_only_while_the_lease_runs(
    page: Client, case: Case, colleague: User
) -> None:
    photo = photo_of(case)
    answer = page.get(photo)
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    assert answer["Cache-Control"] == "private, no-store"
    assert page.get(photo_of(cases.admitted_case(at=timezone.now()))).status_code == 404
    other = Client()
    other.force_login(colleague)
    assert other.get(photo).status_code == 404
    Assignment.objects.update(leased_until=timezone.now())
    assert page.get(photo).status_code == 404


def test_the_heartbeat_answers_409_once_the_case_is_gone(page: Client, case: Case) -> None:
    beat = reverse("labeling:renew", args=[token()])
    assert page.post(beat).status_code == 204
    assert page.get(beat).status_code == 405
    cases.withdraw(case, at=timezone.now())
    assert page.post(beat).status_code == 409


def test_a_case_left_to_a_colleague_does_not_come_back(page: Client) -> None:
    answer = page.post(reverse("labeling:give-back", args=[token()]), follow=True)
    assert answer.templates[0].name == "labeling/nothing_to_do.html"


# Skin tones -----------------------------------------------------------------------------------------------------------


def skin_tone_token() -> str:
    return str(SkinToneAssignment.objects.latest("pk").token)


@pytest.fixture
def swatches(case: Case, grader: Grader, client: Client) -> Client:
    """A grader who has opened the page of a case."""
    client.force_login(grader("us"))
    assert client.get(NEXT_SKIN_TONE).status_code == 200
    return client


def test_the_ten_swatches_are_offered_and_one_is_saved(swatches: Client) -> None:
    assert swatches.get(NEXT_SKIN_TONE).content.decode().count('name="monk"') == 10
    answer = swatches.post(
        NEXT_SKIN_TONE, {"token": skin_tone_token(), "gradable": "yes", "monk": "10", "difficult": "on"}
    )
    assert (answer.status_code, answer["Location"]) == (302, NEXT_SKIN_TONE)
    estimate = SkinToneEstimate.objects.get()
    assert (estimate.pool, estimate.monk, estimate.difficult) == ("us", 10, True)


def test_a_judgement_without_a_swatch_is_refused(swatches: Client) -> None:
    answer = swatches.post(NEXT_SKIN_TONE, {"token": skin_tone_token(), "gradable": "yes"})
    assert answer.status_code == 422
    assert "Choose the swatch" in answer.content.decode()


def test_a_swatch_is_not_looked_at_where_the_tone_cannot_be_judged(swatches: Client) -> None:
    swatches.post(NEXT_SKIN_TONE, {"token": skin_tone_token(), "gradable": "no", "monk": "4"})
    estimate = SkinToneEstimate.objects.get()
    assert (estimate.gradable, estimate.monk) == (False, None)


def test_graders_see_the_photos_of_their_case(swatches: Client, case: Case) -> None:
    photo = photo_of(case)
    assert swatches.get(photo).status_code == 200
    assert swatches.post(reverse("labeling:renew-skin-tone", args=[skin_tone_token()])).status_code == 204


def test_a_grader_in_no_pool_is_told_so(db: None, client: Client) -> None:
    client.force_login(cases.staff(Role.SKIN_TONE_GRADER))
    answer = client.get(NEXT_SKIN_TONE)
    assert answer.templates[0].name == "labeling/no_pool.html"


def test_an_estimate_of_a_withdrawn_case_is_not_saved(swatches: Client, case: Case) -> None:
    cases.withdraw(case, at=timezone.now())
    answer = swatches.post(NEXT_SKIN_TONE, {"token": skin_tone_token(), "gradable": "yes", "monk": "4"})
    assert answer.status_code == 409
    assert not SkinToneEstimate.objects.exists()


# Administration -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "status"), [(Role.ADMINISTRATOR, 200), (Role.DERMATOLOGIST, 403)])
def test_administrators_keep_the_list_of_conditions_and_only_look_at_labels(
    page: Client, role: Role, status: int
) -> None:
    page.post(NEXT, posted(token()))
    person = cases.staff(role)
    person.is_staff = True
    person.save()
    page.force_login(person)
    label = Label.objects.get()
    eczema = condition("Eczema")
    assert page.get(f"/staff/admin/labeling/condition/{eczema.pk}/change/").status_code == status
    assert page.get("/staff/admin/labeling/label/").status_code == status
    assert page.get(f"/staff/admin/labeling/label/{label.pk}/change/").status_code == status
    assert page.post(f"/staff/admin/labeling/label/{label.pk}/change/", {}).status_code == 403
    assert page.post(f"/staff/admin/labeling/condition/{eczema.pk}/delete/", {"post": "yes"}).status_code == 403

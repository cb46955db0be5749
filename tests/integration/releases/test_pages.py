"""The pages of release managers, and who may look on."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import storage
from core.models import User
from core.roles import Role
from core.storage import Place
from privacy.models import Case, CaseImage
from releases.actions import storing
from releases.models import Release
from releases.tasks import build_releases
from tests.factories.cases import admitted_case, staff, withdraw
from tests.integration.releases.conftest import build_only, files, replace

pytestmark = pytest.mark.django_db
Make = Callable[..., Release]
Labelled = Callable[..., Case]
LIST, NEW, DETAIL = reverse("releases:list"), reverse("releases:draft"), reverse("releases:detail", args=["1.0.0"])


@pytest.fixture
def builder(manager: User) -> Client:
    """The browser of the one who builds."""
    client = Client()
    client.force_login(manager)
    return client


@pytest.fixture
def second(approver: User) -> Client:
    """The browser of the one who approves."""
    client = Client()
    client.force_login(approver)
    return client


def press(client: Client, action: str, version: str = "1.0.0") -> str:
    """Press a button that is on the page; returns the page that follows."""
    page = client.get(reverse("releases:detail", args=[version])).content.decode()
    assert f'name="action" value="{action}"' in page
    return post(client, action, version)


def post(client: Client, action: str, version: str = "1.0.0") -> str:
    answer = client.post(reverse("releases:act", args=[version]), {"action": action}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def buttons(client: Client) -> list[str]:
    page = client.get(DETAIL).content.decode()
    return [action for action in ("freeze", "retry", "approve", "publish", "abandon") if f'value="{action}"' in page]


def status() -> str:
    return Release.objects.get(version="1.0.0").status


def test_two_managers_bring_a_release_from_the_draft_to_the_public(
    labelled_case: Labelled, builder: Client, second: Client
) -> None:
    labelled_case()
    drafted = builder.post(NEW, {"version": "1.0.0", "k": "1"}, follow=True)
    assert drafted.redirect_chain == [(DETAIL, 302)]
    assert "1 admitted case has all its labels" in drafted.content.decode()

    assert "Being built: the photos of 0 of 1 case are copied." in press(builder, "freeze")
    build_releases()
    assert "1 case" in builder.get(DETAIL).content.decode()
    assert "Every file is as it was built." in second.get(DETAIL).content.decode()
    assert "The release is approved." in press(second, "approve")
    assert "The release is published." in press(second, "publish")

    assert status() == "PUBLISHED"
    assert buttons(builder) == []
    assert "Published" in builder.get(LIST).content.decode()


def test_the_buttons_are_those_of_the_status(
    labelled_case: Labelled, builder: Client, second: Client, frozen: Make
) -> None:
    labelled_case()
    builder.post(NEW, {"version": "1.0.0", "k": "1"})
    assert buttons(builder) == ["freeze", "abandon"]
    post(builder, "freeze")
    assert buttons(builder) == ["abandon"]
    build_releases()
    assert (buttons(builder), buttons(second)) == (["abandon"], ["approve", "abandon"])
    post(second, "approve")
    assert buttons(builder) == ["publish", "abandon"]


def test_the_builder_reads_that_another_must_approve_and_is_refused(
    labelled_case: Labelled, built: Make, builder: Client
) -> None:
    labelled_case()
    built()

    assert "You built this release." in builder.get(DETAIL).content.decode()
    assert "portal-notice--error" in post(builder, "approve")
    assert status() == "BUILT"


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"version": "1.0", "k": "10"}, "A version is three numbers"),
        ({"version": "", "k": "10"}, "Enter a version"),
        ({"version": "1.0.0", "k": "10"}, "There is this version or a higher one already."),
        ({"version": "2.0.0", "k": "0"}, "k is at least 1."),
        ({"version": "2.0.0", "k": "ten"}, "Enter a whole number"),
        ({"version": "2.0.0\x00", "k": "10"}, "Null characters"),
    ],
)
def test_a_draft_that_cannot_be_says_why(
    labelled_case: Labelled, frozen: Make, builder: Client, values: dict[str, str], error: str
) -> None:
    labelled_case()
    frozen()

    answer = builder.post(NEW, values)

    assert answer.status_code == 422
    assert error in answer.content.decode()
    assert Release.objects.count() == 1


def test_the_form_offers_the_k_of_the_study(builder: Client) -> None:
    assert 'name="k" value="10"' in builder.get(NEW).content.decode()


def test_the_list_says_what_a_release_would_hold(labelled_case: Labelled, builder: Client, now: datetime) -> None:
    labelled_case()
    admitted_case(at=now)

    page = builder.get(LIST).content.decode()

    assert "1 admitted case has all its labels" in page
    assert "1 case still waits for a label" in page


def test_a_release_that_could_not_be_built_says_why_and_is_tried_again(
    labelled_case: Labelled, frozen: Make, builder: Client, now: datetime
) -> None:
    image = labelled_case().images.get()
    data = storage.get(Place.CLEAN, image.key)
    storage.delete(Place.CLEAN, image.key)
    release = frozen()
    for minutes in range(0, 60, 5):
        Release.objects.filter(pk=release.pk).update(due_at=timezone.now() - timedelta(minutes=60 - minutes))
        build_releases()

    page = builder.get(DETAIL).content.decode()
    assert "Building has failed three times" in page
    assert f"Image {image.pk} is not in the storage." in page
    storage.put(Place.CLEAN, image.key, data, content_type="image/png")
    press(builder, "retry")
    build_releases()
    assert status() == "BUILT"


def test_an_altered_file_is_named_and_the_release_not_approved(
    labelled_case: Labelled, built: Make, second: Client
) -> None:
    labelled_case()
    release = built()
    storage.delete(Place.RELEASES, storing.key_of(release, "README.md"))

    page = press(second, "approve")

    assert "Not approved, 1 fault was found: README.md is missing." in page
    assert status() == "BUILT"


def test_a_release_that_is_being_verified_says_so_and_cannot_be_approved(
    labelled_case: Labelled, frozen: Make, builder: Client, second: Client, now: datetime
) -> None:
    labelled_case()
    build_only(frozen(), at=now)

    assert "Being verified" in (page := builder.get(DETAIL).content.decode())
    assert "You built this release." in page
    assert "Being verified" in second.get(DETAIL).content.decode()
    assert buttons(second) == ["abandon"]
    assert "still being verified" in post(second, "approve")
    assert status() == "BUILT"


def test_a_release_that_fails_its_verification_says_what_is_wrong_and_what_to_do(
    labelled_case: Labelled, frozen: Make, builder: Client, second: Client, now: datetime
) -> None:
    for _ in range(6):
        labelled_case()
    release = frozen()
    build_only(release, at=now)
    for image in CaseImage.objects.all():
        replace(release, f"dataset/images/{image.pk}.png", b"")
    build_releases()

    for client in (builder, second):
        page = client.get(DETAIL).content.decode()
        assert page.count(".png is missing") == 5
        assert "and 1 more" in page
        assert "It cannot be approved. Abandon it and draft the next." in page
        assert buttons(client) == ["abandon"]


def test_a_verification_that_gave_up_is_tried_again(
    labelled_case: Labelled, frozen: Make, second: Client, now: datetime
) -> None:
    labelled_case()
    release = frozen()
    build_only(release, at=now)
    Release.objects.filter(pk=release.pk).update(attempts=3, problem="division by zero")

    assert "Verifying has failed three times" in (page := second.get(DETAIL).content.decode())
    assert "division by zero" in page
    assert buttons(second) == ["retry", "abandon"]
    press(second, "retry")
    build_releases()
    assert buttons(second) == ["approve", "abandon"]


def test_a_withdrawn_case_is_said_and_stops_the_approval(
    labelled_case: Labelled, built: Make, second: Client, now: datetime
) -> None:
    case = labelled_case()
    built()
    withdraw(case, at=now)

    assert "A case of this release was withdrawn since it was built." in press(second, "approve")
    assert status() == "BUILT"
    press(second, "abandon")
    build_releases()
    assert (status(), files(Release.objects.get())) == ("ABANDONED", {})


def test_the_report_stands_on_the_page(labelled_case: Labelled, built: Make, builder: Client) -> None:
    labelled_case(age=82, sex_at_birth="MALE", race_ethnicity=["asian", "white"])
    built(k=2)

    page = builder.get(DETAIL).content.decode()

    assert "What was hidden" in page
    assert "TWO_OR_MORE_AFTER_MITIGATION" in page
    assert "AGE_80_OR_ABOVE" not in page


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AUDITOR])
def test_coordinators_and_auditors_look_on_and_press_nothing(
    labelled_case: Labelled, built: Make, client: Client, role: Role
) -> None:
    labelled_case()
    built()
    client.force_login(staff(role))

    assert client.get(LIST).status_code == client.get(DETAIL).status_code == 200
    assert buttons(client) == []
    assert client.get(NEW).status_code == 403
    assert client.post(reverse("releases:act", args=["1.0.0"]), {"action": "abandon"}).status_code == 403
    assert status() == "BUILT"


@pytest.mark.parametrize("page", [LIST, NEW, DETAIL])
def test_nobody_else_opens_the_pages(labelled_case: Labelled, built: Make, client: Client, page: str) -> None:
    labelled_case()
    built()

    assert client.get(page).status_code == 302
    client.force_login(staff(*(set(Role) - {Role.RELEASE_MANAGER, Role.COORDINATOR, Role.AUDITOR})))
    assert client.get(page).status_code == 403


def test_a_button_that_is_not_there_is_a_bad_request(labelled_case: Labelled, built: Make, second: Client) -> None:
    labelled_case()
    built()

    answer: HttpResponse = second.post(reverse("releases:act", args=["1.0.0"]), {"action": "delete everything"})

    assert answer.status_code == 400


def test_pressing_twice_is_told_and_harmless(labelled_case: Labelled, built: Make, second: Client) -> None:
    labelled_case()
    built()
    press(second, "approve")

    assert "This is not possible any more" in post(second, "approve")
    assert status() == "APPROVED"


def test_the_administration_shows_releases_and_changes_none(
    labelled_case: Labelled, built: Make, client: Client
) -> None:
    labelled_case()
    release = built()
    administrator = staff(Role.ADMINISTRATOR)
    administrator.is_staff = administrator.is_superuser = True
    administrator.save()
    client.force_login(administrator)

    address = reverse("admin:releases_release_change", args=[release.pk])
    assert client.get(reverse("admin:releases_release_changelist")).status_code == 200
    assert client.get(address).status_code == 200
    assert client.post(address, {"status": "PUBLISHED"}).status_code == 403

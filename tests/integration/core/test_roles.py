"""Every page of staff is for a role, and nobody else opens it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from core.roles import Role, for_role, roles_of
from tests.factories.cases import staff

pytestmark = pytest.mark.django_db


@for_role(Role.MODERATOR, Role.AUDITOR)
def page(request: HttpRequest) -> HttpResponse:
    """For moderators and auditors."""
    return HttpResponse("work")


def opened_by(user: object) -> HttpResponse:
    request = RequestFactory().get("/staff/page?x=1")
    request.user = user  # type: ignore[assignment]
    return page(request)  # type: ignore[return-value]


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.AUDITOR])
def test_each_of_its_roles_opens_the_page(role: Role) -> None:
    assert opened_by(staff(role)).content == b"work"


@pytest.mark.parametrize("roles", [(), (Role.DERMATOLOGIST,), (Role.ADMINISTRATOR,)])
def test_other_staff_is_refused(roles: tuple[Role, ...]) -> None:
    with pytest.raises(PermissionDenied, match="moderator, auditor"):
        opened_by(staff(*roles))


def test_a_stranger_is_asked_to_sign_in_and_comes_back() -> None:
    response = opened_by(AnonymousUser())

    assert response.status_code == 302
    assert response.headers["Location"].endswith("login/?next=/staff/page%3Fx%3D1")


def test_a_page_says_whom_it_is_for() -> None:
    assert page.roles == (Role.MODERATOR, Role.AUDITOR)  # type: ignore[attr-defined]


def test_the_groups_of_all_roles_are_there_after_migrating() -> None:
    from django.contrib.auth.models import Group

    assert set(Group.objects.values_list("name", flat=True)) == set(Role)


def test_a_person_may_have_several_roles_and_a_stranger_has_none() -> None:
    assert roles_of(staff(Role.AUDITOR, Role.COORDINATOR)) == {"auditor", "coordinator"}
    assert roles_of(AnonymousUser()) == set()

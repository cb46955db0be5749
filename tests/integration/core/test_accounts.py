"""Accounts: made by administrators; signing in is allauth's affair alone, since only its pages ask for the second factor."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from audit.models import AuditEvent
from core.models import User
from core.roles import Role
from tests.factories.cases import staff

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"


@pytest.fixture
def administrator() -> User:
    return User.objects.create_superuser(username="root", email="root@example.org", password=PASSWORD)


@pytest.fixture
def signed_in(administrator: User, client: Client) -> Client:
    client.force_login(administrator)
    return client


def test_the_administration_has_no_sign_in_of_its_own_that_would_not_ask_for_the_second_factor(
    client: Client, administrator: User, settings: object
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True  # type: ignore[attr-defined]
    TOTP.activate(administrator, generate_totp_secret())

    answer = client.post(reverse("admin:login"), {"username": "root", "password": PASSWORD, "next": "/staff/admin/"})

    assert answer["Location"].startswith(reverse("account_login"))
    assert "_auth_user_id" not in client.session


def test_an_administrator_makes_an_account_with_a_role(signed_in: Client) -> None:
    group = Group.objects.get(name=Role.MODERATOR)
    words = {"email": "moderator@example.org", "username": "moderator", "usable_password": "true"}

    answer = signed_in.post(
        reverse("admin:core_user_add"), words | {"password1": PASSWORD, "password2": PASSWORD, "groups": [group.pk]}
    )

    made = User.objects.get(email="moderator@example.org")
    assert answer.status_code == 302
    assert made.check_password(PASSWORD)
    answer = signed_in.post(
        reverse("admin:core_user_change", args=[made.pk]),
        {"email": made.email, "username": made.username, "is_active": "on", "groups": [group.pk]},
    )
    assert answer.status_code == 302
    assert list(made.groups.values_list("name", flat=True)) == ["moderator"]
    noted = AuditEvent.objects.filter(subject=f"User {made.pk}", actor="root@example.org").order_by("pk")
    assert [(event.action, event.detail["roles"]) for event in noted] == [
        ("account-made", "moderator"),
        ("account-changed", "moderator"),
    ]


def test_whoever_came_with_the_first_command_has_the_administrators_role(signed_in: Client) -> None:
    page = signed_in.get("/staff/")
    assert page.status_code == 200
    assert reverse("admin:index") in page.content.decode()


def test_a_lost_second_factor_can_be_taken_away_and_its_secret_is_shown_to_nobody(signed_in: Client) -> None:
    secret = generate_totp_secret()
    factor = TOTP.activate(staff(Role.AUDITOR), secret).instance

    page = signed_in.get(reverse("admin:mfa_authenticator_change", args=[factor.pk])).content.decode()

    assert secret not in page
    assert signed_in.get(reverse("admin:mfa_authenticator_add")).status_code == 403
    signed_in.post(reverse("admin:mfa_authenticator_delete", args=[factor.pk]), {"post": "yes"})
    assert not type(factor).objects.exists()
    assert AuditEvent.objects.get(action="second-factor-taken-away").subject == f"User {factor.user_id}"


def test_nobody_gives_themselves_another_address_that_the_trail_would_name(client: Client) -> None:
    client.force_login(staff(Role.AUDITOR))

    client.post("/staff/account/email/", {"email": "somebody-else@example.org", "action_add": ""})

    assert not EmailAddress.objects.filter(email="somebody-else@example.org").exists()

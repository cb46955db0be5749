"""Under production settings nobody works here with a password alone."""

import pytest
from django.urls import reverse

from core.models import User
from core.roles import Role
from tests.factories import cases

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/staff/", "/staff/audit/", "/staff/admin/", "/staff/moderation/"])
def test_staff_without_a_second_factor_are_led_to_set_one_up(client, settings, path):
    settings.SECOND_FACTOR_REQUIRED = True
    client.force_login(cases.staff(*Role))
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (302, reverse("mfa_activate_totp"))


def test_development_may_go_without(client):
    client.force_login(cases.staff(Role.AUDITOR))
    assert client.get("/staff/audit/").status_code == 200


def test_nobody_signs_up(client):
    answer = client.get("/staff/account/signup/")
    assert answer.status_code == 200
    assert b'name="password1"' not in answer.content
    client.post("/staff/account/signup/", {"email": "a@b.example", "password1": "long enough a password"})
    assert not User.objects.exists()

"""What a running study checks on itself."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from core import health
from privacy.models import CaseImage
from tests.factories.cases import checking_case

pytestmark = pytest.mark.django_db


def test_late_counts_what_has_been_due_for_more_than_five_minutes(now: datetime) -> None:
    checking_case(at=now)
    images = CaseImage.objects.all()

    assert health.late(images, now + timedelta(minutes=5), "photos were") == []
    assert health.late(images, now + timedelta(minutes=5, seconds=1), "photos were") == [
        "1 photos were due for more than five minutes"
    ]


def test_the_problems_of_all_rooms_are_asked_for_in_order(now: datetime, settings: Settings) -> None:
    settings.HEALTH = [f"{__name__}.first", f"{__name__}.second"]

    assert health.problems(now) == ["a problem", f"another at {now}"]


def test_healthz_counts_problems_without_naming_them(client: Client, settings: Settings) -> None:
    settings.HEALTH = [f"{__name__}.none"]
    assert client.get("/healthz").json() == {"healthy": True}

    settings.HEALTH = [f"{__name__}.first", f"{__name__}.second"]
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"healthy": False}


def test_every_room_answers_for_an_empty_study(now: datetime) -> None:
    assert health.problems(now) == []


def first(at: datetime) -> list[str]:
    """A room with a problem."""
    return ["a problem"]


def second(at: datetime) -> list[str]:
    """A room with another."""
    return [f"another at {at}"]


def none(at: datetime) -> list[str]:
    """A room where all is well."""
    return []

"""Two requests at once, in real transactions."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from contrib_portal import queries
from contrib_portal.actions import photographing, submitting, withdrawing
from contrib_portal.models import Contribution, Image, Withdrawal
from core import storage
from tests.factories.cases import CLOSE_UP, picture
from tests.factories.contributions import draft, is_stored

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def at_once(*calls: object) -> list[object]:
    """What each call returned or raised, all of them started together."""
    barrier = Barrier(len(calls))

    def run(call: object) -> object:
        barrier.wait()
        try:
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_a_double_tap_is_one_photo(now: datetime, monkeypatch: pytest.MonkeyPatch, rings: list[str]) -> None:
    contribution, upload_id, data = draft(at=now), uuid.uuid4(), picture(image_format="JPEG")
    stored, put = [], storage.put

    def remembered(place: storage.Place, key: str, *given: object, **named: object) -> str:
        stored.append(key)
        return put(place, key, *given, **named)

    monkeypatch.setattr(storage, "put", remembered)

    def tap() -> Image:
        return photographing.receive(
            contribution=contribution, shot_type=CLOSE_UP, upload_id=upload_id, file=ContentFile(data), at=now
        )

    first, second = at_once(tap, tap)
    assert first == second
    image = Image.objects.get()
    assert image.status == Image.Status.RECEIVED
    assert {key for key in stored if is_stored(key)} == {image.key, image.preview_key}
    assert rings == []


def test_two_photos_of_one_shot_leave_one(now: datetime, rings: list[str]) -> None:
    contribution = draft(at=now)

    def take() -> Image:
        file = ContentFile(picture(image_format="JPEG"))
        return photographing.receive(
            contribution=contribution, shot_type=CLOSE_UP, upload_id=uuid.uuid4(), file=file, at=now
        )

    at_once(take, take)
    assert queries.live_images(contribution).count() == 1
    assert Image.objects.filter(status=Image.Status.REPLACED).count() == 1
    assert rings == ["contrib_portal.tasks.erase_replaced"]


def test_sending_and_withdrawing_twice_at_once_happen_once(now: datetime, rings: list[str]) -> None:
    contribution = draft(at=now, shots=(CLOSE_UP,))

    def send() -> None:
        submitting.submit(contribution=contribution, receipt_digest="d", at=now)

    def withdraw() -> None:
        withdrawing.withdraw(contribution=contribution, at=now)

    assert at_once(send, send, send) == [None, None, None]
    assert at_once(withdraw, withdraw, withdraw) == [None, None, None]
    assert Withdrawal.objects.count() == 1
    assert Contribution.objects.get().status == Contribution.Status.WITHDRAWN
    assert rings == ["privacy.tasks.open_cases", "contrib_portal.tasks.erase_withdrawn"]

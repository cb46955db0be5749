"""An image is cleaned once, and neither a killed worker nor a slow one nor a poor file loses or doubles it."""

import hashlib
import io
import logging
import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from PIL import Image as Picture

from core import leases, storage
from core.storage import Place
from imaging import sandbox
from imaging.readback import NotOnlyPixels, read_back
from imaging.results import Reason, Refused
from privacy import queries, tasks
from privacy.actions import checking
from privacy.actions.checking import LEASE, check_next_image, conclude_checks
from privacy.models import Case, CaseImage, PrivacyCheck
from tests.factories.cases import (
    AT_AN_ANGLE,
    AT_DISTANCE,
    CLOSE_UP,
    checking_case,
    picture,
    submitted_contribution,
)

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The worker's process ends here."""


def photo_with_metadata() -> bytes:
    """A JPEG that says where it was taken."""
    exif = Picture.Exif()
    exif[0x010F] = "Some Camera"
    exif.get_ifd(0x8825)[2] = (48.0, 12.0, 30.0)
    return picture(image_format="JPEG", exif=exif)


def waiting_image(at: datetime, data: bytes | None = None) -> CaseImage:
    contribution = submitted_contribution(at=at, files={CLOSE_UP: data} if data else None)
    return checking.open_case(contribution=contribution, at=at).images.get()


def outcomes(image: CaseImage) -> list[tuple[str, str]]:
    return list(image.checks.order_by("pk").values_list("kind", "outcome"))


def clean_keys() -> set[str]:
    return {stored.key for stored in storage.keys(Place.CLEAN)}


def test_a_photo_becomes_an_image_of_pixels_alone_and_the_case_goes_to_a_moderator(now: datetime) -> None:
    image = waiting_image(now, photo_with_metadata())

    assert check_next_image(at=now)

    image.refresh_from_db()
    assert (image.status, image.due_at, image.leased_until) == ("CLEAN", None, None)
    png = storage.get(Place.CLEAN, image.key)
    assert read_back(png) == (image.width, image.height) == (48, 64)
    assert image.size == len(png)
    assert image.sha256 == hashlib.sha256(png).hexdigest() == storage.head(Place.CLEAN, image.key).sha256
    assert image.key != image.source.key
    assert image.source_format == "JPEG"
    assert image.sharpness > 0
    assert 0 < image.exposure < 1
    assert outcomes(image) == [
        ("METADATA_REMOVED", "PASSED"),
        ("READ_BACK", "PASSED"),
        ("EXACT_DUPLICATE", "PASSED"),
    ]
    assert all("imaging" in check.by_model for check in image.checks.all())
    assert Case.objects.get().status == "NEEDS_REVIEW"
    assert not check_next_image(at=now)


def test_what_metadata_there_was_is_kept_as_names_and_counts_never_values(now: datetime) -> None:
    image = waiting_image(now, photo_with_metadata())

    check_next_image(at=now)

    image.refresh_from_db()
    assert any("GPS" in name for name in image.metadata_found)
    assert all(isinstance(count, int) for count in image.metadata_found.values())
    assert image.checks.get(kind="METADATA_REMOVED").evidence == {"tags": image.metadata_found}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT json_agg(i)::text FROM privacy_caseimage i UNION ALL SELECT json_agg(c)::text FROM privacy_privacycheck c"
        )
        everything = str(cursor.fetchall())
    assert "GPS" in everything
    assert "Some Camera" not in everything


def test_the_case_waits_until_its_last_image_is_done(now: datetime) -> None:
    checking_case(at=now, shots=(CLOSE_UP, AT_AN_ANGLE, AT_DISTANCE))

    for status in ("CHECKING", "CHECKING", "NEEDS_REVIEW"):
        assert check_next_image(at=now)
        assert Case.objects.get().status == status


def test_the_task_works_until_nothing_waits(now: datetime) -> None:
    for _ in range(2):
        waiting_image(now)

    tasks.check_images()

    assert set(Case.objects.values_list("status", flat=True)) == {"NEEDS_REVIEW"}


def test_the_task_stops_in_time_and_the_next_ring_goes_on(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        waiting_image(now)
    monkeypatch.setattr(tasks, "DRAIN_FOR", 0.0)

    tasks.check_images()
    assert queries.images_to_check().count() == 1
    tasks.check_images()
    assert queries.images_to_check().count() == 0


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.7 renamed to .jpg", "PDF"),
        (photo_with_metadata()[:400], "damaged"),
    ],
    ids=["a PDF", "a truncated JPEG"],
)
def test_what_cannot_be_cleaned_goes_to_a_person_with_the_reason(now: datetime, data: bytes, reason: str) -> None:
    image = waiting_image(now, data)

    assert check_next_image(at=now)

    image.refresh_from_db()
    assert (image.status, image.key, image.due_at) == ("NEEDS_REVIEW", "", None)
    assert reason in image.problem
    assert outcomes(image) == [("METADATA_REMOVED", "FAILED")]
    assert Case.objects.get().status == "NEEDS_REVIEW"


@pytest.mark.parametrize("reason", [Reason.TIMEOUT, Reason.OUT_OF_MEMORY, Reason.CRASHED])
def test_what_may_be_the_machines_fault_is_tried_three_times(
    now: datetime, reason: Reason, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = waiting_image(now)
    tried = []

    def give_up(data: bytes) -> None:
        tried.append(data)
        raise Refused(reason)

    monkeypatch.setattr(sandbox, "clean", give_up)

    for minute in range(5):
        check_next_image(at=now + timedelta(minutes=minute))

    image.refresh_from_db()
    assert len(tried) == leases.MAX_ATTEMPTS
    assert image.status == "NEEDS_REVIEW"
    assert image.problem == f"It could not be processed in three attempts. {Refused(reason)}"
    assert outcomes(image) == [("METADATA_REMOVED", "FAILED")]
    assert Case.objects.get().status == "NEEDS_REVIEW"


def test_an_original_that_is_missing_is_tried_three_times_and_then_a_person_sees_it(now: datetime) -> None:
    image = waiting_image(now)
    storage.delete(Place.ORIGINALS, image.source.key)

    for minute in range(5):
        check_next_image(at=now + timedelta(minutes=minute))

    image.refresh_from_db()
    assert image.status == "NEEDS_REVIEW"
    assert "The original is not in the storage." in image.problem


@pytest.mark.parametrize("call", ["get", "put"])
def test_a_storage_that_is_away_costs_no_attempt_and_is_not_asked_again_at_once(
    now: datetime, call: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    image = waiting_image(now)

    def away(*args: Any, **options: Any) -> None:
        raise storage.Unavailable("EndpointConnectionError")

    with monkeypatch.context() as patched:
        patched.setattr(storage, call, away)
        for minute in range(5):
            assert not check_next_image(at=now + timedelta(minutes=minute))
    image.refresh_from_db()
    assert (image.status, image.attempts, image.leased_until) == ("WAITING", 0, None)
    assert "EndpointConnectionError" in caplog.text

    assert check_next_image(at=now + timedelta(minutes=6))
    image.refresh_from_db()
    assert image.status == "CLEAN"


@pytest.mark.parametrize("step", ["before the object", "after the object"])
def test_a_worker_killed_beside_its_object_leaves_none_behind(
    now: datetime, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = waiting_image(now)
    stored: list[str] = []
    put = storage.put

    def put_and_die(place: Place, key: str, *args: Any, **options: Any) -> str:
        if step == "after the object":
            put(place, key, *args, **options)
        stored.append(key)
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(storage, "put", put_and_die)
        check_next_image(at=now)
    image.refresh_from_db()
    assert image.status == "WAITING"
    assert image.key == stored[0]  # the row knows what may lie there
    assert not check_next_image(at=now + LEASE - timedelta(seconds=1))

    assert check_next_image(at=now + LEASE)

    image.refresh_from_db()
    assert image.status == "CLEAN"
    assert image.key != stored[0]
    assert image.key in clean_keys()
    assert stored[0] not in clean_keys()
    assert len(outcomes(image)) == 3


def test_an_image_that_kills_every_worker_is_set_aside_without_an_object(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = waiting_image(now)
    keys = []
    put = storage.put

    def put_and_die(place: Place, key: str, *args: Any, **options: Any) -> None:
        put(place, key, *args, **options)
        keys.append(key)
        raise Killed

    monkeypatch.setattr(storage, "put", put_and_die)
    for attempt in range(3):
        with pytest.raises(Killed):
            check_next_image(at=now + attempt * LEASE)

    assert not check_next_image(at=now + 3 * LEASE)

    image.refresh_from_db()
    assert (image.status, image.key) == ("NEEDS_REVIEW", "")
    assert len(keys) == 3
    assert not clean_keys() & set(keys)


def test_the_result_of_a_worker_that_was_too_slow_is_thrown_away_with_its_object(
    now: datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    image = waiting_image(now)
    put = storage.put
    keys = []

    def slow_put(place: Place, key: str, *args: Any, **options: Any) -> str:
        keys.append(key)
        if len(keys) == 1:  # meanwhile the lease runs out, and another worker does it all
            check_next_image(at=now + LEASE)
        return put(place, key, *args, **options)

    monkeypatch.setattr(storage, "put", slow_put)
    with caplog.at_level(logging.INFO, "privacy.actions.checking"):
        check_next_image(at=now)

    image.refresh_from_db()
    slow, fast = keys
    assert (image.status, image.key) == ("CLEAN", fast)
    assert fast in clean_keys()
    assert slow not in clean_keys()
    assert len(outcomes(image)) == 3
    assert "thrown away" in caplog.text


def test_a_worker_that_lost_its_lease_while_decoding_stores_nothing(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = waiting_image(now)
    clean = sandbox.clean
    puts = []

    def slow_clean(data: bytes) -> object:
        monkeypatch.setattr(sandbox, "clean", clean)
        check_next_image(at=now + LEASE)
        monkeypatch.setattr(storage, "put", lambda *args, **options: puts.append(args))
        return clean(data)

    monkeypatch.setattr(sandbox, "clean", slow_clean)
    check_next_image(at=now)

    image.refresh_from_db()
    assert image.status == "CLEAN"
    assert puts == []


def test_an_image_that_does_not_read_back_is_not_kept(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    image = waiting_image(now)
    keys = []

    def refuse(png: bytes) -> None:
        image.refresh_from_db()
        keys.append(image.key)
        raise NotOnlyPixels("chunks [b'eXIf']")

    monkeypatch.setattr(checking, "read_back", refuse)
    check_next_image(at=now)

    image.refresh_from_db()
    assert (image.status, image.key) == ("NEEDS_REVIEW", "")
    assert "eXIf" in image.problem
    assert outcomes(image) == [("READ_BACK", "FAILED")]
    assert not clean_keys() & set(keys)


def test_an_answer_of_the_storage_that_went_astray_costs_an_attempt_and_no_object(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = waiting_image(now)
    put, keys = storage.put, []

    def put_twice(place: Place, key: str, *args: Any, **options: Any) -> None:
        keys.append(key)
        put(place, key, *args, **options)
        put(place, key, *args, **options)  # as boto repeats a request whose answer it did not get

    with monkeypatch.context() as patched:
        patched.setattr(storage, "put", put_twice)
        assert check_next_image(at=now)
    image.refresh_from_db()
    assert (image.status, image.attempts, image.key) == ("WAITING", 1, keys[0])

    assert check_next_image(at=now + timedelta(minutes=1))
    image.refresh_from_db()
    assert image.status == "CLEAN"
    assert keys[0] not in clean_keys()


def test_a_case_left_between_its_last_image_and_its_move_is_handed_on_the_next_minute(now: datetime) -> None:
    case = checking_case(at=now)
    case.images.update(status="NEEDS_REVIEW", due_at=None)

    assert not check_next_image(at=now)

    case.refresh_from_db()
    assert case.status == "NEEDS_REVIEW"


def test_two_workers_that_hand_on_the_same_case_leave_one_line_in_the_trail(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from audit.models import AuditEvent

    case = checking_case(at=now)
    case.images.update(status="NEEDS_REVIEW", due_at=None)
    both_saw = list(queries.checked_cases())
    conclude_checks(at=now)
    monkeypatch.setattr(queries, "checked_cases", lambda: both_saw)

    conclude_checks(at=now)

    assert AuditEvent.objects.filter(action="case-checked").count() == 1


def test_a_withdrawn_contribution_is_not_worked_on(now: datetime) -> None:
    from tests.factories.cases import withdraw

    withdraw(checking_case(at=now), at=now)

    assert not check_next_image(at=now)


def test_the_original_and_the_clean_image_are_never_the_same_bytes(now: datetime) -> None:
    with io.BytesIO(picture(image_format="PNG")) as ours:
        image = waiting_image(now, ours.getvalue())
    check_next_image(at=now)
    image.refresh_from_db()

    assert image.sha256 != image.source.sha256


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_workers_finish_a_case_of_three_images_and_it_is_handed_on(now: datetime) -> None:
    case = checking_case(at=now, shots=(CLOSE_UP, AT_AN_ANGLE, AT_DISTANCE))
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        while check_next_image(at=now):
            pass
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    case.refresh_from_db()
    assert case.status == "NEEDS_REVIEW"
    assert set(case.images.values_list("status", "attempts")) == {("CLEAN", 1)}
    assert PrivacyCheck.objects.count() == 9

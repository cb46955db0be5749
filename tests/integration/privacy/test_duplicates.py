"""The same pixels in two contributions are found before anybody labels them."""

import io
import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection
from PIL import Image as Picture

from privacy import queries
from privacy.actions.checking import check_next_image, open_case
from privacy.models import Case, CaseImage, PrivacyCheck
from tests.factories.cases import (
    AT_DISTANCE,
    CLOSE_UP,
    admitted_case,
    case_to_review,
    picture,
    record_check,
    submitted_contribution,
    withdraw,
)

pytestmark = pytest.mark.django_db


def cases_with(at: datetime, *files: bytes) -> list[Case]:
    """A case for each file, none of them cleaned yet."""
    return [
        open_case(contribution=submitted_contribution(at=at, files={CLOSE_UP: file}), at=at + timedelta(seconds=n))
        for n, file in enumerate(files)
    ]


def check_all(at: datetime) -> None:
    while check_next_image(at=at):
        pass


def is_flagged(case: Case) -> bool:
    return queries.is_flagged(case.images.get())


def test_of_two_copies_both_are_flagged_and_name_each_other(now: datetime) -> None:
    photo = picture()
    first, second, other = cases_with(now, photo, photo, picture())

    check_all(now + timedelta(minutes=1))

    assert is_flagged(first)
    assert is_flagged(second)
    assert not is_flagged(other)
    for one, another in ((first, second), (second, first)):
        latest = one.images.get().checks.filter(kind="EXACT_DUPLICATE").order_by("-pk").first()
        assert latest.evidence == {"images": [another.images.get().pk]}
        assert queries.copies_of(one.images.get()) == [another.images.get()]


def test_the_same_pixels_in_another_file_are_a_copy_too(now: datetime) -> None:
    png = picture(image_format="PNG")
    again = io.BytesIO()
    Picture.open(io.BytesIO(png)).save(
        again, "WEBP", lossless=True, exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00"
    )
    first, second = cases_with(now, png, again.getvalue())

    check_all(now + timedelta(minutes=1))

    assert is_flagged(first)
    assert is_flagged(second)


def test_the_same_photo_twice_in_one_contribution_is_no_second_contribution(now: datetime) -> None:
    photo = picture()
    contribution = submitted_contribution(
        at=now, shots=(CLOSE_UP, AT_DISTANCE), files={CLOSE_UP: photo, AT_DISTANCE: photo}
    )
    case = open_case(contribution=contribution, at=now)

    check_all(now)

    assert not any(queries.is_flagged(image) for image in case.images.all())


def test_a_copy_of_an_admitted_case_is_flagged_and_the_admitted_one_stays_as_it_is(now: datetime) -> None:
    photo = picture()
    (second,) = cases_with(now, photo)
    check_all(now)
    admitted = admitted_case(at=now)
    admitted.images.update(pixel_sha256=second.images.get().pixel_sha256)
    third, *_ = cases_with(now, photo)

    check_all(now + timedelta(minutes=1))

    assert is_flagged(third)
    assert is_flagged(second)
    assert not is_flagged(admitted)
    admitted.refresh_from_db()
    assert admitted.status == "ADMITTED"


def test_what_was_withdrawn_is_not_compared_with(now: datetime) -> None:
    photo = picture()
    (first,) = cases_with(now, photo)
    check_all(now)
    withdraw(first, at=now)
    (second,) = cases_with(now, photo)

    check_all(now + timedelta(minutes=1))

    assert not is_flagged(second)


def test_the_search_that_is_recorded_last_counts_even_with_an_earlier_time(now: datetime) -> None:
    image = case_to_review(at=now).images.get()
    for earlier, outcome in ((1, PrivacyCheck.Outcome.FLAGGED), (2, PrivacyCheck.Outcome.PASSED)):
        record_check(image, kind=PrivacyCheck.Kind.EXACT_DUPLICATE, outcome=outcome, at=now - timedelta(hours=earlier))
        assert queries.is_flagged(image) is (outcome == PrivacyCheck.Outcome.FLAGGED)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_copies_that_are_finished_at_the_same_moment_find_each_other(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core import storage

    photo = picture()
    cases_with(now, photo, photo)
    at = now + timedelta(minutes=1)
    both_stored = threading.Barrier(2)
    put = storage.put

    def put_together(*args: object, **options: object) -> str:
        digest = put(*args, **options)  # type: ignore[arg-type]
        both_stored.wait(30)
        return digest

    monkeypatch.setattr(storage, "put", put_together)

    def work() -> None:
        check_next_image(at=at)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert [queries.is_flagged(image) for image in CaseImage.objects.all()] == [True, True]

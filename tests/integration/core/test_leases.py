"""Work that cannot be lost."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection

from core import leases
from core.leases import LeaseLost
from privacy.models import CaseImage
from tests.factories.cases import AT_AN_ANGLE, AT_DISTANCE, CLOSE_UP, checking_case

LEASE = timedelta(minutes=2)


def claim(at: datetime) -> CaseImage | None:
    return leases.claim(CaseImage.objects.all(), at=at, lease=LEASE)


@pytest.fixture
def image(db: None, now: datetime) -> CaseImage:
    """One piece of work, due now."""
    return checking_case(at=now).images.get()


def test_a_claimed_row_is_held_and_nobody_else_gets_it(image: CaseImage, now: datetime) -> None:
    claimed = claim(now)

    assert claimed == image
    assert (claimed.leased_until, claimed.attempts) == (now + LEASE, 1)
    assert claim(now) is None


def test_work_that_is_not_due_yet_is_not_claimed(image: CaseImage, now: datetime) -> None:
    assert claim(now - timedelta(seconds=1)) is None


def test_the_oldest_due_row_comes_first(image: CaseImage, now: datetime) -> None:
    older = checking_case(at=now - timedelta(minutes=1)).images.get()

    assert claim(now) == older


def test_a_lease_that_ran_out_is_claimed_again(image: CaseImage, now: datetime) -> None:
    claim(now)

    again = claim(now + LEASE)

    assert again is not None
    assert again.attempts == 2


def test_after_three_attempts_a_row_is_exhausted_and_not_claimed(image: CaseImage, now: datetime) -> None:
    for attempt in range(leases.MAX_ATTEMPTS):
        assert not leases.exhausted(CaseImage.objects.all(), at=now + attempt * LEASE).exists()
        assert claim(now + attempt * LEASE)
    last = now + leases.MAX_ATTEMPTS * LEASE

    assert not leases.exhausted(CaseImage.objects.all(), at=last - timedelta(seconds=1)).exists()  # still worked on
    assert list(leases.exhausted(CaseImage.objects.all(), at=last)) == [image]
    assert claim(last) is None


def test_a_finished_row_is_never_due_again(image: CaseImage, now: datetime) -> None:
    claimed = claim(now)
    assert claimed is not None

    leases.finish(claimed, status=CaseImage.Status.NEEDS_REVIEW, problem="x")

    image.refresh_from_db()
    assert (image.due_at, image.leased_until, image.status) == (None, None, "NEEDS_REVIEW")
    assert claim(now + timedelta(days=1)) is None


def test_a_row_given_back_is_due_a_little_later_each_time(image: CaseImage, now: datetime) -> None:
    for attempt in (1, 2):
        claimed = claim(now)
        assert claimed is not None
        leases.retry(claimed, at=now)
        image.refresh_from_db()
        assert image.due_at == now + attempt * leases.RETRY_AFTER
        assert image.leased_until is None
        CaseImage.objects.update(due_at=now)


@pytest.mark.parametrize(
    "give_up",
    [
        lambda row: leases.finish(row, status=CaseImage.Status.NEEDS_REVIEW),
        lambda row: leases.retry(row, at=row.due_at),
    ],
    ids=["finish", "retry"],
)
def test_who_lost_the_lease_changes_nothing(
    image: CaseImage, now: datetime, give_up: Callable[[CaseImage], None]
) -> None:
    slow = claim(now)
    fast = claim(now + LEASE)
    assert slow is not None
    assert fast is not None

    with pytest.raises(LeaseLost):
        give_up(slow)

    image.refresh_from_db()
    assert (image.status, image.leased_until) == ("WAITING", fast.leased_until)


def test_a_row_that_was_never_claimed_cannot_be_finished(image: CaseImage) -> None:
    with pytest.raises(LeaseLost):
        leases.finish(image, status=CaseImage.Status.NEEDS_REVIEW)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_workers_at_once_never_get_the_same_row(now: datetime) -> None:
    waiting = {
        image.pk
        for _ in range(4)
        for image in checking_case(at=now, shots=(CLOSE_UP, AT_AN_ANGLE, AT_DISTANCE)).images.all()
    }
    claimed: list[int] = []
    start = threading.Barrier(3)

    def work() -> None:
        start.wait()
        while (image := claim(now)) is not None:
            claimed.append(image.pk)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(claimed) == sorted(waiting)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_row_that_somebody_is_claiming_is_skipped_and_not_waited_for(now: datetime) -> None:
    held, other = (checking_case(at=now + timedelta(seconds=n)).images.get() for n in range(2))
    is_held, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        from django.db import transaction

        with transaction.atomic():
            CaseImage.objects.select_for_update().get(pk=held.pk)
            is_held.set()
            may_end.wait(10)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    is_held.wait(10)
    try:
        assert claim(now + timedelta(minutes=1)) == other
    finally:
        may_end.set()
        holder.join()

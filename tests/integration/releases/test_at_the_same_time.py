"""A withdrawal and a release manager at the same instant, in real transactions."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from threading import Event

import pytest
from django.db import connection, transaction

from contrib_portal.actions.withdrawing import withdraw
from core.models import User
from privacy.models import Case
from privacy.queries import is_visible
from releases.actions import publishing
from releases.models import Release

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
Make = Callable[..., Release]
Labelled = Callable[..., Case]
A_MOMENT = 1.0
"""Seconds in which a withdrawal that nobody holds up is long done."""


@pytest.fixture(params=["approve", "publish"])
def press(
    request: pytest.FixtureRequest, labelled_case: Labelled, built: Make, manager: User, approver: User, now: datetime
) -> Callable[[], Release]:
    """Ask for the approval or the publication of a release with a case."""
    labelled_case()
    release = built()
    if request.param == "publish":
        publishing.approve(release=release, approver=approver, at=now)

    def pressed() -> Release:
        if request.param == "publish":
            publishing.publish(release=release, manager=manager, at=now)
        else:
            publishing.approve(release=release, approver=approver, at=now)
        return release

    return pressed


def in_a_thread(pool: ThreadPoolExecutor, call: Callable[[], None]) -> Callable[[float | None], None]:
    """Start it with a connection of its own; returns what waits for its end."""

    def run() -> None:
        try:
            call()
        finally:
            connection.close()

    return pool.submit(run).result


def test_a_withdrawal_does_not_come_between_the_last_check_and_the_commit(
    press: Callable[[], Release], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, really, waits = Case.objects.get(), publishing._require_fit, []

    def check_and_let_somebody_withdraw(release: Release) -> None:
        really(release)
        if connection.in_atomic_block:
            waits.append(in_a_thread(pool, lambda: withdraw(contribution=case.contribution, at=now)))
            with suppress(TimeoutError):
                waits[0](A_MOMENT)
            assert is_visible(case), "it was withdrawn before the commit, and goes out all the same"

    monkeypatch.setattr(publishing, "_require_fit", check_and_let_somebody_withdraw)
    with ThreadPoolExecutor(1) as pool:
        release = press()
        waits[0](None)

    assert release.status in {"APPROVED", "PUBLISHED"}
    assert not is_visible(case)


def test_a_withdrawal_that_has_begun_is_waited_for_and_seen(press: Callable[[], Release], now: datetime) -> None:
    case, begun, before = Case.objects.get(), Event(), Release.objects.get().status

    def withdraw_slowly() -> None:
        with transaction.atomic():
            withdraw(contribution=case.contribution, at=now)
            begun.set()
            Event().wait(A_MOMENT)

    with ThreadPoolExecutor(1) as pool:
        wait = in_a_thread(pool, withdraw_slowly)
        assert begun.wait(10)
        with pytest.raises(publishing.HasWithdrawnCases):
            press()
        wait(None)

    assert Release.objects.get().status == before

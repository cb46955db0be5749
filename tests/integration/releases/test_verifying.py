"""A verification goes on whatever happens in the middle of it, and ends before anybody may approve."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings

from core import leases, storage
from core.models import User
from privacy.models import Case
from releases import health, queries
from releases.actions import building, drafting, storing, verifying
from releases.models import Release
from tests.integration.releases.conftest import build, build_only, files

pytestmark = pytest.mark.django_db
Make = Callable[..., Release]
Labelled = Callable[..., Case]


class Killed(BaseException):
    """What kill -9 looks like from inside."""


def killed(*args: object, **kwargs: object) -> None:
    raise Killed


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are read again from here on, in portions of 3."""
    paths: list[str] = []
    really = verifying._read

    def listed(release: Release, *, path: str) -> tuple[int, str]:
        paths.append(path)
        return really(release, path=path)

    monkeypatch.setattr(verifying, "_read", listed)
    monkeypatch.setattr(verifying, "PORTION", 3)
    monkeypatch.setattr(verifying, "READERS", 1)
    return paths


def test_a_verification_goes_in_portions_that_read_every_file_once(
    labelled_case: Labelled, frozen: Make, now: datetime, read: list[str]
) -> None:
    labelled_case()
    release = frozen()
    build_only(release, at=now)

    so_far = []
    while building.build_next(at=now):
        so_far.append(len(read))

    release.refresh_from_db()
    assert so_far == [3, 6, 9]  # 8 tables and texts, and an image
    assert sorted(read) == sorted(files(release).keys() - {"SHA256SUMS.txt"})
    assert (release.verified_at, release.due_at) == (now, None)


def test_a_verification_that_was_killed_goes_on_where_it_stopped(
    labelled_case: Labelled, frozen: Make, now: datetime, read: list[str]
) -> None:
    labelled_case()
    release = frozen()
    build_only(release, at=now)
    building.build_next(at=now)
    first = list(read)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(leases, "retry", killed)
        with pytest.raises(Killed):
            building.build_next(at=now)
    assert not building.build_next(at=now), "the dead worker's lease still runs"
    read.clear()

    build(release, at=now + settings.LEASE)

    assert len(first) == 3
    assert sorted(first + read) == sorted(files(release).keys() - {"SHA256SUMS.txt"})


def test_the_first_faults_end_a_verification(
    labelled_case: Labelled, frozen: Make, now: datetime, read: list[str]
) -> None:
    labelled_case()
    release = frozen()
    build_only(release, at=now)
    for path in files(release).keys() - {"SHA256SUMS.txt"}:
        storage.delete(storage.Place.RELEASES, storing.key_of(release, path))

    while building.build_next(at=now):
        pass

    release.refresh_from_db()
    assert len(read) == len(release.report["verification"]["faults"]) == 3
    assert release.verified_at == now


def test_a_release_abandoned_while_it_is_verified_stays_abandoned(
    labelled_case: Labelled, frozen: Make, manager: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    labelled_case()
    release = frozen()
    build_only(release, at=now)
    really = storing.survey

    def survey_while_somebody_abandons(held: Release) -> Any:
        drafting.abandon(release=Release.objects.get(pk=held.pk), manager=manager, at=now)
        return really(held)

    monkeypatch.setattr(storing, "survey", survey_while_somebody_abandons)
    while building.build_next(at=now):
        pass

    release.refresh_from_db()
    assert (release.status, release.verified_at, files(release)) == ("ABANDONED", None, {})


def test_a_verification_waits_for_a_storage_that_is_away(
    labelled_case: Labelled, frozen: Make, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    labelled_case()
    release = frozen()
    build_only(release, at=now)

    def stream(*args: Any) -> Any:
        raise storage.Unavailable("EndpointConnectionError")

    with monkeypatch.context() as patch:
        patch.setattr(storage, "stream", stream)
        for minutes in range(9):
            assert not building.build_next(at=now + timedelta(minutes=minutes))
    release.refresh_from_db()
    assert (release.attempts, release.problem) == (0, "The storage does not answer.")

    build(release, at=now + timedelta(minutes=9))
    assert release.problem == ""


def test_a_verification_that_failed_three_times_is_told_and_tried_again_without_building_anew(
    labelled_case: Labelled, frozen: Make, manager: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    labelled_case()
    release = frozen()
    build_only(release, at=now)
    with monkeypatch.context() as patch:
        patch.setattr(verifying, "_read", lambda *_, **__: 1 / 0)
        for minutes in range(9):
            building.build_next(at=now + timedelta(minutes=minutes))
    later = now + timedelta(minutes=10)
    release.refresh_from_db()
    assert (release.attempts, release.problem) == (leases.MAX_ATTEMPTS, "division by zero")
    assert queries.given_up(later).get() == release
    assert health.problems(later) == ["Release 1.0.0 could not be verified in three attempts"]

    drafting.try_again(release=release, manager=manager, at=later)
    assert release.items.get().copied_at is not None
    build(release, at=later)
    assert (release.problem, health.problems(later)) == ("", [])


def test_a_verification_that_needed_its_last_attempt_has_not_given_up(
    labelled_case: Labelled, frozen: Make, now: datetime
) -> None:
    labelled_case()
    release = frozen()
    build_only(release, at=now)
    Release.objects.filter(pk=release.pk).update(attempts=leases.MAX_ATTEMPTS - 1)

    build(release, at=now)

    assert not queries.given_up(now).exists()

"""A build survives whatever happens in the middle of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings

from core import leases, storage
from core.models import User
from core.storage import Place
from privacy.models import Case
from privacy.queries import images_of
from releases import health, queries
from releases.actions import building, drafting, erasing, storing
from releases.models import Release
from tests.factories.cases import AT_DISTANCE, CLOSE_UP, withdraw
from tests.integration.releases.conftest import build, files

pytestmark = pytest.mark.django_db
Make = Callable[..., Release]
Labelled = Callable[..., Case]


class Killed(BaseException):
    """What kill -9 looks like from inside."""


def die_after(monkeypatch: pytest.MonkeyPatch, puts: int) -> None:
    """The process ends as soon as it has stored so many objects."""
    really, done = storage.put, 0

    def put(*args: Any, **kwargs: Any) -> str:
        nonlocal done
        if done == puts:
            raise Killed
        done += 1
        return really(*args, **kwargs)

    monkeypatch.setattr(storage, "put", put)


@pytest.mark.parametrize("puts", [0, 1, 3, 5, 8, 11])
def test_a_build_that_was_killed_goes_on_where_it_stopped(
    labelled_case: Labelled, frozen: Make, now: datetime, puts: int
) -> None:
    labelled_case(shots=(CLOSE_UP, AT_DISTANCE))
    labelled_case()
    release = frozen()
    with pytest.MonkeyPatch.context() as patch:
        die_after(patch, puts)
        with pytest.raises(Killed):
            building.build_next(at=now)
    before = files(release)
    assert len(before) == puts
    assert not building.build_next(at=now), "the dead worker's lease still runs"

    build(release, at=now + settings.LEASE)

    after = files(release)
    assert len(after) == 3 + 9
    assert before.items() <= after.items()


def test_a_large_build_goes_in_portions_and_no_portion_counts_as_a_failed_attempt(
    labelled_case: Labelled, frozen: Make, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "PORTION", 1)
    for _ in range(5):
        labelled_case()
    release = frozen()

    copied = []
    while building.build_next(at=now):
        copied.append(release.items.filter(copied_at__isnull=False).count())

    release.refresh_from_db()
    assert copied == [1, 2, 3, 4, 5, 5]  # the last one verifies
    assert release.status == "BUILT"


def test_an_image_that_is_not_the_admitted_one_stops_the_build_until_somebody_tries_again(
    labelled_case: Labelled, frozen: Make, manager: User, now: datetime
) -> None:
    (image,) = images_of(labelled_case())
    right = storage.get(Place.CLEAN, image.key)
    storage.delete(Place.CLEAN, image.key)
    storage.put(Place.CLEAN, image.key, b"something else", content_type="image/png")
    release = frozen()

    for minutes in range(10):
        building.build_next(at=now + timedelta(minutes=minutes))

    later = now + timedelta(minutes=10)
    release.refresh_from_db()
    assert (release.status, release.attempts) == ("FROZEN", leases.MAX_ATTEMPTS)
    assert release.problem == f"Image {image.pk} is not the one that was admitted."
    assert queries.given_up(later).get() == release
    assert health.problems(later) == ["Release 1.0.0 could not be built in three attempts"]
    assert files(release) == {}

    storage.delete(Place.CLEAN, image.key)
    storage.put(Place.CLEAN, image.key, right, content_type="image/png")
    drafting.try_again(release=release, manager=manager, at=later)
    build(release, at=later)
    assert (release.problem, health.problems(later)) == ("", [])


def test_a_release_that_is_being_built_is_not_tried_again(
    labelled_case: Labelled, frozen: Make, manager: User, now: datetime
) -> None:
    labelled_case()

    with pytest.raises(drafting.NoLongerPossible):
        drafting.try_again(release=frozen(), manager=manager, at=now)


def test_a_storage_that_is_away_is_waited_for(
    labelled_case: Labelled, frozen: Make, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    labelled_case()
    release = frozen()

    def put(*args: Any, **kwargs: Any) -> str:
        raise storage.Unavailable("EndpointConnectionError")

    with monkeypatch.context() as patch:
        patch.setattr(storage, "put", put)
        for minutes in range(9):
            assert not building.build_next(at=now + timedelta(minutes=minutes))
    release.refresh_from_db()
    assert (release.attempts, release.problem) == (0, "The storage does not answer.")

    build(release, at=now + timedelta(minutes=9))
    assert release.problem == ""


def test_a_case_withdrawn_after_the_freeze_is_not_built(labelled_case: Labelled, frozen: Make, now: datetime) -> None:
    stays, goes = labelled_case(), labelled_case()
    release = frozen()
    withdraw(goes, at=now)

    build(release, at=now)

    assert list(release.items.values_list("case_id", flat=True)) == [stays.pk]
    assert str(goes.pk).encode() not in b"".join(files(release).values())


def test_a_case_withdrawn_in_the_middle_of_the_build_leaves_nothing_behind(
    labelled_case: Labelled, frozen: Make, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "PORTION", 1)
    first, second = labelled_case(), labelled_case()
    release = frozen()
    building.build_next(at=now)
    goes = release.items.get(copied_at__isnull=False).case
    (image,) = images_of(goes)
    assert f"dataset/images/{image.pk}.png" in files(release)

    withdraw(goes, at=now)
    erasing.erase(reference=goes.contribution.reference, at=now)

    assert files(release) == {}
    build(release, at=now)
    assert {item.case for item in release.items.all()} == {first, second} - {goes}
    assert len([path for path in files(release) if path.startswith("dataset/")]) == 1


def test_tables_that_a_killed_worker_wrote_go_with_the_case_that_is_withdrawn(
    labelled_case: Labelled, frozen: Make, now: datetime
) -> None:
    stays, goes = labelled_case(), labelled_case()
    release = frozen()
    with pytest.MonkeyPatch.context() as patch:
        die_after(patch, 4)
        with pytest.raises(Killed):
            building.build_next(at=now)
    assert str(goes.pk).encode() in files(release)["scin_labels.csv"]

    withdraw(goes, at=now)
    erasing.erase(reference=goes.contribution.reference, at=now)

    assert [f"dataset/images/{image.pk}.png" for image in images_of(stays)] == list(files(release))


def test_a_worker_that_has_lost_its_lease_to_a_withdrawal_takes_its_last_object_back(
    labelled_case: Labelled, frozen: Make, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = labelled_case()
    release = frozen()
    really = storage.put

    def put_while_the_contributor_withdraws(*args: Any, **kwargs: Any) -> str:
        withdraw(case, at=now)
        erasing.erase(reference=case.contribution.reference, at=now)
        return really(*args, **kwargs)

    monkeypatch.setattr(storage, "put", put_while_the_contributor_withdraws)
    building.build_next(at=now)

    assert files(release) == {}


def test_a_case_withdrawn_between_the_images_and_the_tables_makes_the_build_start_again(
    labelled_case: Labelled, frozen: Make, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = labelled_case(), labelled_case()
    release = frozen()
    really = storage.put

    def put_while_the_other_withdraws(*args: Any, **kwargs: Any) -> str:
        monkeypatch.setattr(storage, "put", really)
        withdraw(second, at=now)
        return really(*args, **kwargs)

    monkeypatch.setattr(storage, "put", put_while_the_other_withdraws)
    building.build_next(at=now)
    release.refresh_from_db()
    assert (release.status, release.problem) == ("FROZEN", "A case was withdrawn while the tables were written.")

    build(release, at=now + timedelta(minutes=1))
    assert [item.case for item in release.items.all()] == [first]
    assert str(second.pk).encode() not in b"".join(files(release).values())


def test_images_that_have_gone_since_they_were_copied_are_noticed_and_copied_again_on_request(
    labelled_case: Labelled, frozen: Make, manager: User, now: datetime
) -> None:
    labelled_case()
    release = frozen()
    release.items.update(copied_at=now)

    for minutes in range(10):
        building.build_next(at=now + timedelta(minutes=minutes))
    release.refresh_from_db()
    assert release.problem.startswith("Copied files have gone from the storage (1), such as dataset/images/")

    later = now + timedelta(minutes=10)
    drafting.try_again(release=release, manager=manager, at=later)
    build(release, at=later)


def test_a_release_all_of_whose_cases_were_withdrawn_says_so(
    labelled_case: Labelled, frozen: Make, now: datetime
) -> None:
    case = labelled_case()
    release = frozen()
    withdraw(case, at=now)

    building.build_next(at=now)

    release.refresh_from_db()
    assert release.problem == "Every case of this release has been withdrawn. Abandon it."


def test_a_release_abandoned_while_it_is_built_stays_abandoned(
    labelled_case: Labelled, frozen: Make, manager: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    labelled_case()
    release = frozen()
    really = storage.put

    def put_while_somebody_abandons(*args: Any, **kwargs: Any) -> str:
        monkeypatch.setattr(storage, "put", really)
        drafting.abandon(release=Release.objects.get(pk=release.pk), manager=manager, at=now)
        return really(*args, **kwargs)

    monkeypatch.setattr(storage, "put", put_while_somebody_abandons)
    while building.build_next(at=now):
        pass

    release.refresh_from_db()
    assert (release.status, files(release)) == ("ABANDONED", {})


def test_a_file_that_an_earlier_attempt_left_is_removed_and_one_it_left_altered_is_replaced(
    labelled_case: Labelled, frozen: Make, now: datetime
) -> None:
    labelled_case()
    release = frozen()
    for name in ("scin_cases.csv", "dataset/images/1.png"):
        storage.put(Place.RELEASES, storing.key_of(release, name), b"old", content_type="text/csv")

    build(release, at=now)

    found = files(release)
    assert "dataset/images/1.png" not in found
    assert found["scin_cases.csv"].startswith(b"case_id,source,release")


def test_a_fourth_reading_is_refused_and_not_dropped(labelled_case: Labelled, frozen: Make, now: datetime) -> None:
    case = labelled_case(readings=([("Eczema", 4)],) * 4)
    release = frozen()

    building.build_next(at=now)

    release.refresh_from_db()
    assert release.problem == f"case {case.pk}: the table holds 3 readings"

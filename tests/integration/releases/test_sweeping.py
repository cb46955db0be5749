"""What a killed worker left of a release that nobody publishes does not stay."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from audit.models import AuditEvent
from config.pipeline import beat_schedule
from core import storage
from core.models import User
from core.storage import Place
from privacy.models import Case
from releases.actions import building, drafting, storing
from releases.models import Release
from releases.tasks import sweep_storage
from tests.integration.releases.conftest import files, replace

pytestmark = pytest.mark.django_db
Make = Callable[..., Release]
Labelled = Callable[..., Case]


class Killed(BaseException):
    """What kill -9 looks like from inside."""


def test_what_a_worker_stored_that_was_killed_after_its_release_was_abandoned_and_cleared_is_deleted(
    labelled_case: Labelled, frozen: Make, manager: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    labelled_case()
    release = frozen()
    really = storage.put

    def put_and_die(*args: Any, **kwargs: Any) -> None:
        drafting.abandon(release=Release.objects.get(pk=release.pk), manager=manager, at=now)
        while building.build_next(at=now):
            pass
        really(*args, **kwargs)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(storage, "put", put_and_die)
        with pytest.raises(Killed):
            building.build_next(at=now)
    assert len(files(release)) == 1
    assert not building.build_next(at=now), "no worker looks at it any more"

    sweep_storage()

    assert files(release) == {}
    line = AuditEvent.objects.get(action="orphans-swept")
    assert (line.actor, line.subject, line.detail) == ("worker", "Release 1.0.0", {"objects": 1})


def test_objects_of_a_version_that_no_release_has_are_deleted_and_those_of_all_others_stay(
    labelled_case: Labelled, published: Make, built: Make, frozen: Make, now: datetime
) -> None:
    labelled_case()
    kept = [published("1.0.0"), published("1.1.0"), built("1.2.0"), frozen("1.3.0")]
    building.build_next(at=now)
    before = [files(release) for release in kept]
    unknown = Release(version="1.10.0")
    replace(unknown, "README.md", b"hello")

    sweep_storage()

    assert files(unknown) == {}
    assert all(before)
    assert [files(release) for release in kept] == before


def test_a_sweep_without_the_storage_is_left_to_the_next_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    def keys(place: Place, prefix: str) -> Any:
        raise storage.Unavailable(prefix)

    monkeypatch.setattr(storage, "keys", keys)

    sweep_storage()


def test_beat_sweeps_every_hour() -> None:
    assert beat_schedule()["releases.tasks.sweep_storage"]["schedule"].total_seconds() == 3600


def test_what_lies_elsewhere_in_the_bucket_is_not_a_release() -> None:
    key = storing.ROOT.removesuffix("/") + "-of-others/README.md"
    storage.put(Place.RELEASES, key, b"hello", content_type="text/plain")

    sweep_storage()

    assert storage.get(Place.RELEASES, key) == b"hello"

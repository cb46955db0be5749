"""Nothing is published that a second person has not approved, byte for byte as it was built."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from audit.models import AuditEvent
from core import storage
from core.models import User
from core.storage import Place
from privacy.models import Case
from privacy.queries import images_of
from releases.actions import building, drafting, publishing, storing, verifying
from releases.models import Release
from tests.factories.cases import withdraw
from tests.integration.releases.conftest import build, build_only, files, replace

pytestmark = pytest.mark.django_db
Make = Callable[..., Release]
Labelled = Callable[..., Case]


def test_the_builder_is_refused_by_the_code(labelled_case: Labelled, built: Make, manager: User, now: datetime) -> None:
    labelled_case()
    release = built()

    with pytest.raises(publishing.ByItsBuilder):
        publishing.approve(release=release, approver=manager, at=now)


def test_the_builder_is_refused_by_the_database(
    labelled_case: Labelled, built: Make, manager: User, now: datetime
) -> None:
    labelled_case()
    release = built()

    with pytest.raises(IntegrityError, match="approver_is_not_the_builder"), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(status="APPROVED", approved_by=manager, approved_at=now)


def test_the_database_has_one_published_release_at_a_time(
    labelled_case: Labelled, published: Make, built: Make, approver: User, now: datetime
) -> None:
    labelled_case()
    published("1.0.0")
    second = built("1.1.0")

    with pytest.raises(IntegrityError, match="one_published_release"), transaction.atomic():
        Release.objects.filter(pk=second.pk).update(status="PUBLISHED", approved_by=approver, approved_at=now)


WRONG = [
    ("README.md", b"", "README.md is missing"),
    ("SHA256SUMS.txt", b"", "SHA256SUMS.txt is missing or altered"),
    ("SHA256SUMS.txt", b"0  README.md\n", "SHA256SUMS.txt is missing or altered"),
    ("notes.txt", b"hello", "notes.txt does not belong to the release"),
]


@pytest.mark.parametrize(
    ("path", "data", "fault"), [*WRONG, ("scin_cases.csv", b"case_id\n", "scin_cases.csv is altered")]
)
def test_a_release_that_is_not_as_it_was_built_fails_its_verification_and_is_not_approved(
    labelled_case: Labelled, frozen: Make, approver: User, now: datetime, path: str, data: bytes, fault: str
) -> None:
    labelled_case()
    release = frozen()
    build_only(release, at=now)
    replace(release, path, data)
    building.build_next(at=now)
    release.refresh_from_db()
    assert (release.verified_at, release.report["verification"]["faults"]) == (now, [fault])

    with pytest.raises(publishing.NotAsBuilt) as refused:
        publishing.approve(release=release, approver=approver, at=now)

    assert refused.value.verification.faults == (fault,)
    release.refresh_from_db()
    assert release.status == "BUILT"
    assert not building.build_next(at=now), "a release with faults is abandoned, not read once more"


@pytest.mark.parametrize(
    ("path", "data", "fault"), [*WRONG, ("scin_cases.csv", b"case_id\n", r"the files have \d+ bytes, and \d+ when")]
)
def test_a_file_that_comes_or_goes_between_verification_and_approval_stops_the_approval(
    labelled_case: Labelled, built: Make, approver: User, now: datetime, path: str, data: bytes, fault: str
) -> None:
    labelled_case()
    release = built()
    replace(release, path, data)

    with pytest.raises(publishing.NotAsBuilt, match=fault):
        publishing.approve(release=release, approver=approver, at=now)

    release.refresh_from_db()
    assert release.status == "BUILT"


def test_a_release_is_not_approved_before_it_is_verified_and_nothing_is_read_when_it_is_approved(
    labelled_case: Labelled, frozen: Make, approver: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    labelled_case()
    release = frozen()
    build_only(release, at=now)
    with pytest.raises(publishing.NotVerified):
        publishing.approve(release=release, approver=approver, at=now)

    build(release, at=now)
    read, really = [], storage.stream

    def stream(place: Place, key: str) -> Iterator[bytes]:
        read.append(key)
        return really(place, key)

    monkeypatch.setattr(storage, "stream", stream)
    publishing.approve(release=release, approver=approver, at=now)
    assert read == [storing.key_of(release, "SHA256SUMS.txt")]


def test_a_verification_of_other_checksums_does_not_count(
    labelled_case: Labelled, built: Make, approver: User, now: datetime
) -> None:
    labelled_case()
    release = built()
    release.report["verification"]["manifest_sha256"] = "0" * 64
    release.save()

    with pytest.raises(publishing.NotAsBuilt):
        publishing.approve(release=release, approver=approver, at=now)


def test_one_altered_pixel_is_found(labelled_case: Labelled, frozen: Make, approver: User, now: datetime) -> None:
    (image,) = images_of(labelled_case())
    release = frozen()
    build_only(release, at=now)
    path = f"dataset/images/{image.pk}.png"
    data = bytearray(files(release)[path])
    data[-20] ^= 1
    replace(release, path, bytes(data))

    building.build_next(at=now)

    release.refresh_from_db()
    assert verifying.noted(release).faults == (f"{path} is altered",)
    with pytest.raises(publishing.NotAsBuilt, match="is altered"):
        publishing.approve(release=release, approver=approver, at=now)


def test_what_was_verified_is_counted(labelled_case: Labelled, built: Make, approver: User, now: datetime) -> None:
    labelled_case()
    release = built()
    listed = [data for path, data in files(release).items() if path != "SHA256SUMS.txt"]
    counts = {"objects": len(listed), "bytes": sum(map(len, listed))}

    publishing.approve(release=release, approver=approver, at=now)

    assert release.report["verification"].items() >= counts.items()
    assert AuditEvent.objects.get(action="release-verified").detail == counts | {"faults": 0}
    assert AuditEvent.objects.get(action="release-approved").detail == counts


def test_a_release_with_a_withdrawn_case_is_neither_approved_nor_published(
    labelled_case: Labelled, built: Make, manager: User, approver: User, now: datetime
) -> None:
    first, second = labelled_case(), labelled_case()
    release = built()
    withdraw(first, at=now)
    with pytest.raises(publishing.HasWithdrawnCases):
        publishing.approve(release=release, approver=approver, at=now)

    other = built("1.1.0")
    publishing.approve(release=other, approver=approver, at=now)
    withdraw(second, at=now)
    with pytest.raises(publishing.HasWithdrawnCases):
        publishing.publish(release=other, manager=manager, at=now)


def test_a_release_is_not_published_after_one_that_it_does_not_know_of(
    labelled_case: Labelled, built: Make, manager: User, approver: User, now: datetime
) -> None:
    labelled_case()
    first, second = built("1.0.0"), built("1.1.0")
    for release in (first, second):
        publishing.approve(release=release, approver=approver, at=now)
    later = now + timedelta(hours=1)
    publishing.publish(release=second, manager=manager, at=later)

    with pytest.raises(publishing.Overtaken, match=r"1\.1\.0"):
        publishing.publish(release=first, manager=manager, at=later)


def test_a_release_built_before_another_was_published_is_built_anew(
    labelled_case: Labelled, built: Make, frozen: Make, manager: User, approver: User, now: datetime
) -> None:
    labelled_case()
    first, second = built("1.0.0"), built("1.1.0")
    publishing.approve(release=first, approver=approver, at=now)
    later = now + timedelta(hours=1)
    publishing.publish(release=first, manager=manager, at=later)

    with pytest.raises(publishing.Overtaken, match=r"1\.0\.0"):
        publishing.approve(release=second, approver=approver, at=later)

    third = frozen("1.2.0")
    build(third, at=later)
    publishing.approve(release=third, approver=approver, at=later)
    publishing.publish(release=third, manager=manager, at=later)
    assert third.status == "PUBLISHED"


def test_what_is_not_built_is_not_approved_and_what_is_not_approved_is_not_published(
    labelled_case: Labelled, frozen: Make, manager: User, approver: User, now: datetime
) -> None:
    labelled_case()
    release = frozen()

    with pytest.raises(publishing.NoLongerPossible):
        publishing.approve(release=release, approver=approver, at=now)
    build(release, at=now)
    with pytest.raises(publishing.NoLongerPossible):
        publishing.publish(release=release, manager=manager, at=now)


def test_whoever_freezes_a_release_is_its_builder(
    labelled_case: Labelled, manager: User, approver: User, now: datetime
) -> None:
    labelled_case()
    release = drafting.draft(version="1.0.0", k=1, manager=manager, at=now)
    drafting.freeze(release=release, manager=approver, at=now)
    build(release, at=now)

    with pytest.raises(publishing.ByItsBuilder):
        publishing.approve(release=release, approver=approver, at=now)

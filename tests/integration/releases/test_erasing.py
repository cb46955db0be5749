"""A withdrawn contribution leaves what is not published; what is published tells the next release to say so."""

from collections.abc import Callable, Iterable
from datetime import datetime

import pytest

from audit.models import AuditEvent, Erasure
from audit.trail import erasures
from core import storage
from privacy.actions.erasing import erase as erase_case
from privacy.models import Case
from privacy.queries import images_of
from releases.actions import building, erasing, publishing
from releases.models import Release
from releases.queries import progress
from tests.factories.cases import AT_DISTANCE, CLOSE_UP, admitted_case, withdraw
from tests.integration.releases.conftest import files

pytestmark = pytest.mark.django_db
Make = Callable[..., Release]
Labelled = Callable[..., Case]


def forget(case: Case, *, at: datetime) -> int:
    """Withdraw and erase in this room; how many items the receipt counts."""
    if case.contribution.status != "WITHDRAWN":
        withdraw(case, at=at)
    erasing.erase(reference=case.contribution.reference, at=at)
    (receipt,) = erasures(case.contribution.reference)
    assert receipt.place == Erasure.Place.RELEASES
    return receipt.items


def test_a_frozen_release_goes_on_without_the_case(labelled_case: Labelled, frozen: Make, now: datetime) -> None:
    stays, goes = labelled_case(), labelled_case()
    release = frozen()

    assert forget(goes, at=now) == 1

    release.refresh_from_db()
    assert release.status == "FROZEN"
    assert list(release.items.values_list("case_id", flat=True)) == [stays.pk]


@pytest.mark.parametrize("is_approved", [False, True])
def test_a_release_that_is_built_is_abandoned_and_its_objects_are_deleted(
    labelled_case: Labelled, built: Make, approver: object, now: datetime, is_approved: bool
) -> None:
    case, other = labelled_case(), labelled_case()
    release = built()
    if is_approved:
        publishing.approve(release=release, approver=approver, at=now)

    assert forget(case, at=now) == 1

    release.refresh_from_db()
    assert release.status == "ABANDONED"
    building.build_next(at=now)
    assert files(release) == {}
    assert list(release.items.values_list("case_id", flat=True)) == [other.pk]
    line = AuditEvent.objects.get(action="release-abandoned")
    assert (line.actor, line.detail) == ("worker", {"reason": "a case of it was withdrawn"})


def test_a_withdrawal_deletes_what_tells_of_the_case_in_one_call_and_leaves_the_rest_of_a_large_release_to_the_worker(
    labelled_case: Labelled, built: Make, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, *others = [labelled_case(shots=(CLOSE_UP, AT_DISTANCE)) for _ in range(3)]
    release = built()
    calls, really = [], storage.delete_many

    def delete_many(place: storage.Place, keys: Iterable[str]) -> None:
        calls.append(list(keys))
        really(place, calls[-1])

    with monkeypatch.context() as patch:
        patch.setattr(storage, "delete_many", delete_many)
        patch.setattr(storage, "keys", lambda *_: pytest.fail("a large release is listed inside the withdrawal"))
        forget(case, at=now)

    assert len(calls) == 1
    assert set(files(release)) == {f"dataset/images/{image.pk}.png" for other in others for image in images_of(other)}


def test_a_published_release_stays_and_the_next_one_names_the_case_for_deletion(
    labelled_case: Labelled, published: Make, now: datetime
) -> None:
    labelled_case()
    case = labelled_case(age=82, race_ethnicity=["asian"])
    first = published("1.0.0", k=2)
    before = files(first)

    assert forget(case, at=now) == 0

    item = first.items.get(case=case)
    assert (item.mitigations, item.row_sha256) == ([], "")
    assert files(first) == before
    erase_case(reference=case.contribution.reference, at=now)
    for version in ("1.1.0", "1.2.0"):
        later = files(published(version, k=2))
        assert later["withdrawn_cases.csv"] == f"case_id\n{case.pk}\n".encode()
        assert str(case.pk).encode() not in later["scin_cases.csv"] + later["scin_labels.csv"]


def test_a_case_that_was_never_published_is_not_named(labelled_case: Labelled, built: Make, now: datetime) -> None:
    labelled_case()
    forget(labelled_case(), at=now)

    assert files(built())["withdrawn_cases.csv"] == b"case_id\n"


def test_erasing_again_changes_nothing(labelled_case: Labelled, built: Make, now: datetime) -> None:
    case = labelled_case()
    labelled_case()
    built()

    assert forget(case, at=now) == 1
    assert forget(case, at=now) == 1
    assert AuditEvent.objects.filter(action="release-abandoned").count() == 1


def test_a_contribution_in_no_release_gets_its_receipt_too(now: datetime) -> None:
    assert forget(admitted_case(at=now), at=now) == 0


def test_erasing_that_was_cut_off_by_the_storage_is_finished_by_the_next_call(
    labelled_case: Labelled, built: Make, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = labelled_case()
    labelled_case()
    release = built()
    withdraw(case, at=now)

    def delete_many(*args: object, **kwargs: object) -> None:
        raise storage.Unavailable("EndpointConnectionError")

    with monkeypatch.context() as patch:
        patch.setattr(storage, "delete_many", delete_many)
        with pytest.raises(storage.Unavailable):
            erasing.erase(reference=case.contribution.reference, at=now)
    assert erasures(case.contribution.reference) == []
    assert len(files(release)) > 0

    assert forget(case, at=now) == 1
    assert building.build_next(at=now)
    assert files(release) == {}
    assert not building.build_next(at=now)


def test_a_contributor_reads_since_which_release_they_are_part_of_the_data_set(
    labelled_case: Labelled, published: Make, now: datetime
) -> None:
    case = labelled_case()
    reference = str(case.contribution.reference)
    assert [(step.name, step.done_at, step.note) for step in progress(reference)] == [
        ("Part of the data set", None, "")
    ]

    published("1.0.0")
    assert [(step.done_at, step.note) for step in progress(reference)] == [(now, "Release 1.0.0")]

    published("1.1.0")
    assert progress(reference)[0].note == "Release 1.0.0, 1.1.0"

    withdraw(case, at=now)
    assert progress(reference)[0].note == (
        "Published in release 1.0.0, 1.1.0. Copies cannot be called back; later releases go without it."
    )


def test_somebody_who_withdrew_before_any_release_reads_nothing_of_it(labelled_case: Labelled, now: datetime) -> None:
    case = labelled_case()
    withdraw(case, at=now)

    assert progress(str(case.contribution.reference)) == []

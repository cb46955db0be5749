"""Forgetting: nothing of a case but its id is left, whenever it comes."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from audit.models import AuditEvent
from audit.trail import erasures
from core import storage
from core.ids import random_key
from core.states import IllegalMove, move
from core.storage import NotStored, Place, Stored
from privacy import queries
from privacy.actions import checking
from privacy.actions.checking import check_next_image
from privacy.actions.erasing import erase, sweep
from privacy.models import Case, CaseImage, PrivacyCheck
from tests.factories.cases import (
    AT_DISTANCE,
    CLOSE_UP,
    admitted_case,
    case_to_review,
    checking_case,
    picture,
    rejected_case,
    submitted_contribution,
    withdraw,
)

pytestmark = pytest.mark.django_db

ANSWERS = {"age": 33, "sex_at_birth": "FEMALE", "body_parts": ["arm"], "fitzpatrick_skin_type": "FST4"}
IN_EVERY_STATUS = pytest.mark.parametrize("make", [checking_case, case_to_review, admitted_case, rejected_case])


def is_stored(key: str) -> bool:
    try:
        storage.head(Place.CLEAN, key)
    except NotStored:
        return False
    return True


def receipt(reference: UUID) -> list[tuple[str, int]]:
    return [(erasure.place, erasure.items) for erasure in erasures(reference)]


@IN_EVERY_STATUS
def test_nothing_but_the_id_is_left(make: Callable[..., Case], now: datetime) -> None:
    case = make(at=now, **ANSWERS)
    keys = [image.key for image in case.images.all() if image.key]
    reference = withdraw(case, at=now).reference

    erase(reference=reference, at=now)

    left = Case.objects.get(pk=case.pk)
    assert (left.status, left.age_group, left.sex_at_birth, left.body_parts) == ("ERASED", "AGE_UNKNOWN", "", [])
    assert (left.fitzpatrick_skin_type, left.decided_at, left.decided_by, left.rejection_reason) == ("", None, None, "")
    image = left.images.get()
    assert (image.status, image.key, image.sha256, image.pixel_sha256) == ("ERASED", "", "", "")
    assert (image.width, image.size, image.sharpness, image.metadata_found) == (0, 0, None, {})
    assert (image.due_at, image.leased_until) == (None, None)
    assert not PrivacyCheck.objects.exists()
    assert not any(is_stored(key) for key in keys)
    assert receipt(reference) == [("CASE", 2)]
    assert AuditEvent.objects.filter(action="case-erased", subject=f"Case {case.pk}").count() == 1


def test_every_column_of_an_erased_case_and_image_is_decided_on(now: datetime) -> None:
    """A column that is added later must be cleared, or be named here as one that says nothing of anybody."""
    case = admitted_case(at=now, race_ethnicity=["asian"], textures=["flat"], condition_symptoms=["pain"], **ANSWERS)
    CaseImage.objects.update(truncated=True, problem="x", metadata_found={"EXIF Make": 1})
    erase(reference=withdraw(case, at=now).reference, at=now)
    kept_of_case = {"case_id", "contribution", "status", "opened_at", "age_group"}
    kept_of_image = {"image_id", "case", "source", "shot_type", "status", "attempts"}

    for row, kept in ((Case.objects.get(), kept_of_case), (CaseImage.objects.get(), kept_of_image)):
        held = {field.name: getattr(row, field.attname) for field in row._meta.concrete_fields}
        assert not [name for name, value in held.items() if value and name not in kept]


def test_other_cases_are_left_alone(now: datetime) -> None:
    other = admitted_case(at=now, **ANSWERS)
    case = admitted_case(at=now)

    erase(reference=withdraw(case, at=now).reference, at=now)

    other.refresh_from_db()
    assert (other.status, other.sex_at_birth) == ("ADMITTED", "FEMALE")
    assert is_stored(other.images.get().key)
    assert PrivacyCheck.objects.count() == 4


def test_erasing_twice_changes_nothing_and_the_first_receipt_counts(now: datetime) -> None:
    case = admitted_case(at=now)
    reference = withdraw(case, at=now).reference
    erase(reference=reference, at=now)

    erase(reference=reference, at=now + timedelta(hours=1))

    (first,) = erasures(reference)
    assert first.at == now
    assert AuditEvent.objects.filter(action="case-erased").count() == 1


def test_where_there_was_no_case_the_receipt_says_so_and_none_is_made_afterwards(now: datetime) -> None:
    contribution = submitted_contribution(at=now)
    withdraw(contribution, at=now)

    erase(reference=contribution.reference, at=now)

    assert receipt(contribution.reference) == [("CASE", 0)]
    with pytest.raises(checking.NotSubmitted):
        checking.open_case(contribution=contribution, at=now)


def test_a_storage_that_is_away_leaves_no_receipt_and_the_next_call_finishes(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = admitted_case(at=now, shots=(CLOSE_UP, AT_DISTANCE))
    keys = [image.key for image in case.images.all()]
    reference = withdraw(case, at=now).reference
    delete, calls = storage.delete, []

    def away_for_the_second(place: Place, key: str) -> None:
        calls.append(key)
        if len(calls) == 2:
            raise storage.Unavailable
        delete(place, key)

    with monkeypatch.context() as patched, pytest.raises(storage.Unavailable):
        patched.setattr(storage, "delete", away_for_the_second)
        erase(reference=reference, at=now)
    assert receipt(reference) == []
    assert [is_stored(key) for key in keys].count(True) == 1
    assert Case.objects.get().status == "ERASED"  # the rows are cleared at once

    erase(reference=reference, at=now)

    assert not any(is_stored(key) for key in keys)
    assert receipt(reference) == [("CASE", 3)]


@pytest.mark.parametrize("moment", ["while decoding", "before the object", "after the object"])
def test_a_worker_in_the_middle_of_an_image_leaves_nothing(
    now: datetime, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = checking_case(at=now)
    reference = case.contribution.reference
    put, clean, keys = storage.put, checking.sandbox.clean, []

    def erase_now() -> None:
        withdraw(case, at=now)
        erase(reference=reference, at=now)

    def decode(data: bytes) -> object:
        if moment == "while decoding":
            erase_now()
        return clean(data)

    def store(place: Place, key: str, *args: object, **options: object) -> str:
        keys.append(key)
        if moment == "before the object":
            erase_now()
        digest = put(place, key, *args, **options)  # type: ignore[arg-type]
        if moment == "after the object":
            erase_now()
        return digest

    monkeypatch.setattr(checking.sandbox, "clean", decode)
    monkeypatch.setattr(storage, "put", store)

    check_next_image(at=now)

    image = case.images.get()
    assert (image.status, image.key, image.pixel_sha256) == ("ERASED", "", "")
    assert not PrivacyCheck.objects.exists()
    assert not any(is_stored(key) for key in keys)
    assert len(keys) == (0 if moment == "while decoding" else 1)
    assert Case.objects.get().status == "ERASED"
    assert receipt(reference) == [("CASE", 2)]


def test_the_object_of_a_worker_that_died_after_the_erasure_is_swept_up(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    orphan, wanted = random_key(), admitted_case(at=now).images.get().key
    storage.put(Place.CLEAN, orphan, picture(), content_type="image/png")
    only_mine(monkeypatch, {orphan, wanted})

    assert sweep(at=now) == 1

    assert not is_stored(orphan)
    assert is_stored(wanted)
    assert AuditEvent.objects.get(action="orphans-swept").detail == {"objects": 1}


def test_an_object_that_is_just_being_stored_is_not_swept(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    checking_case(at=now)
    put, swept = storage.put, []

    def put_and_sweep(place: Place, key: str, *args: object, **options: object) -> str:
        digest = put(place, key, *args, **options)  # type: ignore[arg-type]
        with monkeypatch.context() as patched:
            only_mine(patched, {key})
            swept.append(sweep(at=now))
        return digest

    monkeypatch.setattr(storage, "put", put_and_sweep)
    check_next_image(at=now)

    assert swept == [0]
    assert is_stored(CaseImage.objects.get().key)


def only_mine(monkeypatch: pytest.MonkeyPatch, mine: set[str]) -> None:
    """The bucket is shared with the tests beside this one."""
    keys = storage.keys

    def own(place: Place, prefix: str = "") -> Iterator[Stored]:
        return (stored for stored in keys(place, prefix) if stored.key in mine)

    monkeypatch.setattr(storage, "keys", own)


def test_a_case_that_is_withdrawn_is_hidden_before_it_is_erased(now: datetime) -> None:
    case = admitted_case(at=now)
    withdraw(case, at=now)

    assert not queries.visible_cases().exists()
    assert queries.withdrawn_case_ids() == [case.pk]


def test_erasing_works_on_a_case_whose_contribution_stands(now: datetime) -> None:
    case = case_to_review(at=now)

    erase(reference=case.contribution.reference, at=now)

    case.refresh_from_db()
    assert case.status == "ERASED"
    assert not queries.visible_cases().exists()
    with pytest.raises(IllegalMove, match="cannot go from ERASED"):
        move(case, Case.Status.ADMITTED)

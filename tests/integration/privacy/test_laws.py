"""What the database refuses, whoever asks, in SQL."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from privacy.models import Case, CaseImage, PrivacyCheck
from tests.factories.cases import (
    AT_DISTANCE,
    CLOSE_UP,
    admitted_case,
    case_to_review,
    checking_case,
    record_check,
    staff,
)

pytestmark = pytest.mark.django_db
ADMITTED_ONLY = "is admitted only with a close-up, and when every image has passed every required check"


def sql(statement: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def admit_by_sql(case: Case, at: datetime) -> None:
    sql(
        "UPDATE privacy_case SET status = 'ADMITTED', decided_at = %s, decided_by_id = %s WHERE case_id = %s",
        at,
        staff().pk,
        case.pk,
    )


def seen_by_a_person(case: Case, at: datetime) -> None:
    for image in case.images.filter(status="CLEAN"):
        record_check(image, kind=PrivacyCheck.Kind.HUMAN_REVIEW, at=at, by_person=staff())


def test_a_case_whose_images_passed_every_check_is_admitted(now: datetime) -> None:
    case = case_to_review(at=now, shots=(CLOSE_UP, AT_DISTANCE))
    seen_by_a_person(case, now)

    admit_by_sql(case, now)

    case.refresh_from_db()
    assert case.status == "ADMITTED"


def test_a_case_that_no_person_has_seen_is_not_admitted(now: datetime) -> None:
    with pytest.raises(IntegrityError, match=ADMITTED_ONLY):
        admit_by_sql(case_to_review(at=now), now)


@pytest.mark.parametrize("kind", PrivacyCheck.REQUIRED)
@pytest.mark.parametrize("shot", [0, 1])
def test_one_missing_check_of_one_image_is_enough_to_refuse(now: datetime, kind: str, shot: int) -> None:
    case = case_to_review(at=now, shots=(CLOSE_UP, AT_DISTANCE))
    seen_by_a_person(case, now)
    image = case.images.order_by("source")[shot]
    sql("DELETE FROM privacy_privacycheck WHERE image_id = %s AND kind = %s", image.pk, kind)

    with pytest.raises(IntegrityError, match=ADMITTED_ONLY):
        admit_by_sql(case, now)


@pytest.mark.parametrize("outcome", [PrivacyCheck.Outcome.FLAGGED, PrivacyCheck.Outcome.FAILED])
def test_the_latest_check_of_a_kind_counts(now: datetime, outcome: PrivacyCheck.Outcome) -> None:
    case = case_to_review(at=now)
    seen_by_a_person(case, now)
    image = case.images.get()
    record_check(image, kind=PrivacyCheck.Kind.EXACT_DUPLICATE, outcome=outcome, at=now)

    with pytest.raises(IntegrityError, match=ADMITTED_ONLY):
        admit_by_sql(case, now)

    record_check(image, kind=PrivacyCheck.Kind.EXACT_DUPLICATE, at=now, by_person=staff())
    admit_by_sql(case, now)


def test_a_check_that_is_recorded_later_counts_even_with_an_earlier_time(now: datetime) -> None:
    case = case_to_review(at=now)
    seen_by_a_person(case, now)
    record_check(
        case.images.get(),
        kind=PrivacyCheck.Kind.EXACT_DUPLICATE,
        outcome=PrivacyCheck.Outcome.FLAGGED,
        at=now - timedelta(hours=1),
    )

    with pytest.raises(IntegrityError, match=ADMITTED_ONLY):
        admit_by_sql(case, now)


def test_a_case_with_an_image_that_is_not_clean_is_not_admitted(now: datetime) -> None:
    case = checking_case(at=now)
    for kind in PrivacyCheck.REQUIRED:
        record_check(case.images.get(), kind=PrivacyCheck.Kind(kind), at=now)

    with pytest.raises(IntegrityError, match=ADMITTED_ONLY):
        admit_by_sql(case, now)


def test_an_image_that_was_left_out_does_not_count_but_the_close_up_must_be_there(now: datetime) -> None:
    case = case_to_review(at=now, shots=(CLOSE_UP, AT_DISTANCE))
    seen_by_a_person(case, now)
    sql("DELETE FROM privacy_privacycheck WHERE image_id = %s", case.images.get(shot_type=AT_DISTANCE).pk)
    case.images.filter(shot_type=AT_DISTANCE).update(status="ERASED")
    admit_by_sql(case, now)

    other = case_to_review(at=now, shots=(CLOSE_UP, AT_DISTANCE))
    seen_by_a_person(other, now)
    other.images.filter(shot_type=CLOSE_UP).update(status="ERASED")
    with pytest.raises(IntegrityError, match=ADMITTED_ONLY):
        admit_by_sql(other, now)


def test_a_case_without_images_is_not_admitted(now: datetime) -> None:
    with pytest.raises(IntegrityError, match=ADMITTED_ONLY):
        admit_by_sql(checking_case(at=now, shots=()), now)


def test_a_case_cannot_be_made_admitted_from_the_start(now: datetime) -> None:
    contribution = checking_case(at=now).contribution
    sql("DELETE FROM privacy_caseimage")
    sql("DELETE FROM privacy_case")

    with pytest.raises(IntegrityError, match=ADMITTED_ONLY), transaction.atomic():
        Case.objects.create(
            contribution=contribution,
            age_group="AGE_UNKNOWN",
            opened_at=now,
            status="ADMITTED",
            decided_at=now,
            decided_by=staff(),
        )


def test_a_check_is_never_changed(now: datetime) -> None:
    case_to_review(at=now)

    with pytest.raises(DatabaseError, match="a check is never changed"):
        sql("UPDATE privacy_privacycheck SET outcome = 'FAILED'")


@pytest.mark.parametrize(
    ("statement", "law"),
    [
        ("UPDATE privacy_case SET decided_at = NULL", "a_decision_has_a_moderator_and_a_time"),
        ("UPDATE privacy_case SET decided_by_id = NULL", "a_decision_has_a_moderator_and_a_time"),
        ("UPDATE privacy_case SET rejection_reason = 'SPAM'", "a_rejection_has_a_reason_and_nothing_else_has"),
        ("UPDATE privacy_case SET status = 'REJECTED'", "a_rejection_has_a_reason_and_nothing_else_has"),
        ("UPDATE privacy_case SET sex_at_birth = 'YES'", "case_sex_at_birth_is_in_the_vocabulary"),
        ("UPDATE privacy_case SET body_parts = '{arm,wing}'", "case_body_parts_are_in_the_vocabulary"),
        ("UPDATE privacy_caseimage SET key = ''", "a_clean_image_has_object_hashes_and_size"),
        ("UPDATE privacy_caseimage SET sha256 = ''", "a_clean_image_has_object_hashes_and_size"),
        ("UPDATE privacy_caseimage SET pixel_sha256 = ''", "a_clean_image_has_object_hashes_and_size"),
        ("UPDATE privacy_caseimage SET width = 0", "a_clean_image_has_object_hashes_and_size"),
        ("UPDATE privacy_caseimage SET due_at = now()", "an_image_is_due_exactly_while_waiting"),
        ("UPDATE privacy_caseimage SET status = 'WAITING'", "an_image_is_due_exactly_while_waiting"),
    ],
)
def test_fields_that_belong_together_are_set_together(now: datetime, statement: str, law: str) -> None:
    admitted_case(at=now)

    with pytest.raises(IntegrityError, match=law):
        sql(statement)


@pytest.mark.parametrize("by", ["nobody", "both"])
def test_a_check_is_by_a_person_or_by_a_program(now: datetime, by: str) -> None:
    image = checking_case(at=now).images.get()
    who = {"by_person": staff(), "by_model": "imaging 1"} if by == "both" else {}

    with pytest.raises(IntegrityError, match="a_check_is_by_a_person_or_by_a_program"), transaction.atomic():
        PrivacyCheck.objects.create(image=image, kind="READ_BACK", outcome="PASSED", at=now, **who)


def test_a_contribution_has_one_case_and_a_shot_one_image(now: datetime) -> None:
    case = checking_case(at=now)
    image = case.images.get()

    with pytest.raises(IntegrityError, match="contribution_id"), transaction.atomic():
        Case.objects.create(contribution=case.contribution, age_group="AGE_UNKNOWN", opened_at=now)
    with pytest.raises(IntegrityError, match=r"source_id|one_case_image_per_shot"), transaction.atomic():
        CaseImage.objects.create(case=case, source=image.source, shot_type=image.shot_type, due_at=now)


def test_two_images_never_share_an_object(now: datetime) -> None:
    first, second = case_to_review(at=now).images.get(), case_to_review(at=now).images.get()

    with pytest.raises(IntegrityError, match="case_image_key_is_unique"):
        sql("UPDATE privacy_caseimage SET key = %s WHERE image_id = %s", first.key, second.pk)

"""A moderator's word: what it needs, what it leaves, and that it is given once."""

import threading
from datetime import datetime

import pytest
from django.db import connection
from pytest_django import DjangoCaptureOnCommitCallbacks

from audit.models import AuditEvent
from core.roles import Role
from privacy import queries
from privacy.actions import admitting
from privacy.actions.admitting import (
    AlreadyDecided,
    HasUncleanImage,
    MayBeADuplicate,
    NoCloseUp,
    admit,
    reject,
)
from privacy.models import Case, PrivacyCheck
from tests.factories.cases import (
    AT_DISTANCE,
    CLOSE_UP,
    admitted_case,
    case_to_review,
    checking_case,
    record_check,
    staff,
    withdraw,
)

pytestmark = pytest.mark.django_db


def make_unclean(case: Case, shot: str, problem: str = "The image is damaged or incomplete.") -> None:
    """The program could not clean this image."""
    image = case.images.get(shot_type=shot)
    image.checks.all().delete()
    case.images.filter(pk=image.pk).update(status="NEEDS_REVIEW", key="", sha256="", problem=problem)


def flag(case: Case, at: datetime) -> None:
    """The program found the same pixels elsewhere."""
    record_check(
        case.images.get(shot_type=CLOSE_UP),
        kind=PrivacyCheck.Kind.EXACT_DUPLICATE,
        outcome=PrivacyCheck.Outcome.FLAGGED,
        evidence={"images": [1]},
        at=at,
    )


def test_an_admitted_case_can_be_seen_by_labelers_and_says_who_admitted_it(
    now: datetime, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    case, moderator = case_to_review(at=now, shots=(CLOSE_UP, AT_DISTANCE)), staff(Role.MODERATOR)

    with django_capture_on_commit_callbacks() as rings:
        admit(case=case, moderator=moderator, at=now)

    admitted = queries.admitted_cases().get()
    assert (admitted, admitted.decided_by, admitted.decided_at) == (case, moderator, now)
    for image in case.images.all():
        review = image.checks.get(kind="HUMAN_REVIEW")
        assert (review.outcome, review.by_person, review.by_model) == ("PASSED", moderator, "")
    event = AuditEvent.objects.get(action="case-admitted")
    assert (event.actor, event.subject) == (moderator.email, f"Case {case.pk}")
    assert event.detail == {"images": 2, "left_out": 0, "flagged_as_duplicate": 0}
    assert len(rings) == 1


def test_a_rejected_case_is_seen_by_nobody_and_says_why(now: datetime) -> None:
    case, moderator = case_to_review(at=now), staff(Role.MODERATOR)

    reject(case=case, moderator=moderator, reason=Case.Reason.IDENTIFYING, at=now)

    case.refresh_from_db()
    assert (case.status, case.rejection_reason, case.decided_by) == ("REJECTED", "IDENTIFYING", moderator)
    assert not queries.admitted_cases().exists()
    review = case.images.get().checks.get(kind="HUMAN_REVIEW")
    assert (review.outcome, review.evidence) == ("FAILED", {"reason": "IDENTIFYING"})
    event = AuditEvent.objects.get(action="case-rejected")
    assert event.detail == {"reason": "IDENTIFYING"}


def test_a_flagged_copy_is_admitted_only_on_the_moderators_word(now: datetime) -> None:
    case, moderator = case_to_review(at=now), staff(Role.MODERATOR)
    flag(case, now)

    with pytest.raises(MayBeADuplicate):
        admit(case=case, moderator=moderator, at=now)
    assert not case.images.get().checks.filter(kind="HUMAN_REVIEW").exists()

    admit(case=case, moderator=moderator, at=now, not_a_duplicate=True)
    latest = case.images.get().checks.filter(kind="EXACT_DUPLICATE").order_by("-pk").first()
    assert (latest.outcome, latest.by_person) == ("PASSED", moderator)


def test_the_word_over_a_copy_is_not_recorded_where_there_was_none(now: datetime) -> None:
    case = case_to_review(at=now)

    admit(case=case, moderator=staff(), at=now, not_a_duplicate=True)

    assert case.images.get().checks.get(kind="EXACT_DUPLICATE").by_person is None


def test_what_could_not_be_cleaned_is_left_out_only_on_the_moderators_word(now: datetime) -> None:
    case, moderator = case_to_review(at=now, shots=(CLOSE_UP, AT_DISTANCE)), staff(Role.MODERATOR)
    make_unclean(case, AT_DISTANCE)

    with pytest.raises(HasUncleanImage):
        admit(case=case, moderator=moderator, at=now)

    admit(case=case, moderator=moderator, at=now, leave_out=True)
    case.refresh_from_db()
    assert case.status == "ADMITTED"
    assert case.images.get(shot_type=AT_DISTANCE).status == "ERASED"
    assert [image.shot_type for image in queries.images_of(case)] == ["CLOSE_UP"]


def test_leaving_out_touches_no_image_that_is_clean(now: datetime) -> None:
    case = case_to_review(at=now, shots=(CLOSE_UP, AT_DISTANCE))

    admit(case=case, moderator=staff(), at=now, leave_out=True)

    assert len(queries.images_of(case)) == 2


def test_without_a_clean_close_up_a_case_can_only_be_rejected(now: datetime) -> None:
    case = case_to_review(at=now, shots=(CLOSE_UP, AT_DISTANCE))
    make_unclean(case, CLOSE_UP)

    with pytest.raises(NoCloseUp):
        admit(case=case, moderator=staff(), at=now, leave_out=True)

    reject(case=case, moderator=staff(), reason=Case.Reason.UNREADABLE, at=now)
    case.refresh_from_db()
    assert case.status == "REJECTED"


@pytest.mark.parametrize("decide", ["admit", "reject"])
def test_what_is_still_checked_or_decided_or_withdrawn_is_not_decided(now: datetime, decide: str) -> None:
    checking, admitted, withdrawn = checking_case(at=now), admitted_case(at=now), case_to_review(at=now)
    withdraw(withdrawn, at=now)
    events = AuditEvent.objects.count()

    for case in (checking, admitted, withdrawn):
        with pytest.raises(AlreadyDecided):
            if decide == "admit":
                admit(case=case, moderator=staff(), at=now)
            else:
                reject(case=case, moderator=staff(), reason=Case.Reason.SPAM, at=now)

    assert AuditEvent.objects.count() == events


def test_a_decision_that_fails_leaves_nothing(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    case = case_to_review(at=now)

    def broken(*args: object, **options: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(admitting, "record", broken)
    with pytest.raises(RuntimeError):
        admit(case=case, moderator=staff(), at=now)

    case.refresh_from_db()
    assert case.status == "NEEDS_REVIEW"
    assert not PrivacyCheck.objects.filter(kind="HUMAN_REVIEW").exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_moderators_at_once_one_decides(now: datetime) -> None:
    case = case_to_review(at=now)
    moderators = [staff(Role.MODERATOR), staff(Role.MODERATOR)]
    start = threading.Barrier(2)
    refused: list[AlreadyDecided] = []

    def work(number: int) -> None:
        start.wait()
        try:
            if number:
                admit(case=case, moderator=moderators[number], at=now)
            else:
                reject(case=case, moderator=moderators[number], reason=Case.Reason.SPAM, at=now)
        except AlreadyDecided as error:
            refused.append(error)
        connection.close()

    workers = [threading.Thread(target=work, args=[number]) for number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(refused) == 1
    assert AuditEvent.objects.filter(action__in=["case-admitted", "case-rejected"]).count() == 1
    assert PrivacyCheck.objects.filter(kind="HUMAN_REVIEW").count() == 1

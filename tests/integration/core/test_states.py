"""A move is one compare-and-set."""

from datetime import datetime

import pytest

from core.states import IllegalMove, Stale, move
from privacy.models import Case
from tests.factories.cases import case_to_review, staff

pytestmark = pytest.mark.django_db


def test_a_move_changes_the_row_and_the_object_together(now: datetime) -> None:
    case, moderator = case_to_review(at=now), staff()

    move(case, Case.Status.REJECTED, decided_at=now, decided_by=moderator, rejection_reason=Case.Reason.SPAM)

    assert (case.status, case.rejection_reason) == ("REJECTED", "SPAM")
    case.refresh_from_db()
    assert (case.status, case.rejection_reason, case.decided_by) == ("REJECTED", "SPAM", moderator)


def test_a_move_that_moves_do_not_have_is_refused(now: datetime) -> None:
    case = case_to_review(at=now)

    with pytest.raises(IllegalMove, match="from NEEDS_REVIEW to CHECKING"):
        move(case, Case.Status.CHECKING)

    case.refresh_from_db()
    assert case.status == "NEEDS_REVIEW"


def test_the_slower_of_two_moves_is_stale_and_changes_nothing(now: datetime) -> None:
    fast = case_to_review(at=now)
    slow = Case.objects.get(pk=fast.pk)
    move(fast, Case.Status.REJECTED, decided_at=now, decided_by=staff(), rejection_reason=Case.Reason.SPAM)

    with pytest.raises(Stale):
        move(slow, Case.Status.REJECTED, decided_at=now, decided_by=staff(), rejection_reason=Case.Reason.TOO_POOR)

    slow.refresh_from_db()
    assert slow.rejection_reason == "SPAM"

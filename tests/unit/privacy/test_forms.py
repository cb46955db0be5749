"""A decision is explicit: nothing is chosen beforehand, and nothing is left open."""

import pytest

from privacy.forms import ReviewForm
from privacy.models import Case


def errors(form: ReviewForm) -> set[str]:
    return set(form.errors)


def test_nothing_is_chosen_beforehand() -> None:
    html = str(ReviewForm(flagged=True, unclean=True))

    assert "checked" not in html
    assert html.count('type="radio"') == 2 + len(Case.Reason)


def test_a_decision_is_needed() -> None:
    assert errors(ReviewForm({})) == {"decision"}


def test_to_admit_needs_nothing_else() -> None:
    assert ReviewForm({"decision": "admit"}).is_valid()


def test_to_reject_needs_a_reason() -> None:
    assert errors(ReviewForm({"decision": "reject"})) == {"reason"}
    assert ReviewForm({"decision": "reject", "reason": "SPAM"}).is_valid()


def test_a_reason_of_our_own_making_is_refused() -> None:
    assert errors(ReviewForm({"decision": "reject", "reason": "BORING"})) == {"reason"}


def test_to_admit_with_a_reason_for_rejecting_is_a_slip() -> None:
    assert errors(ReviewForm({"decision": "admit", "reason": "SPAM"})) == {"reason"}


@pytest.mark.parametrize(("situation", "field"), [("flagged", "not_a_duplicate"), ("unclean", "leave_out")])
def test_what_is_open_must_be_answered_before_admitting(situation: str, field: str) -> None:
    assert errors(ReviewForm({"decision": "admit"}, **{situation: True})) == {field}
    assert ReviewForm({"decision": "admit", field: "on"}, **{situation: True}).is_valid()
    assert ReviewForm({"decision": "reject", "reason": "SPAM"}, **{situation: True}).is_valid()


def test_without_a_close_up_there_is_nothing_to_admit() -> None:
    form = ReviewForm({"decision": "admit", "leave_out": "on"}, unclean=True, no_close_up=True)

    assert errors(form) == {"decision"}
    assert "leave_out" not in form.fields

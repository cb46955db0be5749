"""The weighted differential: worked examples, and what holds whatever labelers say."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeling.differential import Entry, weigh

NAMES = st.sampled_from(["Eczema", "Psoriasis", "Tinea", "Acne", "Herpes Zoster", "Wells' syndrome", 'The "other" one'])
DIFFERENTIALS = st.lists(st.tuples(NAMES, st.integers(1, 5)), max_size=5, unique_by=lambda entry: entry[0])
LABELERS = st.lists(DIFFERENTIALS, max_size=4)
RULES = st.sampled_from(["mean", "dense"])


def one_labeler(*confidences: int) -> list[list[Entry]]:
    return [[(f"condition {n}", confidence) for n, confidence in enumerate(confidences, start=1)]]


@pytest.mark.parametrize(
    ("confidences", "weights"),
    [
        ([4, 4, 3], [0.41, 0.41, 0.18]),
        ([2, 1, 1], [0.55, 0.23, 0.23]),
        ([5, 4, 3], [0.55, 0.27, 0.18]),
        ([3], [1.0]),
        ([3, 3], [0.5, 0.5]),
        ([1, 1, 1, 1, 1], [0.2] * 5),
        ([5, 4, 3, 2, 1], [0.44, 0.22, 0.15, 0.11, 0.09]),
        ([5, 5, 1, 1], [0.36, 0.36, 0.14, 0.14]),
    ],
)
def test_tied_entries_share_the_mean_of_the_weights_of_their_ranks(
    confidences: list[int], weights: list[float]
) -> None:
    assert list(weigh(one_labeler(*confidences)).values()) == weights


@pytest.mark.parametrize(
    ("confidences", "weights"),
    [
        ([4, 4, 3], [1 / 2.5, 1 / 2.5, 0.5 / 2.5]),
        ([5, 3, 3], [0.5, 0.25, 0.25]),
        ([2, 2], [0.5, 0.5]),
    ],
)
def test_dense_ties_weigh_the_inverse_of_the_number_of_their_block(
    confidences: list[int], weights: list[float]
) -> None:
    assert list(weigh(one_labeler(*confidences), ties="dense", digits=None).values()) == pytest.approx(weights)


def test_a_half_is_rounded_as_scins_data_and_not_its_text() -> None:
    """SCIN's text rounds 3/26 = 0.11538… to 0.11."""
    labelers = [[("A", 5), ("B", 4), ("C", 3)], [("A", 5), ("D", 4)], [("A", 5)]]
    assert weigh(labelers)["B"] == weigh(labelers)["D"] == 0.12
    assert weigh(labelers, digits=None)["B"] == pytest.approx(3 / 26)


def test_a_labeler_who_names_more_conditions_counts_for_more() -> None:
    weights = weigh([[("A", 5), ("B", 4)], [("C", 5)]], digits=None)
    assert weights == pytest.approx({"A": 0.4, "B": 0.2, "C": 0.4})


def test_keys_stand_in_order_of_first_appearance_and_not_of_weight() -> None:
    labelers = [[("low", 1), ("high", 5), ("also low", 1)], [("new", 2), ("low", 5), ("newer", 5)]]
    assert list(weigh(labelers)) == ["high", "low", "also low", "newer", "new"]


def test_nobody_naming_a_condition_is_an_empty_differential() -> None:
    assert weigh([]) == weigh([[], []]) == {}


def test_an_order_without_a_scale_can_be_weighed_densely() -> None:
    wide = weigh([[("A", 1000.5), ("B", 7), ("C", 0), ("D", 0)]], ties="dense", digits=None)
    assert wide == weigh([[("A", 3), ("B", 2), ("C", 1), ("D", 1)]], ties="dense", digits=None)


@pytest.mark.parametrize("confidence", [0, 6, -1, 2.0, 2.5, math.nan, True, "4", None])
def test_scins_rule_takes_confidences_from_1_to_5_alone(confidence: object) -> None:
    with pytest.raises(ValueError, match="labeler 2: the confidence of 'Eczema' is an integer from 1 to 5, not"):
        weigh([[("Eczema", 4)], [("Eczema", confidence)]])  # type: ignore[list-item]


@pytest.mark.parametrize("confidence", [-1, -0.5, math.nan, math.inf, True, False, "4", None, [4]])
def test_the_dense_rule_takes_no_confidence_that_is_not_a_number_from_0_up(confidence: object) -> None:
    with pytest.raises(ValueError, match="labeler 1: the confidence of 'Eczema' is a number from 0 up, not"):
        weigh([[("Eczema", confidence)]], ties="dense")  # type: ignore[list-item]


@pytest.mark.parametrize("name", ["", " ", None, 7, ["Eczema"]])
def test_a_condition_needs_a_name(name: object) -> None:
    with pytest.raises(ValueError, match="a condition is a name"):
        weigh([[(name, 4)]])  # type: ignore[list-item]


def test_a_labeler_names_a_condition_once_and_two_labelers_may_agree() -> None:
    with pytest.raises(ValueError, match="labeler 1: 'Eczema' is named twice"):
        weigh([[("Eczema", 4), ("Eczema", 3)]])
    assert weigh([[("Eczema", 4)], [("Eczema", 3)]]) == {"Eczema": 1.0}


def test_another_rule_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="ties must be one of mean, dense, not 'average'"):
        weigh([], ties="average")  # type: ignore[arg-type]


@given(LABELERS, RULES)
def test_unrounded_weights_are_shares_of_one(labelers: list[list[Entry]], ties: str) -> None:
    weights = weigh(labelers, ties=ties, digits=None)  # type: ignore[arg-type]
    assert set(weights) == {name for entries in labelers for name, _ in entries}
    assert all(0 < weight <= 1 for weight in weights.values())
    assert not weights or math.isclose(sum(weights.values()), 1)


@given(LABELERS, RULES)
def test_rounding_moves_no_weight_by_more_than_half_a_hundredth(labelers: list[list[Entry]], ties: str) -> None:
    exact = weigh(labelers, ties=ties, digits=None)  # type: ignore[arg-type]
    rounded = weigh(labelers, ties=ties)  # type: ignore[arg-type]
    assert list(rounded) == list(exact)
    assert all(math.isclose(rounded[name], exact[name], abs_tol=0.005 + 1e-9) for name in exact)


@given(DIFFERENTIALS, RULES)
def test_one_labelers_weights_fall_with_the_confidence_and_tie_with_it(entries: list[Entry], ties: str) -> None:
    weights = weigh([entries], ties=ties, digits=None)  # type: ignore[arg-type]
    confidences = dict(entries)
    for a in weights:
        for b in weights:
            assert (weights[a] > weights[b]) == (confidences[a] > confidences[b])
            assert (weights[a] == weights[b]) == (confidences[a] == confidences[b])


@given(DIFFERENTIALS.flatmap(lambda entries: st.tuples(st.just(entries), st.permutations(entries))), RULES)
def test_the_order_entered_changes_no_weight(both: tuple[list[Entry], list[Entry]], ties: str) -> None:
    entries, shuffled = both
    assert weigh([entries], ties=ties, digits=None) == weigh([shuffled], ties=ties, digits=None)  # type: ignore[arg-type]


@given(LABELERS.flatmap(lambda labelers: st.tuples(st.just(labelers), st.permutations(labelers))), RULES)
def test_the_order_of_the_labelers_changes_no_weight(
    both: tuple[list[list[Entry]], list[list[Entry]]], ties: str
) -> None:
    labelers, shuffled = both
    assert weigh(shuffled, ties=ties, digits=None) == pytest.approx(weigh(labelers, ties=ties, digits=None))  # type: ignore[arg-type]


@given(LABELERS)
def test_the_two_rules_agree_where_nothing_is_tied(labelers: list[list[Entry]]) -> None:
    untied = [[(name, 5 - n) for n, (name, _) in enumerate(entries)] for entries in labelers]
    assert weigh(untied, ties="mean") == weigh(untied, ties="dense")


@given(DIFFERENTIALS)
def test_one_labelers_keys_are_a_stable_sort_by_falling_confidence(entries: list[Entry]) -> None:
    expected = [name for level in (5, 4, 3, 2, 1) for name, confidence in entries if confidence == level]
    assert list(weigh([entries])) == expected

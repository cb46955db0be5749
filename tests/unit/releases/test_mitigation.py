"""Nobody rare can be recognised by what a release tells, and nobody else loses an answer."""

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.vocabulary import AgeGroup, RaceEthnicity, ReleasedSex
from releases.mitigation import Hideable, Mitigated, k_anonymity, mitigate, quasi_identifiers
from releases.rows import CaseRow
from tests.unit.releases.examples import case_row

ASIAN, WHITE, BLACK = (
    frozenset({RaceEthnicity.ASIAN}),
    frozenset({RaceEthnicity.WHITE}),
    frozenset({RaceEthnicity.BLACK_OR_AFRICAN_AMERICAN}),
)
NONE_GIVEN: frozenset[RaceEthnicity] = frozenset()
YOUNG, OLD, UNKNOWN = AgeGroup.AGE_18_TO_29, AgeGroup.AGE_80_OR_ABOVE, AgeGroup.AGE_UNKNOWN
FEMALE, MALE, OTHER = ReleasedSex.FEMALE, ReleasedSex.MALE, ReleasedSex.OTHER_OR_UNSPECIFIED

Class = tuple[AgeGroup, ReleasedSex, frozenset[RaceEthnicity]]


def people(*classes: tuple[int, Class]) -> list[CaseRow]:
    """A study with so many people of each class; ids 1, 2, 3 … in order."""
    told = [told for number, told in classes for _ in range(number)]
    return [
        case_row(case_id, age_group=age, sex_at_birth=sex, race_ethnicity=race)
        for case_id, (age, sex, race) in enumerate(told, start=1)
    ]


def classes(mitigated: Mitigated) -> dict[tuple[str, str, str], int]:
    return dict(Counter(map(quasi_identifiers, mitigated.rows)))


def test_a_class_of_k_keeps_everything_and_a_class_below_k_loses_its_age_first() -> None:
    mitigated = mitigate(people((10, (YOUNG, FEMALE, WHITE)), (9, (OLD, FEMALE, WHITE)), (1, (UNKNOWN, FEMALE, WHITE))))
    assert classes(mitigated) == {
        ("AGE_18_TO_29", "FEMALE", "WHITE"): 10,
        ("AGE_UNKNOWN", "FEMALE", "WHITE"): 10,
    }
    assert mitigated.hidden == dict.fromkeys(range(11, 20), (Hideable.AGE_GROUP,))


def test_a_class_that_is_still_small_without_its_age_loses_its_sex() -> None:
    mitigated = mitigate(people((6, (YOUNG, FEMALE, ASIAN)), (5, (OLD, MALE, ASIAN))))
    assert classes(mitigated) == {("AGE_UNKNOWN", "OTHER_OR_UNSPECIFIED", "ASIAN"): 11}
    assert set(mitigated.hidden.values()) == {(Hideable.AGE_GROUP, Hideable.SEX_AT_BIRTH)}


def test_a_combination_that_is_still_small_is_hidden_last_with_all_its_flags() -> None:
    mitigated = mitigate(people((3, (YOUNG, FEMALE, ASIAN | WHITE)), (2, (YOUNG, MALE, BLACK | WHITE))))
    assert classes(mitigated) == {("AGE_UNKNOWN", "OTHER_OR_UNSPECIFIED", "TWO_OR_MORE_AFTER_MITIGATION"): 5}
    assert all(not row.race_ethnicity for row in mitigated.rows)
    assert all(row.race_ethnicity_two_or_more_after_mitigation for row in mitigated.rows)
    assert set(mitigated.hidden.values()) == {tuple(Hideable)}


def test_classes_are_counted_anew_before_each_step() -> None:
    """Seven who lose their age join four who never gave one: together they are eleven, and keep their sex."""
    mitigated = mitigate(people((7, (OLD, MALE, ASIAN | WHITE)), (4, (UNKNOWN, MALE, ASIAN | WHITE))))
    assert classes(mitigated) == {("AGE_UNKNOWN", "MALE", "ASIAN,WHITE"): 11}


def test_a_single_group_is_never_hidden() -> None:
    mitigated = mitigate(people((3, (OLD, FEMALE, BLACK))))
    assert classes(mitigated) == {("AGE_UNKNOWN", "OTHER_OR_UNSPECIFIED", "BLACK_OR_AFRICAN_AMERICAN"): 3}
    assert mitigated.report["after"]["cases_below_k"] == 3


def test_no_group_given_counts_as_a_combination() -> None:
    mitigated = mitigate(people((9, (YOUNG, FEMALE, NONE_GIVEN)), (30, (YOUNG, FEMALE, WHITE))))
    assert classes(mitigated) == {
        ("AGE_UNKNOWN", "OTHER_OR_UNSPECIFIED", ""): 9,
        ("AGE_18_TO_29", "FEMALE", "WHITE"): 30,
    }


def test_what_an_earlier_release_hid_stays_hidden_though_its_class_has_grown() -> None:
    rows = people((9, (OLD, FEMALE, WHITE)))
    first = mitigate(rows)
    grown = people((40, (OLD, FEMALE, WHITE)))
    second = mitigate(grown, hidden=first.hidden)
    assert classes(second) == {
        ("AGE_UNKNOWN", "OTHER_OR_UNSPECIFIED", "WHITE"): 9,
        ("AGE_80_OR_ABOVE", "FEMALE", "WHITE"): 31,
    }
    assert second.hidden == first.hidden
    assert second.report["steps"][0]["hidden"] == {"age_group": 9, "sex_at_birth": 9, "race_ethnicity": 0}


def test_hidden_cells_survive_being_stored_as_json() -> None:
    first = mitigate(people((2, (OLD, FEMALE, ASIAN | WHITE))))
    stored = {int(case): cells for case, cells in json.loads(json.dumps(first.hidden)).items()}
    second = mitigate(people((50, (OLD, FEMALE, ASIAN | WHITE))), hidden=stored)
    assert second.rows[:2] == first.rows
    with pytest.raises(ValueError, match="shoe_size"):
        mitigate([], hidden={1: ["shoe_size"]})


def test_k_can_be_chosen() -> None:
    rows = people((3, (OLD, FEMALE, WHITE)))
    assert mitigate(rows, k=3).rows == tuple(rows)
    assert mitigate(rows, k=4).rows != tuple(rows)
    with pytest.raises(ValueError, match="at least 1"):
        mitigate(rows, k=0)


def test_a_case_that_comes_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        mitigate([case_row(1), case_row(1)])


def test_the_report_counts_what_was_hidden_and_names_no_class_that_was() -> None:
    rows = people((10, (YOUNG, FEMALE, WHITE)), (1, (OLD, MALE, ASIAN | WHITE)))
    report = json.loads(json.dumps(mitigate(rows).report))
    assert report["k"] == 10
    assert report["hidden"] == {"age_group": 1, "sex_at_birth": 1, "race_ethnicity": 1}
    assert [step["hidden"] for step in report["steps"]] == [
        {"age_group": 0, "sex_at_birth": 0, "race_ethnicity": 0},
        {"age_group": 1, "sex_at_birth": 0, "race_ethnicity": 0},
        {"age_group": 0, "sex_at_birth": 1, "race_ethnicity": 0},
        {"age_group": 0, "sex_at_birth": 0, "race_ethnicity": 1},
    ]
    assert report["before"] == {
        "cases": 11,
        "number_of_classes": 2,
        "smallest_class": 1,
        "classes_below_k": 1,
        "cases_below_k": 1,
    }
    assert report["after"]["classes"] == [
        {"age_group": "AGE_18_TO_29", "sex_at_birth": "FEMALE", "combined_race": "WHITE", "cases": 10},
        {
            "age_group": "AGE_UNKNOWN",
            "sex_at_birth": "OTHER_OR_UNSPECIFIED",
            "combined_race": "TWO_OR_MORE_AFTER_MITIGATION",
            "cases": 1,
        },
    ]
    assert "AGE_80_OR_ABOVE" not in json.dumps(report)


def test_an_empty_release_has_a_report() -> None:
    assert k_anonymity([], k=10)["smallest_class"] == 0


told = st.tuples(
    st.sampled_from([YOUNG, OLD, UNKNOWN]),
    st.sampled_from(list(ReleasedSex)),
    st.sampled_from([NONE_GIVEN, ASIAN, WHITE, ASIAN | WHITE, ASIAN | BLACK | WHITE]),
)
studies = st.lists(told, max_size=60).map(lambda all_told: people(*((1, one) for one in all_told)))
ks = st.integers(min_value=1, max_value=8)
hidden_before = st.dictionaries(st.integers(1, 60), st.sets(st.sampled_from([cell.value for cell in Hideable])))


@given(studies, ks, hidden_before)
def test_whatever_shows_an_age_a_sex_or_a_combination_belongs_to_a_class_of_k(
    rows: list[CaseRow], k: int, hidden: dict[int, Any]
) -> None:
    mitigated = mitigate(rows, k=k, hidden=hidden)
    sizes = Counter(map(quasi_identifiers, mitigated.rows))
    for row in mitigated.rows:
        if row.age_group is not UNKNOWN or row.sex_at_birth is not OTHER or len(row.race_ethnicity) > 1:
            assert sizes[quasi_identifiers(row)] >= k


@given(studies, ks)
def test_a_case_of_a_large_class_is_untouched_and_a_small_one_loses_no_more_than_it_must(
    rows: list[CaseRow], k: int
) -> None:
    mitigated = mitigate(rows, k=k)
    sizes = Counter(map(quasi_identifiers, rows))
    for before, after in zip(rows, mitigated.rows, strict=True):
        if sizes[quasi_identifiers(before)] >= k:
            assert after == before
        assert len(before.race_ethnicity) > 1 or after.race_ethnicity == before.race_ethnicity
        if Hideable.RACE_ETHNICITY in mitigated.hidden.get(before.case_id, ()):
            assert (after.age_group, after.sex_at_birth) == (UNKNOWN, OTHER)
        if Hideable.SEX_AT_BIRTH in mitigated.hidden.get(before.case_id, ()):
            assert after.age_group is UNKNOWN


@given(studies, ks, hidden_before)
def test_only_quasi_identifiers_change_and_every_change_is_kept_with_its_case(
    rows: list[CaseRow], k: int, hidden: dict[int, Any]
) -> None:
    mitigated = mitigate(rows, k=k, hidden=hidden)
    for before, after in zip(rows, mitigated.rows, strict=True):
        cells = mitigated.hidden.get(before.case_id, ())
        assert set(cells) >= set(hidden.get(before.case_id, ()))
        restored: dict[str, Any] = {cell.value: getattr(before, cell.value) for cell in cells}
        if Hideable.RACE_ETHNICITY in cells:
            restored["race_ethnicity_two_or_more_after_mitigation"] = False
        assert replace(after, **restored) == before


@given(studies, studies, ks)
def test_no_later_release_shows_what_an_earlier_one_hid(first: list[CaseRow], later: list[CaseRow], k: int) -> None:
    """The later release holds all cases of the first one and more, so classes only grow."""
    earlier = mitigate(first, k=k)
    more = [replace(row, case_id=row.case_id + 1000) for row in later]
    now = {row.case_id: row for row in mitigate(first + more, k=k, hidden=earlier.hidden).rows}
    for case_id, cells in earlier.hidden.items():
        if Hideable.AGE_GROUP in cells:
            assert now[case_id].age_group is UNKNOWN
        if Hideable.SEX_AT_BIRTH in cells:
            assert now[case_id].sex_at_birth is OTHER
        if Hideable.RACE_ETHNICITY in cells:
            assert now[case_id].race_ethnicity_two_or_more_after_mitigation


@given(studies, ks)
def test_mitigating_what_is_mitigated_changes_nothing(rows: list[CaseRow], k: int) -> None:
    once = mitigate(rows, k=k)
    twice = mitigate(once.rows, k=k)
    assert twice.rows == once.rows
    assert not twice.hidden

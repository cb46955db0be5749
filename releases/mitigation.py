"""Disclosure control of a release, profile `scin`: rare people lose what an acquaintance could recognise them by.

Quasi-identifiers are age group, sex at birth and the combination of racial or ethnic groups. Cases that share all three
form a class. A class with fewer than k cases loses, one step after the other,

1. its age (AGE_UNKNOWN),
2. its sex (OTHER_OR_UNSPECIFIED),
3. its combination of groups, where several are ticked (TWO_OR_MORE_AFTER_MITIGATION, no flag set).

Classes are counted anew before each step, because cases that lose their age join those who never gave one, and this
class may then be large enough. A case keeps what an earlier step took. *No group given* is a combination like any
other, and so is *prefer not to answer*: in SCIN no case without a group keeps its age. A single group is never hidden.
Hiding is sticky: releases can be joined by `case_id`, so a cell hidden once stays hidden in each later release, however
large its class has become.

What the rule leaves: at the end every class that shows an age, a sex other than OTHER_OR_UNSPECIFIED or several groups
has at least k cases. A class below k that remains shows one group, none, or TWO_OR_MORE_AFTER_MITIGATION, and nothing
else; the report counts it. Source: SCIN release 1.0.0 (arXiv 2402.18545), as observed in its tables.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from core.vocabulary import AgeGroup, ReleasedSex
from releases.rows import CaseRow

DEFAULT_K: Final = 10


class Hideable(StrEnum):
    """The cells that can be hidden, in the order in which they go; the codes are kept with the case between releases."""

    AGE_GROUP = "age_group"
    SEX_AT_BIRTH = "sex_at_birth"
    RACE_ETHNICITY = "race_ethnicity"


@dataclass(frozen=True)
class Mitigated:
    """Rows fit for release, in the order they came, and what was done to them.

    `hidden`: {case_id: hidden cells, in the order of Hideable}, only cases with any. It names people who are rare: keep
    it with the release items, never publish it. `report` is made to be published (see `mitigate`).
    """

    rows: tuple[CaseRow, ...]
    hidden: Mapping[int, tuple[Hideable, ...]]
    report: dict[str, Any]


def mitigate(
    rows: Iterable[CaseRow], *, k: int = DEFAULT_K, hidden: Mapping[int, Collection[str]] | None = None
) -> Mitigated:
    """Apply the profile to all cases of one release together.

    k: the smallest class that keeps its quasi-identifiers, at least 1 (which hides nothing new). hidden: {case_id:
    codes of Hideable}, the union over all earlier releases; cases that are not in this release are ignored.
    Raises ValueError for another k, an unknown code, or a case that comes twice.

    The report is a dictionary for JSON: the rule, `before` and `after` (see `k_anonymity`), and for each step how many
    cells it hid. `before` has no list of classes, because that would publish what was hidden.
    """
    if k < 1:
        raise ValueError("k is at least 1")
    original = tuple(rows)
    if len({row.case_id for row in original}) != len(original):
        raise ValueError("a case comes twice")
    sticky = {case_id: set(map(Hideable, cells)) for case_id, cells in (hidden or {}).items()}

    current = list(original)
    for cell in Hideable:
        current = [_hide(row, cell) if cell in sticky.get(row.case_id, ()) else row for row in current]
    steps = [{"step": "hidden in an earlier release", "hidden": _count(original, current)}]
    for cell in Hideable:
        sizes = Counter(map(quasi_identifiers, current))
        previous = current
        current = [
            _hide(row, cell) if sizes[quasi_identifiers(row)] < k and _may(row, cell) else row for row in current
        ]
        steps.append({"step": cell.value, "hidden": _count(previous, current)})

    return Mitigated(
        rows=tuple(current),
        hidden={
            after.case_id: cells
            for before, after in zip(original, current, strict=True)
            if (cells := _hidden(before, after, sticky.get(before.case_id, set())))
        },
        report={
            "profile": "scin",
            "k": k,
            "quasi_identifiers": ["age_group", "sex_at_birth", "combined_race"],
            "steps": steps,
            "hidden": _count(original, current),
            "before": {name: n for name, n in k_anonymity(original, k=k).items() if name != "classes"},
            "after": k_anonymity(current, k=k),
        },
    )


def quasi_identifiers(row: CaseRow) -> tuple[str, str, str]:
    """The class of a case: age_group, sex_at_birth, combined_race as released."""
    return row.age_group, row.sex_at_birth, row.combined_race


def k_anonymity(rows: Iterable[CaseRow], *, k: int) -> dict[str, Any]:
    """Sizes of the classes of a release, a dictionary for JSON.

    Holds `cases`, `number_of_classes`, `smallest_class` (cases; 0 without any), `classes_below_k`, `cases_below_k` and
    `classes`, each with its quasi-identifiers and number of `cases`, sorted by quasi-identifiers.
    """
    sizes = Counter(map(quasi_identifiers, rows))
    below = [size for size in sizes.values() if size < k]
    return {
        "cases": sizes.total(),
        "number_of_classes": len(sizes),
        "smallest_class": min(sizes.values(), default=0),
        "classes_below_k": len(below),
        "cases_below_k": sum(below),
        "classes": [
            {"age_group": str(age), "sex_at_birth": str(sex), "combined_race": race, "cases": size}
            for (age, sex, race), size in sorted(sizes.items())
        ],
    }


def _may(row: CaseRow, cell: Hideable) -> bool:
    """Whether the profile may hide a cell of a small class: all but a single group, or none."""
    return cell is not Hideable.RACE_ETHNICITY or len(row.race_ethnicity) > 1


def _hide(row: CaseRow, cell: Hideable) -> CaseRow:
    match cell:
        case Hideable.AGE_GROUP:
            return replace(row, age_group=AgeGroup.AGE_UNKNOWN)
        case Hideable.SEX_AT_BIRTH:
            return replace(row, sex_at_birth=ReleasedSex.OTHER_OR_UNSPECIFIED)
        case Hideable.RACE_ETHNICITY:
            return replace(row, race_ethnicity=frozenset(), race_ethnicity_two_or_more_after_mitigation=True)


def _hidden(before: CaseRow, after: CaseRow, sticky: Collection[Hideable]) -> tuple[Hideable, ...]:
    """Cells in which a case differs from what was told, and those that must stay hidden."""
    return tuple(cell for cell in Hideable if cell in sticky or getattr(before, cell) != getattr(after, cell))


def _count(before: Sequence[CaseRow], after: Sequence[CaseRow]) -> dict[str, int]:
    changed = Counter(cell for pair in zip(before, after, strict=True) for cell in _hidden(*pair, sticky=()))
    return {cell.value: changed[cell] for cell in Hideable}

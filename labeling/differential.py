"""The weighted differential: one number per condition, from what several labelers said of a case.

A labeler names conditions, each with a confidence; what counts is the order into which the confidences put them. The
two rules differ in what tied entries weigh:

`mean`   SCIN's rule (Ward et al. 2024, arXiv 2402.18545; checked against its released cells). The entry at rank r weighs
         1/r, and entries of equal confidence share the mean of the weights of the ranks that they occupy:
         confidences 4, 4, 3 weigh 3/4, 3/4, 1/3.
`dense`  Inverse rank normalisation (IRN; Stutz et al. 2023, arXiv 2307.02191). Every entry of the k-th tied block weighs
         1/k: confidences 4, 4, 3 weigh 1, 1, 1/2.

Both add up the weights of a condition over the labelers as they are, so that a labeler who names more conditions counts
for more, and divide by the grand total.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Literal, get_args

from core.vocabulary import Confidence

Ties = Literal["mean", "dense"]
Entry = tuple[str, float]
"""A condition's name and the labeler's confidence in it; the larger, the surer."""


def weigh(labelers: Iterable[Sequence[Entry]], *, ties: Ties = "mean", digits: int | None = 2) -> dict[str, float]:
    """The weight of each condition, between 0 and 1; unrounded weights sum to 1.

    `labelers` holds, in labeler order, each one's entries in the order entered; a labeler without entries adds nothing.
    With `ties="mean"` a confidence is an integer from 1 to 5 (`Confidence`); with `ties="dense"` it is any finite number
    from 0 up, because IRN knows an order and no scale. `digits` are the decimals to round to (Python's `round`), None
    for no rounding.

    Keys stand in order of first appearance: labelers in order, each after a stable sort by falling confidence. The
    result is empty where nobody named a condition.

    Raises ValueError where an entry cannot be weighed: a confidence outside its range, a name that is empty or not
    text, a condition that one labeler names twice; and where `ties` is not one of the two rules.
    """
    if ties not in get_args(Ties):
        raise ValueError(f"ties must be one of {', '.join(get_args(Ties))}, not {ties!r}")
    totals: dict[str, float] = {}
    for number, entries in enumerate(labelers, start=1):
        try:
            _check(entries, ties=ties)
        except ValueError as error:
            raise ValueError(f"labeler {number}: {error}") from error
        for name, weight in _weights(entries, ties=ties):
            totals[name] = totals.get(name, 0.0) + weight
    grand_total = sum(totals.values())
    shares = {name: total / grand_total for name, total in totals.items()}
    return shares if digits is None else {name: round(share, digits) for name, share in shares.items()}


def _weights(entries: Sequence[Entry], *, ties: Ties) -> Iterator[tuple[str, float]]:
    """One labeler's entries, surest first, with what each weighs before anything is normalised."""
    ranked = sorted(entries, key=lambda entry: -entry[1])  # a stable sort: tied entries keep the order entered
    occupied = 0
    for block_number, (_, tied) in enumerate(groupby(ranked, key=lambda entry: entry[1]), start=1):
        names = [name for name, _ in tied]
        if ties == "dense":
            weight = 1 / block_number
        else:
            ranks = range(occupied + 1, occupied + len(names) + 1)
            weight = sum(1 / rank for rank in ranks) / len(names)
        occupied += len(names)
        yield from ((name, weight) for name in names)


def _check(entries: Sequence[Entry], *, ties: Ties) -> None:
    seen = set()
    for name, confidence in entries:
        if not isinstance(name, str) or not name.strip():
            raise ValueError(f"a condition is a name, not {name!r}")
        if name in seen:
            raise ValueError(f"{name!r} is named twice; keep the entry that is meant")
        seen.add(name)
        if ties == "mean" and not _is_on_the_scale(confidence):
            raise ValueError(f"the confidence of {name!r} is an integer from 1 to 5, not {confidence!r}")
        if ties == "dense" and not _is_a_rank(confidence):
            raise ValueError(f"the confidence of {name!r} is a number from 0 up, not {confidence!r}")


def _is_on_the_scale(confidence: object) -> bool:
    return isinstance(confidence, int) and not isinstance(confidence, bool) and confidence in list(Confidence)


def _is_a_rank(confidence: object) -> bool:
    return isinstance(confidence, int | float) and not isinstance(confidence, bool) and 0 <= confidence < math.inf

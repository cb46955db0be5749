"""States as data: a `Status` owns its `MOVES`, and a move is one compare-and-set in the database."""

from typing import Any

from django.db import models


class IllegalMove(Exception):
    """The status has no such move. A fault of the code that asked."""


class Stale(Exception):
    """The row is no longer in the status from which the move started: somebody else was faster."""


def move(row: models.Model, to: str, **changes: Any) -> None:
    """Move `row` from the status it was read in to `to`, setting `changes` in the same UPDATE.

    Raises IllegalMove where `MOVES` has no such arrow, Stale where the row has moved meanwhile.
    """
    source = row.status  # type: ignore[attr-defined]
    moves: dict[str, set[str]] = row.Status.MOVES  # type: ignore[attr-defined]
    if to not in moves.get(source, set()):
        raise IllegalMove(f"{type(row).__name__} cannot go from {source} to {to}")
    updated = type(row)._default_manager.filter(pk=row.pk, status=source).update(status=to, **changes)
    if not updated:
        raise Stale(f"{type(row).__name__} {row.pk} is no longer {source}")
    for name, value in {"status": to, **changes}.items():
        setattr(row, name, value)

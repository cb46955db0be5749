"""States as data, over every model of the site."""

import pytest
from django.apps import apps
from django.db import models

WITH_STATUS = [model for model in apps.get_models() if hasattr(model, "Status")]


def test_there_are_models_with_a_status() -> None:
    assert {"Contribution", "Image", "Case", "CaseImage"} <= {model.__name__ for model in WITH_STATUS}


@pytest.mark.parametrize("model", WITH_STATUS, ids=lambda model: model._meta.label)
def test_moves_name_every_status_and_nothing_else(model: type[models.Model]) -> None:
    values = set(model.Status.values)  # type: ignore[attr-defined]
    moves: dict[str, set[str]] = model.Status.MOVES  # type: ignore[attr-defined]

    assert set(moves) == values
    assert set().union(*moves.values()) <= values


@pytest.mark.parametrize("model", WITH_STATUS, ids=lambda model: model._meta.label)
def test_every_status_can_be_reached_from_where_a_row_begins(model: type[models.Model]) -> None:
    moves: dict[str, set[str]] = model.Status.MOVES  # type: ignore[attr-defined]
    reached, new = set(), {str(model._meta.get_field("status").get_default())}
    while new:
        reached |= new
        new = set().union(*(moves[status] for status in new)) - reached

    assert reached == set(moves)


@pytest.mark.parametrize("model", WITH_STATUS, ids=lambda model: model._meta.label)
def test_no_status_moves_to_itself(model: type[models.Model]) -> None:
    moves: dict[str, set[str]] = model.Status.MOVES  # type: ignore[attr-defined]

    assert not [status for status, targets in moves.items() if status in targets]

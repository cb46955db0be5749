"""States are data, and the drawing of them is true."""

from pathlib import Path

import pytest
from django.apps import apps

from config.management.commands.draw_states import draw

ROOT = Path(__file__).resolve().parents[2]
WITH_STATES = [model for model in apps.get_models() if hasattr(model, "Status")]


def test_the_drawing_of_the_states_is_what_the_code_says():
    assert (ROOT / "docs/states.md").read_text(encoding="utf-8") == draw(), "run `make docs`"


@pytest.mark.parametrize("model", WITH_STATES, ids=lambda model: model._meta.label)
def test_every_state_can_be_reached_and_every_move_names_states(model):
    status = model.Status
    assert set(status.MOVES) == set(status.values)
    reached = {model._meta.get_field("status").default}
    while more := {target for source in reached for target in status.MOVES[source]} - reached:
        reached |= more
    assert reached == set(status.values)

"""What the code enumerates the database enumerates too, so that no statement can write another word."""

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
OURS = [model for model in apps.get_models() if Path(apps.get_app_config(model._meta.app_label).path).parent == ROOT]
ENUMERATED = [
    (model, field) for model in OURS for field in model._meta.local_fields if field.choices or field.name == "status"
]
# Checks of this column alone: one of several columns may let a word pass beside the right others.
CHECKS_OF_THE_COLUMN = """
SELECT conname, pg_get_expr(conbin, conrelid) FROM pg_constraint
JOIN pg_attribute ON attrelid = conrelid AND conkey = ARRAY[attnum]
WHERE contype = 'c' AND convalidated AND conrelid = %s::regclass AND attname = %s
"""


def refusing(model: type[models.Model], field: "models.Field[Any, Any]", value: str) -> list[str]:
    """Names of the column's own checks that refuse `value`, as the database itself reckons them."""
    with connection.cursor() as cursor:
        cursor.execute(CHECKS_OF_THE_COLUMN, [model._meta.db_table, field.column])
        refused = []
        for name, expression in cursor.fetchall():
            query = sql.SQL("SELECT {check} FROM (SELECT %s::text AS {column}) AS written").format(
                check=sql.SQL(expression), column=sql.Identifier(field.column)
            )
            cursor.execute(query, [value])
            if cursor.fetchone() == (False,):
                refused.append(name)
        return refused


def test_the_rooms_are_looked_at():
    assert {model._meta.app_label for model, _ in ENUMERATED} >= {
        "audit",
        "contrib_portal",
        "privacy",
        "labeling",
        "releases",
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "field"), ENUMERATED, ids=[f"{model._meta.label}.{field.name}" for model, field in ENUMERATED]
)
def test_a_column_with_choices_holds_one_of_them_alone(model, field):
    words = [code for code, _ in field.flatchoices] + ([""] if field.blank else [])
    others = {"ELSE", "", " ", words[0].swapcase(), f"{words[0]} "} - set(words)

    assert {word: refusing(model, field, word) for word in words} == {word: [] for word in words}
    assert [word for word in others if not refusing(model, field, word)] == [], "decorate it: @keeps_to_its_choices"

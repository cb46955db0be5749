"""Every field that hangs together with a Case is decided, and what is released is made of released fields alone."""

from collections.abc import Iterator

import pytest
from django.db.models import Model

from core.models import User
from privacy.models import Case
from releases.disclosure import DECISIONS, SOURCES, Decision
from releases.schema import (
    APP_QUESTIONS_FILE,
    CASES,
    CHECKSUMS_FILE,
    LABEL_QUESTIONS_FILE,
    LABELS,
    LICENSE_FILE,
    README_FILE,
    REPORT_FILE,
    WITHDRAWN_FILE,
)

OURS = ("core", "audit", "contrib_portal", "privacy", "labeling", "releases")
FILES = {CHECKSUMS_FILE, README_FILE, REPORT_FILE, WITHDRAWN_FILE}
TELLS_NOTHING_OF_THE_DATABASE = {APP_QUESTIONS_FILE, LABEL_QUESTIONS_FILE, LICENSE_FILE}


def reachable(start: type[Model], *, avoiding: type[Model] | None = None) -> set[type[Model]]:
    """Models that relations lead to, forward and backward, also those without a name and those of packages."""
    found: set[type[Model]] = set()
    waiting = [start]
    while waiting:
        model = waiting.pop()
        if model in found or model is avoiding:
            continue
        found.add(model)
        relations = model._meta.get_fields(include_hidden=True)
        waiting += [field.related_model for field in relations if isinstance(field.related_model, type)]
    return found


def fields_of(models: set[type[Model]]) -> Iterator[str]:
    for model in models:
        for field in (*model._meta.fields, *model._meta.many_to_many):
            yield f"{model._meta.label}.{field.name}"


def ours(models: set[type[Model]]) -> set[type[Model]]:
    return {model for model in models if model._meta.app_label in OURS}


def test_the_walk_reaches_every_room() -> None:
    rooms = {model._meta.app_label for model in reachable(Case)}

    assert {"contrib_portal", "privacy", "labeling", "releases", "core"} <= rooms
    assert User in reachable(Case)


def test_every_field_is_decided() -> None:
    assert set(fields_of(ours(reachable(Case)))) - DECISIONS.keys() == set()


def test_every_decision_is_about_a_field_that_is_there() -> None:
    assert DECISIONS.keys() - set(fields_of(ours(reachable(Case)))) == set()


def test_models_of_packages_are_reached_through_accounts_alone() -> None:
    without_accounts = reachable(Case, avoiding=User)

    assert without_accounts == ours(without_accounts)
    assert {decision for field, decision in DECISIONS.items() if field.startswith("core.")} == {Decision.WITHHOLD}


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_released_is_made_of_released_fields(name: str) -> None:
    assert {DECISIONS[field] for field in SOURCES[name]} <= {Decision.PUBLISH, Decision.MITIGATE}


def test_every_column_and_file_says_what_it_is_made_of() -> None:
    columns = {column.name for column in (*CASES, *LABELS)}

    assert SOURCES.keys() == columns | FILES
    assert {name for name in columns if not SOURCES[name]} == {"source", "year"}
    assert not SOURCES.keys() & TELLS_NOTHING_OF_THE_DATABASE


def test_every_released_field_is_in_some_column_or_file() -> None:
    released = {field for field, decision in DECISIONS.items() if decision is not Decision.WITHHOLD}

    assert released == {field for fields in SOURCES.values() for field in fields}


def test_mitigated_fields_are_exactly_the_sources_of_the_quasi_identifiers() -> None:
    quasi_identifiers = {field for column in CASES if column.quasi_identifier for field in SOURCES[column.name]}

    assert quasi_identifiers == {field for field, decision in DECISIONS.items() if decision is Decision.MITIGATE}

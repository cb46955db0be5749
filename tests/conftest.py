"""What every test may use."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations


def _data_dir(variable: str) -> Path:
    value = os.environ.get(variable)
    if not value:
        pytest.skip(f"{variable} is not set")
    return Path(value)


@pytest.fixture(scope="session")
def scin_dir() -> Path:
    """The first 800 cases of SCIN and its question tables."""
    return _data_dir("SCIN_DIR")


@pytest.fixture(scope="session")
def photos_dir() -> Path:
    """Photographs with the metadata that their devices wrote."""
    return _data_dir("PHOTOS_DIR")


@pytest.fixture(scope="session")
def ddx_dir() -> Path:
    """Dermatology ddx: partial rankings of several readers."""
    return _data_dir("DDX_DIR")


@pytest.fixture
def now() -> datetime:
    """The clock of a test."""
    return datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_triggers() -> None:
    """Between transactional tests Django truncates every table; the audit trail's triggers would refuse, as they should."""
    flush = DatabaseOperations.execute_sql_flush

    def without_triggers(self: DatabaseOperations, sql_list: list[str]) -> None:
        flush(self, ["SET LOCAL session_replication_role = replica", *sql_list])

    DatabaseOperations.execute_sql_flush = without_triggers  # type: ignore[method-assign]

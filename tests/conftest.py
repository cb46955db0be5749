"""What every test may use."""

import os
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management.color import no_style
from django.core.management.sql import sql_flush
from django.db.backends.postgresql.creation import DatabaseCreation
from django.db.backends.postgresql.operations import DatabaseOperations

# For tests that start a site: services of its own, on a port of its own.
OWN_SERVICES = {"DATABASE_URL": "", "REDIS_URL": "", "S3_ENDPOINT_URL": ""}


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of a file that start processes of their own share them, so one worker runs them."""
    for item in items:
        if {"journeys", "chaos"} & set(item.path.parts):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


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
def _past_the_triggers() -> None:
    """Between transactional tests Django truncates every table and puts back what the migrations had put in.

    The audit trail and the consent texts refuse both, as they should, so the triggers rest meanwhile. Tables are emptied
    before they are filled: a flush has made content types and permissions anew, under other ids.
    """
    flush = DatabaseOperations.execute_sql_flush
    deserialize = DatabaseCreation.deserialize_db_from_string

    def flush_without_triggers(self: DatabaseOperations, sql_list: list[str]) -> None:
        flush(self, ["SET LOCAL session_replication_role = replica", *sql_list])

    def fill_empty_tables(self: DatabaseCreation, data: str) -> None:
        self.connection.ops.execute_sql_flush(sql_flush(no_style(), self.connection, allow_cascade=False))
        with self.connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            deserialize(self, data)
            cursor.execute("SET session_replication_role = DEFAULT")

    DatabaseOperations.execute_sql_flush = flush_without_triggers  # type: ignore[method-assign]
    DatabaseCreation.deserialize_db_from_string = fill_empty_tables  # type: ignore[method-assign]

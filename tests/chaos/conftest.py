"""A site of its own for tests that kill parts of it."""

from collections.abc import Iterator

import psycopg
import pytest

from config import embedded
from demo.site import Site
from tests.conftest import OWN_SERVICES, free_port


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with Site(tmp_path_factory.mktemp("chaos"), port=free_port(), environ=OWN_SERVICES) as running:
        yield running


@pytest.fixture
def rows(site: Site) -> Iterator[psycopg.Connection]:
    """A connection to the site's database, to see what its processes do and to let time pass."""
    services = embedded.running(site.var)
    assert services is not None
    with psycopg.connect(services.database_url, autocommit=True) as connection:
        yield connection

"""Both databases and a server to order for every test here."""

from collections.abc import Iterator

import pytest
from databases import database_url, postgres_server, postgres_url, sqlite_url, store  # noqa: F401
from misbehaving_server import Server, running


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as it:
        yield it

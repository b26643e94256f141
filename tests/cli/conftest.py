"""A house to give commands in, and a server to order for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import House, end, will
from misbehaving_server import Server, running


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    home = tmp_path / "home"
    home.mkdir()
    it = House(home)
    yield it
    if (home / "logs").exists():  # a worker was left to itself
        end(it.workers())


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as it:
        will(it)
        yield it


@pytest.fixture
def asked(house: House, server: Server) -> Server:
    """The server, registered as endpoint `house`."""
    house.add_endpoint(server.base_url)
    return server

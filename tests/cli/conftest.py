"""A house to give commands in, and a server to order for it."""

import time
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
    if (home / "logs").exists():  # a worker was left to itself; it may still be starting
        give_up = time.monotonic() + 60
        while not it.workers() and time.monotonic() < give_up:
            time.sleep(0.1)
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

"""A server to order for every test here."""

from collections.abc import Iterator

import pytest
from misbehaving_server import Server, running


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as it:
        yield it

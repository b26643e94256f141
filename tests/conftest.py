"""What tests share: where real data lie, and a home of their own."""

import os
from pathlib import Path

import pytest
from databases import (
    database_url,
    postgres_database,
    postgres_server,
    postgres_url,
    sqlite_database,
    sqlite_url,
    store,
)

__all__ = [
    "database_url",
    "postgres_database",
    "postgres_server",
    "postgres_url",
    "sqlite_database",
    "sqlite_url",
    "store",
]


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Real datasets in their published layout; tests that need them skip where they are not."""
    folder = os.environ.get("ROUNDS_TEST_DATA")
    if not folder:
        pytest.skip("ROUNDS_TEST_DATA is not set: real datasets are not here")
    return Path(folder)

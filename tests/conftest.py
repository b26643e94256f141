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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first: processes that share the files then end together, none waits for a last long one."""
    long = {item.path for item in items if item.get_closest_marker("browser")}
    folders = ("worker", "models", "models_api", "tables", "cli")
    items.sort(key=lambda item: (item.path not in long, item.path.parent.name not in folders))


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Real datasets in their published layout; tests that need them skip where they are not."""
    folder = os.environ.get("ROUNDS_TEST_DATA")
    if not folder:
        pytest.skip("ROUNDS_TEST_DATA is not set: real datasets are not here")
    return Path(folder)

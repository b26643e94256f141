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
    """Spreads the browser's files evenly among the others: two at once would starve each other."""
    files = dict.fromkeys(item.path for item in items)
    busy = {item.path for item in items if item.get_closest_marker("browser")}
    others = [file for file in reversed(files) if file not in busy]  # the workers' long ones first
    place: dict[Path, float] = {file: n for n, file in enumerate(others)}
    place |= {file: n * len(others) / len(busy) - 0.5 for n, file in enumerate(sorted(busy))}
    items.sort(key=lambda item: place[item.path])


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Real datasets in their published layout; tests that need them skip where they are not."""
    folder = os.environ.get("ROUNDS_TEST_DATA")
    if not folder:
        pytest.skip("ROUNDS_TEST_DATA is not set: real datasets are not here")
    return Path(folder)

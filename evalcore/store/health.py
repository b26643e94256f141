"""Whether the database is sound; records and counts made anew from the results, after a crash."""

import sqlite3
from dataclasses import dataclass

from sqlalchemy import Connection, case, delete, func, insert, select, text, update

from evalcore.store.engine import HEAD
from evalcore.store.records import CELL, put_missing
from evalcore.store.schema import WorkState, record_counts, records, responses, work
from evalcore.store.sql import chunks

SQLITE_SOUND = (3, 51, 3)  # the first release without the WAL-reset defect


@dataclass(frozen=True)
class Health:
    """server: the database's own version. faults: what its integrity check found; () is sound."""

    kind: str
    server: str
    schema: str
    faults: tuple[str, ...]
    advice: str


def health(transaction: Connection) -> Health:
    """Reads the whole database on SQLite: seconds for gigabytes. PostgreSQL checks its own pages."""
    kind = transaction.dialect.name
    schema = str(transaction.execute(text("SELECT version_num FROM alembic_version")).scalar())
    if kind == "sqlite":
        found = transaction.execute(text("PRAGMA integrity_check")).scalars().all()
        faults = tuple(str(one) for one in found if one != "ok")
        return Health(
            kind, sqlite3.sqlite_version, schema, faults, sqlite_advice(sqlite3.sqlite_version_info)
        )
    server = str(transaction.execute(text("SHOW server_version")).scalar())
    return Health(
        kind, server, schema, (), "" if schema == HEAD else f"schema {schema}, this Rounds knows {HEAD}"
    )


@dataclass(frozen=True)
class Database:
    """What is known without reading it through. is_sound: no defect is known."""

    kind: str
    server: str
    schema: str
    size_bytes: int
    is_sound: bool


def database(transaction: Connection) -> Database:
    """Cheap enough for every look at a screen, unlike `health`."""
    kind = transaction.dialect.name
    schema = str(transaction.execute(text("SELECT version_num FROM alembic_version")).scalar())
    if kind == "sqlite":
        pages, size = (
            transaction.execute(text(f"PRAGMA page_{name}")).scalar() for name in ("count", "size")
        )
        is_sound = sqlite3.sqlite_version_info >= SQLITE_SOUND
        return Database(kind, sqlite3.sqlite_version, schema, int(pages or 0) * int(size or 0), is_sound)
    server = str(transaction.execute(text("SHOW server_version")).scalar())
    size = transaction.execute(text("SELECT pg_database_size(current_database())")).scalar()
    return Database(kind, server, schema, int(size or 0), is_sound=True)


def sqlite_advice(version: tuple[int, ...]) -> str:
    """Older releases can, very rarely, corrupt a WAL database when two connections checkpoint at once."""
    if version >= SQLITE_SOUND:
        return ""
    return (
        f"SQLite {'.'.join(map(str, version))} has a rare defect (WAL reset) that can corrupt a database "
        "written by several processes; 3.51.3 repairs it. Keep backups, or use PostgreSQL."
    )


@dataclass(frozen=True)
class Remade:
    """What was made good: items to be read and scored again, records of items that failed."""

    unread: int
    missing: int


def remake_records(transaction: Connection) -> Remade:
    """Lines up answered items without a record to be read again, and gives failed ones theirs."""
    unread = _without_record(transaction, WorkState.DONE)
    for chunk in chunks(unread):
        again = update(work).where(work.c.id.in_(chunk)).values(state=WorkState.ANSWERED)
        transaction.execute(again)
    failed = _without_record(transaction, WorkState.FAILED)
    put_missing(transaction, failed)
    return Remade(len(unread), len(failed))


def _without_record(transaction: Connection, state: int) -> list[int]:
    joined = work.outerjoin(records, records.c.work_id == work.c.id)
    query = select(work.c.id).select_from(joined).where(work.c.state == state, records.c.work_id.is_(None))
    return list(transaction.execute(query).scalars())


def recount(transaction: Connection) -> None:
    """Makes the cube anew from records and responses; writers wait meanwhile."""
    if transaction.dialect.name == "postgresql":
        transaction.execute(text("LOCK TABLE record_counts IN EXCLUSIVE MODE"))
    transaction.execute(delete(record_counts))
    cell = [records.c[name] for name in CELL]
    sums = [
        func.coalesce(func.sum(responses.c[name]), 0)
        for name in ("tokens_in", "tokens_out", "seconds", "cost_usd")
    ]
    has_no_price = case((responses.c.id.isnot(None) & responses.c.cost_usd.is_(None), 1), else_=0)
    joined = records.outerjoin(responses, responses.c.id == records.c.response_id)
    counted = select(*cell, func.count(), *sums, func.sum(has_no_price)).select_from(joined).group_by(*cell)
    names = [*CELL, "n", "tokens_in", "tokens_out", "seconds", "cost_usd", "costless"]
    transaction.execute(insert(record_counts).from_select(names, counted))

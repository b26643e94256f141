"""Whether the database is sound; records and counts made anew from the results, after a crash."""

import sqlite3
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, case, delete, func, insert, literal, select, text, update

from evalcore.store.engine import HEAD
from evalcore.store.records import CELL, NOWHERE, put_missing
from evalcore.store.schema import WorkState, record_counts, records, responses, runs, work
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
    names = [*CELL, "n", "tokens_in", "tokens_out", "seconds", "cost_usd", "costless"]
    for counted in (_records_counted(), _turns_counted()):
        transaction.execute(insert(record_counts).from_select(names, counted))


_TOOK = (
    *(
        func.coalesce(func.sum(responses.c[name]), 0)
        for name in ("tokens_in", "tokens_out", "seconds", "cost_usd")
    ),
    func.sum(case((responses.c.id.isnot(None) & responses.c.cost_usd.is_(None), 1), else_=0)),
)


def _records_counted() -> Select[Any]:
    cell = [records.c[name] for name in CELL]
    joined = records.outerjoin(responses, responses.c.id == records.c.response_id)
    return select(*cell, func.count(), *_TOOK).select_from(joined).group_by(*cell)


def _turns_counted() -> Select[Any]:
    """What responses took that no record stands on, for the run that they serve."""
    serves = case((runs.c.kind == "partner", runs.c.parent_id), else_=runs.c.id)
    joined = (
        responses.join(work, work.c.id == responses.c.work_id)
        .join(runs, runs.c.id == work.c.run_id)
        .outerjoin(records, records.c.work_id == work.c.id)
    )
    nowhere = [literal(text) for text in NOWHERE]
    return (
        select(serves, work.c.task_version_id, *nowhere, literal(0), *_TOOK)
        .select_from(joined)
        .where(records.c.work_id.is_(None), work.c.state == WorkState.DONE)
        .group_by(serves, work.c.task_version_id)
    )

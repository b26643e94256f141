"""Statements that both databases understand but SQLAlchemy spells per dialect."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

T = TypeVar("T")
CHUNK = 500


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Lists of at most `size`, so that no statement outgrows the number of variables a database takes."""
    iterator = iter(values)
    while chunk := list(islice(iterator, size)):
        yield chunk


def insert_for(transaction: Connection, table: Table) -> Any:
    """The dialect's INSERT, which knows ON CONFLICT."""
    return _insert(transaction.dialect.name, table)


@cache
def _insert(dialect: str, table: Table) -> Any:
    """Made once: making a statement and its `excluded` columns costs more than a small insert."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def insert_new(transaction: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Inserts what is not there yet; returns how many rows were new."""
    if not rows:
        return 0
    insert = insert_for(transaction, table).on_conflict_do_nothing()
    values = [dict(row) for row in rows]
    if transaction.dialect.name == "sqlite":
        return int(transaction.execute(insert, values).rowcount)
    first = next(iter(table.primary_key))  # PostgreSQL's driver does not count many rows at once
    return len(transaction.execute(insert.returning(first), values).all())

"""Statements that both databases understand but SQLAlchemy spells per dialect."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    maker = sqlite.insert if transaction.dialect.name == "sqlite" else postgresql.insert
    return maker(table)


def insert_new(transaction: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Inserts what is not there yet; returns how many rows were new (exact when every row conflicts
    alone).
    """
    if not rows:
        return 0
    result = transaction.execute(
        insert_for(transaction, table).on_conflict_do_nothing(), [dict(r) for r in rows]
    )
    return int(result.rowcount)

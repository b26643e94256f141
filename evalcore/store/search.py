"""The full-text index in the database's own form: FTS5 in SQLite, a tsvector with positions in PostgreSQL."""

from collections.abc import Sequence

from sqlalchemy import Connection, TextClause, text

from evalcore.store import grams


def index_texts(transaction: Connection, table: str, texts: Sequence[tuple[int, str]]) -> None:
    """Adds (row id, text) pairs; empty texts are left out."""
    rows = [(row_id, body) for row_id, body in texts if body]
    if not rows:
        return
    if transaction.dialect.name == "sqlite":
        statement = f"INSERT INTO {table} (rowid, body) VALUES (:i, :b)"  # noqa: S608 - a constant of this module
        values = [{"i": i, "b": grams.as_document(b)} for i, b in rows]
    else:
        statement = (
            f"INSERT INTO {table} (rowid, body) VALUES (:i, CAST(:b AS tsvector)) ON CONFLICT DO NOTHING"  # noqa: S608
        )
        values = [{"i": i, "b": grams.as_tsvector(b)} for i, b in rows]
    transaction.execute(text(statement), values)


def matching(dialect_name: str, table: str) -> TextClause:
    """SELECT of the row ids that match `:query` (see `query_text`), for use in IN or EXISTS."""
    if dialect_name == "sqlite":
        return text(f"SELECT rowid FROM {table} WHERE {table} MATCH :query")  # noqa: S608
    return text(f"SELECT rowid FROM {table} WHERE body @@ CAST(:query AS tsquery)")  # noqa: S608


def query_text(dialect_name: str, search: str) -> str:
    """The search box's text in the database's query language; empty when it holds no word at all."""
    return grams.as_match(search) if dialect_name == "sqlite" else grams.as_tsquery(search)

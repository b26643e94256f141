"""The only room that speaks SQL. It keeps questions, answers and figures, and does not know what a score
means.

A caller opens a Store, then a transaction (`read` or `write`), and hands it to the functions of the modules
here:
`content` (items, tasks, prompts), `work` (plan, claims, results), `scored` (answers, scores, records),
`registry`
(models, endpoints, workers, jobs), `search` (full text).
"""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from sqlalchemy import Connection as Transaction
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from evalcore.store.engine import database_url, explained, home, open_engine

__all__ = ["Store", "Transaction", "database_url", "home"]


def _reading(engine: Engine) -> Engine:
    """One moment for all of a reader's queries: SQLite has it so, PostgreSQL must be told."""
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


class Store:
    """One database; safe to share between threads. Raises StoreError where it cannot be used."""

    def __init__(self, url: str | None = None) -> None:
        self.url = url or database_url()
        self.engine = open_engine(self.url)
        self._writer = self.engine.execution_options(is_writer=True)
        self._reader = _reading(self.engine)
        is_sqlite = self.engine.dialect.name == "sqlite"
        self._turn: AbstractContextManager[object] = threading.RLock() if is_sqlite else nullcontext()

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A consistent view; writes nothing."""
        try:
            with self._reader.connect() as transaction:
                yield transaction
        except DBAPIError as error:
            raise self._in_words(error) from error

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """All or nothing; on SQLite it takes the writer's lock at once and waits for it up to 30 s.

        SQLite's own waiting is a sleep that overshoots, so the threads of one process queue here.
        """
        try:
            with self._turn, self._writer.begin() as transaction:
                yield transaction
        except DBAPIError as error:
            raise self._in_words(error) from error

    def _in_words(self, error: DBAPIError) -> Exception:
        is_environment = error.connection_invalidated or type(error).__name__ == "OperationalError"
        return explained(error, self.url) if is_environment else error

    def close(self) -> None:
        self.engine.dispose()

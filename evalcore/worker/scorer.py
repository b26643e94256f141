"""Reads and scores what a desk has kept, beside it: neither a commit nor the next request waits for that."""

import logging
import threading
import time
from collections.abc import Iterable

from evalcore.errors import RoundsError, StoreError
from evalcore.runs.scoring import score_waiting
from evalcore.store import Store
from evalcore.store import runs as run_rows

PAUSE_S = 0.1  # when nothing comes or is sent for so long, what is unread is read
READ_WITHIN_S = 0.5  # and at the latest after so long: many together cost far less than one by one

log = logging.getLogger(__name__)


class Scorer(threading.Thread):
    """is_behind: something is kept and not yet read. crash: a bug it died of."""

    def __init__(self, store: Store) -> None:
        super().__init__(daemon=True, name="scorer")
        self._store = store
        self._changed = threading.Condition()
        self._unread: set[int] = set()
        self._is_closing = False
        self.is_behind = False
        self.busy_at = 0.0  # when something was last sent or kept
        self.crash: BaseException | None = None

    def note(self, run_ids: Iterable[int]) -> None:
        """Answers of these runs were kept."""
        with self._changed:
            self.busy_at = time.monotonic()
            self._unread.update(run_ids)
            self.is_behind = True
            self._changed.notify_all()

    def close(self) -> None:
        """Reads what is left, then ends."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
        self.join()

    def run(self) -> None:
        try:
            while due := self._due():
                self._score(due)
                with self._changed:
                    self.is_behind = bool(self._unread)
        except BaseException as error:  # a bug: whoever hands in the next answer hears of it
            self.crash = error
            raise
        finally:
            self.is_behind = False

    def _due(self) -> set[int]:
        """Waits for something unread and for a good moment; empty when nothing comes any more."""
        with self._changed:
            self._changed.wait_for(lambda: self._unread or self._is_closing)
            latest = time.monotonic() + READ_WITHIN_S
            while not self._is_closing and time.monotonic() < (then := min(latest, self.busy_at + PAUSE_S)):
                self._changed.wait(then - time.monotonic())
            due, self._unread = self._unread, set()
            return due

    def _score(self, run_ids: Iterable[int]) -> None:
        for run_id in run_ids:
            score(self._store, run_id)


def score(store: Store, run_id: int) -> None:
    """Reads what is unread of a run; where that cannot be, its answers stay and it pauses with the reason."""
    try:
        score_waiting(store, run_id)
    except StoreError as error:
        log.error("answers are kept but not yet scored: %s", error)
    except RoundsError as error:
        log.error("run %d pauses, its answers are kept but cannot be scored: %s", run_id, error)
        with store.write() as transaction:
            run_rows.set_wanted(transaction, run_id, "pause", str(error))

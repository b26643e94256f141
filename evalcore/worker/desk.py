"""Keeps what models give back: each answer is committed at once, together with those that came meanwhile."""

import logging
import queue
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evalcore.errors import StoreError
from evalcore.runs.scoring import score_waiting
from evalcore.store import Store, Transaction, content, dialogues, scored, work
from evalcore.store import runs as run_rows
from evalcore.store.work import Claimed, Finished
from evalcore.types import Prompt, Request, Response, Way

RETRY_S = 5.0
PAUSE_S = 0.03  # when nothing comes or is sent for so long, what is unread is read
READ_WITHIN_S = 0.5  # and at the latest after so long

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """A claimed item as it goes to the model."""

    claimed: Claimed
    prompt: Prompt
    ask_key: str
    way: Way
    request: Request


@dataclass(frozen=True)
class Result:
    """What came back for an asked item; reused_from: the stored response it was taken from."""

    asked: Asked
    response: Response
    reused_from: int | None = None


class Desk(threading.Thread):
    """One thread that writes; a full disk makes it wait and try again, with every answer kept in memory.

    is_behind: something is kept and not yet read.
    """

    def __init__(self, store: Store, stopping: threading.Event) -> None:
        super().__init__(daemon=True, name="desk")
        self._store = store
        self._stopping = stopping
        self._inbox: queue.SimpleQueue[Result | None] = queue.SimpleQueue()
        self._unkept = 0
        self._changed = threading.Condition()
        self._settled_at = 0.0
        self.trouble = ""
        self.is_behind = False
        self.crash: BaseException | None = None

    def put(self, result: Result) -> None:
        with self._changed:
            self._unkept += 1
        self._inbox.put(result)

    def settle(self) -> None:
        """Waits until everything handed in is in the database. Raises what the desk died of."""
        with self._changed:
            while self._unkept and self.crash is None:
                self._changed.wait(1.0)
        self._settled_at = time.monotonic()
        if self.crash is not None:
            raise self.crash

    def close(self) -> None:
        """Keeps and scores what is left, then ends."""
        self._inbox.put(None)
        self.join()

    def run(self) -> None:
        try:
            self._work()
        except BaseException as error:  # a bug or a lost disk: the lane must not go on without a desk
            self.crash = error
            raise
        finally:
            self.is_behind = False

    def _work(self) -> None:
        """Answers are kept as they come; reading them waits until many are there, or nothing comes and goes:
        else the next requests would wait for it.
        """
        is_open = True
        unread: set[int] = set()
        read_by = 0.0
        while is_open:
            group, is_open = self._gather(PAUSE_S if unread else None)
            if group:
                self.is_behind = True
                self._keep(group)
                with self._changed:
                    self._unkept -= len(group)
                    self._changed.notify_all()
                read_by = read_by if unread else time.monotonic() + READ_WITHIN_S
                unread |= {one.asked.claimed.run_id for one in group}
            is_pause = not group and time.monotonic() > self._settled_at + PAUSE_S
            if unread and (is_pause or not is_open or time.monotonic() >= read_by):
                self._score(unread)
                unread.clear()
                self.is_behind = False

    def _gather(self, timeout_s: float | None) -> tuple[list[Result], bool]:
        """Waits for one result, then takes whatever else has come; False when the desk is to close."""
        group: list[Result] = []
        try:
            one = self._inbox.get(timeout=timeout_s)
        except queue.Empty:
            return group, True
        while one is not None:
            group.append(one)
            if self._inbox.empty():
                return group, True
            one = self._inbox.get()
        return group, False

    def _keep(self, group: Sequence[Result]) -> None:
        while True:
            try:
                with self._store.write() as transaction:
                    self._write(transaction, group)
                self.trouble = ""
                return
            except StoreError as error:
                self.trouble = str(error)
                log.error("cannot keep %d answers, trying again: %s", len(group), error)
                if self._stopping.wait(RETRY_S):
                    raise

    def _write(self, transaction: Transaction, group: Sequence[Result]) -> None:
        answered = [one for one in group if one.response.failure is None]
        content.put_prompts(transaction, [one.asked.prompt for one in answered])
        work.store_answered(transaction, [_finished(one) for one in answered])
        failed = [
            (one.asked.claimed, one.response.failure) for one in group if one.response.failure is not None
        ]
        ended = work.store_failures(transaction, failed)
        scored.put_missing(transaction, ended)
        dialogues.end_without_partner(transaction, ended)
        for claimed, failure in failed:
            if failure.stops_run:
                run_rows.set_wanted(transaction, claimed.run_id, "pause", failure.message)

    def _score(self, run_ids: Iterable[int]) -> None:
        try:
            for run_id in run_ids:
                score_waiting(self._store, run_id)
        except StoreError as error:
            log.error("answers are kept but not yet scored: %s", error)


def _finished(one: Result) -> Finished:
    return Finished(one.asked.claimed, one.response, one.asked.prompt.key, one.asked.ask_key, one.reused_from)

"""Keeps what models give back: each answer is committed at once, together with those that came meanwhile."""

import logging
import queue
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from evalcore.errors import StoreError
from evalcore.store import Store, Transaction, content, dialogues, scored, work
from evalcore.store import runs as run_rows
from evalcore.store.work import Claimed, Finished
from evalcore.types import Prompt, Request, Response, Way
from evalcore.worker.scorer import Scorer

RETRY_S = 5.0

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
    """One thread that writes; a full disk makes it wait and try again, with every answer kept in memory."""

    def __init__(self, store: Store, stopping: threading.Event) -> None:
        super().__init__(daemon=True, name="desk")
        self._store = store
        self._stopping = stopping
        self._inbox: queue.SimpleQueue[Result | None] = queue.SimpleQueue()
        self._unkept = 0
        self._changed = threading.Condition()
        self._scorer = Scorer(store)
        self.trouble = ""
        self._crash: BaseException | None = None

    def put(self, result: Result) -> None:
        with self._changed:
            self._unkept += 1
        self._inbox.put(result)

    @property
    def crash(self) -> BaseException | None:
        """A bug that the desk or its scorer died of."""
        return self._crash or self._scorer.crash

    @property
    def is_behind(self) -> bool:
        """Whether something is not yet kept, or not yet read."""
        return self._unkept > 0 or self._scorer.is_behind

    def settle(self, most: int = 0) -> None:
        """Waits until at most so many of those handed in are not yet in the database. Raises `crash`."""
        with self._changed:
            while self._unkept > max(most, 0) and self.crash is None:
                self._changed.wait(1.0)
        self._scorer.busy_at = time.monotonic()
        if self.crash is not None:
            raise self.crash

    def close(self) -> None:
        """Keeps and scores what is left, then ends."""
        self._inbox.put(None)
        self.join()

    def run(self) -> None:
        self._scorer.start()
        try:
            self._work()
        except BaseException as error:  # a bug or a lost disk: the lane must not go on without a desk
            self._crash = error
            raise
        finally:
            self._unkept = 0
            self._scorer.close()

    def _work(self) -> None:
        is_open = True
        while is_open:
            group, is_open = self._gather()
            if not group:
                continue
            self._keep(group)
            self._scorer.note({one.asked.claimed.run_id for one in group})
            with self._changed:
                self._unkept -= len(group)
                self._changed.notify_all()

    def _gather(self) -> tuple[list[Result], bool]:
        """Waits for one result, then takes whatever else has come; False when the desk is to close."""
        group: list[Result] = []
        one = self._inbox.get()
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


def _finished(one: Result) -> Finished:
    return Finished(one.asked.claimed, one.response, one.asked.prompt.key, one.asked.ask_key, one.reused_from)

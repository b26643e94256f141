"""What a backend pulls from: claims in small numbers, from all runs of its model in turn.

What is out and what came back and is not yet in the database are together never more than may be in flight: a
kill costs no more than that.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace

from evalcore.store import Store, replies, work
from evalcore.store import runs as run_rows
from evalcore.types import Request, Way
from evalcore.worker.desk import Asked, Desk, Result
from evalcore.worker.hand import InHand

CHUNK = 32  # items claimed at once, at most
LOOK_S = 0.25  # a pause is seen at the latest after so long, also by items that are claimed already


class Feed:
    """Requests of one way of asking, for as long as the lane's slice lasts and something is due.

    in_flight: items that may be out at once; 0: the model takes as many as it likes, and before it gets the
    next one all that came back is kept.
    """

    def __init__(self, store: Store, worker_id: int, desk: Desk, carried: deque[Asked]) -> None:
        self._store = store
        self._worker_id = worker_id
        self._desk = desk
        self._carried = carried
        self.asked: dict[int, Asked] = {}
        self.is_over: Callable[[], bool] = lambda: False
        self.runs: deque[InHand] = deque()
        self.quota = CHUNK
        self.in_flight = 0
        self._looked_at = 0.0

    def requests(self, way: Way) -> Iterator[Request]:
        """Ends when the slice is over, nothing is due, the quota is used up, or another way comes next."""
        given = 0
        while given < self.quota and not self.is_over():
            self._desk.settle(self.in_flight - len(self.asked) - 1)
            self._drop_unwanted()
            if not self._carried and not self._claim(self.quota - given):
                return
            if self._carried and self._carried[0].way is not way:
                return
            if self._carried:
                one = self._carried.popleft()
                self.asked[one.claimed.work_id] = one
                given += 1
                yield one.request

    def next_way(self) -> Way | None:
        """How the next item is to be asked; None when nothing is due."""
        while not self._carried:
            if not self._claim(CHUNK):
                return None
        return self._carried[0].way

    def give_back(self) -> None:
        """Returns what was claimed and not handed out."""
        self._release(list(self._carried))

    def _drop_unwanted(self) -> None:
        """Gives back what was claimed for runs that somebody has paused or cancelled since."""
        if not self._carried or time.monotonic() < self._looked_at + LOOK_S:
            return
        self._looked_at = time.monotonic()
        with self._store.read() as transaction:
            wanted = run_rows.still_wanted(transaction, {one.claimed.run_id for one in self._carried})
        self._release([one for one in self._carried if one.claimed.run_id not in wanted])

    def _release(self, left: list[Asked]) -> None:
        for one in left:
            self._carried.remove(one)
        if left:
            with self._store.write() as transaction:
                work.release(transaction, [one.claimed for one in left])

    def _claim(self, most: int) -> bool:
        """Claims from the next run that has something; False when none has. Stored answers are not asked
        again.
        """
        for _ in range(len(self.runs)):
            run = self.runs[0]
            self.runs.rotate(-1)
            with self._store.write() as transaction:
                many = run.affordable(transaction, min(CHUNK, most))
                claimed = work.claim(transaction, run.id, self._worker_id, many) if many else []
            if claimed:
                with self._store.read() as transaction:
                    asked = run.asked(transaction, claimed)
                self._carried.extend(self._without_known(asked))
                return True
        return False

    def _without_known(self, asked: list[Asked]) -> list[Asked]:
        """Hands in what is stored already: its tokens and seconds are facts of the answer, but this run
        pays nothing for it.
        """
        with self._store.read() as transaction:
            known = replies.reusable(transaction, [one.ask_key for one in asked])
        fresh: list[Asked] = []
        for one in asked:
            if one.ask_key in known:
                response_id, response = known[one.ask_key]
                self._desk.put(Result(one, replace(response, cost_usd=0.0), response_id))
            else:
                fresh.append(one)
        return fresh

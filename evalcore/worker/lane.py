"""One lane of a worker: one model at a time, all its runs in turn, other models after a while."""

import logging
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from evalcore import models
from evalcore.errors import ModelError, RoundsError
from evalcore.models import Model
from evalcore.runs.planning import endpoint_of
from evalcore.store import Store, registry
from evalcore.store import runs as run_rows
from evalcore.store.work import Waiting
from evalcore.types import Endpoint, Failure, ModelIdentity, Request, Response, Way
from evalcore.worker.desk import Asked, Desk, Result
from evalcore.worker.feed import CHUNK, Feed
from evalcore.worker.hand import InHand, take_in_hand

SLICE_S = 3.0  # after this long another run or model may have its turn
LOADS_PER_TURN = 10  # a model keeps its turn at least this many times as long as it took to load
PATIENCE_S = 120.0  # an idle lane keeps its model warm this long

log = logging.getLogger(__name__)


def fitting_quota(quota: int, seconds: float) -> int:
    """How many items a local model gets at once: batches fill up, and another run waits some seconds at
    most.
    """
    if seconds < SLICE_S:
        return quota * 2
    return max(1, quota // 2) if seconds > 8 * SLICE_S else quota


class Lane(threading.Thread):
    """Runs until nothing has waited for PATIENCE_S, or the worker stops."""

    def __init__(
        self,
        store: Store,
        worker_id: int,
        name: str,
        waiting: Callable[[], list[Waiting]],
        stopping: threading.Event,
    ) -> None:
        super().__init__(daemon=True, name=name)
        self._store = store
        self._waiting = waiting
        self._stopping = stopping
        self._desk = Desk(store, stopping)
        self._carried: deque[Asked] = deque()
        self._feed = Feed(store, worker_id, self._desk, self._carried)
        self._model: Model | None = None
        self._model_id = 0
        self._endpoint: Endpoint | None = None
        self._load_s = 0.0
        self._quota = CHUNK
        self._looked_at = 0.0
        self._are_others_waiting = False
        self._is_asking = False
        self.crash: BaseException | None = None

    @property
    def is_busy(self) -> bool:
        return self._is_asking or self._desk.is_behind

    @property
    def doing(self) -> str:
        model = self._model.identity.name if self._model and self._is_asking else ""
        return " ".join(part for part in (model, self._desk.trouble) if part)

    def run(self) -> None:
        try:
            self._work()
        except BaseException as error:  # a bug: the worker ends with it instead of going on half dead
            self.crash = error

    def _work(self) -> None:
        self._desk.start()
        idle_since = time.monotonic()
        while not self._stopping.is_set() and time.monotonic() - idle_since < PATIENCE_S:
            chosen = self._choose(self._waiting())
            self._is_asking = bool(chosen)
            if chosen:
                idle_since = time.monotonic()
            if not chosen or not self._turn(chosen):
                self._stopping.wait(0.2)
        self._close()

    def _close(self) -> None:
        self._is_asking = True
        self._desk.close()
        if self._model is not None:
            self._model.close()
        self._is_asking = False

    def _choose(self, waiting: Sequence[Waiting]) -> list[Waiting]:
        """The runs of one model: the warm one while its turn lasts, then the next in order."""
        ids = sorted({one.model_id for one in waiting})
        if not ids:
            return []
        later = [model_id for model_id in ids if model_id > self._model_id]
        chosen = later[0] if later else ids[0]
        return [one for one in waiting if one.model_id == chosen]

    def _turn(self, chosen: Sequence[Waiting]) -> bool:
        """False when nothing could be asked: another worker was faster, or a budget waits for what is out."""
        try:
            self._take_runs(chosen)
        except RoundsError as error:
            self._pause_all(chosen[0].model_id, str(error))
            return False
        turn_s = max(SLICE_S, LOADS_PER_TURN * self._load_s)
        ends = time.monotonic() + turn_s
        slices = 0
        while time.monotonic() < ends and not self._stopping.is_set() and self._slice(ends):
            slices += 1
        self._feed.give_back()
        return slices > 0

    def _take_runs(self, chosen: Sequence[Waiting]) -> None:
        """Makes the model ready and lines up its runs. Raises ModelError, EndpointError, UsageError."""
        model_id = chosen[0].model_id
        with self._store.read() as transaction:
            rows = run_rows.runs_with_model(transaction, model_id)
            identity = registry.get_model(transaction, model_id)
        wanted = {one.run_id for one in chosen}
        rows = [row for row in rows if row.id in wanted]
        if not rows:
            return
        name = str(rows[0].spec["model"])
        endpoint = endpoint_of(self._store, name)
        if model_id != self._model_id or self._model is None or endpoint != self._endpoint:
            self._load(name, identity, endpoint)
            self._model_id = model_id
        self._feed.runs = deque(run for row in rows if (run := self._in_hand(row)))

    def _in_hand(self, row: run_rows.RunRow) -> InHand | None:
        """None after pausing a run that cannot be asked as it was planned; the model's others go on."""
        template = self._model is not None and self._model.has_chat_template
        try:
            return take_in_hand(self._store, row.code, has_chat_template=template)
        except RoundsError as error:
            log.warning("pausing run %s: %s", row.code, error)
            with self._store.write() as transaction:
                run_rows.set_wanted(transaction, row.id, "pause", str(error))
            return None

    def _load(self, name: str, identity: ModelIdentity, endpoint: Endpoint | None) -> None:
        if self._model is not None:
            self._model.close()
        self._model, self._model_id, self._endpoint = None, 0, endpoint
        started = time.monotonic()
        if endpoint is None and models.identify(name, identity.precision) != identity:
            raise ModelError(
                f"{name} is not the model the run was planned with: its files have changed since. "
                "Start the run again with the files as they are now, or bring the old ones back."
            )
        self._model = models.load(name, identity.precision or "auto", endpoint=endpoint)
        self._feed.in_flight = endpoint.in_flight if endpoint else 0
        self._load_s = time.monotonic() - started

    def _pause_all(self, model_id: int, reason: str) -> None:
        log.warning("pausing the runs of a model: %s", reason)
        with self._store.write() as transaction:
            for row in run_rows.runs_with_model(transaction, model_id):
                run_rows.set_wanted(transaction, row.id, "pause", reason)

    def _slice(self, ends: float) -> bool:
        """Asks for a while in one way; False when nothing is due."""
        way = self._feed.next_way()
        if way is None or self._model is None:
            return False
        self._feed.quota = self._quota if self.name == "local" else 1 << 60
        self._feed.is_over = lambda: (
            self._stopping.is_set() or time.monotonic() > ends and self._others_wait()
        )
        started, answered = time.monotonic(), 0
        try:
            for request, response in self._ask(self._model, way):
                self._desk.put(Result(self._feed.asked.pop(request.id), response))
                answered += 1
        except Exception as error:  # a backend may throw anything: it is stored, not lost
            if self._desk.crash is not None:
                raise
            self._fail_outstanding(error)
        if answered == self._quota:
            self._quota = fitting_quota(self._quota, time.monotonic() - started)
        return True

    def _ask(self, model: Model, way: Way) -> Iterator[tuple[Request, Response]]:
        requests = self._feed.requests(way)
        return model.rank(requests) if way is Way.RANK else model.generate(requests)

    def _others_wait(self) -> bool:
        """Looked up once a second: a fast backend asks this at every item."""
        if time.monotonic() > self._looked_at + 1:
            self._looked_at = time.monotonic()
            self._are_others_waiting = any(one.model_id != self._model_id for one in self._waiting())
        return self._are_others_waiting

    def _fail_outstanding(self, error: Exception) -> None:
        """Stores what happened for every item that was out; places in the code only, no texts, no locals."""
        places = "".join(traceback.format_tb(error.__traceback__)[-6:])
        log.error("%s while asking:\n%s", type(error).__name__, places)
        message = (
            str(error) if isinstance(error, RoundsError) else f"{type(error).__name__}; see the worker's log"
        )
        failure = Failure(
            "model" if isinstance(error, ModelError) else "internal",
            message,
            stops_run=isinstance(error, ModelError),
        )
        for asked in self._feed.asked.values():
            self._desk.put(Result(asked, Response(failure=failure)))
        self._feed.asked.clear()

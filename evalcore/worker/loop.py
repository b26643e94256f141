"""The worker: signs in, beats, opens a lane for whatever waits, signs off."""

import gc
import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from functools import partial

import psutil

from evalcore.store import Store, jobs, registry, work
from evalcore.store.work import Waiting
from evalcore.worker.alive import dead_workers, key_names
from evalcore.worker.lane import Lane
from evalcore.worker.scorer import score
from evalcore.worker.tasks import JobLane

BEAT_S = 5.0
STEP_S = 0.05  # the end of the work, a crash and a signal are seen within so long
IDLE_S = 0.2
BUSY_S = 1.0  # while a lane works, it is enough to look for work of other lanes so often

log = logging.getLogger(__name__)


class Worker:
    """One process' share of the work.

    once: `run` returns when nothing is left that this worker could do or see done. run_id: work for this
    run alone.
    """

    def __init__(self, store: Store, *, once: bool = False, run_id: int | None = None) -> None:
        self._store = store
        self._once = once
        self._run_id = run_id
        self._stopping = threading.Event()
        self._lanes: dict[str, Lane | JobLane] = {}
        self.id = self._sign_in()

    def _sign_in(self) -> int:
        process = psutil.Process()
        row = {
            "host": socket.gethostname(),
            "pid": process.pid,
            "process_started": process.create_time(),
            "capabilities": {"environment": key_names(), "gpu": os.path.exists("/dev/nvidia0")},
        }
        with self._store.write() as transaction:
            return registry.add_worker(transaction, row)

    def stop(self) -> None:
        """Finish what is in flight, claim nothing more."""
        self._stopping.set()

    def run(self) -> None:
        """Works until `stop`, or with `once` until nothing is left."""
        next_beat = next_look = 0.0
        gc.freeze()  # libraries are no garbage, and looking them through stops all threads for 0.2 s
        try:
            while not self._stopping.is_set():
                if time.monotonic() >= next_beat:
                    next_beat = time.monotonic() + BEAT_S
                    self._beat()
                if time.monotonic() >= next_look:
                    self._open_lanes()
                    next_look = time.monotonic() + (BUSY_S if self._is_busy() else IDLE_S)
                self._raise_crashes()
                if self._once and self._is_done():
                    break
                self._stopping.wait(STEP_S)
        finally:
            gc.unfreeze()
            self._sign_off()

    def _beat(self) -> None:
        doing = ", ".join(lane.doing for lane in self._lanes.values() if lane.doing)
        with self._store.write() as transaction:
            registry.beat(transaction, self.id, doing)
            work.renew_leases(transaction, self.id)
            work.take_back(transaction, dead_workers(registry.running_workers(transaction)))
        self._score_left_behind()

    def _score_left_behind(self) -> None:
        """Answers that a killed worker stored but did not come to read."""
        if self._is_busy():
            return
        with self._store.read() as transaction:
            unread = work.runs_with_unread(transaction)
        for run_id in unread:
            score(self._store, run_id)

    def _is_busy(self) -> bool:
        return any(lane.is_busy for lane in self._lanes.values() if lane.is_alive())

    def _waiting(self) -> list[Waiting]:
        with self._store.read() as transaction:
            found = work.waiting_runs(transaction)
        return [one for one in found if self._can(one)]

    def _can(self, one: Waiting) -> bool:
        is_wanted = self._run_id is None or one.serves == self._run_id
        return is_wanted and (not one.key_env or bool(os.environ.get(one.key_env)))

    def _open_lanes(self) -> None:
        for name in {one.lane for one in self._waiting()}:
            self._open(name, partial(Lane, self._store, self.id, name, self._in_lane(name), self._stopping))
        with self._store.read() as transaction:
            has_jobs = self._run_id is None and jobs.is_any_due(transaction, key_names())
        if has_jobs:
            self._open("jobs", partial(JobLane, self._store, self.id, self._stopping))

    def _open(self, name: str, make: Callable[[], Lane | JobLane]) -> None:
        lane = self._lanes.get(name)
        if lane is None or not lane.is_alive():
            self._lanes[name] = make()
            self._lanes[name].start()

    def _raise_crashes(self) -> None:
        for lane in self._lanes.values():
            if lane.crash is not None:
                raise lane.crash

    def _in_lane(self, name: str) -> Callable[[], list[Waiting]]:
        return lambda: [one for one in self._waiting() if one.lane == name]

    def _is_done(self) -> bool:
        if self._is_busy():
            return False
        self._score_left_behind()
        with self._store.read() as transaction:
            if self._run_id is None and jobs.is_any_open(transaction, key_names()):
                return False
            return not work.has_open_work(transaction, self._run_id, key_names())

    def _sign_off(self) -> None:
        self._stopping.set()
        for lane in self._lanes.values():
            lane.join()
        with self._store.write() as transaction:
            registry.stop_worker(transaction, self.id)

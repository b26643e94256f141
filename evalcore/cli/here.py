"""Works on a run in this very process, with its progress read from the store; leaves no process behind."""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from evalcore import report, runs
from evalcore.cli.output import duration, harmless, percent, tell
from evalcore.store import Store
from evalcore.store import runs as run_rows
from evalcore.worker.loop import Worker

LOOK_S = 0.25
REASONS: dict[int, str] = {signal.SIGINT: "paused by a person", signal.SIGTERM: "its command was ended"}


def work_here(store: Store, *codes: str) -> None:
    """Each in turn until nothing is left, or a first Ctrl-C: what is in flight is kept, all are paused."""
    quiet_libraries()
    reason = ""
    for code in codes:
        is_going = report.run_status(store, code).status in ("waiting", "running")
        if is_going and reason:
            runs.pause(store, code, reason)
        elif is_going:
            reason = _work_on(store, code)


def _work_on(store: Store, code: str) -> str:
    """Why it was stopped, "" where it was not."""
    with store.read() as transaction:
        run_id = run_rows.get_run(transaction, code).id
    worker = _Working(Worker(store, once=True, run_id=run_id))
    with _stops_counted() as stops:
        worker.start()
        _watch(store, code, worker, stops)
    if worker.crash is not None:
        raise worker.crash
    return REASONS[stops[0]] if stops else ""


def quiet_libraries() -> None:
    """Warnings only; download bars only where somebody watches."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")
    if not sys.stderr.isatty():
        os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")


class _Working(threading.Thread):
    def __init__(self, worker: Worker) -> None:
        super().__init__(daemon=True, name="worker")
        self.worker = worker
        self.crash: BaseException | None = None

    def run(self) -> None:
        try:
            self.worker.run()
        except BaseException as error:  # told by the main thread, which alone may end the process
            self.crash = error


@contextmanager
def _stops_counted() -> Iterator[list[int]]:
    """Signals that came, while they are only counted."""
    came: list[int] = []

    def count(number: int, _: FrameType | None) -> None:
        came.append(number)

    before = {number: signal.signal(number, count) for number in REASONS}
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _watch(store: Store, code: str, working: _Working, stops: list[int]) -> None:
    line = _Line()
    is_stopping = False
    while working.is_alive():
        working.join(LOOK_S)
        if stops and not is_stopping:
            is_stopping = True
            tell("Stopping: what is in flight is finished and kept. Ctrl-C again stops at once.")
            runs.pause(store, code, REASONS[stops[0]])
            working.worker.stop()
        if len(stops) > 1:
            tell("Stopped at once; answers that were in flight are lost.")
            os._exit(3)
        if line.is_due():
            line.draw(report.live(store, code))
    line.end(report.live(store, code))


class _Line:
    """One line that is drawn over on a terminal, a line every few seconds in a log."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._next = time.monotonic() + (0 if self._is_terminal else 2.0)
        self._last = ""

    def is_due(self) -> bool:
        return time.monotonic() >= self._next

    def draw(self, now: report.Snapshot) -> None:
        self._next = time.monotonic() + (0.5 if self._is_terminal else 5.0)
        words = progress_words(now)
        if words != self._last:
            sys.stderr.write(f"\r\x1b[K{words}" if self._is_terminal else f"{words}\n")
            sys.stderr.flush()
            self._last = words

    def end(self, now: report.Snapshot) -> None:
        self.draw(now)
        if self._is_terminal:
            sys.stderr.write("\n")


def progress_words(now: report.Snapshot) -> str:
    """As in `120/135  14.2/s  1 s left  mmlu_anatomy 27.5 %`; unknown things are left out."""
    words = [f"{now.done + now.failed}/{now.planned}"]
    if now.failed:
        words.append(f"{now.failed} failed")
    if now.rate:
        words += [f"{now.rate:.1f}/s", f"{duration(now.eta_s)} left"]
    going = next((task for task in now.tasks if 0 < task.done + task.failed < task.planned), None)
    if going is not None:
        words.append(f"{going.task} {percent(going.value)}" if going.value is not None else going.task)
    return harmless("  ".join(words))

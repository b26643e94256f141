"""The lane for jobs: one at a time, each a function that says how far it is and stops when asked to."""

import logging
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from evalcore import models, runs
from evalcore.errors import Interrupted, RoundsError
from evalcore.store import Store, jobs
from evalcore.store.schema import WorkState
from evalcore.worker.alive import key_names
from evalcore.worker.lane import PATIENCE_S

log = logging.getLogger(__name__)

Tell = Callable[[int, int | None], None]
"""Notes (done, total); raises Interrupted when the job was cancelled."""


def check_model(store: Store, arguments: Mapping[str, Any], tell: Tell) -> Any:
    """Would the model load: with `load`, by loading it here."""
    name = str(arguments["model"])
    endpoint = runs.endpoint_of(store, name)
    load, precision = bool(arguments["load"]), str(arguments["precision"])
    found = models.check(name, precision, load=load, endpoint=endpoint)
    runs.keep_check(store, endpoint, found)
    return asdict(found)


def check_endpoint(store: Store, arguments: Mapping[str, Any], tell: Tell) -> Any:
    """Can its servers be reached, what do they list; with `model`, also a short question to it."""
    from evalcore.models import openai

    endpoint = runs.endpoint_of(store, f"api:{arguments['endpoint']}/any")
    if endpoint is None:
        return None
    servers = [asdict(server) for server in openai.reach(endpoint)]
    tell(1, 2)
    model = str(arguments["model"])
    if not model:
        return {"servers": servers, "probe": None}
    probe = openai.check(endpoint, model, load=True)
    runs.keep_check(store, endpoint, probe)
    return {"servers": servers, "probe": asdict(probe)}


def score_run(store: Store, arguments: Mapping[str, Any], tell: Tell) -> Any:
    """Reads all answers of a run again with the code as it is now."""
    return {
        "responses": runs.score_again(store, str(arguments["run"]), reader=arguments["reader"], tell=tell)
    }


def score_encoder(store: Store, arguments: Mapping[str, Any], tell: Tell) -> Any:
    """BERTScore over the free-text replies of a run."""
    layer = arguments.get("layer")
    made = runs.score_with_encoder(
        store,
        str(arguments["run"]),
        str(arguments["encoder"]),
        layer=None if layer is None else int(layer),
        idf=bool(arguments.get("idf")),
        tell=tell,
    )
    return {"responses": made}


def score_terms(store: Store, arguments: Mapping[str, Any], tell: Tell) -> Any:
    """Structured answers of a run against term libraries."""
    libraries = [Path(str(path)) for path in arguments["terms"]]
    encoder = str(arguments.get("encoder", ""))
    made = runs.score_with_terms(store, str(arguments["run"]), libraries, encoder=encoder, tell=tell)
    return {"responses": made}


def judge_when_done(store: Store, arguments: Mapping[str, Any], tell: Tell) -> Any:
    """Starts the judges that were chosen together with a run, now that it is over."""
    return {"runs": runs.begin_later(store, arguments)}


KINDS: dict[str, Callable[[Store, Mapping[str, Any], Tell], Any]] = {
    "check_model": check_model,
    "check_endpoint": check_endpoint,
    "score_run": score_run,
    "score_encoder": score_encoder,
    runs.JUDGE_LATER: judge_when_done,
    "score_terms": score_terms,
}


class JobLane(threading.Thread):
    """Works off jobs until none has come for a while, or the worker stops."""

    def __init__(self, store: Store, worker_id: int, stopping: threading.Event) -> None:
        super().__init__(daemon=True, name="jobs")
        self._store = store
        self._worker_id = worker_id
        self._stopping = stopping
        self.is_busy = False
        self.crash: BaseException | None = None

    @property
    def doing(self) -> str:
        return "jobs" if self.is_busy else ""

    def run(self) -> None:
        idle_since = time.monotonic()
        while not self._stopping.is_set() and time.monotonic() - idle_since < PATIENCE_S:
            with self._store.write() as transaction:
                job = jobs.claim(transaction, self._worker_id, key_names())
            self.is_busy = job is not None
            if job is not None:
                self._do(job)
                idle_since = time.monotonic()
            self._stopping.wait(0.2)

    def _do(self, job: jobs.Job) -> None:
        try:
            result = KINDS[job.kind](self._store, job.arguments, self._teller(job))
            self._end(job, WorkState.DONE, result=result)
        except Interrupted:
            self._end(job, WorkState.CANCELLED)
        except RoundsError as error:
            self._end(job, WorkState.FAILED, message=str(error))
        except Exception as error:  # a job may throw anything: it is stored, the worker goes on
            log.error("job %s: %s", job.kind, "".join(traceback.format_tb(error.__traceback__)[-6:]))
            self._end(job, WorkState.FAILED, message=f"{type(error).__name__}; see the worker's log")

    def _teller(self, job: jobs.Job) -> Tell:
        def tell(done: int, total: int | None) -> None:
            with self._store.write() as transaction:
                goes_on = jobs.progress(transaction, job.id, done, total)
            if not goes_on or self._stopping.is_set():
                raise Interrupted("cancelled")

        return tell

    def _end(self, job: jobs.Job, state: int, *, result: Any = None, message: str = "") -> None:
        with self._store.write() as transaction:
            jobs.finish(transaction, job.id, state, result=result, message=message)

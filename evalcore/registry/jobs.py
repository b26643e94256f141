"""Checks that a worker does: loading a model for real, reaching an endpoint."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evalcore.store import Store, jobs
from evalcore.store.schema import WorkState
from evalcore.types import Endpoint

STATES = {
    WorkState.WAITING: "waiting",
    WorkState.LEASED: "running",
    WorkState.DONE: "done",
    WorkState.FAILED: "failed",
    WorkState.CANCELLED: "cancelled",
}
LOOKED_AT = 200  # newest jobs among which a check is looked for


@dataclass(frozen=True)
class JobView:
    """A job for a screen. state: waiting, running, done, failed, cancelled. key_env: a key it needs, or "".

    message: what went wrong, as it is shown. result: what its kind finds (a Check, servers and a probe).
    """

    id: int
    kind: str
    arguments: Mapping[str, Any]
    state: str
    key_env: str
    message: str
    result: Any

    @property
    def is_over(self) -> bool:
        return self.state in ("done", "failed", "cancelled")


def check_model(store: Store, name: str, precision: str) -> int:
    """Asks a worker to load a model of its machine; returns the job's id."""
    return _start(store, "check_model", {"model": name, "precision": precision, "load": True})


def check_endpoint(store: Store, endpoint: Endpoint, model: str = "") -> int:
    """Asks a worker that holds the key to reach the servers; with a model also a short question."""
    arguments = {"endpoint": endpoint.name, "model": model, "key_env": endpoint.key_env}
    return _start(store, "check_endpoint", arguments)


def _start(store: Store, kind: str, arguments: Mapping[str, Any]) -> int:
    with store.write() as transaction:
        return jobs.add(transaction, kind, arguments)


def job(store: Store, job_id: int) -> JobView | None:
    with store.read() as transaction:
        found = jobs.get(transaction, job_id)
    return _view(found) if found else None


def latest_job(store: Store, kind: str, **arguments: Any) -> JobView | None:
    """The newest job of a kind whose arguments have these values."""
    with store.read() as transaction:
        found = jobs.latest(transaction, LOOKED_AT)
    fitting = (one for one in found if one.kind == kind and arguments.items() <= dict(one.arguments).items())
    newest = next(fitting, None)
    return _view(newest) if newest else None


def cancel_job(store: Store, job_id: int) -> None:
    with store.write() as transaction:
        jobs.cancel(transaction, job_id)


def _view(found: jobs.Job) -> JobView:
    key_env = str(found.arguments.get("key_env", ""))
    state = STATES[found.state]
    return JobView(found.id, found.kind, found.arguments, state, key_env, found.message, found.result)

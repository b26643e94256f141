"""Endpoints that are registered, and where their keys are set: known by the variable's name alone."""

import os
from dataclasses import dataclass
from typing import Any

from evalcore import runs
from evalcore.errors import UsageError
from evalcore.models.endpoints import OPENAI, validated
from evalcore.store import Store, registry
from evalcore.types import Endpoint


@dataclass(frozen=True)
class KeyPlace:
    """Where a key's variable is set. workers: living ones that have it; is_here: this process."""

    variable: str
    workers: tuple[int, ...] = ()
    is_here: bool = False

    @property
    def state(self) -> str:
        """not_needed, worker, here (a worker that gets it can be started) or nowhere."""
        if not self.variable:
            return "not_needed"
        if self.workers:
            return "worker"
        return "here" if self.is_here else "nowhere"


@dataclass(frozen=True)
class KnownEndpoint:
    """One line of the list. is_stored: somebody added it; `openai` is there without."""

    endpoint: Endpoint
    key: KeyPlace
    is_stored: bool


def endpoints_listing(store: Store) -> tuple[KnownEndpoint, ...]:
    """All endpoints, the built-in one first."""
    with store.read() as transaction:
        stored = {row["name"] for row in registry.get_endpoints(transaction)}
        living = [worker for worker in registry.running_workers(transaction) if worker.is_alive]
    return tuple(
        KnownEndpoint(endpoint, _key_place(endpoint.key_env, living), endpoint.name in stored)
        for endpoint in runs.endpoints(store)
    )


def _key_place(variable: str, living: list[registry.WorkerRow]) -> KeyPlace:
    holders = (worker.id for worker in living if variable in worker.capabilities.get("environment", ()))
    return KeyPlace(variable, tuple(holders) if variable else (), bool(os.environ.get(variable)))


def add_endpoint(store: Store, endpoint: Endpoint, *, replace: bool = True) -> Endpoint:
    """Adds an endpoint, or replaces the one of that name; sends nothing and reads no key.

    Raises UsageError for what cannot be, and without `replace` for a name that is taken.
    """
    checked = validated(endpoint)
    if (checked.price_in is None) != (checked.price_out is None):
        raise UsageError(
            f"Endpoint {checked.name}: one price alone gives no cost. "
            "Give both --price-in and --price-out (USD per million tokens), or neither."
        )
    with store.write() as transaction:
        taken = {row["name"] for row in registry.get_endpoints(transaction)} | {OPENAI.name}
        if checked.name in taken and not replace:
            raise UsageError(
                f"There is already an endpoint {checked.name!r}. Choose another name, or change that one."
            )
        registry.put_endpoint(transaction, as_row(checked))
    return checked


def as_row(endpoint: Endpoint) -> dict[str, Any]:
    return vars(endpoint) | {"base_urls": list(endpoint.base_urls)}


def remove_endpoint(store: Store, name: str) -> Endpoint:
    """Takes an endpoint off the list and returns it, to be added again by whoever regrets it.

    Removing a changed `openai` brings the built-in one back. UsageError where there is nothing to remove.
    """
    known = {endpoint.name: endpoint for endpoint in runs.endpoints(store)}
    with store.write() as transaction:
        is_gone = registry.remove_endpoint(transaction, name)
    if not is_gone and name == OPENAI.name:
        raise UsageError(
            "The endpoint 'openai' is built in and cannot be removed. It sends nothing by itself."
        )
    if not is_gone:
        raise UsageError(f"There is no endpoint {name!r}; known are {', '.join(known)}.")
    return known[name]

"""Who works and who is asked: models, endpoints, workers. Keys are kept by the name of their variable, never
by value.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select, update

from evalcore.store.schema import endpoints, models, registered_models, settings, workers
from evalcore.store.sql import insert_for, insert_new
from evalcore.types import ModelIdentity

ALIVE_S = 30.0  # a worker whose heartbeat is older is taken for dead


@dataclass(frozen=True)
class WorkerRow:
    """A worker as it last reported; process_started tells a reused process id apart."""

    id: int
    host: str
    pid: int
    process_started: float
    capabilities: Mapping[str, Any]
    heartbeat: float
    doing: str

    @property
    def is_alive(self) -> bool:
        return self.heartbeat > time.time() - ALIVE_S


def put_model(transaction: Connection, identity: ModelIdentity, facts: Mapping[str, Any]) -> int:
    """Stores a model once by its identity; returns its id."""
    row = {
        "sha": identity.sha,
        "name": identity.name,
        "revision": identity.revision,
        "precision": identity.precision,
        "base": identity.base,
        "facts": dict(facts),
        "created_at": time.time(),
    }
    insert_new(transaction, models, [row])
    return int(transaction.execute(select(models.c.id).where(models.c.sha == identity.sha)).scalar_one())


def get_model(transaction: Connection, model_id: int) -> ModelIdentity:
    row = transaction.execute(select(models).where(models.c.id == model_id)).one()
    return ModelIdentity(row.name, row.revision, row.precision, row.base)


def register_model(transaction: Connection, name: str, precision: str, facts: Mapping[str, Any]) -> None:
    """Keeps a model on the list of the Models page; a second time renews its facts."""
    insert = insert_for(transaction, registered_models)
    row = {"name": name, "precision": precision, "facts": dict(facts), "created_at": time.time()}
    renewed = {"facts": insert.excluded.facts}
    transaction.execute(insert.on_conflict_do_update(index_elements=["name", "precision"], set_=renewed), row)


def registered(transaction: Connection) -> Sequence[Any]:
    return transaction.execute(select(registered_models).order_by(registered_models.c.created_at)).all()


def forget_model(transaction: Connection, name: str, precision: str) -> bool:
    gone = (registered_models.c.name == name) & (registered_models.c.precision == precision)
    return bool(transaction.execute(delete(registered_models).where(gone)).rowcount)


def put_endpoint(transaction: Connection, row: Mapping[str, Any]) -> None:
    """Adds or replaces an endpoint by its name."""
    insert = insert_for(transaction, endpoints)
    values = dict(row) | {"created_at": time.time()}
    renewed = {name: insert.excluded[name] for name in row if name != "name"}
    transaction.execute(insert.on_conflict_do_update(index_elements=["name"], set_=renewed), values)


def get_endpoints(transaction: Connection) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in transaction.execute(select(endpoints).order_by(endpoints.c.name))]


def remove_endpoint(transaction: Connection, name: str) -> bool:
    return bool(transaction.execute(delete(endpoints).where(endpoints.c.name == name)).rowcount)


def add_worker(transaction: Connection, row: Mapping[str, Any]) -> int:
    now = time.time()
    values = dict(row) | {"started_at": now, "heartbeat": now}
    return int(transaction.execute(workers.insert().values(**values).returning(workers.c.id)).scalar_one())


def beat(transaction: Connection, worker_id: int, doing: str) -> None:
    """Says that the worker lives and what it does."""
    values = {"heartbeat": time.time(), "doing": doing}
    transaction.execute(update(workers).where(workers.c.id == worker_id).values(**values))


def stop_worker(transaction: Connection, worker_id: int) -> None:
    transaction.execute(
        update(workers).where(workers.c.id == worker_id).values(stopped_at=time.time(), doing="")
    )


def running_workers(transaction: Connection) -> list[WorkerRow]:
    """Workers that have not said goodbye; the dead among them are told by `is_alive`."""
    rows = transaction.execute(select(workers).where(workers.c.stopped_at.is_(None)).order_by(workers.c.id))
    return [
        WorkerRow(r.id, r.host, r.pid, r.process_started, r.capabilities, r.heartbeat, r.doing) for r in rows
    ]


def get_setting(transaction: Connection, name: str) -> Any:
    return transaction.execute(select(settings.c.value).where(settings.c.name == name)).scalar()


def set_setting(transaction: Connection, name: str, value: Any) -> None:
    insert = insert_for(transaction, settings)
    transaction.execute(
        insert.on_conflict_do_update(index_elements=["name"], set_={"value": insert.excluded.value}),
        {"name": name, "value": value},
    )

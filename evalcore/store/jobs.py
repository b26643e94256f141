"""Long tasks that ask no model an item: a model's check, scoring again, an export. Rows like work items,
with leases. A job whose arguments name a `key_env` waits for a worker that holds this key; one that names
a run as `after` waits until that run is over.
"""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, or_, select, update

from evalcore.store import runs as run_rows
from evalcore.store.schema import WorkState, jobs
from evalcore.store.work import LEASE_S


@dataclass(frozen=True)
class Job:
    """A long task as it stands. done of total: steps, total None while unknown; result: what it found."""

    id: int
    kind: str
    arguments: Mapping[str, Any]
    state: int
    wanted: str
    done: int
    total: int | None
    message: str
    result: Any

    @property
    def is_over(self) -> bool:
        return self.state in (WorkState.DONE, WorkState.FAILED, WorkState.CANCELLED)


def add(transaction: Connection, kind: str, arguments: Mapping[str, Any]) -> int:
    row = {"kind": kind, "arguments": dict(arguments), "created_at": time.time()}
    return int(transaction.execute(jobs.insert().values(**row).returning(jobs.c.id)).scalar_one())


def get(transaction: Connection, job_id: int) -> Job | None:
    found = transaction.execute(select(jobs).where(jobs.c.id == job_id)).one_or_none()
    return _job(found) if found else None


def latest(transaction: Connection, limit: int = 20) -> list[Job]:
    return [_job(row) for row in transaction.execute(select(jobs).order_by(jobs.c.id.desc()).limit(limit))]


def _job(row: Any) -> Job:
    return Job(
        row.id, row.kind, row.arguments, row.state, row.wanted, row.done, row.total, row.message, row.result
    )


def _due() -> Any:
    """Waiting, or in the hands of a worker that went silent: a job starts again from its own progress."""
    lost = and_(jobs.c.state == WorkState.LEASED, jobs.c.lease_until < time.time())
    return and_(jobs.c.wanted == "run", or_(jobs.c.state == WorkState.WAITING, lost))


def is_any_due(transaction: Connection, keys: Collection[str]) -> bool:
    """Whether a worker with these keys has something to do."""
    return _oldest(transaction, keys) is not None


def is_any_open(transaction: Connection, keys: Collection[str]) -> bool:
    """Whether one is due, or in somebody's hands and not done yet."""
    held = select(jobs.c.id).where(jobs.c.state == WorkState.LEASED).limit(1)
    return transaction.execute(held).first() is not None or is_any_due(transaction, keys)


def _oldest(transaction: Connection, keys: Collection[str]) -> int | None:
    due = select(jobs.c.id, jobs.c.arguments).where(_due()).order_by(jobs.c.id)
    rows = transaction.execute(due).all()
    return next((row.id for row in rows if _can_begin(transaction, row.arguments, keys)), None)


def _can_begin(transaction: Connection, arguments: Mapping[str, Any], keys: Collection[str]) -> bool:
    after = str(arguments.get("after", ""))
    has_key = arguments.get("key_env", "") in {"", *keys}
    return has_key and (not after or run_rows.is_over(transaction, after))


def claim(transaction: Connection, worker_id: int, keys: Collection[str]) -> Job | None:
    """The oldest job that is due and needs no other key than these, leased; None when there is none."""
    oldest = jobs.c.id == _oldest(transaction, keys)
    locked = select(jobs.c.id).where(oldest, _due()).with_for_update(skip_locked=True)
    job_id = transaction.execute(locked).scalar()
    if job_id is None:
        return None
    lease = {"state": WorkState.LEASED, "owner": worker_id, "lease_until": time.time() + LEASE_S}
    transaction.execute(update(jobs).where(jobs.c.id == job_id).values(**lease))
    return get(transaction, job_id)


def progress(transaction: Connection, job_id: int, done: int, total: int | None, message: str = "") -> bool:
    """Notes how far a job is and renews its lease; False when it is to stop."""
    values = {"done": done, "total": total, "message": message, "lease_until": time.time() + LEASE_S}
    transaction.execute(update(jobs).where(jobs.c.id == job_id).values(**values))
    return transaction.execute(select(jobs.c.wanted).where(jobs.c.id == job_id)).scalar() == "run"


def finish(
    transaction: Connection, job_id: int, state: int, *, result: Any = None, message: str = ""
) -> None:
    values = {"state": state, "result": result, "message": message, "finished_at": time.time()}
    transaction.execute(
        update(jobs).where(jobs.c.id == job_id).values(owner=None, lease_until=None, **values)
    )


def cancel(transaction: Connection, job_id: int) -> None:
    """A waiting job ends at once, a running one at its next step."""
    transaction.execute(update(jobs).where(jobs.c.id == job_id).values(wanted="cancel"))
    waiting = and_(jobs.c.id == job_id, jobs.c.state == WorkState.WAITING)
    transaction.execute(
        update(jobs).where(waiting).values(state=WorkState.CANCELLED, finished_at=time.time())
    )

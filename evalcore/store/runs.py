"""Runs and their tasks: what was asked for. Where a run stands is never stored here; it is counted from
its work.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select, update

from evalcore.errors import UsageError
from evalcore.store.schema import record_counts, run_tasks, runs, task_versions
from evalcore.store.sql import insert_new
from evalcore.types import Way


@dataclass(frozen=True)
class RunRow:
    """A run as it was asked for. wanted: run, pause or cancel, a person's wish.

    kind: ask, judge, or partner (in the dialogues of its parent, never listed by itself).
    """

    id: int
    code: str
    name: str
    spec: Mapping[str, Any]
    model_id: int
    lane: str
    key_env: str
    wanted: str
    pause_reason: str
    created_at: float
    repeat: int
    kind: str
    parent_id: int | None


@dataclass(frozen=True)
class RunTask:
    """One task of a run, in the run's order; planned: items wanted so far."""

    ordinal: int
    task_version_id: int
    task_id: str
    version: str
    way: Way
    planned: int
    item_count: int


def _row(found: Any) -> RunRow:
    return RunRow(
        found.id,
        found.code,
        found.name,
        found.spec,
        found.model_id,
        found.lane,
        found.key_env,
        found.wanted,
        found.pause_reason,
        found.created_at,
        found.repeat,
        found.kind,
        found.parent_id,
    )


def find_run(transaction: Connection, identity: str, repeat: int) -> RunRow | None:
    query = select(runs).where(runs.c.identity == identity, runs.c.repeat == repeat)
    found = transaction.execute(query).one_or_none()
    return _row(found) if found else None


def last_repeat(transaction: Connection, identity: str) -> int:
    """The highest number among repeats of one spec; 0 when it was never run."""
    return int(
        transaction.execute(select(func.max(runs.c.repeat)).where(runs.c.identity == identity)).scalar() or 0
    )


def get_run(transaction: Connection, code: str) -> RunRow:
    """By its code, or by the beginning of it if that is unambiguous. Raises UsageError."""
    exact = transaction.execute(select(runs).where(runs.c.code == code)).one_or_none()
    if exact is not None:
        return _row(exact)
    near = transaction.execute(
        select(runs).where(runs.c.code.startswith(code, autoescape=True)).limit(2)
    ).all()
    if code and len(near) == 1:
        return _row(near[0])
    known = list(transaction.execute(select(runs.c.code).order_by(runs.c.id.desc()).limit(5)).scalars())
    latest = f"The latest runs are {', '.join(known)}." if known else "There is no run yet."
    raise UsageError(f"There is no run {code!r}. {latest} `status` lists them all.")


def partner_of(transaction: Connection, run_id: int) -> RunRow | None:
    """The run that asks the partner in this run's dialogues; None where it has none."""
    query = select(runs).where(runs.c.parent_id == run_id, runs.c.kind == "partner")
    found = transaction.execute(query).one_or_none()
    return _row(found) if found else None


def run_by_id(transaction: Connection, run_id: int) -> RunRow:
    return _row(transaction.execute(select(runs).where(runs.c.id == run_id)).one())


def is_over(transaction: Connection, code: str) -> bool:
    """Whether everything that was planned has its record; False for a run that is not there or deleted."""
    query = select(runs.c.id, runs.c.spec).where(runs.c.code == code, runs.c.deleted_at.is_(None))
    found = transaction.execute(query).one_or_none()
    if found is None:
        return False
    planned = select(func.sum(run_tasks.c.planned)).where(run_tasks.c.run_id == found.id)
    counted = select(func.sum(record_counts.c.n)).where(record_counts.c.run_id == found.id)
    wanted = int(transaction.execute(planned).scalar() or 0) * int(found.spec.get("samples", 1))
    return 0 < wanted <= int(transaction.execute(counted).scalar() or 0)


def add_run(transaction: Connection, row: Mapping[str, Any]) -> None:
    """Adds a run unless the same spec and repeat are there."""
    insert_new(transaction, runs, [dict(row) | {"created_at": time.time()}])


def add_run_tasks(transaction: Connection, run_id: int, tasks: Sequence[tuple[int, Way]]) -> None:
    rows = [
        {"run_id": run_id, "ordinal": place, "task_version_id": version_id, "way": str(way), "planned": 0}
        for place, (version_id, way) in enumerate(tasks)
    ]
    insert_new(transaction, run_tasks, rows)


def tasks_of(transaction: Connection, run_id: int) -> list[RunTask]:
    query = (
        select(run_tasks, task_versions.c.task_id, task_versions.c.version, task_versions.c.item_count)
        .join(task_versions, task_versions.c.id == run_tasks.c.task_version_id)
        .where(run_tasks.c.run_id == run_id)
        .order_by(run_tasks.c.ordinal)
    )
    return [
        RunTask(r.ordinal, r.task_version_id, r.task_id, r.version, Way(r.way), r.planned, r.item_count)
        for r in transaction.execute(query)
    ]


def set_planned(transaction: Connection, run_id: int, ordinal: int, planned: int) -> None:
    place = (run_tasks.c.run_id == run_id) & (run_tasks.c.ordinal == ordinal)
    transaction.execute(update(run_tasks).where(place).values(planned=planned))


def set_wanted(transaction: Connection, run_id: int, wanted: str, reason: str = "") -> None:
    """What a person (or a failure that no other item would escape, with its reason) wants of the run now.

    A run and the partner in its dialogues go and rest together.
    """
    parent = select(runs.c.parent_id).where(runs.c.id == run_id, runs.c.kind == "partner").scalar_subquery()
    together = or_(runs.c.id == run_id, and_(runs.c.parent_id == run_id, runs.c.kind == "partner"))
    both = or_(together, runs.c.id == parent)
    transaction.execute(update(runs).where(both).values(wanted=wanted, pause_reason=reason))


def still_wanted(transaction: Connection, run_ids: Iterable[int]) -> set[int]:
    """Those of these runs that nobody has paused, cancelled or deleted."""
    query = select(runs.c.id).where(
        runs.c.id.in_(set(run_ids)), runs.c.wanted == "run", runs.c.deleted_at.is_(None)
    )
    return set(transaction.execute(query).scalars())


def set_deleted(transaction: Connection, run_id: int, deleted: bool) -> None:
    """Hides a run from every screen, or brings it back; nothing is erased."""
    when = time.time() if deleted else None
    transaction.execute(update(runs).where(runs.c.id == run_id).values(deleted_at=when))


def set_spec(transaction: Connection, run_id: int, spec: Mapping[str, Any]) -> None:
    """For what is not part of a run's identity: a budget that was raised."""
    transaction.execute(update(runs).where(runs.c.id == run_id).values(spec=dict(spec)))


def rename(transaction: Connection, run_id: int, name: str) -> None:
    transaction.execute(update(runs).where(runs.c.id == run_id).values(name=name))


def runs_with_model(transaction: Connection, model_id: int) -> list[RunRow]:
    """Runs of a model that want to go on."""
    query = select(runs).where(
        runs.c.model_id == model_id, runs.c.wanted == "run", runs.c.deleted_at.is_(None)
    )
    return [_row(found) for found in transaction.execute(query)]

"""Where runs stand, counted from rows: what lists of runs and the Live page look up every second."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from evalcore.store.registry import running_workers
from evalcore.store.schema import (
    WorkState,
    members,
    models,
    record_counts,
    records,
    responses,
    run_tasks,
    runs,
    scores,
    task_versions,
    work,
)
from evalcore.store.schema import answers as answer_rows
from evalcore.store.schema import attempts as attempt_rows
from evalcore.store.work import in_state


@dataclass(frozen=True)
class RunPlace:
    """A run as it was asked for, with its model."""

    id: int
    code: str
    name: str
    kind: str
    model: str
    precision: str
    spec: Any
    lane: str
    key_env: str
    wanted: str
    pause_reason: str
    origin: Any
    created_at: float


@dataclass(frozen=True)
class TaskPlace:
    """One task of a run. metric: its headline, "" where there is none."""

    run_id: int
    task_version_id: int
    task: str
    version: str
    metric: str
    way: str
    planned: int


@dataclass(frozen=True)
class Sums:
    """The cube, summed over subjects and languages."""

    run_id: int
    task_version_id: int
    outcome: str
    answer_state: str
    n: int
    tokens_in: int
    tokens_out: int
    cost_usd: float
    costless: int


@dataclass(frozen=True)
class Recent:
    """A record that has just arrived. at: when its answer came."""

    work_id: int
    task_version_id: int
    task: str
    item: str
    outcome: str
    answer_state: str
    picked: str
    at: float


def run_places(
    transaction: Connection, run_ids: Sequence[int] | None = None, limit: int = 500
) -> list[RunPlace]:
    """Newest first; without ids those that are not deleted."""
    query = select(runs, models.c.name.label("model"), models.c.precision).join(
        models, models.c.id == runs.c.model_id
    )
    listed = and_(runs.c.deleted_at.is_(None), runs.c.kind != "partner")
    shown = listed if run_ids is None else runs.c.id.in_(run_ids)
    rows = transaction.execute(query.where(shown).order_by(runs.c.id.desc()).limit(limit))
    return [
        RunPlace(
            *(r.id, r.code, r.name, r.kind, r.model, r.precision, r.spec),
            *(r.lane, r.key_env, r.wanted, r.pause_reason, r.origin, r.created_at),
        )
        for r in rows
    ]


def task_places(transaction: Connection, run_ids: Sequence[int]) -> list[TaskPlace]:
    """Tasks of runs, in each run's order."""
    query = (
        select(run_tasks, task_versions.c.task_id, task_versions.c.version, task_versions.c.definition)
        .join(task_versions, task_versions.c.id == run_tasks.c.task_version_id)
        .where(run_tasks.c.run_id.in_(run_ids))
        .order_by(run_tasks.c.run_id, run_tasks.c.ordinal)
    )
    return [
        TaskPlace(
            r.run_id,
            r.task_version_id,
            r.task_id,
            r.version,
            next(iter(r.definition["metrics"]), ""),
            r.way,
            r.planned,
        )
        for r in transaction.execute(query)
    ]


def sums(transaction: Connection, run_ids: Sequence[int]) -> list[Sums]:
    cell = tuple(record_counts.c[name] for name in ("run_id", "task_version_id", "outcome", "answer_state"))
    added = tuple(
        func.sum(record_counts.c[name]) for name in ("n", "tokens_in", "tokens_out", "cost_usd", "costless")
    )
    query = (
        select(*cell, *added)
        .where(record_counts.c.run_id.in_(run_ids))
        .group_by(*cell)
        .having(or_(func.sum(record_counts.c.n) > 0, func.sum(record_counts.c.seconds) > 0))
    )
    return [
        Sums(r[0], r[1], r[2], r[3], int(r[4]), int(r[5]), int(r[6]), float(r[7]), int(r[8]))
        for r in transaction.execute(query)
    ]


def in_hand(transaction: Connection) -> dict[int, int]:
    """Items by run that a worker holds or that wait to be read."""
    found: Counter[int] = Counter()
    for state in (WorkState.LEASED, WorkState.ANSWERED):
        # Grouped here: for a GROUP BY SQLite would go through all work by run instead of the few of a state.
        found.update(transaction.execute(select(work.c.run_id).where(in_state(state))).scalars())
    return found


def errors_by_kind(transaction: Connection, run_id: int) -> list[tuple[str, int]]:
    """Failed items of a run by kind, the most first."""
    n = func.count()
    query = (
        select(work.c.error_kind, n)
        .where(work.c.run_id == run_id, in_state(WorkState.FAILED))
        .group_by(work.c.error_kind)
        .order_by(n.desc(), work.c.error_kind)
    )
    return [(kind, int(count)) for kind, count in transaction.execute(query)]


def living_environments(transaction: Connection) -> list[frozenset[str]]:
    """For each living worker the names of the keys it holds."""
    alive = [worker for worker in running_workers(transaction) if worker.is_alive]
    return [frozenset(worker.capabilities.get("environment", ())) for worker in alive]


def arrivals(transaction: Connection, run_id: int, limit: int) -> list[tuple[int, float]]:
    """(task version, time) of the run's newest answers, newest first."""
    newest = (
        select(responses.c.work_id, responses.c.created_at, responses.c.id)
        .where(responses.c.run_id == run_id)
        .order_by(responses.c.id.desc())
        .limit(limit)
        .subquery()
    )
    query = (
        select(work.c.task_version_id, newest.c.created_at)
        .join(newest, newest.c.work_id == work.c.id)
        .order_by(newest.c.id.desc())
    )
    return [(row.task_version_id, row.created_at) for row in transaction.execute(query)]


def latest(transaction: Connection, run_id: int, limit: int) -> list[Recent]:
    """The records whose answers came last, newest first; answers not yet read are left out."""
    newest = (
        select(responses.c.work_id, responses.c.created_at, responses.c.id)
        .join(records, records.c.work_id == responses.c.work_id)
        .where(responses.c.run_id == run_id)
        .order_by(responses.c.id.desc())
        .limit(limit)
        .subquery()
    )
    member = (members.c.task_version_id == records.c.task_version_id) & (
        members.c.position == records.c.position
    )
    query = (
        select(records, newest.c.created_at.label("at"), members.c.item_name, task_versions.c.task_id)
        .select_from(
            newest.join(records, records.c.work_id == newest.c.work_id)
            .join(members, member & members.c.pool.is_(False))
            .join(task_versions, task_versions.c.id == records.c.task_version_id)
        )
        .order_by(newest.c.id.desc())
    )
    return [
        Recent(
            *(r.work_id, r.task_version_id, r.task_id, r.item_name),
            *(r.outcome, r.answer_state, r.picked, r.at),
        )
        for r in transaction.execute(query)
    ]


def asking_seconds(transaction: Connection, run_id: int) -> float:
    """From the first item's first send to the last answer."""
    first = select(work.c.id).where(work.c.run_id == run_id).order_by(work.c.ordinal).limit(1)
    started = select(func.min(attempt_rows.c.started_at)).where(
        attempt_rows.c.work_id.in_(first.scalar_subquery())
    )
    ended = (
        select(responses.c.created_at)
        .where(responses.c.run_id == run_id)
        .order_by(responses.c.id.desc())
        .limit(1)
    )
    begin, end = transaction.execute(started).scalar(), transaction.execute(ended).scalar()
    return max(0.0, end - begin) if begin and end else 0.0


@dataclass(frozen=True)
class ScoredRow:
    """One kept score with its record's place and what was picked."""

    response_id: int
    position: int
    metric: str
    value: float | None
    parts: Any
    picked: tuple[str, ...]
    key: tuple[str, int]
    scorer_version: int


def scored_rows(transaction: Connection, run_id: int, task_version_id: int) -> list[ScoredRow]:
    """All scores of one task of a run in every version; `picked` is what the score's own reader read."""
    query = (
        select(scores, records.c.position, records.c.picked)
        .select_from(records.join(scores, scores.c.response_id == records.c.response_id))
        .where(records.c.run_id == run_id, records.c.task_version_id == task_version_id)
        .order_by(records.c.ordinal, scores.c.scorer_version)
    )
    rows = transaction.execute(query).all()
    variants = {_variant(row.metric) for row in rows} - {""}
    read = {reader: _picked_by(transaction, run_id, task_version_id, reader) for reader in variants}
    return [_scored(row, read.get(_variant(row.metric), {})) for row in rows]


def _variant(metric: str) -> str:
    return metric.split("/")[0].partition("@")[2]


def _scored(row: Any, read: Mapping[int, tuple[str, ...]]) -> ScoredRow:
    recorded = tuple(row.picked.split(", ")) if row.picked else ()
    return ScoredRow(
        *(row.response_id, row.position, row.metric, row.value, row.parts or {}),
        *(read.get(row.response_id, recorded), (row.key_name, row.key_version), row.scorer_version),
    )


def _picked_by(
    transaction: Connection, run_id: int, task_version_id: int, reader: str
) -> dict[int, tuple[str, ...]]:
    query = (
        select(answer_rows.c.response_id, answer_rows.c.value)
        .join(records, records.c.response_id == answer_rows.c.response_id)
        .where(records.c.run_id == run_id, records.c.task_version_id == task_version_id)
        .where(answer_rows.c.reader == reader)
        .order_by(answer_rows.c.reader_version)
    )
    return {row.response_id: tuple(row.value) for row in transaction.execute(query)}


def asked_positions(transaction: Connection, run_id: int, task_version_id: int) -> set[int]:
    """Positions in the task of the items that have a record."""
    query = select(records.c.position).where(
        records.c.run_id == run_id, records.c.task_version_id == task_version_id
    )
    return set(transaction.execute(query).scalars())

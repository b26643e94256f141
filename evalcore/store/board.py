"""What the leaderboard is made from: runs with their tasks, counts, and the keys that figures need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, case, exists, func, select

from evalcore.store.registry import get_setting, set_setting
from evalcore.store.schema import (
    figures,
    items,
    keys,
    members,
    models,
    record_counts,
    responses,
    run_tasks,
    runs,
    settings,
    task_versions,
)
from evalcore.store.sql import chunks, insert_for
from evalcore.types import Entry, Item, Key, Option

RESCORED = "rescored/"
NOT_TESTED = ("judge", "partner")  # runs whose model is not the one that is tested


@dataclass(frozen=True)
class BoardRun:
    """A run that is not deleted, with its model. spec: as it was asked for; facts: of the model."""

    id: int
    code: str
    spec: Any
    model_id: int
    model: str
    revision: str
    precision: str
    facts: Any
    lane: str
    created_at: float


@dataclass(frozen=True)
class Version:
    """A task version as it was declared; newer ones of the same task have higher ids."""

    id: int
    task: str
    version: str
    benchmark: str
    definition: Any
    item_count: int


@dataclass(frozen=True)
class Counts:
    """One task of one run. done: answered; unread: of those, replies in which no answer could be read."""

    run_id: int
    task_version_id: int
    way: str
    planned: int
    done: int
    missing: int
    right: int
    unread: int

    @property
    def state(self) -> tuple[int, ...]:
        """Changes with every answer that comes in or is read anew."""
        return self.done, self.missing, self.right, self.unread


_HAS_ANSWER = exists().where(
    record_counts.c.run_id == run_tasks.c.run_id,
    record_counts.c.task_version_id == run_tasks.c.task_version_id,
    record_counts.c.outcome != "missing",
    record_counts.c.n > 0,
)


def benchmarks_asked(transaction: Connection, *, is_answered: bool = False) -> list[str]:
    """Benchmarks of which a shown run has asked something. is_answered: and got an answer."""
    query = (
        select(task_versions.c.benchmark)
        .join(run_tasks, run_tasks.c.task_version_id == task_versions.c.id)
        .join(runs, runs.c.id == run_tasks.c.run_id)
        .where(runs.c.deleted_at.is_(None), runs.c.kind.not_in(NOT_TESTED))
        .distinct()
        .order_by(task_versions.c.benchmark)
    )
    if is_answered:
        query = query.where(_HAS_ANSWER)
    return list(transaction.execute(query).scalars())


def versions(transaction: Connection, benchmarks: Sequence[str]) -> list[Version]:
    """All stored versions of these benchmarks' tasks, oldest first."""
    query = (
        select(task_versions).where(task_versions.c.benchmark.in_(benchmarks)).order_by(task_versions.c.id)
    )
    return [
        Version(r.id, r.task_id, r.version, r.benchmark, r.definition, r.item_count)
        for r in transaction.execute(query)
    ]


def counts(transaction: Connection, version_ids: Sequence[int]) -> list[Counts]:
    """What runs came to on these task versions, from the cube; those without an answer are left out."""
    n, outcome = record_counts.c.n, record_counts.c.outcome
    is_done = outcome != "missing"
    is_unread = is_done & record_counts.c.answer_state.not_in(("read", ""))
    place = (record_counts.c.run_id, record_counts.c.task_version_id)
    sums = (
        select(
            *place,
            func.sum(case((is_done, n), else_=0)).label("done"),
            func.sum(case((is_done, 0), else_=n)).label("missing"),
            func.sum(case((outcome == "right", n), else_=0)).label("right"),
            func.sum(case((is_unread, n), else_=0)).label("unread"),
        )
        .where(record_counts.c.task_version_id.in_(version_ids))
        .group_by(*place)
        .subquery()
    )
    of_task = and_(run_tasks.c.run_id == sums.c.run_id, run_tasks.c.task_version_id == sums.c.task_version_id)
    query = (
        select(sums, run_tasks.c.way, run_tasks.c.planned)
        .join(run_tasks, of_task)
        .join(runs, runs.c.id == sums.c.run_id)
        .where(sums.c.done > 0, runs.c.deleted_at.is_(None), runs.c.kind.not_in(NOT_TESTED))
        .order_by(sums.c.run_id, run_tasks.c.ordinal)
    )
    return [
        Counts(
            *(r.run_id, r.task_version_id, r.way, r.planned),
            *(int(r.done), int(r.missing), int(r.right), int(r.unread)),
        )
        for r in transaction.execute(query)
    ]


def board_runs(transaction: Connection, run_ids: Sequence[int]) -> dict[int, BoardRun]:
    """Runs by id."""
    query = (
        select(runs, models.c.name.label("model"), models.c.revision, models.c.precision, models.c.facts)
        .join(models, models.c.id == runs.c.model_id)
        .where(runs.c.id.in_(run_ids))
    )
    return {
        r.id: BoardRun(
            *(r.id, r.code, r.spec, r.model_id, r.model, r.revision, r.precision),
            *(r.facts, r.lane, r.created_at),
        )
        for r in transaction.execute(query)
    }


def bare_entries(transaction: Connection, version_id: int) -> dict[int, Entry]:
    """Entries by position with options and key, without question and context: all that a figure needs."""
    key = and_(
        keys.c.item_sha == items.c.sha,
        keys.c.name == members.c.key_name,
        keys.c.version == members.c.key_version,
    )
    query = (
        select(
            *(members.c.position, members.c.item_name, members.c.group_name),
            *(members.c.key_name, members.c.key_version, items.c.options, keys.c.acceptable),
        )
        .select_from(members.join(items, items.c.id == members.c.item_id).join(keys, key))
        .where(members.c.task_version_id == version_id, members.c.pool.is_(False))
        .order_by(members.c.position)
    )
    return {row.position: _bare(row) for row in transaction.execute(query)}


def _bare(row: Any) -> Entry:
    options = tuple(Option(label, "") for label, _ in row.options)
    acceptable = tuple(tuple(alternative) for alternative in row.acceptable)
    return Entry(
        row.item_name, Item("", options), Key(acceptable, row.key_name, row.key_version), row.group_name
    )


def rescored(transaction: Connection) -> dict[int, int]:
    """By run, how often its stored responses were scored again: figures of before are out of date."""
    query = select(settings).where(settings.c.name.startswith(RESCORED, autoescape=True))
    return {int(row.name.removeprefix(RESCORED)): int(row.value) for row in transaction.execute(query)}


def note_rescored(transaction: Connection, run_id: int) -> None:
    name = f"{RESCORED}{run_id}"
    set_setting(transaction, name, int(get_setting(transaction, name) or 0) + 1)


def note_scored(transaction: Connection, response_ids: Sequence[int]) -> None:
    """After scores that came beside a reading: by an encoder, by a judge."""
    found: set[int] = set()
    for chunk in chunks(response_ids):
        query = select(responses.c.run_id).where(responses.c.id.in_(chunk)).distinct()
        found.update(transaction.execute(query).scalars())
    for run_id in sorted(found):
        note_rescored(transaction, run_id)


def kept_figures(
    transaction: Connection, version_ids: Sequence[int]
) -> dict[tuple[int, int], tuple[str, Any]]:
    """(state, metrics) by (run, task version), as they were put."""
    query = select(figures).where(figures.c.task_version_id.in_(version_ids))
    return {(r.run_id, r.task_version_id): (r.state, r.metrics) for r in transaction.execute(query)}


def put_figures(transaction: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """rows: run_id, task_version_id, state, metrics; replaces what was kept for another state."""
    insert = insert_for(transaction, figures)
    renewed = {name: insert.excluded[name] for name in ("state", "metrics")}
    statement = insert.on_conflict_do_update(index_elements=["run_id", "task_version_id"], set_=renewed)
    for chunk in chunks(rows):
        transaction.execute(statement, [dict(row) for row in chunk])

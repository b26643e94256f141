"""What judges judge and what they said: subjects, the work items of their cells, judgements."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, and_, func, select, update

from evalcore.store.engine import home
from evalcore.store.schema import WorkState, judgements, models, records, responses, runs, subjects, work
from evalcore.store.sql import chunks, insert_new
from evalcore.store.work import TRIES, in_state
from evalcore.types import Finish, Response, content_hash


@dataclass(frozen=True)
class Judged:
    """A record that can be judged: its place in its run's order and the response it stands on."""

    task_version_id: int
    ordinal: int
    position: int
    sample: int
    item_id: int
    response_id: int
    answer_state: str


@dataclass(frozen=True)
class Cell:
    """One thing to ask a judge. order: 1 when two answers are shown in reverse; turn: 1 after an explanation.

    repeat: 1 when the cell is asked again to see whether the judge agrees with itself.
    """

    judged: Judged
    subject_id: int
    criterion: str
    order: int = 0
    repeat: int = 0
    turn: int = 0


@dataclass(frozen=True)
class Verdict:
    """A judgement as it is kept. facts: value (None unless state is ok), explanation, quote, is it found."""

    subject_id: int
    response_id: int
    judge: str
    rubric: str
    rubric_version: int
    criterion: str
    order: int
    repeat: int
    state: str
    facts: Mapping[str, Any]


def rubric_folder() -> Path:
    """Where a user's own rubrics lie."""
    return home() / "rubrics"


def judged_records(transaction: Connection, run_id: int, task_version_id: int) -> list[Judged]:
    """Records of a run that have a response, in the run's order."""
    query = (
        select(records, work.c.sample)
        .join(work, work.c.id == records.c.work_id)
        .where(records.c.run_id == run_id, records.c.task_version_id == task_version_id)
        .where(records.c.response_id.is_not(None))
        .order_by(records.c.ordinal)
    )
    return [
        Judged(
            *(r.task_version_id, r.ordinal, r.position, r.sample),
            *(r.item_id, r.response_id, r.answer_state),
        )
        for r in transaction.execute(query)
    ]


def put_subjects(transaction: Connection, wanted: Sequence[tuple[int, tuple[int, ...]]]) -> list[int]:
    """Ids of subjects (item, responses in order), stored once; in the order given."""
    shas = [content_hash([item_id, list(response_ids)]) for item_id, response_ids in wanted]
    rows = [
        {"sha": sha, "item_id": item_id, "response_ids": list(response_ids)}
        for sha, (item_id, response_ids) in zip(shas, wanted, strict=True)
    ]
    insert_new(transaction, subjects, rows)
    found: dict[str, int] = {}
    for chunk in chunks(set(shas)):
        query = select(subjects.c.sha, subjects.c.id).where(subjects.c.sha.in_(chunk))
        found.update((row.sha, row.id) for row in transaction.execute(query))
    return [found[sha] for sha in shas]


def responses_of(transaction: Connection, subject_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """Response ids of subjects, in their stored order."""
    found: dict[int, tuple[int, ...]] = {}
    for chunk in chunks(set(subject_ids)):
        query = select(subjects.c.id, subjects.c.response_ids).where(subjects.c.id.in_(chunk))
        found.update((row.id, tuple(row.response_ids)) for row in transaction.execute(query))
    return found


def texts_of(transaction: Connection, response_ids: Iterable[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for chunk in chunks(set(response_ids)):
        query = select(responses.c.id, responses.c.text).where(responses.c.id.in_(chunk))
        found.update((row.id, row.text) for row in transaction.execute(query))
    return found


def plan_cells(transaction: Connection, run_id: int, cells: Sequence[Cell]) -> None:
    """Adds the cells' work items to a judge's run; those that are there stay as they are."""
    for chunk in chunks(cells, 2000):
        insert_new(transaction, work, [_work_row(run_id, cell) for cell in chunk])


def _work_row(run_id: int, cell: Cell) -> dict[str, Any]:
    judged = cell.judged
    return {
        "run_id": run_id,
        "task_version_id": judged.task_version_id,
        "ordinal": judged.ordinal,
        "position": judged.position,
        "sample": judged.sample,
        "option_order": cell.order,
        "turn": cell.turn,
        "subject_id": cell.subject_id,
        "criterion": cell.criterion,
        "repeat": cell.repeat,
        "tries_left": TRIES,
    }


def planned_cells(transaction: Connection, run_id: int, task_version_id: int) -> int:
    """Cells of one task that a judge's run is to ask, asked or not."""
    mine = and_(work.c.run_id == run_id, work.c.task_version_id == task_version_id, work.c.turn == 0)
    return int(transaction.execute(select(func.count()).where(mine)).scalar() or 0)


def plan_verdicts(transaction: Connection, explained: Sequence[Any]) -> None:
    """After explanations (rows of work, turn 0): the work items that ask for the verdicts (turn 1)."""
    names = ("run_id", "task_version_id", "ordinal", "position", "sample")
    cell = ("option_order", "subject_id", "criterion", "repeat")
    rows = [
        {name: getattr(place, name) for name in (*names, *cell)} | {"turn": 1, "tries_left": TRIES}
        for place in explained
    ]
    insert_new(transaction, work, rows)


def explanations(transaction: Connection, places: Sequence[Any]) -> dict[tuple[Any, ...], Response]:
    """What the judge wrote before its verdict, by `cell_of` each place."""
    found: dict[tuple[Any, ...], Response] = {}
    for chunk in chunks({place.ordinal for place in places}):  # work is found by its place in its run
        run_ids = {place.run_id for place in places}
        query = (
            select(work, responses.c.text, responses.c.finish)
            .join(responses, responses.c.work_id == work.c.id)
            .where(work.c.run_id.in_(run_ids), work.c.ordinal.in_(chunk), work.c.turn == 0)
        )
        for row in transaction.execute(query):
            found[cell_of(row)] = Response(row.text, finish=Finish(row.finish))
    return found


def cell_of(place: Any) -> tuple[Any, ...]:
    """What tells the cells of a judge's run apart, whatever their turn."""
    return place.run_id, place.subject_id, place.criterion, place.option_order, place.repeat


def hold_subjects(transaction: Connection, subject_ids: Iterable[int]) -> None:
    """Whoever else settles cells of these subjects waits until this transaction has ended: the last to settle
    sees all verdicts. SQLite has one writer at a time anyway.
    """
    if transaction.dialect.name == "sqlite":
        return
    for chunk in chunks(sorted(subject_ids)):
        held = select(subjects.c.id).where(subjects.c.id.in_(chunk)).order_by(subjects.c.id)
        transaction.execute(held.with_for_update(key_share=True))


def put_verdicts(transaction: Connection, verdicts: Sequence[Verdict]) -> None:
    """Adds judgements and marks the judged records; a cell that is judged already keeps its first verdict."""
    now = time.time()
    rows = [
        {
            "subject_id": one.subject_id,
            "response_id": one.response_id,
            "judge": one.judge,
            "rubric": one.rubric,
            "rubric_version": one.rubric_version,
            "criterion": one.criterion,
            "order": one.order,
            "repeat": one.repeat,
            "state": one.state,
            "verdict": dict(one.facts),
            "created_at": now,
        }
        for one in verdicts
    ]
    insert_new(transaction, judgements, rows)
    about = responses_of(transaction, [one.subject_id for one in verdicts])
    for chunk in chunks({response_id for ids in about.values() for response_id in ids}):
        fresh = and_(records.c.response_id.in_(chunk), records.c.is_judged.is_(False))
        transaction.execute(update(records).where(fresh).values(is_judged=True))


By = tuple[str, str, int]
"""Who judged: the judge as its verdicts name it, the rubric's id and version."""


@dataclass(frozen=True)
class Kept:
    """A judgement on a subject that a judge's run asks about."""

    subject_id: int
    item_id: int
    response_ids: tuple[int, ...]
    criterion: str
    order: int
    repeat: int
    state: str
    facts: Mapping[str, Any]


def verdicts_of(
    transaction: Connection, run_id: int, by: By, subject_ids: Iterable[int] | None = None
) -> list[Kept]:
    """What this judge says by this rubric on the subjects of a judge's run (None: all), oldest first.

    A cell is kept once: another run of the same judge (over other answers to the same item, with another
    seed) may have asked it.
    """
    name, rubric, version = by
    query = (
        select(judgements, subjects.c.item_id, subjects.c.response_ids)
        .join(subjects, subjects.c.id == judgements.c.subject_id)
        .where(judgements.c.judge == name, judgements.c.rubric == rubric)
        .where(judgements.c.rubric_version == version)
        .order_by(judgements.c.id)
    )
    mine = select(work.c.subject_id).where(work.c.run_id == run_id)
    pieces = [mine] if subject_ids is None else list(chunks(set(subject_ids)))
    found: list[Kept] = []
    for piece in pieces:
        found += map(_kept, transaction.execute(query.where(judgements.c.subject_id.in_(piece))))
    return found


def _kept(row: Any) -> Kept:
    about = (row.subject_id, row.item_id, tuple(row.response_ids))
    return Kept(*about, row.criterion, row.order, row.repeat, row.state, row.verdict or {})


@dataclass(frozen=True)
class CellState:
    """A cell of a judge's run and what came of it. state: as a verdict's, failed, or "" while it is open.

    value: the verdict, None unless state is ok.
    """

    subject_id: int
    item_id: int
    response_ids: tuple[int, ...]
    task_version_id: int
    position: int
    criterion: str
    order: int
    repeat: int
    state: str
    value: str | None


def cell_states(
    transaction: Connection, run_id: int, by: By, asked: Callable[[Any], Sequence[str]] | None = None
) -> list[CellState]:
    """Every cell that a judge's run is to ask, in its order.

    asked: the criteria of a call (a row of work) where one asks several; None: its own alone.
    """
    said = {
        (one.subject_id, one.criterion, one.order, one.repeat): one
        for one in verdicts_of(transaction, run_id, by)
    }
    cell = (work.c.subject_id, work.c.criterion, work.c.option_order, work.c.repeat)
    lost = select(*cell, work.c.error_kind).where(work.c.run_id == run_id, in_state(WorkState.FAILED))
    failed = {tuple(row[:-1]): failed_state(row.error_kind) for row in transaction.execute(lost)}
    query = (
        select(work, subjects.c.item_id, subjects.c.response_ids)
        .join(subjects, subjects.c.id == work.c.subject_id)
        .where(work.c.run_id == run_id, work.c.turn == 0)
        .order_by(work.c.ordinal, work.c.criterion, work.c.option_order, work.c.repeat)
    )
    return [
        _cell_state(row, criterion, said, failed)
        for row in transaction.execute(query)
        for criterion in (asked(row) if asked else (row.criterion,))
    ]


def failed_state(kind: str) -> str:
    """What a call that brought no reply says, by its failure's kind: a content filter refuses to judge."""
    return "refused" if kind == "content_filter" else "failed"


def _cell_state(row: Any, criterion: str, said: Mapping[Any, Kept], failed: Mapping[Any, str]) -> CellState:
    kept = said.get((row.subject_id, criterion, row.option_order, row.repeat))
    lost = failed.get((row.subject_id, row.criterion, row.option_order, row.repeat), "")
    state = kept.state if kept else lost
    value = kept.facts.get("value") if kept and kept.state == "ok" else None
    about = (row.subject_id, row.item_id, tuple(row.response_ids), row.task_version_id, row.position)
    return CellState(*about, criterion, row.option_order, row.repeat, state, value)


@dataclass
class Asked:
    """A subject's place in a judge's run and the calls about it, made or not; named by what they ask."""

    task_version_id: int
    position: int
    calls: list[str]


def calls_about(transaction: Connection, run_id: int, ordinals: Iterable[int]) -> dict[int, Asked]:
    """By subject, of those at these places of a judge's run; what is asked twice or in both orders counts
    once.
    """
    found: dict[int, Asked] = {}
    for chunk in chunks(set(ordinals)):
        query = (
            select(work.c.subject_id, work.c.criterion, work.c.task_version_id, work.c.position)
            .where(work.c.run_id == run_id, work.c.ordinal.in_(chunk))
            .where(work.c.turn == 0, work.c.repeat == 0, work.c.option_order == 0)
        )
        for row in transaction.execute(query):
            asked = found.setdefault(row.subject_id, Asked(row.task_version_id, row.position, []))
            asked.calls.append(row.criterion)
    return found


def sittings(transaction: Connection, run_id: int, task_version_id: int) -> list[Any]:
    """Judges over one task of a run, oldest first: (spec, precision, n subjects that it is to judge)."""
    mine = and_(work.c.run_id == runs.c.id, work.c.task_version_id == task_version_id, work.c.turn == 0)
    n = select(func.count(work.c.subject_id.distinct())).where(mine).scalar_subquery()
    query = (
        select(runs.c.spec, models.c.precision, n.label("n"))
        .join(models, models.c.id == runs.c.model_id)
        .where(runs.c.parent_id == run_id, runs.c.kind == "judge", runs.c.deleted_at.is_(None))
        .order_by(runs.c.id)
    )
    return [row for row in transaction.execute(query) if row.n]


def all_judge_runs(transaction: Connection) -> list[Any]:
    """Runs of judges, also those off the lists, whose verdicts are kept: (code, spec)."""
    return list(transaction.execute(select(runs.c.code, runs.c.spec).where(runs.c.kind == "judge")))


def judge_runs(transaction: Connection, run_id: int) -> list[Any]:
    """Runs of judges over this run, oldest first: (id, code, spec)."""
    query = (
        select(runs.c.id, runs.c.code, runs.c.spec)
        .where(runs.c.parent_id == run_id, runs.c.kind == "judge", runs.c.deleted_at.is_(None))
        .order_by(runs.c.id)
    )
    return list(transaction.execute(query))

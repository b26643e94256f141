"""Answers and scores, and what is derived from them: one record per work item, and counts over records.

`record_counts` is the cube that every counter, filter count and live figure is summed from; it changes in the
same transaction as the records, so no page ever groups over growing data.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, bindparam, select, update

from evalcore.store import board
from evalcore.store.records import (
    ABOUT_PLACE,
    CELL,
    NOWHERE,
    Change,
    place_columns,
    with_place,
    write_change,
)
from evalcore.store.records import drop_missing as drop_missing
from evalcore.store.records import put_missing as put_missing
from evalcore.store.replies import response_of
from evalcore.store.schema import (
    WorkState,
    answers,
    records,
    responses,
    scores,
    work,
)
from evalcore.store.sql import chunks, insert_new
from evalcore.store.work import in_state
from evalcore.types import Answer, Outcome, Response, Score


@dataclass(frozen=True)
class Stored:
    """A stored response with the place it belongs to."""

    work_id: int
    response_id: int
    run_id: int
    task_version_id: int
    position: int
    prompt_key: str
    response: Response
    place: Any  # the row of its work item, with the item, subject and language that stand there


@dataclass(frozen=True)
class Reading:
    """What was made of one response: its answer, its scores, and how the headline metric sees it.

    others: what the task's further readers read; their scores stand among `scores` under their names.
    """

    stored: Stored
    answer: Answer
    scores: tuple[Score, ...]
    key_name: str
    key_version: int
    outcome: Outcome
    others: tuple[Answer, ...] = ()


_PLACE = ("task_version_id", "position", "ordinal", "sample", "turn")
_CELL = ("subject_id", "criterion", "option_order", "repeat")
_WITH_PLACE = select(responses, *(work.c[name] for name in (*_PLACE, *_CELL)), *ABOUT_PLACE).select_from(
    with_place(responses.join(work, work.c.id == responses.c.work_id))
)
_UNSCORED = _WITH_PLACE.where(work.c.run_id == bindparam("run"), in_state(WorkState.ANSWERED)).limit(
    bindparam("most")
)


def unscored(transaction: Connection, run_id: int, limit: int = 500) -> list[Stored]:
    """Stored responses of a run that nobody has read yet: fresh ones, and those a killed worker left
    behind.
    """
    rows = transaction.execute(_UNSCORED, {"run": run_id, "most": limit})
    return [_stored(row) for row in rows]


def scored_after(
    transaction: Connection, run_id: int, version_id: int, after: int = 0, limit: int = 500
) -> list[Stored]:
    """Responses of one task of a run in the order of their ids, beyond `after`: for scoring again in pieces.

    Those that a record stands on: of a dialogue the last turn.
    """
    query = (
        _WITH_PLACE.join(records, records.c.response_id == responses.c.id)
        .where(responses.c.run_id == run_id, work.c.task_version_id == version_id, responses.c.id > after)
        .order_by(responses.c.id)
        .limit(limit)
    )
    return [_stored(row) for row in transaction.execute(query)]


def _stored(row: Any) -> Stored:
    return Stored(
        *(row.work_id, row.id, row.run_id, row.task_version_id, row.position, row.prompt_key),
        *(response_of(row), row),
    )


def close(transaction: Connection, piece: Sequence[Stored], run_id: int) -> None:
    """Marks items done that make no record of their own: a turn before the last of a dialogue, an explanation
    before a verdict. What they took is counted for `run_id`, the run that they serve.
    """
    change = Change()
    for one in piece:
        read = and_(work.c.id == one.work_id, in_state(WorkState.ANSWERED))
        if transaction.execute(update(work).where(read).values(state=WorkState.DONE)).rowcount:
            change.spend((run_id, one.task_version_id, *NOWHERE), 1, one.response)
    write_change(transaction, change)


def put_readings(transaction: Connection, readings: Sequence[Reading]) -> None:
    """Keeps answers and scores, makes the records and counts them; what was already read is left as it is."""
    fresh = _take(transaction, readings)
    put_answers(transaction, fresh)
    put_scores(transaction, fresh)
    change = Change()
    rows = []
    for one in fresh:
        row = _record(one)
        rows.append(row)
        change.add(tuple(row[name] for name in CELL), 1, one.stored.response)
    insert_new(transaction, records, rows)
    write_change(transaction, change)


_MARK_DONE = (
    update(work)
    .where(work.c.id.in_(bindparam("ids", expanding=True)), in_state(WorkState.ANSWERED))
    .values(state=WorkState.DONE)
    .returning(work.c.id)
)


def _take(transaction: Connection, readings: Sequence[Reading]) -> list[Reading]:
    """Marks their work items done; returns those that nobody else had marked before."""
    taken: set[int] = set()
    for chunk in chunks(one.stored.work_id for one in readings):
        taken.update(transaction.execute(_MARK_DONE, {"ids": chunk}).scalars())
    return [one for one in readings if one.stored.work_id in taken]


def put_answers(transaction: Connection, readings: Sequence[Reading]) -> None:
    """Adds answers; the same reader in the same version is not added twice."""
    rows = [
        _answer_row(one.stored.response_id, answer)
        for one in readings
        for answer in (one.answer, *one.others)
    ]
    insert_new(transaction, answers, rows)


def add_answer(transaction: Connection, response_id: int, answer: Answer) -> None:
    """Adds an answer that was not read by a rule beside those that were."""
    insert_new(transaction, answers, [_answer_row(response_id, answer)])


def _answer_row(response_id: int, answer: Answer) -> dict[str, Any]:
    start, end = answer.span or (None, None)
    return {
        "response_id": response_id,
        "reader": answer.reader,
        "reader_version": answer.reader_version,
        "value": list(answer.value),
        "state": str(answer.state),
        "rule": answer.rule,
        "span_start": start,
        "span_end": end,
    }


def put_scores(transaction: Connection, readings: Sequence[Reading]) -> None:
    """Adds scores; the same scorer version on the same key version is not added twice."""
    _add(
        transaction,
        [
            (one.stored.response_id, (one.key_name, one.key_version), s)
            for one in readings
            for s in one.scores
        ],
    )


def add_scores(transaction: Connection, made: Sequence[tuple[int, tuple[str, int], Score]]) -> None:
    """Adds (response id, (key's name, version), score) that are made beside a reading: by an encoder, by a
    judge.
    """
    _add(transaction, made)
    board.note_scored(transaction, [response_id for response_id, *_ in made])


def _add(transaction: Connection, made: Sequence[tuple[int, tuple[str, int], Score]]) -> None:
    rows = [
        {
            "response_id": response_id,
            "metric": score.metric,
            "scorer_version": score.scorer_version,
            "key_name": key_name,
            "key_version": key_version,
            "judgement_id": 0,
            "value": score.value,
            "why": score.why,
            "parts": dict(score.parts) or None,
        }
        for response_id, (key_name, key_version), score in made
    ]
    insert_new(transaction, scores, rows)


def _record(one: Reading) -> dict[str, Any]:
    return place_columns(one.stored.place) | {
        "response_id": one.stored.response_id,
        "outcome": str(one.outcome),
        "answer_state": str(one.answer.state),
        "picked": _picked(one),
    }


def update_outcomes(transaction: Connection, readings: Sequence[Reading]) -> None:
    """After scoring again: records follow the newest reading, and the counts follow the records."""
    by_work = {one.stored.work_id: one for one in readings}
    change = Change()
    values = []
    for chunk in chunks(by_work):
        for row in transaction.execute(select(records).where(records.c.work_id.in_(chunk))):
            one = by_work[row.work_id]
            new = {"outcome": str(one.outcome), "answer_state": str(one.answer.state)}
            cell = {name: getattr(row, name) for name in CELL}
            change.add(tuple(cell.values()), -1, one.stored.response)
            change.add(tuple((cell | new).values()), 1, one.stored.response)
            values.append(
                {"w": row.work_id, "o": new["outcome"], "s": new["answer_state"], "p": _picked(one)}
            )
    if values:
        transaction.execute(
            update(records)
            .where(records.c.work_id == bindparam("w"))
            .values(outcome=bindparam("o"), answer_state=bindparam("s"), picked=bindparam("p")),
            values,
        )
    write_change(transaction, change)


def _picked(one: Reading) -> str:
    return ", ".join(one.answer.value)

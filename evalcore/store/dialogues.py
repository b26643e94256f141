"""Turns of dialogues: what was said so far, by a run and its partner, and the work item of the next turn."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, case, delete, or_, select

from evalcore.store.records import put_missing
from evalcore.store.schema import WorkState, responses, runs, work
from evalcore.store.sql import chunks, insert_new
from evalcore.store.work import TRIES, in_state

PARTNER_FAILED = "partner"  # error_kind of a dialogue that ended because the partner did not answer


@dataclass(frozen=True)
class Said:
    """One turn. is_partner: said by the partner model; response_id: its response."""

    turn: int
    text: str
    is_partner: bool
    response_id: int


@dataclass(frozen=True)
class Turn:
    """The work item of a turn: whose (run_id), in which dialogue, and which in its order."""

    run_id: int
    task_version_id: int
    ordinal: int
    position: int
    sample: int
    turn: int


def said(transaction: Connection, run_id: int, ordinals: Iterable[int]) -> dict[int, list[Said]]:
    """What was said in each dialogue of a run (its own turns and its partner's), in turn order."""
    found: dict[int, list[Said]] = {}
    ours = select(runs.c.id).where(
        or_(runs.c.id == run_id, and_(runs.c.parent_id == run_id, runs.c.kind == "partner"))
    )
    for chunk in chunks(ordinals):
        query = (
            select(work.c.ordinal, work.c.turn, work.c.run_id, responses.c.text, responses.c.id)
            .join(responses, responses.c.work_id == work.c.id)
            .where(work.c.run_id.in_(ours), work.c.ordinal.in_(chunk))
            .order_by(work.c.turn)
        )
        for row in transaction.execute(query):
            one = Said(row.turn, row.text, row.run_id != run_id, row.id)
            found.setdefault(row.ordinal, []).append(one)
    return found


def plan_turns(transaction: Connection, turns: Sequence[Turn]) -> None:
    """Adds the next turns; one that is there already stays as it is."""
    insert_new(transaction, work, [_row(turn) for turn in turns])


def _row(turn: Turn) -> dict[str, Any]:
    return {
        "run_id": turn.run_id,
        "task_version_id": turn.task_version_id,
        "ordinal": turn.ordinal,
        "position": turn.position,
        "sample": turn.sample,
        "turn": turn.turn,
        "tries_left": TRIES,
    }


def end_without_partner(transaction: Connection, failed: Sequence[int]) -> None:
    """Dialogues whose partner failed (ids of its work items) are missing in the run that it served."""
    for chunk in chunks(failed):
        query = (
            select(work, runs.c.parent_id)
            .join(runs, runs.c.id == work.c.run_id)
            .where(work.c.id.in_(chunk), runs.c.kind == "partner")
        )
        ended = [_ended(row) for row in transaction.execute(query)]
        insert_new(transaction, work, ended)
        put_missing(transaction, _ids(transaction, ended))


def _ended(row: Any) -> dict[str, Any]:
    places = ("task_version_id", "ordinal", "position", "sample")
    return {name: getattr(row, name) for name in places} | {
        "run_id": row.parent_id,
        "turn": row.turn + 1,
        "tries_left": 0,
        "state": WorkState.FAILED,
        "error_kind": PARTNER_FAILED,
        "error": f"The partner model did not answer: {row.error}",
    }


def _ids(transaction: Connection, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    found: list[int] = []
    for row in rows:
        place = [work.c[name] == row[name] for name in ("run_id", "ordinal", "turn")]
        found += transaction.execute(select(work.c.id).where(*place)).scalars()
    return found


def forget_partner_failures(transaction: Connection, work_ids: Sequence[int]) -> None:
    """Before the partner is asked again: the turns that stood for its failure go."""
    for chunk in chunks(work_ids):
        mine = and_(work.c.id.in_(chunk), work.c.error_kind == PARTNER_FAILED)
        transaction.execute(delete(work).where(mine))


def failed_of_partner(transaction: Connection, run_id: int) -> list[int]:
    """Ids of the items of a run that failed because its partner did."""
    mine = and_(work.c.run_id == run_id, in_state(WorkState.FAILED), work.c.error_kind == PARTNER_FAILED)
    return list(transaction.execute(select(work.c.id).where(mine)).scalars())


def transcript(transaction: Connection, work_id: int) -> list[Said]:
    """The dialogue that a record's item belongs to; [] where it is none."""
    serves = case((runs.c.kind == "partner", runs.c.parent_id), else_=runs.c.id)
    query = select(serves.label("run"), work.c.ordinal, work.c.turn).join(runs, runs.c.id == work.c.run_id)
    row = transaction.execute(query.where(work.c.id == work_id)).one_or_none()
    if row is None:
        return []
    found = said(transaction, row.run, [row.ordinal]).get(row.ordinal, [])
    return found if len(found) > 1 or row.turn else []

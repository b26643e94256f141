"""Work items: planned once, claimed by lease, finished in one transaction with their answer.

A kill at any moment loses nothing: a response and its work item's state are one transaction, and a lease that
nobody renews goes back. Attempts are written before anything is sent, so money spent always has a row.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from evalcore.store.records import put_missing
from evalcore.store.replies import row_of
from evalcore.store.schema import WorkState, attempts, responses, runs, work
from evalcore.store.search import index_texts
from evalcore.store.sql import chunks, insert_new
from evalcore.types import Failure, Response

LEASE_S = 60.0
TRIES = 6  # sends per item before it counts as failed; `retry` grants as many again
TASK_STRIDE = 1 << 40  # ordinals of one task stay together; within it SAMPLE_STRIDE samples an item
SAMPLE_STRIDE = 1 << 10


@dataclass(frozen=True)
class Waiting:
    """A run that has something to ask right now."""

    run_id: int
    lane: str
    key_env: str
    model_id: int
    serves: int  # the run itself, or the run that it is a partner of


@dataclass(frozen=True)
class Claimed:
    """One work item that is this worker's until its lease runs out.

    turn: of a dialogue. subject_id, criterion, option_order, repeat: a judge's cell.
    """

    work_id: int
    run_id: int
    task_version_id: int
    position: int
    sample: int
    attempt: int
    ordinal: int = 0
    turn: int = 0
    subject_id: int | None = None
    criterion: str = ""
    option_order: int = 0
    repeat: int = 0


@dataclass(frozen=True)
class Finished:
    """What became of a claimed item; prompt_key and ask_key as it was asked."""

    claimed: Claimed
    response: Response
    prompt_key: str
    ask_key: str
    reused_from: int | None = None


def in_state(state: int) -> ColumnElement[bool]:
    """Written out, not bound: only then do the indexes on single states serve."""
    return work.c.state == literal_column(str(state))


_HAS_DUE = exists().where(
    work.c.run_id == runs.c.id, in_state(WorkState.WAITING), work.c.not_before <= bindparam("now")
)
_SERVES = case((runs.c.kind == "partner", runs.c.parent_id), else_=runs.c.id)
_WAITING_RUNS = (  # made once: workers ask it all the time, and making a statement costs more than its answer
    select(runs.c.id, runs.c.lane, runs.c.key_env, runs.c.model_id, _SERVES)
    .where(runs.c.wanted == "run", runs.c.deleted_at.is_(None), _HAS_DUE)
    .order_by(runs.c.id)
)


def waiting_runs(transaction: Connection) -> list[Waiting]:
    """Runs that a person wants to go on and that have an item due now, oldest first."""
    return [Waiting(*row) for row in transaction.execute(_WAITING_RUNS, {"now": time.time()})]


def has_open_work(transaction: Connection, run_id: int | None, key_names: Sequence[str]) -> bool:
    """Whether anything is still to be done, now or later, that a worker with these keys could see
    finished.
    """
    mine = and_(runs.c.deleted_at.is_(None), or_(runs.c.key_env == "", runs.c.key_env.in_(key_names)))
    if run_id is not None:
        partner = and_(runs.c.parent_id == run_id, runs.c.kind == "partner")
        mine = and_(mine, or_(runs.c.id == run_id, partner))
    going = and_(runs.c.wanted == "run", or_(_has(WorkState.WAITING), _has(WorkState.ANSWERED)))
    unfinished = or_(going, _has(WorkState.LEASED))
    return transaction.execute(select(runs.c.id).where(mine, unfinished).limit(1)).first() is not None


def _has(state: int) -> ColumnElement[bool]:
    return exists().where(work.c.run_id == runs.c.id, in_state(state))


def runs_with_unread(transaction: Connection) -> list[int]:
    """Runs with answers that nobody has read yet."""
    return list(transaction.execute(select(runs.c.id).where(_has(WorkState.ANSWERED))).scalars())


_WANTED = select(runs.c.wanted).where(runs.c.id == bindparam("run"))
_ARE_MINE = work.c.id.in_(bindparam("ids", expanding=True))
_LEASED = select(work).where(_ARE_MINE).order_by(work.c.ordinal)
_LEASE = (
    update(work)
    .where(_ARE_MINE)
    .values(
        attempt=work.c.attempt + 1,
        tries_left=work.c.tries_left - 1,
        state=WorkState.LEASED,
        owner=bindparam("by"),
        lease_until=bindparam("until"),
    )
)
_DUE = (
    select(work.c.id)
    .where(work.c.run_id == bindparam("run"), in_state(WorkState.WAITING))
    .where(work.c.not_before <= bindparam("now"))
    .order_by(work.c.ordinal)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)


def claim(transaction: Connection, run_id: int, worker_id: int, limit: int) -> list[Claimed]:
    """Leases up to `limit` due items of a run, in its order, and writes their attempts before anything is
    sent.
    """
    now = time.time()
    if transaction.execute(_WANTED, {"run": run_id}).scalar() != "run":
        return []
    ids = list(transaction.execute(_DUE, {"run": run_id, "now": now, "most": limit}).scalars())
    if not ids:
        return []
    lease = {"ids": ids, "by": worker_id, "until": now + LEASE_S}
    transaction.execute(_LEASE, lease)
    rows = transaction.execute(_LEASED, {"ids": ids}).all()
    ledger = [
        {"work_id": r.id, "attempt": r.attempt, "worker_id": worker_id, "started_at": now} for r in rows
    ]
    transaction.execute(insert(attempts), ledger)
    return [_claimed(row) for row in rows]


def _claimed(row: Any) -> Claimed:
    return Claimed(
        *(row.id, row.run_id, row.task_version_id, row.position, row.sample, row.attempt),
        *(row.ordinal, row.turn, row.subject_id, row.criterion, row.option_order, row.repeat),
    )


def release(transaction: Connection, claimed: Sequence[Claimed]) -> None:
    """Gives back items that were claimed but never sent; their attempts are struck from the ledger."""
    for item in claimed:
        mine = and_(work.c.id == item.work_id, work.c.attempt == item.attempt, in_state(WorkState.LEASED))
        transaction.execute(
            update(work)
            .where(mine)
            .values(state=WorkState.WAITING, owner=None, lease_until=None, tries_left=work.c.tries_left + 1)
        )
        spent = and_(attempts.c.work_id == item.work_id, attempts.c.attempt == item.attempt)
        transaction.execute(update(attempts).where(spent).values(finished_at=time.time(), outcome="not_sent"))


def renew_leases(transaction: Connection, worker_id: int) -> None:
    mine = and_(in_state(WorkState.LEASED), work.c.owner == worker_id)
    transaction.execute(update(work).where(mine).values(lease_until=time.time() + LEASE_S))


def take_back(transaction: Connection, dead_workers: Sequence[int] = ()) -> int:
    """Frees items whose lease ran out or whose worker is known to be dead; returns how many.

    An item that has used up its tries this way (it may be what kills the worker) fails instead.
    """
    lost = or_(work.c.lease_until < time.time(), work.c.owner.in_(dead_workers))
    leased = and_(in_state(WorkState.LEASED), lost)
    hopeless = select(work.c.id).where(leased, work.c.tries_left <= 0).with_for_update(skip_locked=True)
    _give_up(transaction, list(transaction.execute(hopeless).scalars()))
    freed = transaction.execute(
        update(work).where(leased).values(state=WorkState.WAITING, owner=None, lease_until=None)
    )
    return int(freed.rowcount)


def _give_up(transaction: Connection, work_ids: Sequence[int]) -> None:
    message = "The worker died every time this item was asked. Look at the worker's log, then retry."
    failed = {"state": WorkState.FAILED, "error_kind": "worker_died", "error": message}
    for chunk in chunks(work_ids):
        transaction.execute(
            update(work).where(work.c.id.in_(chunk)).values(owner=None, lease_until=None, **failed)
        )
    put_missing(transaction, work_ids)


_MARK_ANSWERED = (
    update(work)
    .where(work.c.id == bindparam("w"), ~in_state(WorkState.ANSWERED), ~in_state(WorkState.DONE))
    .values(state=WorkState.ANSWERED, owner=None, lease_until=None, error="", error_kind="")
)
_RESPONSES_TO = select(responses.c.id, responses.c.work_id).where(
    responses.c.work_id.in_(bindparam("ids", expanding=True))
)


def store_answered(transaction: Connection, finished: Sequence[Finished]) -> None:
    """Keeps the responses and marks their items answered, together; a second answer to one item is
    dropped.
    """
    finished = _without_answered(transaction, finished)
    if not finished:
        return
    insert_new(transaction, responses, [_row(one) for one in finished])
    transaction.execute(_MARK_ANSWERED, [{"w": one.claimed.work_id} for one in finished])
    _close_attempts(transaction, [(one.claimed, "reused" if one.reused_from else "ok") for one in finished])
    _index_replies(transaction, finished)


def _without_answered(transaction: Connection, finished: Sequence[Finished]) -> list[Finished]:
    """A lease may have run out and another worker have answered: the first answer stays."""
    there: set[int] = set()
    for chunk in chunks(one.claimed.work_id for one in finished):
        there.update(row.work_id for row in transaction.execute(_RESPONSES_TO, {"ids": chunk}))
    return [one for one in finished if one.claimed.work_id not in there]


def _index_replies(transaction: Connection, finished: Sequence[Finished]) -> None:
    texts = {one.claimed.work_id: one.response.text for one in finished if one.response.text}
    for chunk in chunks(texts):
        found = transaction.execute(_RESPONSES_TO, {"ids": chunk})
        index_texts(transaction, "response_grams", [(row.id, texts[row.work_id]) for row in found])


def _row(one: Finished) -> dict[str, Any]:
    return row_of(one.response) | {
        "work_id": one.claimed.work_id,
        "run_id": one.claimed.run_id,
        "prompt_key": one.prompt_key,
        "ask_key": one.ask_key,
        "reused_from": one.reused_from,
    }


def store_failures(transaction: Connection, failed: Sequence[tuple[Claimed, Failure]]) -> list[int]:
    """Puts items back for a later try, or ends them; returns the ids of those that ended as failed.

    A failure is taken only from the worker that still holds the item.
    """
    ended: list[int] = []
    for item, failure in failed:
        mine = and_(work.c.id == item.work_id, work.c.attempt == item.attempt, in_state(WorkState.LEASED))
        tries_left = transaction.execute(select(work.c.tries_left).where(mine)).scalar()
        if tries_left is None:
            continue
        is_end = failure.is_final or (tries_left <= 0 and not failure.stops_run)
        values = _failed_values(failure) if is_end else _again_values(failure, item, tries_left)
        transaction.execute(update(work).where(mine).values(owner=None, lease_until=None, **values))
        if is_end:
            ended.append(item.work_id)
    _close_attempts(transaction, [(item, failure.kind) for item, failure in failed])
    return ended


def _failed_values(failure: Failure) -> dict[str, Any]:
    return {"state": WorkState.FAILED, "error_kind": failure.kind, "error": failure.message}


def _again_values(failure: Failure, item: Claimed, tries_left: int) -> dict[str, Any]:
    """Waiting again: after what the endpoint asked for, else after 1, 2, 4, ... s, at most a minute."""
    pause = failure.retry_after_s or min(60.0, 2.0 ** max(0, TRIES - 1 - tries_left))
    refund = 1 if failure.stops_run else 0
    return {
        "state": WorkState.WAITING,
        "not_before": 0.0 if failure.stops_run else time.time() + pause,
        "tries_left": tries_left + refund,
        "error_kind": failure.kind,
        "error": failure.message,
    }


_CLOSE_ATTEMPT = (
    update(attempts)
    .where(attempts.c.work_id == bindparam("w"), attempts.c.attempt == bindparam("a"))
    .values(finished_at=bindparam("at"), outcome=bindparam("o"))
)


def _close_attempts(transaction: Connection, ended: Sequence[tuple[Claimed, str]]) -> None:
    at = time.time()
    rows = [{"w": item.work_id, "a": item.attempt, "o": outcome, "at": at} for item, outcome in ended]
    if rows:
        transaction.execute(_CLOSE_ATTEMPT, rows)


def plan(
    transaction: Connection,
    run_id: int,
    task_index: int,
    version_id: int,
    places: Sequence[tuple[int, int, int]],
) -> int:
    """Adds work items (place in the run's order, position in the task, sample) that are not planned yet."""
    added = 0
    for chunk in chunks(places, 5000):
        rows = [
            {
                "run_id": run_id,
                "task_version_id": version_id,
                "ordinal": task_index * TASK_STRIDE + place * SAMPLE_STRIDE + sample,
                "position": position,
                "sample": sample,
                "tries_left": TRIES,
            }
            for place, position, sample in chunk
        ]
        added += insert_new(transaction, work, rows)
    return added


def retry_failed(transaction: Connection, run_id: int) -> list[int]:
    """Grants failed items of a run new tries; returns their ids."""
    failed = and_(work.c.run_id == run_id, in_state(WorkState.FAILED))
    ids = list(transaction.execute(select(work.c.id).where(failed)).scalars())
    fresh = {
        "state": WorkState.WAITING,
        "tries_left": TRIES,
        "not_before": 0.0,
        "error": "",
        "error_kind": "",
    }
    for chunk in chunks(ids):
        transaction.execute(update(work).where(work.c.id.in_(chunk)).values(**fresh))
    return ids


def open_counts(transaction: Connection, run_id: int) -> dict[int, int]:
    """Items by state, for the states that are indexed (waiting, leased, answered, failed): cheap at any
    size.
    """
    counts: dict[int, int] = {}
    for state in (WorkState.WAITING, WorkState.LEASED, WorkState.ANSWERED, WorkState.FAILED):
        query = select(func.count()).where(work.c.run_id == run_id, in_state(state))
        counts[state] = int(transaction.execute(query).scalar() or 0)
    return counts

"""Rows of the table of records, and the way from the codes of a link to rows and back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from evalcore.store.detail import BEGINNING
from evalcore.store.record import JUDGED, written_gold
from evalcore.store.schema import items, keys, members, models, records, runs, scores, task_versions, work


@dataclass(frozen=True)
class RecordRow:
    """One line of a table of records. beginning: of the question; gold as `B`, `A, C` or `A or D`.

    judged_mean: of the scores that judges gave it; only looked up where no rule gave one. is_verdict: the
    reply is a judge's own, on `criterion`.
    """

    work_id: int
    run: str
    model: str
    task: str
    item: str
    item_sha: str
    position: int
    sample: int
    subject: str
    language: str
    outcome: str
    answer_state: str
    picked: str
    gold: str
    beginning: str
    is_judged: bool
    is_reviewed: bool
    is_verdict: bool
    criterion: str
    judged_mean: float | None = None


@dataclass(frozen=True)
class RecordPlace:
    """A record as a link names it."""

    work_id: int
    run: str
    task: str
    item: str
    sample: int


_MEMBER = and_(
    members.c.task_version_id == records.c.task_version_id,
    members.c.position == records.c.position,
    members.c.pool.is_(False),
)
_NAMED = (
    records.join(work, work.c.id == records.c.work_id)
    .join(runs, runs.c.id == records.c.run_id)
    .join(task_versions, task_versions.c.id == records.c.task_version_id)
    .join(members, _MEMBER)
)


def record_rows(transaction: Connection, work_ids: Sequence[int]) -> list[RecordRow]:
    """In the order of the ids."""
    key = and_(
        keys.c.item_sha == items.c.sha,
        keys.c.name == members.c.key_name,
        keys.c.version == members.c.key_version,
    )
    joined = (
        _NAMED.join(models, models.c.id == runs.c.model_id)
        .join(items, items.c.id == records.c.item_id)
        .join(keys, key)
    )
    query = select(
        records,
        *(runs.c.code, models.c.name.label("model"), task_versions.c.task_id, work.c.sample),
        *((runs.c.kind == "judge").label("is_verdict"), work.c.criterion),
        *(members.c.item_name, items.c.sha, keys.c.acceptable),
        func.substr(items.c.question, 1, BEGINNING).label("beginning"),
    )
    found = transaction.execute(query.select_from(joined).where(records.c.work_id.in_(work_ids)))
    rows = {row.work_id: _row(row) for row in found}
    for work_id, mean in _judged_means(transaction, list(rows.values())):
        rows[work_id] = replace(rows[work_id], judged_mean=mean)
    return [rows[work_id] for work_id in work_ids if work_id in rows]


def _judged_means(transaction: Connection, rows: Sequence[RecordRow]) -> list[tuple[int, float]]:
    wanted = [row.work_id for row in rows if row.is_judged and row.outcome == "unscored"]
    if not wanted:
        return []
    is_judged = or_(*(scores.c.metric.startswith(start) for start in JUDGED))
    query = (
        select(records.c.work_id, func.avg(scores.c.value))
        .join(scores, scores.c.response_id == records.c.response_id)
        .where(records.c.work_id.in_(wanted), is_judged, scores.c.value.is_not(None))
        .group_by(records.c.work_id)
    )
    return [(work_id, float(mean)) for work_id, mean in transaction.execute(query)]


def _row(r: Any) -> RecordRow:
    return RecordRow(
        *(r.work_id, r.code, r.model, r.task_id, r.item_name, r.sha, r.position, r.sample),
        *(r.subject, r.language, r.outcome, r.answer_state, r.picked),
        *(written_gold(r.acceptable), r.beginning, r.is_judged, r.is_reviewed),
        *(bool(r.is_verdict), r.criterion),
    )


def record_places(transaction: Connection, work_ids: Sequence[int]) -> dict[int, RecordPlace]:
    query = (
        select(records.c.work_id, runs.c.code, task_versions.c.task_id, members.c.item_name, work.c.sample)
        .select_from(_NAMED)
        .where(records.c.work_id.in_(work_ids))
    )
    return {
        row.work_id: RecordPlace(row.work_id, row.code, row.task_id, row.item_name, row.sample)
        for row in transaction.execute(query)
    }


def find_record(transaction: Connection, run_id: int, task: str, item: str, sample: int) -> int | None:
    """The work id of one item in one run."""
    asked = (
        select(members.c.item_id, members.c.task_version_id, members.c.position)
        .join(task_versions, task_versions.c.id == members.c.task_version_id)
        .where(task_versions.c.task_id == task, members.c.item_name == item, members.c.pool.is_(False))
        .subquery()
    )
    query = (
        select(records.c.work_id)
        .join(asked, records.c.item_id == asked.c.item_id)
        .join(work, work.c.id == records.c.work_id)
        .where(records.c.run_id == run_id, records.c.task_version_id == asked.c.task_version_id)
        .where(records.c.position == asked.c.position, work.c.sample == sample)
        .limit(1)
    )
    return transaction.execute(query).scalar()


def find_item(transaction: Connection, sha: str) -> int | None:
    return transaction.execute(select(items.c.id).where(items.c.sha == sha)).scalar()


def task_version_ids(transaction: Connection, task_ids: Sequence[str]) -> dict[int, str]:
    """Every version of these tasks; of all tasks when none is named."""
    query = select(task_versions.c.id, task_versions.c.task_id)
    wanted = query.where(task_versions.c.task_id.in_(task_ids)) if task_ids else query
    return {row.id: row.task_id for row in transaction.execute(wanted)}


def run_codes(transaction: Connection, run_ids: Sequence[int]) -> dict[int, str]:
    query = select(runs.c.id, runs.c.code).where(runs.c.id.in_(run_ids))
    return {row.id: row.code for row in transaction.execute(query)}


def work_of_item(transaction: Connection, item_id: int, limit: int) -> list[int]:
    """Work ids of an item's records, newest run first; deleted runs and judges' cells left out."""
    query = (
        select(records.c.work_id)
        .join(runs, runs.c.id == records.c.run_id)
        .where(records.c.item_id == item_id, runs.c.deleted_at.is_(None), runs.c.kind != "judge")
        .order_by(records.c.run_id.desc(), records.c.ordinal)
        .limit(limit)
    )
    return list(transaction.execute(query).scalars())


def item_of_work(transaction: Connection, work_id: int) -> int | None:
    return transaction.execute(select(records.c.item_id).where(records.c.work_id == work_id)).scalar()

"""What people said of answers: kept in revisions, never changed in place."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, func, select, update

from evalcore.store.judging import put_subjects
from evalcore.store.schema import (
    judgements,
    members,
    records,
    reviews,
    runs,
    scores,
    subjects,
    task_versions,
    work,
)
from evalcore.store.sql import chunks, insert_new

MEMBER = and_(
    members.c.task_version_id == records.c.task_version_id,
    members.c.position == records.c.position,
    members.c.pool.is_(False),
)


@dataclass(frozen=True)
class Review:
    """One person's ratings of one answer. values: verdict by criterion, as text."""

    item_id: int
    response_id: int
    reviewer: str
    form: str
    form_version: int
    values: Mapping[str, str]


@dataclass(frozen=True)
class Place:
    """A record that people can rate, found by the item's name in its task."""

    task_version_id: int
    task: str
    position: int
    item_id: int
    response_id: int | None


def places(transaction: Connection, run_id: int, item: str, sample: int = 0) -> list[Place]:
    """Records of a run whose item has this name; several where more than one of its tasks has it."""
    query = (
        select(records, task_versions.c.task_id)
        .join(members, MEMBER)
        .join(work, work.c.id == records.c.work_id)
        .join(task_versions, task_versions.c.id == records.c.task_version_id)
        .where(records.c.run_id == run_id, members.c.item_name == item, work.c.sample == sample)
        .order_by(records.c.ordinal)
    )
    return [
        Place(row.task_version_id, row.task_id, row.position, row.item_id, row.response_id)
        for row in transaction.execute(query)
    ]


def put_reviews(transaction: Connection, wanted: Sequence[Review]) -> int:
    """Adds a revision where a value differs from the latest one; criteria not named keep theirs.

    Returns how many revisions were added; the same ratings again add none.
    """
    ids = put_subjects(transaction, [(one.item_id, (one.response_id,)) for one in wanted])
    kept = _latest(transaction, ids)
    rows = []
    for one, subject_id in zip(wanted, ids, strict=True):
        place = (subject_id, one.reviewer, one.form, one.form_version)
        before = kept.get(place)
        values = {**(before.verdict if before else {}), **one.values}
        if before is None or values != before.verdict:
            rows.append(_row(place, (before.revision if before else 0) + 1, values))
    added = insert_new(transaction, reviews, rows)
    for chunk in chunks({one.response_id for one in wanted}):
        fresh = and_(records.c.response_id.in_(chunk), records.c.is_reviewed.is_(False))
        transaction.execute(update(records).where(fresh).values(is_reviewed=True))
    return added


def _latest(transaction: Connection, subject_ids: Iterable[int]) -> dict[tuple[Any, ...], Any]:
    """The newest revision by subject, reviewer, form and its version."""
    found: dict[tuple[Any, ...], Any] = {}
    for chunk in chunks(set(subject_ids)):
        query = select(reviews).where(reviews.c.subject_id.in_(chunk)).order_by(reviews.c.revision)
        for row in transaction.execute(query):
            found[row.subject_id, row.reviewer, row.form, row.form_version] = row
    return found


def _row(place: tuple[Any, ...], revision: int, values: Mapping[str, str]) -> dict[str, Any]:
    names = ("subject_id", "reviewer", "form", "form_version")
    fields = dict(zip(names, place, strict=True))
    return fields | {"revision": revision, "verdict": dict(values), "created_at": time.time()}


@dataclass(frozen=True)
class Rated:
    """A review of one answer, in its latest revision, with the record that it is about."""

    subject_id: int
    response_id: int
    reviewer: str
    form: str
    values: Mapping[str, str]
    run: str
    task: str
    task_version_id: int
    position: int
    item_id: int
    subject: str


def rated(transaction: Connection) -> list[Rated]:
    """Ratings of single answers in runs that are not deleted; who rated by several versions of a form counts
    by the newest.
    """
    about = _rated_subjects(transaction)
    found = _rated_records(transaction, about.values())
    by_version = sorted(_latest(transaction, about).values(), key=lambda row: row.form_version)
    newest = {(row.subject_id, row.reviewer, row.form): row for row in by_version}
    return [
        _rated(row, found[about[row.subject_id]]) for row in newest.values() if about[row.subject_id] in found
    ]


def _rated_subjects(transaction: Connection) -> dict[int, int]:
    """The one response of each subject that somebody has rated."""
    query = select(subjects.c.id, subjects.c.response_ids).where(
        subjects.c.id.in_(select(reviews.c.subject_id))
    )
    rows = transaction.execute(query)
    return {row.id: row.response_ids[0] for row in rows if len(row.response_ids) == 1}


def _rated_records(transaction: Connection, response_ids: Iterable[int]) -> dict[int, Any]:
    """Records by response."""
    query = (
        select(records, runs.c.code, task_versions.c.task_id)
        .join(runs, runs.c.id == records.c.run_id)
        .join(task_versions, task_versions.c.id == records.c.task_version_id)
        .where(runs.c.deleted_at.is_(None), runs.c.kind == "ask")
    )
    found: dict[int, Any] = {}
    for chunk in chunks(response_ids):
        rows = transaction.execute(query.where(records.c.response_id.in_(chunk)))
        found.update((row.response_id, row) for row in rows)
    return found


def _rated(review: Any, record: Any) -> Rated:
    return Rated(
        *(review.subject_id, record.response_id, review.reviewer, review.form, review.verdict),
        *(record.code, record.task_id, record.task_version_id, record.position),
        *(record.item_id, record.subject),
    )


@dataclass(frozen=True)
class Said:
    """A judge's first verdict on an answer that people have rated. value: None unless state is ok."""

    subject_id: int
    judge: str
    rubric: str
    rubric_version: int
    criterion: str
    value: str | None


def said(transaction: Connection, subject_ids: Iterable[int]) -> list[Said]:
    """In the order in which they were given."""
    found: list[Said] = []
    for chunk in chunks(set(subject_ids)):
        query = (
            select(judgements)
            .where(judgements.c.subject_id.in_(chunk), judgements.c.order == 0, judgements.c.repeat == 0)
            .order_by(judgements.c.id)
        )
        found += [
            Said(
                *(r.subject_id, r.judge, r.rubric, r.rubric_version, r.criterion),
                (r.verdict or {}).get("value") if r.state == "ok" else None,
            )
            for r in transaction.execute(query)
        ]
    return found


def scores_of(transaction: Connection, response_ids: Iterable[int]) -> dict[str, dict[int, float]]:
    """For each metric the newest score of each answer that has one."""
    found: dict[str, dict[int, float]] = {}
    for chunk in chunks(set(response_ids)):
        query = (
            select(scores.c.metric, scores.c.response_id, scores.c.value)
            .where(scores.c.response_id.in_(chunk), scores.c.value.is_not(None))
            .order_by(scores.c.key_version, scores.c.scorer_version)
        )
        for row in transaction.execute(query):
            found.setdefault(row.metric, {})[row.response_id] = row.value
    return found


def state(transaction: Connection) -> tuple[int, int]:
    """Changes with every review and every judgement that is added."""
    last = (
        select(func.coalesce(func.max(table.c.id), 0)).scalar_subquery() for table in (reviews, judgements)
    )
    row = transaction.execute(select(*last)).one()
    return int(row[0]), int(row[1])

"""From work ids to whole records, many at a time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, and_, bindparam, select

from evalcore.store.content import get_prompts, item_of, rubric_of
from evalcore.store.judging import failed_state, responses_of
from evalcore.store.record import (
    JudgementRow,
    Problem,
    Record,
    ReviewRow,
    Rival,
    ScoreRow,
    Sibling,
)
from evalcore.store.replies import response_of
from evalcore.store.schema import (
    WorkState,
    answers,
    items,
    judgements,
    keys,
    members,
    models,
    records,
    responses,
    reviews,
    run_tasks,
    runs,
    scores,
    subjects,
    task_versions,
    work,
)
from evalcore.store.sql import chunks
from evalcore.store.work import in_state
from evalcore.types import Answer, AnswerState, Kind, Prompt, Way, judge_name

BEGINNING = 160
_MEMBER = and_(
    members.c.task_version_id == records.c.task_version_id,
    members.c.position == records.c.position,
    members.c.pool.is_(False),
)


def load_records(transaction: Connection, work_ids: Sequence[int]) -> list[Record]:
    """Whole records in the order of the ids; ids without a record are left out. Siblings: see `siblings`."""
    found: dict[int, Record] = {}
    for chunk in chunks(work_ids):
        found.update(_load(transaction, chunk))
    return [found[work_id] for work_id in work_ids if work_id in found]


def run_records(transaction: Connection, run_id: int, piece: int = 200) -> Iterator[Record]:
    """All records of a run in its order, read piece by piece."""
    after = -1
    while True:
        query = (
            select(records.c.work_id, records.c.ordinal)
            .where(records.c.run_id == run_id, records.c.ordinal > after)
            .order_by(records.c.ordinal, records.c.work_id)
            .limit(piece)
        )
        rows = transaction.execute(query).all()
        if not rows:
            return
        yield from load_records(transaction, [row.work_id for row in rows])
        after = rows[-1].ordinal


def _places(work_ids: Sequence[int]) -> Any:
    """Everything that has one row per record."""
    key = and_(
        keys.c.item_sha == items.c.sha,
        keys.c.name == members.c.key_name,
        keys.c.version == members.c.key_version,
    )
    way = and_(
        run_tasks.c.run_id == records.c.run_id, run_tasks.c.task_version_id == records.c.task_version_id
    )
    joined = (
        records.join(work, work.c.id == records.c.work_id)
        .join(runs, runs.c.id == records.c.run_id)
        .join(models, models.c.id == runs.c.model_id)
        .join(task_versions, task_versions.c.id == records.c.task_version_id)
        .join(members, _MEMBER)
        .join(items, items.c.id == records.c.item_id)
        .join(keys, key)
        .outerjoin(run_tasks, way)
    )
    columns = (
        records,
        *(work.c.sample, work.c.attempt, work.c.error_kind, work.c.error),
        *(work.c.subject_id, work.c.criterion, work.c.option_order, work.c.repeat),
        runs.c.kind.label("run_kind"),
        *(runs.c.code, runs.c.name.label("run_name"), runs.c.spec, models.c.name.label("model")),
        *(models.c.precision, task_versions.c.task_id, task_versions.c.version, task_versions.c.definition),
        *(
            members.c.item_name,
            members.c.group_name,
            members.c.meta,
            members.c.key_name,
            members.c.key_version,
        ),
        *(items.c.sha, items.c.question, items.c.options, items.c.context, items.c.media, items.c.turns),
        *(keys.c.acceptable, keys.c.rationale, keys.c.source, keys.c.rubric, run_tasks.c.way),
    )
    return select(*columns).select_from(joined).where(records.c.work_id.in_(work_ids))


def _load(transaction: Connection, work_ids: Sequence[int]) -> dict[int, Record]:
    places = {row.work_id: row for row in transaction.execute(_places(work_ids))}
    response_ids = [row.response_id for row in places.values() if row.response_id is not None]
    kept = {row.id: row for row in _by_response(transaction, responses, responses.c.id, response_ids)}
    prompts = get_prompts(transaction, {row.prompt_key for row in kept.values()})
    read = _grouped(_by_response(transaction, answers, answers.c.response_id, response_ids))
    scored = _grouped(_by_response(transaction, scores, scores.c.response_id, response_ids))
    about = _verdicts(transaction, {row.item_id for row in places.values()})
    judged = _judged_in(transaction, places.values())
    return {
        work_id: _with_verdicts(
            _with_response(_bare(row, judged), row, kept.get(row.response_id), prompts, read, scored), about
        )
        for work_id, row in places.items()
    }


def _by_response(transaction: Connection, table: Any, column: Any, ids: Sequence[int]) -> Sequence[Any]:
    return transaction.execute(select(table).where(column.in_(ids))).all() if ids else []


def _grouped(rows: Iterable[Any]) -> Mapping[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.response_id].append(row)
    return found


def _bare(row: Any, judged: Mapping[int, tuple[Rival, ...]]) -> Record:
    """The record before anything that came back."""
    item = item_of(row, row.meta)
    is_missing = row.response_id is None
    return Record(
        work_id=row.work_id,
        run=row.code,
        run_name=row.run_name,
        model=row.model,
        precision=row.precision,
        task=row.task_id,
        task_version=row.version,
        kind=Kind(row.definition["kind"]),
        way=Way(row.way) if row.way else None,
        item=row.item_name,
        item_id=row.item_id,
        item_sha=row.sha,
        position=row.position,
        sample=row.sample,
        language=row.language,
        subject=row.subject,
        group=row.group_name,
        question=item.question,
        options=item.options,
        context=item.context,
        turns=item.turns,
        rubric=rubric_of(row.rubric),
        metrics=tuple(row.definition["metrics"]),
        run_kind=row.run_kind,
        criterion=row.criterion,
        order=row.option_order,
        repeat=row.repeat,
        rivals=judged.get(row.work_id, ()),
        gold=tuple(tuple(alternative) for alternative in row.acceptable),
        key=(row.key_name, row.key_version),
        rationale=row.rationale,
        source=row.source,
        meta=row.meta,
        outcome=row.outcome,
        answer_state=row.answer_state,
        picked=row.picked,
        error=Problem(row.error_kind, row.error, row.attempt) if is_missing else None,
    )


def _with_response(
    record: Record,
    row: Any,
    kept: Any,
    prompts: Mapping[str, Prompt],
    read: Mapping[int, Sequence[Any]],
    scored: Mapping[int, Sequence[Any]],
) -> Record:
    if kept is None:
        return record
    main, others = _ranked_answers(read.get(kept.id, ()), record, str(row.spec.get("reader", "")))
    return replace(
        record,
        prompt=prompts.get(kept.prompt_key),
        response=response_of(kept),
        response_id=kept.id,
        asked_at=kept.created_at,
        is_reused=kept.reused_from is not None,
        answer=main,
        answers=others,
        scores=_latest_scores(scored.get(kept.id, ())),
    )


def _answer(row: Any) -> Answer:
    span = None if row.span_start is None else (row.span_start, row.span_end)
    state = AnswerState(row.state)
    return Answer(tuple(row.value), state, row.rule, row.reader, row.reader_version, span)


def _ranked_answers(
    rows: Sequence[Any], record: Record, reader: str
) -> tuple[Answer | None, tuple[Answer, ...]]:
    """First the answer that the outcome was made from, then the others; of each reader the newest."""
    latest = {row.reader: row for row in sorted(rows, key=lambda row: row.reader_version)}

    def rank(answer: Answer) -> tuple[bool, bool, str]:
        is_recorded = (str(answer.state), ", ".join(answer.value)) == (record.answer_state, record.picked)
        return not is_recorded, answer.reader != reader, answer.reader

    ranked = sorted(map(_answer, latest.values()), key=rank)
    return (ranked[0], tuple(ranked[1:])) if ranked else (None, ())


def _latest_scores(rows: Sequence[Any]) -> tuple[ScoreRow, ...]:
    """Of each metric, key and judgement the newest scorer's."""
    ordered = sorted(rows, key=lambda row: (row.key_version, row.scorer_version))
    latest = {(row.metric, row.key_name, row.judgement_id): row for row in ordered}
    return tuple(
        ScoreRow(r.metric, r.value, r.why, r.scorer_version, f"{r.key_name}/{r.key_version}", r.parts or {})
        for r in latest.values()
    )


Verdicts = Mapping[int, list[tuple[frozenset[int], Any]]]


def _verdicts(transaction: Connection, item_ids: Iterable[int]) -> Verdicts:
    """Judgements and reviews by item, each with the responses it is about (none: the item itself)."""
    found: defaultdict[int, list[tuple[frozenset[int], Any]]] = defaultdict(list)
    for chunk in chunks(item_ids):
        about = {
            row.id: row for row in transaction.execute(select(subjects).where(subjects.c.item_id.in_(chunk)))
        }
        for piece in chunks(about):
            for subject_id, verdict in [*_judged(transaction, piece), *_reviewed(transaction, piece)]:
                subject = about[subject_id]
                ids = tuple(subject.response_ids)
                if isinstance(verdict, JudgementRow):
                    verdict = replace(verdict, response_ids=ids)
                found[subject.item_id].append((frozenset(ids), verdict))
    return found


def _judged(transaction: Connection, subject_ids: Sequence[int]) -> Iterator[tuple[int, JudgementRow]]:
    """Verdicts, then the calls that failed: they have no reply, and what was wrong stands in their `why`."""
    query = (
        select(judgements, responses.c.text.label("words"))
        .join(responses, responses.c.id == judgements.c.response_id)
        .where(judgements.c.subject_id.in_(subject_ids))
        .order_by(judgements.c.id)
    )
    said = set()
    for r in transaction.execute(query):
        rubric = f"{r.rubric}-{r.rubric_version}"
        cell = (r.judge, rubric, r.criterion, r.state, r.verdict, r.words, r.order, r.repeat)
        said.add((r.subject_id, r.judge, rubric, r.criterion, r.order, r.repeat))
        yield r.subject_id, JudgementRow(*cell)
    for r in transaction.execute(_LOST, {"ids": subject_ids}):
        name = judge_name(r.spec["model"], r.precision, r.spec.get("batch", 1))
        rubric = f"{r.spec['rubric']}-{r.spec['rubric_version']}"
        if (r.subject_id, name, rubric, r.criterion, r.option_order, r.repeat) not in said:
            facts = {"value": None, "why": f"{r.error_kind}: {r.error}"}
            state, place = failed_state(r.error_kind), (r.option_order, r.repeat)
            yield r.subject_id, JudgementRow(name, rubric, r.criterion, state, facts, "", *place)


_JUDGES = select(runs.c.id).where(runs.c.kind == "judge", runs.c.deleted_at.is_(None))
_LOST = (
    select(work, runs.c.spec, models.c.precision)
    .join(runs, runs.c.id == work.c.run_id)
    .join(models, models.c.id == runs.c.model_id)
    .where(work.c.run_id.in_(_JUDGES), in_state(WorkState.FAILED))
    .where(work.c.subject_id.in_(bindparam("ids", expanding=True)))
    .order_by(work.c.id)
)


def _reviewed(transaction: Connection, subject_ids: Sequence[int]) -> list[tuple[int, ReviewRow]]:
    query = select(reviews).where(reviews.c.subject_id.in_(subject_ids)).order_by(reviews.c.revision)
    latest = {(r.subject_id, r.reviewer, r.form, r.form_version): r for r in transaction.execute(query)}
    return [(row.subject_id, _review(row)) for row in latest.values()]


def _review(row: Any) -> ReviewRow:
    hidden = None if row.hidden is None else tuple(row.hidden)
    said = (row.verdict, row.note, row.created_at, hidden)
    return ReviewRow(row.reviewer, f"{row.form}-{row.form_version}", row.revision, *said)


def _with_verdicts(record: Record, about: Verdicts) -> Record:
    mine = [
        verdict
        for response_ids, verdict in about.get(record.item_id, ())
        if not response_ids or record.response_id in response_ids
    ]
    return replace(
        record,
        judgements=tuple(verdict for verdict in mine if isinstance(verdict, JudgementRow)),
        reviews=tuple(verdict for verdict in mine if isinstance(verdict, ReviewRow)),
    )


def rivals(transaction: Connection, record: Record) -> tuple[Rival, ...]:
    """What the record's response was compared with."""
    wanted = {i for one in record.judgements for i in one.response_ids} - {record.response_id}
    return tuple(_rivals(transaction, wanted).values())


def _judged_in(transaction: Connection, rows: Iterable[Any]) -> dict[int, tuple[Rival, ...]]:
    """What each cell of a judge's run is about, by its work id."""
    cells = {row.work_id: row.subject_id for row in rows if row.run_kind == "judge"}
    about = responses_of(transaction, cells.values())
    found = _rivals(transaction, {i for ids in about.values() for i in ids})
    return {work_id: tuple(found[i] for i in about[subject_id]) for work_id, subject_id in cells.items()}


def _rivals(transaction: Connection, response_ids: Iterable[int]) -> dict[int, Rival]:
    query = (
        select(responses.c.id, responses.c.work_id, runs.c.code, models.c.name, responses.c.text)
        .join(runs, runs.c.id == responses.c.run_id)
        .join(models, models.c.id == runs.c.model_id)
        .order_by(responses.c.id)
    )
    found: dict[int, Rival] = {}
    for chunk in chunks(response_ids):
        rows = transaction.execute(query.where(responses.c.id.in_(chunk)))
        found.update((row.id, Rival(*row)) for row in rows)
    return found


def siblings(transaction: Connection, work_id: int) -> tuple[Sibling, ...]:
    """Items sharing the record's stem, itself included, in the task's order, and how this run did on them."""
    query = (
        select(records.c.run_id, records.c.task_version_id, members.c.group_name, work.c.sample)
        .join(work, work.c.id == records.c.work_id)
        .join(members, _MEMBER)
        .where(records.c.work_id == work_id)
    )
    here = transaction.execute(query).one_or_none()
    if here is None or not here.group_name:
        return ()
    group = _group(transaction, here)
    asked = _asked(transaction, here, [row.item_id for row in group])
    return tuple(_sibling(row, asked.get(row.position)) for row in group)


def _group(transaction: Connection, here: Any) -> Sequence[Any]:
    query = (
        select(members.c.position, members.c.item_name, members.c.item_id, items.c.question)
        .join(items, items.c.id == members.c.item_id)
        .where(members.c.task_version_id == here.task_version_id, members.c.pool.is_(False))
        .where(members.c.group_name == here.group_name)
        .order_by(members.c.position)
    )
    return transaction.execute(query).all()


def _asked(transaction: Connection, here: Any, item_ids: Sequence[int]) -> dict[int, Any]:
    query = (
        select(records.c.work_id, records.c.position, records.c.outcome)
        .join(work, work.c.id == records.c.work_id)
        .where(records.c.item_id.in_(item_ids), records.c.run_id == here.run_id)
        .where(records.c.task_version_id == here.task_version_id, work.c.sample == here.sample)
    )
    return {row.position: row for row in transaction.execute(query)}


def _sibling(row: Any, asked: Any) -> Sibling:
    work_id, outcome = (asked.work_id, asked.outcome) if asked is not None else (None, "")
    return Sibling(row.item_name, work_id, row.question[:BEGINNING], outcome)

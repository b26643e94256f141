"""Answers, scores, records, and the cube that must always equal a GROUP BY over the records."""

import random

import pytest
from filled import (
    Planned,
    answer_all,
    as_wrong,
    claim,
    entry,
    fail,
    four,
    keep,
    outcomes,
    plan,
    read_all,
    reading,
    says,
    task,
)
from sqlalchemy import func, select

from evalcore.store import Store, scored, work
from evalcore.store.schema import answers, record_counts, records, responses, scores

CELL = ("run_id", "task_version_id", "subject", "language", "outcome", "answer_state")


def _cube(store: Store) -> dict[tuple[object, ...], tuple[float, ...]]:
    with store.read() as t:
        rows = t.execute(select(record_counts).where(record_counts.c.n != 0)).all()
    return {
        tuple(getattr(r, name) for name in CELL): (r.n, r.tokens_in, r.tokens_out, r.seconds, r.costless)
        for r in rows
    }


def _grouped(store: Store) -> dict[tuple[object, ...], tuple[float, ...]]:
    cell = [records.c[name] for name in CELL]
    costless = func.count(responses.c.id).filter(responses.c.cost_usd.is_(None))
    sums = [func.coalesce(func.sum(responses.c[n]), 0) for n in ("tokens_in", "tokens_out", "seconds")]
    query = (
        select(*cell, func.count(), *sums, costless)
        .outerjoin(responses, responses.c.id == records.c.response_id)
        .group_by(*cell)
    )
    with store.read() as t:
        return {tuple(row[:6]): tuple(row[6:]) for row in t.execute(query)}


def _assert_counted(store: Store) -> None:
    cube, grouped = _cube(store), _grouped(store)
    assert cube.keys() == grouped.keys()
    for cell, sums in grouped.items():
        assert cube[cell] == pytest.approx(sums)


def test_readings_make_records_scores_and_counts(store: Store) -> None:
    run = plan(store, four())
    answer_all(store, run, ["A", "D", "unclear", "D"])
    with store.read() as t:
        rows = t.execute(select(records).order_by(records.c.ordinal)).all()
        assert t.execute(select(func.count()).select_from(answers)).scalar_one() == 4
        assert t.execute(select(func.sum(scores.c.value))).scalar_one() == 2.0
    assert [(r.outcome, r.answer_state, r.picked, r.subject, r.language) for r in rows] == [
        ("right", "read", "A", "cardiology", "en"),
        ("wrong", "read", "D", "cardiology", "en"),
        ("wrong", "unreadable", "", "cardiology", "zh"),
        ("right", "read", "D", "neurology", "en"),
    ]
    _assert_counted(store)


def test_putting_the_same_readings_twice_counts_them_once(store: Store) -> None:
    run = plan(store, four())
    made = answer_all(store, run, ["A", "B"])
    with store.write() as t:
        scored.put_readings(t, made)
        assert outcomes(t, run.run_id) == {"right": 2}
    _assert_counted(store)


def test_an_item_that_got_no_answer_is_missing_and_not_wrong(store: Store) -> None:
    run = plan(store, four())
    answer_all(store, run, ["A", None])
    with store.read() as t:
        assert outcomes(t, run.run_id) == {"right": 1, "missing": 1}
    _assert_counted(store)


def test_scoring_again_moves_records_and_counts_and_keeps_the_old_scores(store: Store) -> None:
    run = plan(store, four())
    made = answer_all(store, run, ["A", "B", "A"])
    with store.write() as t:
        anew = [as_wrong(one) for one in made]
        scored.put_scores(t, anew)
        scored.update_outcomes(t, anew)
        assert outcomes(t, run.run_id) == {"wrong": 3}
        assert t.execute(select(func.count()).select_from(scores)).scalar_one() == 6
    _assert_counted(store)


def test_responses_come_in_pieces_for_scoring_again(store: Store) -> None:
    run = plan(store, four())
    answer_all(store, run, ["A", "B", "C", "D"])
    with store.read() as t:
        first = scored.scored_after(t, run.run_id, run.version_ids[0], 0, 3)
        rest = scored.scored_after(t, run.run_id, run.version_ids[0], first[-1].response_id, 3)
    assert [one.response.text for one in [*first, *rest]] == ["A", "B", "C", "D"]


def _step(store: Store, run: Planned, dice: random.Random) -> None:
    """One random thing that can happen to a run."""
    what = dice.choice(["answer", "answer", "fail", "retry", "again", "die"])
    if what == "answer":
        for claimed in claim(store, run, dice.randint(1, 4)):
            cost = dice.choice([None, 0.25])
            keep(store, claimed, says(dice.choice(["A", "B", "C", "unclear"]), tokens=7, cost_usd=cost))
        read_all(store, run)
    elif what == "fail":
        for claimed in claim(store, run, 2):
            fail(store, claimed)
    elif what == "die":
        claim(store, run, 2)
        with store.write() as t:
            work.take_back(t, [run.worker_id])
    elif what == "retry":
        with store.write() as t:
            scored.drop_missing(t, work.retry_failed(t, run.run_id))
    else:
        _read_anew(store, run, dice)


def _read_anew(store: Store, run: Planned, dice: random.Random) -> None:
    with store.write() as t:
        known = {row.response_id for row in t.execute(select(records.c.response_id))}
        every = [one for v in run.version_ids for one in scored.scored_after(t, run.run_id, v)]
        stored = [one for one in every if one.response_id in known]
        some = dice.sample(stored, min(len(stored), 3))
        scored.update_outcomes(t, [reading(one, dice.choice("ABC")) for one in some])


def test_after_any_sequence_of_events_the_cube_equals_the_records(store: Store) -> None:
    dice = random.Random(20261121)
    subjects, languages = ["cardiology", "neurology", ""], ["en", "zh"]
    entries = [
        entry(f"q{n}", f"Question {n}?", subject=dice.choice(subjects), language=dice.choice(languages))
        for n in range(60)
    ]
    run = plan(store, task(entries[:30], "demo/one"), task(entries[30:], "demo/two"))
    for _ in range(60):
        _step(store, run, dice)
    _assert_counted(store)
    assert sum(cell[0] for cell in _cube(store).values()) > 20

"""Filters, pages, counts and neighbours, held against the same list made by brute force."""

import random
from collections import Counter
from dataclasses import dataclass

import pytest
from filled import LETTERS, answer_all, entry, fail, four, plan, task
from filled import claim as claim_items
from sqlalchemy import event, select, update

from evalcore.store import Store
from evalcore.store.listing import NONE, Count, Listing, RecordFilter, facet_counts
from evalcore.store.runs import set_deleted
from evalcore.store.schema import items, records, responses

WORDS = ["heparin", "warfarin", "心肌梗死", "发热", "fracture", "nothing"]


@dataclass(frozen=True)
class Line:
    """A record as brute force sees it."""

    work_id: int
    run_id: int
    task_version_id: int
    subject: str
    language: str
    outcome: str
    answer_state: str
    is_judged: bool
    is_reviewed: bool
    item_id: int
    words: str


@pytest.fixture
def mixed(store: Store) -> Store:
    return _mix(store)


def _mix(store: Store) -> Store:
    """Three runs over two tasks with every outcome, some judged, some reviewed."""
    dice = random.Random(7)
    entries = [
        entry(
            f"q{n}",
            f"Question {n} on {dice.choice(WORDS)}?",
            dice.choice(LETTERS),
            subject=dice.choice(["cardiology", "neurology", ""]),
            language=dice.choice(["en", "zh"]),
        )
        for n in range(50)
    ]
    tasks = task(entries[:30], "demo/one"), task(entries[25:], "demo/two")
    for n in range(3):
        run = plan(store, *tasks, code=f"run-{n}")
        replies = [
            dice.choice([None, *(f"{dice.choice(WORDS)} {x}" for x in "ABCD"), "?"]) for _ in range(55)
        ]
        answer_all(store, run, replies)
    with store.write() as t:
        for work_id in t.execute(select(records.c.work_id)).scalars().all():
            marks = {"is_judged": dice.random() < 0.3, "is_reviewed": dice.random() < 0.2}
            t.execute(update(records).where(records.c.work_id == work_id).values(**marks))
    return store


def _lines(store: Store) -> list[Line]:
    query = (
        select(records, items.c.question, items.c.options, responses.c.text.label("reply"))
        .join(items, items.c.id == records.c.item_id)
        .outerjoin(responses, responses.c.id == records.c.response_id)
        .order_by(records.c.run_id, records.c.ordinal)
    )
    with store.read() as t:
        return [
            Line(
                *(r.work_id, r.run_id, r.task_version_id, r.subject, r.language, r.outcome, r.answer_state),
                *(r.is_judged, r.is_reviewed, r.item_id, f"{r.question} {r.reply or ''}"),
            )
            for r in t.execute(query)
        ]


def _fits(line: Line, asked: RecordFilter) -> bool:
    plain = ("subject", "language", "outcome", "answer_state")
    wanted = {name: getattr(asked, name) for name in plain if getattr(asked, name)}
    return (
        (not asked.run_ids or line.run_id in asked.run_ids)
        and (not asked.task_version_ids or line.task_version_id in asked.task_version_ids)
        and all(getattr(line, name) == ("" if value == NONE else value) for name, value in wanted.items())
        and asked.judged in (None, line.is_judged)
        and asked.reviewed in (None, line.is_reviewed)
        and asked.item_id in (None, line.item_id)
        and asked.text in line.words
    )


def _some_filter(dice: random.Random) -> RecordFilter:
    def maybe(*values: object) -> object:
        return dice.choice([None, None, *values])

    return RecordFilter(
        run_ids=maybe((1,), (2, 3), (9,)) or (),
        task_version_ids=maybe((1,), (2,)) or (),
        subject=maybe("cardiology", "neurology", NONE) or "",
        language=maybe("en", "zh") or "",
        outcome=maybe("right", "wrong", "missing") or "",
        answer_state=maybe("read", "unreadable", NONE) or "",
        judged=maybe(True, False),
        reviewed=maybe(True, False),
        text=maybe(*WORDS, "nowhere") or "",
        item_id=maybe(26, 3),
    )


@pytest.mark.parametrize("cap", [10_000, 5])
def test_any_filter_lists_what_brute_force_lists(mixed: Store, cap: int) -> None:
    """cap 5: a search finds more than it collects and walks through the runs instead."""
    dice = random.Random(11)
    lines = _lines(mixed)
    for _ in range(80):
        asked = _some_filter(dice)
        expected = [line.work_id for line in lines if _fits(line, asked)]
        offset = dice.randint(0, 20)
        with mixed.read() as t:
            listing = Listing(t, asked, cap)
            page, count = listing.page(offset, 7), listing.count()
        assert page == expected[offset : offset + 7], asked
        if count.is_capped:
            assert count.n == cap <= len(expected), asked
        else:
            assert count.n == len(expected), asked


@pytest.mark.parametrize("cap", [10_000, 5])
def test_previous_and_next_walk_the_same_list(mixed: Store, cap: int) -> None:
    dice = random.Random(12)
    lines = _lines(mixed)
    for _ in range(40):
        asked = _some_filter(dice)
        expected = [line.work_id for line in lines if _fits(line, asked)]
        here = dice.choice(expected or [line.work_id for line in lines])
        order = [line.work_id for line in lines]
        before = [w for w in expected if order.index(w) < order.index(here)]
        after = [w for w in expected if order.index(w) > order.index(here)]
        with mixed.read() as t:
            found = Listing(t, asked, cap).neighbours(here)
        assert found == (before[-1] if before else None, after[0] if after else None), asked


def test_an_unknown_record_has_no_neighbours(mixed: Store) -> None:
    with mixed.read() as t:
        assert Listing(t, RecordFilter()).neighbours(10**6) == (None, None)


def test_facets_count_each_value_under_the_other_filters(mixed: Store) -> None:
    lines = _lines(mixed)
    asked = RecordFilter(run_ids=(1, 2), outcome="wrong", language="zh")
    for dimension in ("run_id", "task_version_id", "subject", "language", "outcome", "answer_state"):
        rest = RecordFilter(
            run_ids=() if dimension == "run_id" else (1, 2),
            outcome="" if dimension == "outcome" else "wrong",
            language="" if dimension == "language" else "zh",
        )
        expected = Counter(getattr(line, dimension) for line in lines if _fits(line, rest))
        with mixed.read() as t:
            assert dict(facet_counts(t, asked)[dimension]) == dict(expected)


def test_records_of_deleted_runs_are_not_listed(mixed: Store) -> None:
    with mixed.write() as t:
        set_deleted(t, 2, True)
    kept = [line for line in _lines(mixed) if line.run_id != 2]
    with mixed.read() as t:
        for asked in (RecordFilter(), RecordFilter(text="heparin"), RecordFilter(judged=True)):
            found = Listing(t, asked)
            assert found.count() == Count(len([line for line in kept if _fits(line, asked)]))
            assert set(found.page(0, 500)) == {line.work_id for line in kept if _fits(line, asked)}


def test_a_capped_count_is_shown_with_a_plus() -> None:
    assert (str(Count(10_000, True)), str(Count(1234))) == ("10,000+", "1,234")


def test_an_item_without_an_answer_is_listed_too(store: Store) -> None:
    run = plan(store, four())
    fail(store, claim_items(store, run, 1)[0])
    with store.read() as t:
        assert Listing(t, RecordFilter(outcome="missing")).count() == Count(1)
        assert Listing(t, RecordFilter(answer_state=NONE)).count() == Count(1)


def test_no_page_reads_a_whole_growing_table(sqlite_url: str) -> None:
    """In SQLite, whose plans do not depend on size; PostgreSQL is timed in tests/benchmarks."""
    mixed = _mix(Store(sqlite_url))
    asked: list[tuple[str, object]] = []
    event.listen(
        mixed.engine,
        "before_cursor_execute",
        lambda conn, cursor, statement, parameters, *rest: asked.append((statement, parameters)),
    )
    dice = random.Random(13)
    for _ in range(60):
        with mixed.read() as t:
            listing = Listing(t, _some_filter(dice), dice.choice([5, 10_000]))
            listing.page(0, 5)
            listing.count()
            listing.neighbours(20)
    seen: set[str] = set()
    growing = {"records", "responses", "work"}
    with mixed.read() as t:
        for statement, parameters in asked:
            if statement.startswith("SELECT") and statement not in seen:
                seen.add(statement)
                plan_rows = t.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
                steps = [row[3] for row in plan_rows]
                scans = [s for s in steps if s.startswith("SCAN") and s.split()[1] in growing]
                assert scans == [], statement
    assert len(seen) > 30
    mixed.close()

"""Where runs stand, from rows; expected values by hand."""

from dataclasses import asdict

import pytest
from filled import (
    LETTERS,
    Planned,
    answer_all,
    claim,
    entry,
    fail,
    four,
    keep,
    plan,
    ranked,
    read_all,
    says,
    task,
    worker_row,
)
from sqlalchemy import event

from evalcore import report
from evalcore.errors import UsageError
from evalcore.store import Store, registry, work
from evalcore.store import runs as run_rows


def _status(store: Store, run: Planned) -> str:
    return report.run_status(store, run.code).status


def _want(store: Store, run: Planned, wanted: str) -> None:
    with store.write() as t:
        run_rows.set_wanted(t, run.run_id, wanted, "paused by a person")


def test_a_run_of_which_nothing_was_claimed_waits(store: Store) -> None:
    assert _status(store, plan(store, four())) == "waiting"


def test_a_run_with_claimed_items_is_running(store: Store) -> None:
    run = plan(store, four())
    claim(store, run, 1)
    assert _status(store, run) == "running"


def test_a_run_with_answers_not_yet_read_is_not_finished(store: Store) -> None:
    run = plan(store, four())
    for claimed in claim(store, run):
        keep(store, claimed, says("A"))
    assert _status(store, run) == "running"
    read_all(store, run)
    assert _status(store, run) == "finished"


def test_a_begun_run_without_any_living_worker_waits_for_one(store: Store) -> None:
    run = plan(store, four())
    answer_all(store, run, ["A"])
    with store.write() as t:
        registry.stop_worker(t, run.worker_id)
    found = report.run_status(store, run.code)
    assert (found.status, found.waiting_for) == ("waiting", "a worker")


def test_a_cancelled_run_is_over_when_what_was_out_has_come_and_been_read(store: Store) -> None:
    run = plan(store, four())
    answer_all(store, run, ["A"])
    out = claim(store, run, 2)
    _want(store, run, "cancel")
    for claimed in out:
        assert not report.live(store, run.code).is_over
        keep(store, claimed, says("A"))
    seen = report.live(store, run.code)
    assert (seen.is_over, seen.arriving, [one.item for one in seen.latest]) == (False, 2, ["q1"])
    read_all(store, run)
    seen = report.live(store, run.code)
    assert (seen.is_over, [one.item for one in seen.latest]) == (True, ["q3", "q2", "q1"])


def test_paused_and_cancelled_runs_say_so_until_they_are_complete(store: Store) -> None:
    run = plan(store, four())
    answer_all(store, run, ["A"])
    _want(store, run, "pause")
    assert _status(store, run) == "paused"
    assert report.runs_overview(store)[0].pause_reason == "paused by a person"
    _want(store, run, "cancel")
    assert _status(store, run) == "cancelled"
    _want(store, run, "run")
    answer_all(store, run, ["A"] * 3)
    _want(store, run, "pause")
    assert _status(store, run) == "finished"


def test_a_complete_run_with_failed_items_is_finished_with_failures(store: Store) -> None:
    run = plan(store, four())
    answer_all(store, run, ["A", None, "C", "D"])
    assert asdict(report.run_status(store, run.code)) == {
        "run": "run-1",
        "status": "finished_with_failures",
        "planned": 4,
        "done": 3,
        "failed": 1,
        "waiting_for": "",
        "by_task": {"demo/small": {"planned": 4, "done": 3, "failed": 1}},
        "errors": {"timeout": 1},
    }


def test_an_item_that_killed_its_workers_is_counted_as_failed(store: Store) -> None:
    run = plan(store, task([entry("q1", "One?")]))
    for _ in range(work.TRIES):
        claim(store, run)
        with store.write() as t:
            work.take_back(t, [run.worker_id])
    found = report.run_status(store, run.code)
    assert (found.status, found.errors) == ("finished_with_failures", {"worker_died": 1})


def test_a_run_waits_for_a_worker_that_holds_its_key_by_name(store: Store) -> None:
    plan(store, four(), key_env="OPENAI_API_KEY")
    row = report.runs_overview(store)[0]
    assert (row.waiting_for, row.waiting_key) == ("a worker with OPENAI_API_KEY", "OPENAI_API_KEY")
    with store.write() as t:
        registry.add_worker(t, worker_row("OPENAI_API_KEY"))
    assert report.runs_overview(store)[0].waiting_for == ""


def test_samples_multiply_what_is_planned(store: Store) -> None:
    assert report.run_status(store, plan(store, four(), samples=3).code).planned == 12


def test_runs_are_listed_newest_first_with_their_headlines_and_without_deleted_ones(store: Store) -> None:
    first = plan(store, four(), four("demo/other"), code="run-1")
    plan(store, four(), code="run-2", model="demo:weak")
    gone = plan(store, four(), code="run-3")
    answer_all(store, first, ["A", "B", "A", None])
    with store.write() as t:
        run_rows.set_deleted(t, gone.run_id, True)
    second_row, first_row = report.runs_overview(store)
    assert (second_row.code, second_row.model, second_row.precision) == ("run-2", "demo:weak", "fp32")
    assert first_row.tasks == ("demo/small", "demo/other")
    assert (first_row.planned, first_row.done, first_row.failed) == (8, 3, 1)
    small, other = first_row.headlines
    assert (small.metric, small.way, small.right, small.n, small.missing) == ("acc", "generate", 2, 3, 1)
    assert small.value == pytest.approx(2 / 3)
    assert (small.low, small.high) == (pytest.approx(0.2077, abs=1e-4), pytest.approx(0.9385, abs=1e-4))
    assert (other.n, other.value, other.low) == (0, None, None)


def test_an_empty_store_has_no_runs(store: Store) -> None:
    assert report.runs_overview(store) == ()


def test_a_result_holds_every_metric_with_its_interval_and_the_states_of_the_answers(store: Store) -> None:
    run = plan(store, four())
    answer_all(store, run, ["so A", "so A", "unclear", None])
    result = report.run_result(store, run.code)
    found = asdict(result)
    assert found.pop("seconds") >= 0
    figure = found["tasks"]["demo/small"]["metrics"].pop("acc")
    assert found == {
        "run": "run-1",
        "status": "finished_with_failures",
        "items": 3,
        "tokens_in": 30,
        "tokens_out": 6,
        "cost_usd": pytest.approx(0.003),
        "tasks": {
            "demo/small": {
                "version": four().version,
                "n": 3,
                "chance": 0.25,
                "metrics": {},
                "answers": {
                    "read": 2,
                    "ambiguous": 0,
                    "refused": 0,
                    "empty": 0,
                    "truncated": 0,
                    "unreadable": 1,
                },
            }
        },
    }
    assert (figure["value"], figure["n"], figure["unscored"]) == (pytest.approx(1 / 3), 3, 1)
    assert set(figure) == {"value", "low", "high", "n", "unscored"}


def test_the_cost_is_unknown_as_soon_as_one_price_is(store: Store) -> None:
    run = plan(store, four())
    answer_all(store, run, [says("A"), says("B", cost_usd=None)])
    assert report.run_result(store, run.code).cost_usd is None
    snapshot = report.live(store, run.code)
    assert (snapshot.cost_usd, snapshot.costless) == (None, 1)


def test_an_unknown_run_is_named(store: Store) -> None:
    plan(store, four())
    with pytest.raises(UsageError, match="no run 'nowhere'.*run-1"):
        report.run_status(store, "nowhere")


def test_a_snapshot_shows_progress_the_newest_answers_and_an_interval_over_what_is_planned(
    store: Store,
) -> None:
    many = task([entry(f"q{n}", f"Question {n}?", LETTERS[n % 4]) for n in range(30)], "demo/many")
    run = plan(store, many, four(), spec={"order": "random"})
    answer_all(store, run, [LETTERS[n % 4] for n in range(15)] + [None])
    snapshot = report.live(store, run.code)
    first, second = snapshot.tasks
    assert (snapshot.planned, snapshot.done, snapshot.failed, snapshot.status) == (34, 15, 1, "running")
    assert (first.done, first.failed, first.right, first.scored, first.value) == (15, 1, 15, 15, 1.0)
    assert first.low is not None and first.low >= 15 / 30
    assert first.high == pytest.approx(1.0)
    assert (second.done, second.value, second.low) == (0, None, None)
    assert snapshot.errors == (("timeout", 1),)
    assert [one.item for one in snapshot.latest] == [f"q{n}" for n in range(14, 2, -1)]
    assert snapshot.is_random_order and not snapshot.is_over
    assert snapshot.rate is not None and snapshot.eta_s == pytest.approx(18 / snapshot.rate)
    assert first.eta_s == pytest.approx(14 / snapshot.rate)
    assert second.rate is None


def test_a_finished_snapshot_is_over_and_has_no_rate(store: Store) -> None:
    run = plan(store, four())
    answer_all(store, run, [ranked(A=-1.0, B=-2.0, C=-3.0, D=-4.0)] * 4)
    snapshot = report.live(store, run.code)
    assert (snapshot.is_over, snapshot.rate, snapshot.eta_s) == (True, None, None)


def test_a_failed_item_asked_again_leaves_the_errors(store: Store) -> None:
    run = plan(store, four())
    fail(store, claim(store, run, 1)[0], "rate_limited")
    assert report.run_status(store, run.code).errors == {"rate_limited": 1}


def test_overview_and_live_go_through_no_growing_table(sqlite_url: str) -> None:
    """In SQLite, whose plans do not depend on size; partial indexes on single states hold few rows."""
    store = Store(sqlite_url)
    run = plan(store, four())
    answer_all(store, run, ["A", None])
    asked: list[tuple[str, object]] = []
    event.listen(
        store.engine,
        "before_cursor_execute",
        lambda conn, cursor, statement, parameters, *rest: asked.append((statement, parameters)),
    )
    report.live(store, run.code)
    report.runs_overview(store)
    report.run_status(store, run.code)
    with store.read() as t:
        steps = [
            row[3]
            for statement, parameters in asked.copy()
            if statement.startswith("SELECT")
            for row in t.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    scans = [step for step in steps if step.startswith(("SCAN work", "SCAN responses", "SCAN records"))]
    assert [step for step in scans if "INDEX ix_work_" not in step and "SCAN workers" not in step] == []
    assert len(steps) > 10
    store.close()

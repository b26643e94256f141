"""Claims, leases, answers and failures in both databases."""

import threading
import time

import pytest
from filled import Planned, answer_all, claim, fail, four, keep, outcomes, plan, read_all, says, task
from filled import entry as an_entry
from sqlalchemy import func, select, update

from evalcore.store import Store, registry, replies, scored, work
from evalcore.store.schema import WorkState, attempts, responses, runs
from evalcore.store.schema import work as work_table
from evalcore.types import Failure, Response


def _states(store: Store, run: Planned) -> list[int]:
    with store.read() as t:
        query = select(work_table.c.state).where(work_table.c.run_id == run.run_id)
        return list(t.execute(query.order_by(work_table.c.ordinal)).scalars())


def _row(store: Store, work_id: int) -> object:
    with store.read() as t:
        return t.execute(select(work_table).where(work_table.c.id == work_id)).one()


def test_items_are_claimed_in_the_order_of_the_run(store: Store) -> None:
    run = plan(store, four())
    assert [one.position for one in claim(store, run, 3)] == [0, 1, 2]
    assert [one.position for one in claim(store, run, 3)] == [3]
    assert claim(store, run, 3) == []


def test_planning_again_adds_only_what_is_not_planned_yet(store: Store) -> None:
    run = plan(store, four(), planned=2)
    with store.write() as t:
        again = [(place, place, 0) for place in range(4)]
        assert work.plan(t, run.run_id, 0, run.version_ids[0], again) == 2
        assert work.plan(t, run.run_id, 0, run.version_ids[0], again) == 0


def test_an_attempt_is_on_record_before_anything_is_sent(store: Store) -> None:
    run = plan(store, four())
    claimed = claim(store, run, 2)
    with store.read() as t:
        ledger = t.execute(select(attempts).order_by(attempts.c.work_id)).all()
    assert [(r.work_id, r.attempt, r.outcome) for r in ledger] == [(c.work_id, 1, None) for c in claimed]


def test_nothing_is_claimed_from_a_run_that_a_person_paused(store: Store) -> None:
    run = plan(store, four())
    with store.write() as t:
        t.execute(update(runs).values(wanted="pause"))
        assert work.waiting_runs(t) == []
    assert claim(store, run) == []


def test_runs_with_something_due_are_listed_and_others_are_not(store: Store) -> None:
    first, second = plan(store, four()), plan(store, four("demo/other"), code="run-2")
    claim(store, first)
    with store.read() as t:
        assert [one.run_id for one in work.waiting_runs(t)] == [second.run_id]


def test_an_item_whose_lease_ran_out_goes_back_and_a_renewed_one_stays(store: Store) -> None:
    run = plan(store, four())
    claim(store, run, 2)
    with store.write() as t:
        t.execute(update(work_table).where(work_table.c.position == 0).values(lease_until=time.time() - 1))
        assert work.take_back(t) == 1
        t.execute(update(work_table).where(work_table.c.position == 1).values(lease_until=time.time() - 1))
        work.renew_leases(t, run.worker_id)
        assert work.take_back(t) == 0
    assert _states(store, run)[:2] == [WorkState.WAITING, WorkState.LEASED]


def test_items_of_a_worker_known_to_be_dead_go_back_at_once(store: Store) -> None:
    run = plan(store, four())
    claim(store, run, 3)
    with store.write() as t:
        assert work.take_back(t, [run.worker_id + 1]) == 0
        assert work.take_back(t, [run.worker_id]) == 3


def test_an_item_that_kills_every_worker_ends_as_failed_and_is_counted_as_missing(store: Store) -> None:
    run = plan(store, four())
    for _ in range(work.TRIES):
        claim(store, run, 1)
        with store.write() as t:
            work.take_back(t, [run.worker_id])
    with store.read() as t:
        assert outcomes(t, run.run_id) == {"missing": 1}
    assert _states(store, run)[0] == WorkState.FAILED


def test_a_released_item_waits_again_with_all_its_tries(store: Store) -> None:
    run = plan(store, four())
    claimed = claim(store, run, 1)
    with store.write() as t:
        work.release(t, claimed)
    row = _row(store, claimed[0].work_id)
    assert (row.state, row.tries_left, row.owner) == (WorkState.WAITING, work.TRIES, None)


def test_a_second_answer_to_one_item_is_dropped(store: Store) -> None:
    run = plan(store, four())
    claimed = claim(store, run, 1)[0]
    keep(store, claimed, says("first A"))
    keep(store, claimed, says("second B"))
    with store.read() as t:
        assert list(t.execute(select(responses.c.text)).scalars()) == ["first A"]


def test_an_answer_that_comes_after_the_lease_was_lost_is_still_kept_once(store: Store) -> None:
    run = plan(store, four())
    late = claim(store, run, 1)[0]
    with store.write() as t:
        work.take_back(t, [run.worker_id])
    again = claim(store, run, 1)[0]
    keep(store, late, says("late A"))
    keep(store, again, says("again B"))
    read_all(store, run)
    with store.read() as t:
        assert t.execute(select(func.count()).select_from(responses)).scalar_one() == 1
        assert sum(outcomes(t, run.run_id).values()) == 1


def test_a_failure_that_may_pass_is_tried_again_later(store: Store) -> None:
    run = plan(store, four())
    claimed = claim(store, run, 1)[0]
    with store.write() as t:
        ended = work.store_failures(t, [(claimed, Failure("timeout", "slow", retry_after_s=5.0))])
    row = _row(store, claimed.work_id)
    assert ended == []
    assert (row.state, row.tries_left, row.error_kind) == (WorkState.WAITING, work.TRIES - 1, "timeout")
    assert row.not_before == pytest.approx(time.time() + 5, abs=2)
    assert [one.position for one in claim(store, run, 1)] == [1]


def test_pauses_between_tries_double_from_one_second_to_sixteen(store: Store) -> None:
    run = plan(store, task([an_entry("q1", "One?")]))
    pauses = []
    for _ in range(work.TRIES - 1):
        claimed = claim(store, run, 1)[0]
        with store.write() as t:
            before = time.time()
            work.store_failures(t, [(claimed, Failure("timeout", "slow"))])
        pauses.append(round(_row(store, claimed.work_id).not_before - before))
        with store.write() as t:
            t.execute(update(work_table).values(not_before=0.0))
    assert pauses == [1, 2, 4, 8, 16]


def test_an_item_ends_as_failed_after_its_last_try(store: Store) -> None:
    run = plan(store, task([an_entry("q1", "One?")]))
    ended: list[int] = []
    for _ in range(work.TRIES):
        claimed = claim(store, run, 1)[0]
        with store.write() as t:
            ended = work.store_failures(t, [(claimed, Failure("timeout", "slow"))])
            t.execute(update(work_table).values(not_before=0.0))
    assert ended == [claimed.work_id]
    assert claim(store, run, 1) == []


def test_a_failure_that_stops_the_run_costs_its_item_no_try(store: Store) -> None:
    run = plan(store, four())
    claimed = claim(store, run, 1)[0]
    with store.write() as t:
        assert work.store_failures(t, [(claimed, Failure("auth", "wrong key", stops_run=True))]) == []
    row = _row(store, claimed.work_id)
    assert (row.state, row.tries_left, row.not_before) == (WorkState.WAITING, work.TRIES, 0.0)


def test_a_failure_reported_by_a_worker_that_lost_the_item_changes_nothing(store: Store) -> None:
    run = plan(store, four())
    lost = claim(store, run, 1)[0]
    with store.write() as t:
        work.take_back(t, [run.worker_id])
    claim(store, run, 1)
    with store.write() as t:
        assert work.store_failures(t, [(lost, Failure("timeout", "slow", is_final=True))]) == []
    assert _states(store, run)[0] == WorkState.LEASED


def test_the_ledger_says_how_each_attempt_ended(store: Store) -> None:
    run = plan(store, four())
    claimed = claim(store, run, 4)
    keep(store, claimed[0], says("A"))
    fail(store, claimed[1], "content_filter")
    with store.write() as t:
        work.release(t, [claimed[2]])
        outcomes = list(t.execute(select(attempts.c.outcome).order_by(attempts.c.work_id)).scalars())
    assert outcomes == ["ok", "content_filter", "not_sent", None]


def test_failed_items_can_be_asked_again_and_their_missing_records_go(store: Store) -> None:
    run = plan(store, four())
    answer_all(store, run, ["A", None, None, "D"])
    with store.write() as t:
        again = work.retry_failed(t, run.run_id)
        scored.drop_missing(t, again)
        assert outcomes(t, run.run_id) == {"right": 2}
    answer_all(store, run, ["B", "B"])
    with store.read() as t:
        assert outcomes(t, run.run_id) == {"right": 3, "wrong": 1}


def test_a_stored_answer_is_found_by_its_ask_key(store: Store) -> None:
    run = plan(store, four())
    claimed = claim(store, run, 1)[0]
    keep(store, claimed, Response("so B", option_logprobs={"A": -1.5, "B": -0.5}, notes=("no seed",)))
    with store.read() as t:
        found = replies.reusable(t, [f"ask-{claimed.work_id}", "other"])
    assert [response for _, response in found.values()] == [
        Response("so B", option_logprobs={"A": -1.5, "B": -0.5}, notes=("no seed",))
    ]


def test_two_workers_on_one_run_claim_every_item_once(store: Store) -> None:
    run = plan(store, task([an_entry(f"q{n}", f"Question {n}?") for n in range(120)]))
    with store.write() as t:
        row = {"host": "b", "pid": 2, "process_started": 2.0, "capabilities": {}}
        workers = [run.worker_id, registry.add_worker(t, row)]
    taken: dict[int, list[int]] = {worker: [] for worker in workers}
    begin = threading.Barrier(2)

    def work_off(worker: int) -> None:
        begin.wait()
        while True:
            with store.write() as t:
                claimed = work.claim(t, run.run_id, worker, 3)
            if not claimed:
                return
            taken[worker] += [one.position for one in claimed]

    threads = [threading.Thread(target=work_off, args=[worker]) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(taken[workers[0]] + taken[workers[1]]) == list(range(120))


def test_open_items_are_counted_by_state(store: Store) -> None:
    run = plan(store, four())
    claimed = claim(store, run, 3)
    keep(store, claimed[0], says("A"))
    fail(store, claimed[1])
    with store.read() as t:
        assert work.open_counts(t, run.run_id) == {
            WorkState.WAITING: 1,
            WorkState.LEASED: 1,
            WorkState.ANSWERED: 1,
            WorkState.FAILED: 1,
        }

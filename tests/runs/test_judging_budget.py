"""What a judge may spend: stored answers cost nothing a second time, workers share one remainder."""

import threading
import time
from collections.abc import Iterator

import pytest
from judge_server import JudgeServer
from judge_server import judging as judge_server
from kills import add_endpoint, invented_text, plan_run
from sqlalchemy import text

from evalcore import report, runs
from evalcore.runs.judging import affordable
from evalcore.store import Store, Transaction, work
from evalcore.store import runs as run_rows
from evalcore.store.work import Finished
from evalcore.types import Response
from evalcore.worker.loop import Worker


@pytest.fixture
def judge() -> Iterator[JudgeServer]:
    with judge_server() as it:
        yield it


def judged(store: Store, run: str, **more: object) -> report.JudgeResult:
    settings = {"model": "api:slow/judge-honest", "rubric": "mmedbench", "again": 0.0} | more
    code = runs.judge_run(store, runs.JudgeSpec(run=run, **settings))  # type: ignore[arg-type]
    Worker(store, once=True).run()
    return report.judge_result(store, code)


def test_an_answer_that_is_there_already_costs_nothing_and_uses_up_no_budget(
    store: Store, judge: JudgeServer
) -> None:
    """Two items, three criteria, 400 tokens a call at 1000 USD a million: 2.40 USD, paid once."""
    add_endpoint(store, judge, in_flight=1, price_in=1000.0, price_out=0.0)
    run = plan_run(store, invented_text(2), "demo:weak")
    Worker(store, once=True).run()
    first = judged(store, run, seed=1)
    again = judged(store, run, seed=2, budget_usd=1.0)
    assert (first.cost_usd, len(judge.received)) == (pytest.approx(2.4), 6)
    assert (again.status, again.cost_usd, len(judge.received)) == ("finished", 0.0, 6)
    assert again.tokens_in == first.tokens_in == 2400, "facts of the answers, whoever paid"


def test_a_budget_that_pays_for_no_call_is_told_though_nothing_is_spent_yet(
    store: Store, judge: JudgeServer
) -> None:
    """What is reused tells what a call costs: 0.40 USD, for a budget of 0.30."""
    add_endpoint(store, judge, in_flight=1, price_in=1000.0, price_out=0.0)
    run = plan_run(store, invented_text(1), "demo:weak")
    Worker(store, once=True).run()
    judged(store, run, seed=1)
    again = judged(store, run, seed=2, budget_usd=0.3)
    seen = report.live(store, again.run)
    assert (seen.status, seen.cost_usd, seen.is_out_of_budget) == ("paused", 0.0, True)


def planned_with_one_paid(store: Store, budget_usd: float) -> int:
    """A judge's run of three calls, the first of which has cost 0.40 USD."""
    run = plan_run(store, invented_text(1), "demo:weak")
    Worker(store, once=True).run()
    spec = runs.JudgeSpec("api:slow/judge-honest", run, "mmedbench", again=0.0, budget_usd=budget_usd)
    code = runs.judge_run(store, spec)
    with store.write() as transaction:
        run_id = run_rows.get_run(transaction, code).id
        (first,) = work.claim(transaction, run_id, 1, 1)
        paid = Response(text="5", tokens_in=400, cost_usd=0.4)
        work.store_answered(transaction, [Finished(first, paid, "prompt", "ask")])
    return run_id


def claim_what_is_affordable(transaction: Transaction, run_id: int, worker_id: int) -> int:
    many = affordable(transaction, run_id, 8)
    return len(work.claim(transaction, run_id, worker_id, many)) if many else 0


def is_somebody_waiting(transaction: Transaction) -> bool:
    return transaction.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one() > 0


def test_two_workers_do_not_spend_the_same_remainder(postgres_url: str, judge: JudgeServer) -> None:
    """0.40 of 0.90 USD are spent: one more call can be paid, whoever makes it."""
    store = Store(postgres_url)
    add_endpoint(store, judge, price_in=1000.0, price_out=0.0)
    run_id = planned_with_one_paid(store, 0.9)
    others: list[int] = []

    def claim_beside() -> None:
        with store.write() as transaction:
            others.append(claim_what_is_affordable(transaction, run_id, 2))

    with store.write() as transaction:
        mine = claim_what_is_affordable(transaction, run_id, 1)
        other = threading.Thread(target=claim_beside)
        other.start()
        while other.is_alive() and not is_somebody_waiting(transaction):
            time.sleep(0.01)
    other.join()
    store.close()
    assert (mine, others) == (1, [0])

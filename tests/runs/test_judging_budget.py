"""What a judge may spend: stored answers cost nothing a second time, workers share one remainder."""

from collections.abc import Iterator

import pytest
from judge_server import JudgeServer
from judge_server import judging as judge_server
from kills import add_endpoint, invented_text, plan_run

from evalcore import report, runs
from evalcore.store import Store
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

"""Judges chosen with a run: estimated before it, started when it is over, shown before anything is asked."""

from collections.abc import Iterator

import pytest
from filled import answer_all, four, plan
from judge_server import JudgeServer, judging
from kills import add_endpoint

from evalcore import report, runs
from evalcore.errors import UsageError
from evalcore.store import Store, jobs
from evalcore.worker.loop import Worker


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("ROUNDS_HOME", str(tmp_path))


@pytest.fixture
def judge() -> Iterator[JudgeServer]:
    with judging() as server:
        yield server


def spec(run: str = "", model: str = "api:slow/judge-honest", **more) -> runs.JudgeSpec:
    return runs.JudgeSpec(model=model, run=run, **{"rubric": "mmedbench", "again": 0.0} | more)


def is_due(store: Store) -> bool:
    with store.read() as transaction:
        return jobs.is_any_due(transaction, [])


def test_a_judge_waits_for_the_last_answer_and_then_starts_by_itself(store: Store, judge: JudgeServer):
    add_endpoint(store, judge)
    run = plan(store, four(), code="abc-1")
    runs.judge_when_done(store, [spec("abc-1")])
    answer_all(store, run, ["A", "B", "C"])
    assert not is_due(store)
    answer_all(store, run, [None])
    assert is_due(store), "an item that failed is over, too"
    Worker(store, once=True).run()
    (code,) = report.judges_of(store, "abc-1")
    found = report.judge_result(store, code)
    assert (found.status, found.judgements["ok"]) == ("finished", 9)


def test_a_judge_that_cannot_start_says_why_in_its_job(store: Store):
    run = plan(store, four(), code="abc-1")
    job_id = runs.judge_when_done(store, [spec("abc-1", model="demo:strong", rubric="healthbench")])
    answer_all(store, run, ["A"] * 4)
    Worker(store, once=True).run()
    with store.read() as transaction:
        job = jobs.get(transaction, job_id)
    assert job.is_over and "none of its items brings criteria" in job.message


def test_what_a_judge_will_take_is_known_before_the_run(store: Store, judge: JudgeServer):
    add_endpoint(store, judge, price_in=2.0, price_out=10.0)
    planned = runs.plan(store, runs.RunSpec(model="api:slow/m", tasks=("demo/en_open",)), limit=3)
    found = runs.estimate_judging(store, planned, spec())
    assert (found.items, found.unfit, found.cells, found.tokens_out_most) == (3, 0, 9, 9 * 1024)
    assert found.cost_usd_most == pytest.approx((found.tokens_in * 2 + found.tokens_out_most * 10) / 1e6)
    assert runs.estimate_judging(store, planned, spec(again=1.0)).cells == 18
    pairs = runs.estimate_judging(store, planned, spec(rubric="pairwise", against="other"))
    assert pairs.cells == 6, "both orders"


def test_a_rubric_that_fits_no_chosen_task_is_refused_before_the_run(store: Store, judge: JudgeServer):
    add_endpoint(store, judge)
    planned = runs.plan(store, runs.RunSpec(model="api:slow/m", tasks=("demo/en_open",)), limit=3)
    with pytest.raises(UsageError, match="fits none of the chosen tasks"):
        runs.estimate_judging(store, planned, spec(rubric="healthbench"))
    with pytest.raises(UsageError, match="compares two runs"):
        runs.estimate_judging(store, planned, spec(rubric="pairwise"))


def test_the_preview_is_word_for_word_what_is_sent(store: Store, judge: JudgeServer):
    add_endpoint(store, judge)
    answer_all(store, plan(store, four(), code="abc-1"), ["It is A", "B", "C", "D"])
    planned = runs.plan_judging(store, spec("abc-1"), limit=1)
    shown = runs.preview_judging(store, planned, criterion="reasoning")
    assert (shown.item, shown.criterion, shown.answers) == ("q1", "reasoning", 1)
    assert shown.criteria == ("accuracy", "reasoning", "knowledge")
    runs.begin_judging(store, planned)
    Worker(store, once=True).run()
    sent = [[(m["role"], m["content"]) for m in one.body["messages"]] for one in judge.received]
    (prompt,) = shown.prompts
    assert [list(one) for one in prompt.messages] in [[list(m) for m in one] for one in sent]
    assert "It is A" in prompt.text and "slow/m" not in prompt.text


def test_a_judge_of_this_machine_is_shown_both_steps(store: Store):
    answer_all(store, plan(store, four(), code="abc-1"), ["It is A", "B", "C", "D"])
    planned = runs.plan_judging(store, spec("abc-1", model="demo:strong"))
    first, second = runs.preview_judging(store, planned, place=99).prompts
    assert not first.targets and len(second.targets) == 5
    assert "…" in second.text and "D" in first.text


def test_a_budget_that_was_used_up_is_raised_and_no_more_is_planned(store: Store, judge: JudgeServer):
    add_endpoint(store, judge, in_flight=1, price_in=1000.0, price_out=0.0)
    answer_all(store, plan(store, four(), code="abc-1"), ["A", "B", "C", "D"])
    slow = spec("abc-1", model="api:slow/judge-honest@0.4", budget_usd=0.5)  # a pause is seen within a second
    code = runs.begin_judging(store, runs.plan_judging(store, slow, limit=2))
    Worker(store, once=True).run()
    assert report.judge_result(store, code).status == "paused"
    runs.set_budget(store, code, 50.0)
    Worker(store, once=True).run()
    found = report.judge_result(store, code)
    assert (found.status, found.judgements["ok"]) == ("finished", 6)
    with pytest.raises(UsageError, match="more than 0"):
        runs.set_budget(store, code, 0.0)
    with pytest.raises(UsageError, match="has no budget"):
        runs.set_budget(store, "abc-1", 1.0)

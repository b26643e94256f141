"""Judges over stored answers: every reply of a judge ends in its right state, nothing is asked twice."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from judge_server import BEHAVIOURS, JudgeServer, judging
from kills import add_endpoint, start_worker
from misbehaving_server import Server, answer, running
from sqlalchemy import select

from evalcore import report, runs
from evalcore.errors import UsageError
from evalcore.judge import add_rubric
from evalcore.runs.judging import affordable
from evalcore.store import Store
from evalcore.store import judging as judging_rows
from evalcore.store.schema import judgements, responses, work
from evalcore.store.schema import runs as run_rows
from evalcore.worker.loop import Worker

STATES = {
    "broken": "unreadable",
    "truncated": "truncated",
    "refuses": "refused",
    "contradicts": "unreadable",
    "out_of_range": "unreadable",
    "empty": "unreadable",
}


@pytest.fixture(scope="module")
def writer() -> Iterator[Server]:
    """Answers at once: most judges do not mind whether a model of this machine wrote what they read."""
    with running(Server(otherwise=answer("Rest in bed, drink enough, and call a physician."))) as server:
        yield server


@pytest.fixture
def store(store: Store, writer: Server) -> Store:
    add_endpoint(store, writer, name="near")
    return store


@pytest.fixture
def judge() -> Iterator[JudgeServer]:
    with judging() as server:
        yield server


def answered(store: Store, task: str = "demo/en_open", model: str = "api:near/writer", limit: int = 2) -> str:
    code = runs.start(store, runs.RunSpec(model=model, tasks=(task,)), limit=limit)
    Worker(store, once=True).run()
    return code


def judged(store: Store, run: str, behaviour: str, **more: object) -> report.JudgeResult:
    settings = {"rubric": "mmedbench", "again": 0.0} | more
    spec = runs.JudgeSpec(model=f"api:slow/judge-{behaviour}", run=run, **settings)  # type: ignore[arg-type]
    code = runs.judge_run(store, spec)
    Worker(store, once=True).run()
    return report.judge_result(store, code)


def test_every_way_a_judge_can_reply_ends_in_its_state(store: Store, judge: JudgeServer) -> None:
    add_endpoint(store, judge)
    run = answered(store, limit=1)
    for behaviour in sorted(set(BEHAVIOURS) - {"fails", "filtered"}):
        found = judged(store, run, behaviour)
        expected = STATES.get(behaviour, "ok")
        assert (behaviour, found.judgements[expected]) == (behaviour, 3)
        assert found.coverage == (1.0 if expected == "ok" else 0.0)
        overall = found.tasks["demo/en_open"].metrics[f"rating/judge-{behaviour}/mmedbench-1"]
        assert (overall.value is None) == (expected != "ok")


def test_a_judge_whose_reply_a_content_filter_stops_has_refused_and_is_no_number(
    store: Store, judge: JudgeServer
) -> None:
    add_endpoint(store, judge)
    found = judged(store, answered(store, limit=1), "filtered")
    assert (found.status, found.judgements["refused"], found.judgements["failed"]) == (
        "finished_with_failures",
        3,
        0,
    )
    assert all(figure.value is None for figure in found.tasks["demo/en_open"].metrics.values())


def test_an_item_is_scored_when_all_its_cells_are_judged(store: Store, judge: JudgeServer) -> None:
    add_endpoint(store, judge)
    run = answered(store)
    judged(store, run, "honest")
    page = report.records(store, report.record_filter(store, runs=(run,)), limit=5)
    record = report.record(store, page.rows[0].work_id)
    score = next(one for one in record.scores if one.metric == "rating/judge-honest/mmedbench-1")
    assert 0.0 <= (score.value or 0.0) <= 1.0
    assert {one.criterion for one in record.judgements} == {"accuracy", "reasoning", "knowledge"}
    assert (
        report.run_result(store, run).tasks["demo/en_open"].metrics["rating/judge-honest/mmedbench-1"].n == 2
    )


def test_judging_again_asks_nothing_and_a_second_judge_generates_nothing(
    store: Store, judge: JudgeServer
) -> None:
    add_endpoint(store, judge)
    run = answered(store)
    first = judged(store, run, "honest")
    asked = len(judge.received)
    assert judged(store, run, "honest") == first
    assert len(judge.received) == asked == 6
    judged(store, run, "fenced")
    models = {request.body["model"] for request in judge.received}
    assert models == {"judge-honest", "judge-fenced"}


def test_a_comparison_is_asked_in_both_orders_and_disagreement_is_a_tie(
    store: Store, judge: JudgeServer
) -> None:
    add_endpoint(store, judge)
    ours, theirs = answered(store, model="demo:strong"), answered(store)
    found = judged(store, ours, "first", rubric="pairwise", against=theirs)
    figures = found.tasks["demo/en_open"].metrics
    assert sum(found.judgements.values()) == 4
    assert figures["win_rate/judge-first/pairwise-1"].value == 0.5
    assert figures["pairwise/judge-first/pairwise-1/ties"].value == 1.0
    assert figures["pairwise/judge-first/pairwise-1/flip_rate"].value == 1.0
    assert figures["pairwise/judge-first/pairwise-1/first_rate"].value == 1.0


def test_a_rubric_asks_one_criterion_a_call_with_points_of_its_own(store: Store, judge: JudgeServer) -> None:
    add_endpoint(store, judge)
    run = answered(store, task="rubric/demo", limit=1)
    found = judged(store, run, "first", rubric="healthbench")
    assert found.judgements["ok"] == len(judge.received) >= 4
    assert found.tasks["rubric/demo"].metrics["rubric/judge-first/healthbench-1"].value == 0.0


def test_a_cell_that_another_run_of_the_judge_has_asked_is_kept_once_and_counts_in_both(
    store: Store, judge: JudgeServer
) -> None:
    """Topics are of the items, so two runs over them share their cells; so do runs of another seed."""
    add_endpoint(store, judge)
    first, second = answered(store), answered(store, model="api:near/other")
    found = [judged(store, run, "honest", rubric="topics") for run in (first, second)]
    assert [one.judgements["ok"] for one in found] == [2, 2] and len(judge.received) == 2
    assert found[0].tasks == found[1].tasks
    ratings = [judged(store, first, "honest", rubric="correctness", seed=seed) for seed in (1, 2)]
    assert [one.judgements["ok"] for one in ratings] == [2, 2] and len(judge.received) == 4
    with store.read() as transaction:
        assert len(transaction.execute(select(judgements.c.id)).all()) == 4


def test_a_batch_asks_several_criteria_a_call_and_its_figures_stand_apart_from_single_ones(
    store: Store, judge: JudgeServer
) -> None:
    add_endpoint(store, judge)
    run = answered(store)
    single, batch = judged(store, run, "honest"), judged(store, run, "honest", batch=2)
    assert (len(judge.received), single.batch, batch.batch) == (6 + 4, 1, 2)
    assert single.judgements["ok"] == batch.judgements["ok"] == 6, "verdicts, however many a call"
    ours, theirs = (one.tasks["demo/en_open"].metrics for one in (batch, single))
    assert set(ours) == {name.replace("judge-honest", "judge-honest batch=2") for name in theirs}
    assert [one.value for one in ours.values()] == [one.value for one in theirs.values()]
    page = report.records(store, report.record_filter(store, runs=(run,)), limit=5)
    record = report.record(store, page.rows[0].work_id)
    names = {one.metric for one in record.scores if one.metric.startswith("rating/")}
    assert names == {"rating/judge-honest/mmedbench-1", "rating/judge-honest batch=2/mmedbench-1"}
    assert report.jury_result(store, [single.run, batch.run]).jury == {}, "no mean over both"


def test_a_fault_in_one_entry_of_a_batch_leaves_the_others_and_the_item_unscored(
    store: Store, judge: JudgeServer
) -> None:
    add_endpoint(store, judge)
    run = answered(store, task="rubric/demo", limit=1)
    for behaviour, state, lost in (("broken", "unreadable", 1), ("truncated", "truncated", 1)):
        found = judged(store, run, behaviour, rubric="healthbench", batch=20)
        many = sum(found.judgements.values())
        assert (found.judgements[state], found.judgements["ok"]) == (lost, many - lost), behaviour
        assert found.coverage == (many - lost) / many and many >= 4
    assert len(judge.received) == 2
    refused = judged(store, run, "refuses", rubric="healthbench", batch=20)
    assert refused.judgements["refused"] == many


def test_a_judge_of_this_machine_and_a_form_of_its_own_are_asked_one_criterion_a_call(store: Store) -> None:
    run = answered(store, limit=1)
    spec = runs.JudgeSpec(model="demo:weak", run=run, rubric="mmedbench", again=0.0, batch=3)
    planned = runs.plan_judging(store, spec)
    assert (planned.spec.batch, planned.calls, planned.cells) == (1, 3, 3)
    with pytest.raises(UsageError, match="1 to 20 criteria, not 21"):
        runs.plan_judging(store, runs.JudgeSpec(model="demo:weak", run=run, rubric="mmedbench", batch=21))


def test_a_run_of_single_calls_keeps_the_identity_that_it_had_before_there_were_batches(store: Store) -> None:
    """Hash taken of the released form: kind, model, rubric, and the settings without batch."""
    from dataclasses import asdict

    from evalcore.types import content_hash

    planned = runs.plan_judging(
        store, runs.JudgeSpec(model="demo:weak", run=answered(store, limit=1), rubric="correctness")
    )
    names = ("run", "rubric", "rubric_version", "against", "precision", "seed", "again", "sampling")
    told = {name: value for name, value in asdict(planned.spec).items() if name in names}
    assert planned.identity == content_hash(["judge", planned.model.sha, planned.rubric.sha, told])


def test_a_judge_of_this_machine_explains_and_then_its_verdicts_are_ranked(store: Store) -> None:
    run = answered(store, model="demo:weak", limit=1)
    code = runs.judge_run(
        store, runs.JudgeSpec(model="demo:strong", run=run, rubric="correctness", again=0.0)
    )
    Worker(store, once=True).run()
    found = report.judge_result(store, code)
    assert (found.status, found.judgements["ok"], found.is_same_family) == ("finished", 1, True)
    with store.read() as transaction:
        kept = transaction.execute(select(judgements.c.verdict)).scalars().all()
        asked = transaction.execute(select(work.c.turn).where(work.c.subject_id.is_not(None))).scalars().all()
    assert sorted(asked) == [0, 1]
    assert kept[0]["explanation"]
    assert found.tokens_out > 0, "the explanation's tokens are counted"


def test_a_trained_scorer_is_asked_once_by_its_own_prompt_and_read_by_its_own_pattern(
    store: Store, judge: JudgeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bundled model reads what no rule could, by a file of one's own; other judges here take two steps."""
    monkeypatch.setenv("ROUNDS_HOME", str(tmp_path))
    own = {
        "id": "letters",
        "version": 2,
        "mode": "extraction",
        "reference": "hidden",
        "title": "Which letter?",
        "prompt": "{answer}\n\n{question}\n{options}\nAnswer:",
        "pattern": r"\b([A-E])\b",
        "criteria": [{"name": "choice", "text": "The option", "scale": {"kind": "options"}}],
    }
    add_rubric(json.dumps(own).encode(), "letters.json", tmp_path / "rubrics")
    add_endpoint(store, judge)
    run = answered(store, task="demo/en_choice", model="api:slow/judge-ignores", limit=4)
    spec = runs.JudgeSpec(model="demo:strong", run=run, rubric="letters", again=0.0)
    code = runs.judge_run(store, spec)
    Worker(store, once=True).run()
    found = report.judge_result(store, code)
    assert (found.rubric, found.status) == ("letters-2", "finished")
    assert found.judgements["ok"] >= 1, "the demo model names letters"
    assert found.judgements["ok"] + found.judgements["unreadable"] == 4
    page = report.records(store, report.record_filter(store, runs=(code,)), limit=5)
    cells = [report.record(store, row.work_id) for row in page.rows]
    assert len(cells) == 4, "one call a cell"
    for cell in cells:
        assert cell.prompt is not None and cell.response is not None
        options = "\n".join(f"{one.label}. {one.text}" for one in cell.options)
        expected = f"The answer covers much.\n\nVerdict: no\n\n{cell.question}\n{options}\nAnswer:"
        assert cell.prompt.text == expected
        letters = re.findall(r"\b([A-E])\b", cell.response.text)
        assert list(cell.answer.value if cell.answer else ()) == [one for one in letters[-1:] if one < "E"]


def test_cells_that_are_asked_twice_show_how_far_a_judge_agrees_with_itself(
    store: Store, judge: JudgeServer
) -> None:
    add_endpoint(store, judge)
    found = judged(store, answered(store), "honest", again=1.0)
    assert found.self_agreement is not None
    assert (found.self_agreement.value, found.self_agreement.n) == (1.0, 6)
    assert found.tasks["demo/en_open"].n == 2, "figures are made from the first answers alone"


def test_the_budget_pauses_the_run_and_a_higher_one_lets_it_go_on(store: Store, judge: JudgeServer) -> None:
    add_endpoint(store, judge, in_flight=1, price_in=1000.0, price_out=0.0)
    run = answered(store, limit=5)
    found = judged(store, run, "honest@0.2", budget_usd=0.5)
    assert found.status == "paused"
    assert found.cost_usd == pytest.approx(0.4), "0.4 USD a call: a second one would cost more than is left"
    assert judged(store, run, "honest@0.2", budget_usd=100.0).status == "finished"
    assert len(judge.received) == 15


def test_what_is_in_flight_is_reserved_so_that_a_budget_is_not_overrun(
    store: Store, judge: JudgeServer
) -> None:
    add_endpoint(store, judge, in_flight=16, price_in=1000.0, price_out=0.0)
    found = judged(store, answered(store, limit=5), "honest@0.1", budget_usd=3.0)
    assert (found.status, found.judgements["ok"], len(judge.received)) == ("paused", 7, 7)
    assert found.cost_usd == pytest.approx(2.8), "seven of fifteen calls at 0.4 USD, sixteen side by side"


def test_no_call_is_made_under_a_budget_once_the_prices_are_gone(store: Store, judge: JudgeServer) -> None:
    add_endpoint(store, judge, in_flight=1, price_in=1000.0, price_out=0.0)
    run = answered(store, limit=1)
    planned = runs.plan_judging(
        store, runs.JudgeSpec(model="api:slow/judge-honest", run=run, rubric="mmedbench", budget_usd=5.0)
    )
    code = runs.begin_judging(store, planned)
    add_endpoint(store, judge, in_flight=1)
    Worker(store, once=True).run()
    now = report.live(store, code)
    assert (now.status, judge.received) == ("paused", []) and "slow has no prices" in now.pause_reason


def test_a_budget_for_a_judge_of_this_machine_is_harmless(store: Store) -> None:
    run = answered(store, limit=1)
    wish = runs.JudgeSpec(model="demo:weak", run=run, rubric="correctness", again=0.0, budget_usd=0.01)
    code = runs.judge_run(store, wish)
    Worker(store, once=True).run()
    assert report.judge_result(store, code).status == "finished"


def test_answers_without_a_known_cost_count_at_the_price_of_their_tokens(
    store: Store, judge: JudgeServer
) -> None:
    """Asked before there were prices, 400 tokens each: what they cost is known all the same."""
    add_endpoint(store, judge, in_flight=1)
    run = answered(store, limit=5)
    first = judged(store, run, "honest")
    assert (first.status, first.cost_usd, len(judge.received)) == ("finished", None, 15)
    add_endpoint(store, judge, in_flight=1, price_in=1000.0, price_out=0.0)
    for budget, more in ((6.5, 1), (6.3, 0)):
        runs.set_budget(store, first.run, budget)
        with store.write() as transaction:
            (run_id,) = transaction.execute(
                select(run_rows.c.id).where(run_rows.c.code == first.run)
            ).scalars()
            assert affordable(transaction, run_id, 9) == more, "15 calls at 0.4 USD are spent"


def test_a_killed_judge_goes_on_with_no_cell_twice_and_none_missing(store: Store, judge: JudgeServer) -> None:
    add_endpoint(store, judge, in_flight=4)
    run = answered(store, limit=10)
    code = runs.judge_run(
        store, runs.JudgeSpec(model="api:slow/judge-honest@0.05", run=run, rubric="mmedbench", again=0.0)
    )
    worker = start_worker(store)
    while len(judge.received) < 8 and worker.poll() is None:
        pass
    worker.kill()
    worker.wait()
    Worker(store, once=True).run()
    found = report.judge_result(store, code)
    assert (found.status, found.judgements["ok"]) == ("finished", 30)
    asked = Counter(str(request.body["messages"]) for request in judge.received)
    assert len(asked) == 30
    assert sum(count - 1 for count in asked.values()) <= 4


def test_what_cannot_be_judged_is_refused_with_the_reason(store: Store) -> None:
    run = answered(store, limit=1)
    for wish, why in (
        ({"rubric": "healthbench"}, "none of its items brings criteria"),
        ({"rubric": "pairwise"}, "name the other one with --against"),
        ({"rubric": "mmedbench", "against": run}, "looks at one run"),
        ({"rubric": "extraction"}, "no reply was left ambiguous or unreadable"),
        ({"rubric": "nonsense"}, "no rubric 'nonsense'"),
    ):
        with pytest.raises(UsageError, match=why):
            runs.judge_run(store, runs.JudgeSpec(model="demo:weak", run=run, **wish))


def test_a_judge_reads_what_no_rule_could_and_both_numbers_are_told(store: Store, judge: JudgeServer) -> None:
    add_endpoint(store, judge)
    run = answered(store, task="demo/en_choice", model="api:slow/judge-ignores", limit=3)
    found = judged(store, run, "honest", rubric="extraction")
    figures = found.tasks["demo/en_choice"].metrics
    base = "extraction/judge-honest/extraction-1"
    assert (found.judgements["ok"], found.status) == (3, "finished")
    assert figures[f"{base}/acc by rules"].n == figures[f"{base}/acc by rules, then judge"].n == 3
    assert figures[f"{base}/acc by rules"].value == 0.0
    page = report.records(store, report.record_filter(store, runs=(run,)), limit=5)
    record = report.record(store, page.rows[0].work_id)
    rescued = [one for one in record.answers if one.rule == "extraction-1"]
    assert record.answer is not None
    assert record.answer.state != "read", "what the rules read stays the record's answer"
    assert len(rescued) == sum(one.facts["value"] != "none" for one in _verdicts(store, record.work_id))


def _verdicts(store: Store, work_id: int) -> list[judging_rows.Kept]:
    by = ("judge-honest", "extraction", 1)
    with store.read() as transaction:
        response = transaction.execute(select(responses.c.id).where(responses.c.work_id == work_id)).scalar()
        runs_ = transaction.execute(select(run_rows.c.id).where(run_rows.c.kind == "judge")).scalars().all()
        kept = [one for run_id in runs_ for one in judging_rows.verdicts_of(transaction, run_id, by)]
    return [one for one in kept if one.response_ids == (response,)]

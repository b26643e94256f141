"""Judging from the pages: the form, what it takes, a judge's own run, results beside what is missing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from asked import ask, entry, task, written
from judge_server import JudgeServer, judging
from kills import add_endpoint
from streamlit.testing.v1 import AppTest

from evalcore import report, runs
from evalcore.store import Store
from evalcore.types import Kind, LoadedTask, Way
from evalcore.worker.loop import Worker
from pages.ui import judge_results

pytestmark = pytest.mark.usefixtures("worker_elsewhere")
ROOT = Path(__file__).resolve().parents[2]
MAIN = ROOT / "pages" / "ui" / "main.py"
LIVE = ROOT / "pages" / "live.py"
HOME = ROOT / "pages" / "home.py"
OPEN = LoadedTask(
    task("demo/mine", Kind.TEXT),
    tuple(entry(f"q{n}", f"Why does drug {n} help?", {}, f"It lowers pressure {n}.") for n in range(3)),
)


@pytest.fixture
def judge() -> Iterator[JudgeServer]:
    with judging() as server:
        yield server


def over(store: Store, code: str = "abc12345", model: str = "demo:x") -> str:
    def said(one):
        return written(f"It helps because of {one.item_id}.")

    return ask(store, [OPEN], said, code=code, model=model, way=Way.GENERATE, chat=True)


def judged(store: Store, run: str, behaviour: str, **more) -> str:
    wanted = {"rubric": "mmedbench", "again": 0.0} | more
    code = runs.judge_run(store, runs.JudgeSpec(f"api:slow/judge-{behaviour}", run, **wanted))
    Worker(store, once=True).run()
    return code


def live(code: str, **query) -> AppTest:
    st.cache_data.clear()
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    app.run().switch_page(str(LIVE))
    for name, value in {"run": code, **query}.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    kinds = ("markdown", "caption", "html", "info", "code", "success")
    return "\n".join(str(block.value) for kind in kinds for block in app.get(kind))


def button(app: AppTest, key: str):
    return app.button(key=key)


def test_a_run_without_judges_offers_one(store):
    app = live(over(store))
    assert "No judge has looked at these answers" in words(app)
    button(app, "judge_open").click().run()
    assert not app.exception and "new" in app.query_params["judge"]
    assert "Choose at least one judge" in words(app) and button(app, "judge_start").disabled


def test_the_form_says_what_it_takes_shows_the_prompt_and_starts(store, judge):
    add_endpoint(store, judge, price_in=2.0, price_out=10.0)
    run = over(store)
    app = live(run, judge="new", rubric="mmedbench")
    app.text_input(key="judge_models_name").set_value("api:slow/judge-honest").run()
    button(app, "judge_models_add").click().run()
    shown = words(app)
    cells = runs.plan_judging(store, runs.JudgeSpec("api:slow/judge-honest", run, "mmedbench")).cells
    assert cells >= 9 and f"**{cells}**" in shown, "three answers, three criteria, some asked twice"
    assert "at most &#36;0&#46;" in shown
    assert "It helps because of q0" in shown and "Why does drug 0 help?" in shown, "the exact prompt"
    assert judge.received == []
    app.number_input(key="judge_batch").set_value(3).run()
    wanted = runs.JudgeSpec("api:slow/judge-honest", run, "mmedbench", batch=3)
    calls = runs.plan_judging(store, wanted).calls
    assert 3 <= calls < cells and f"**{calls}**" in words(app), "one call an answer, some made twice"
    assert "Judge each criterion on its own" in words(app), "the prompt of a batch"
    button(app, "judge_start").click().run()
    assert not app.exception
    (code,) = report.judges_of(store, run)
    assert report.judge_result(store, code).batch == 3
    assert code in app.query_params["run"]
    assert "judge&#39;s run" in words(app) or "judge's run" in words(app)


def test_the_price_of_an_unpriced_endpoint_is_unknown_and_a_wrong_name_is_told(store, judge):
    add_endpoint(store, judge)
    app = live(over(store), judge="new", rubric="correctness")
    app.text_input(key="judge_models_name").set_value("api:nowhere/m").run()
    button(app, "judge_models_add").click().run()
    assert "There is no endpoint &#x27;nowhere&#x27;" in words(app)
    app.text_input(key="judge_models_name").set_value("api:slow/judge-honest").run()
    button(app, "judge_models_add").click().run()
    assert "**unknown**" in words(app)


def test_a_comparison_needs_a_run_that_shares_a_task(store):
    run = over(store)
    assert "No other run was asked one of these tasks" in words(live(run, judge="new", rubric="pairwise"))
    other = over(store, "def12345", "demo:y")
    app = live(run, judge="new", rubric="pairwise")
    assert app.selectbox(key="url_against").options == ["demo:y on demo · demo:y"]
    assert other not in app.query_params.get("against", [])


def newest(app: AppTest) -> list[str]:
    """Labels of the links to records: sign, item, verdict."""
    found = [one.proto.label for one in app.get("page_link")]
    return [label for label in found if " · " in label and ":material/" in label]


def test_a_judges_own_page_shows_its_calls_by_state_and_leads_back(store, judge):
    add_endpoint(store, judge)
    run = over(store)
    good, bad = judged(store, run, "honest"), judged(store, run, "broken")
    app = live(good)
    assert "9 verdicts" in words(app)
    assert newest(app) and all(":material/gavel:" in one for one in newest(app)), "neither right nor wrong"
    assert button(app, "judge_judged").label == f"judges run {run}"
    assert not any(one.key == "live_like" for one in app.button)
    app = live(bad)
    shown = words(app)
    assert newest(app) and all(":material/question_mark:" in one for one in newest(app))
    assert "9 unreadable" in shown and "only 0&#46;0% of the calls gave a verdict" not in shown
    assert "only 0.0% of the calls gave a verdict" in shown


def test_every_state_of_a_judges_reply_is_shown_as_such(store, judge):
    add_endpoint(store, judge)
    run = over(store)
    for behaviour, word in {
        "truncated": "9 cut off",
        "refuses": "9 refused",
        "contradicts": "9 unreadable",
        "fenced": "9 verdicts",
        "filtered": "9 refused",
    }.items():
        code = judged(store, run, behaviour)
        assert word in words(live(run)), behaviour
    counts = judge_results.counted(report.live(store, code))
    assert (counts["refused"], counts["failed"]) == (9, 0), "a filter's stop on the judge's own page, too"


def test_two_judges_by_one_rubric_are_a_jury_with_each_left_out(store, judge):
    add_endpoint(store, judge)
    run = over(store)
    judged(store, run, "honest")
    judged(store, run, "first")
    app = live(run)
    table = next(frame.value for frame in app.dataframe if "Judge" in frame.value.columns)
    names = set(table["Judge"])
    assert {"judge-honest", "judge-first", "Jury: mean of 2, at least 2"} <= names
    assert {"Jury without judge-honest", "Jury without judge-first"} <= names
    assert set(table[table["Judge"] == "judge-first"]["Value"]) == {"0.0%"}


def test_of_many_judges_the_overall_figures_stand_at_first_and_the_jurys_quorum_can_be_chosen(store, judge):
    add_endpoint(store, judge)
    run = over(store)
    for behaviour in ("honest", "first", "fenced"):
        judged(store, run, behaviour)

    def figures(app: AppTest) -> set[str]:
        return {name for frame in app.dataframe if "Judge" in frame.value for name in frame.value["Figure"]}

    def jury(app: AppTest) -> set[str]:
        return {name for frame in app.dataframe if "Judge" in frame.value for name in frame.value["Judge"]}

    app = live(run)
    assert figures(app) == {"overall"}
    assert "Jury: mean of 3, at least 2" in jury(app)
    (needed,) = (one for one in app.number_input if one.label == "Judges that an answer needs")
    needed.set_value(3).run()
    assert "Jury: mean of 3, at least 3" in jury(app)
    (each,) = (one for one in app.toggle if one.label == "Each criterion too")
    each.set_value(True).run()
    assert figures(app) == {"overall", "accuracy", "knowledge", "reasoning"}


def test_a_comparison_is_told_in_a_sentence_with_its_biases(store, judge):
    add_endpoint(store, judge)
    run, other = over(store), over(store, "def12345", "demo:y")
    judged(store, run, "first", rubric="pairwise", against=other)
    app = live(run)
    assert "wins **50.0%**" in words(app) and "3 ties" in words(app)
    facts = next(frame.value for frame in app.dataframe if "Figure" in frame.value.columns)
    said = dict(zip(facts["Figure"], facts["Value"], strict=True))
    assert said["the answer shown first wins (50% is no bias)"] == "100.0%"
    assert said["verdict flips with the order"] == "100.0%"


def test_a_judge_of_the_same_family_is_labelled(store):
    run = over(store, model="demo:weak")
    runs.judge_run(store, runs.JudgeSpec("demo:strong", run, "correctness"))
    assert "same family" in words(live(run))


def test_a_used_up_budget_is_raised_on_the_judges_page(store, judge):
    add_endpoint(store, judge, in_flight=1, price_in=1000.0, price_out=0.0)
    code = judged(store, over(store), "honest@0.4", budget_usd=0.5)
    app = live(code)
    assert "Budget used up" in words(app)
    app.number_input(key="judge_raised").set_value(50.0).run()
    button(app, "judge_raise").click().run()
    assert not app.exception
    Worker(store, once=True).run()
    assert report.judge_result(store, code).status == "finished"


def test_a_judge_that_waits_for_the_run_is_announced_and_can_be_called_off(store):
    run = over(store)
    runs.judge_when_done(store, [runs.JudgeSpec("demo:strong", run, "mmedbench")])
    app = live(run)
    assert "Will be judged" in words(app)
    button(app, "judge_later_cancel").click().run()
    assert "Will be judged" not in words(app)


def test_a_judge_that_could_not_start_says_why(store):
    run = over(store)
    runs.judge_when_done(store, [runs.JudgeSpec("demo:strong", run, "healthbench")])
    Worker(store, once=True).run()
    shown = words(live(run))
    assert "The judge could not start" in shown and "none of its items brings criteria" in shown


def test_home_claims_no_accuracy_of_a_judges_run(store, judge):
    add_endpoint(store, judge)
    run = over(store)
    judged(store, run, "honest")
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    app.run()
    assert not app.exception and "stands on the page of the run that it judges" in words(app)


def test_a_judge_at_work_is_told_by_its_counts_alone(store):
    """Nothing is added up while it works, so that looking costs the same however much is judged."""
    run = over(store)
    runs.judge_run(store, runs.JudgeSpec("demo:strong", run, "mmedbench", again=0.0))
    app = live(run)
    assert "9 calls left" in words(app)
    assert not [frame for frame in app.dataframe if "Judge" in frame.value.columns]

"""The Items page: filters as links, the opened record, and what is said where nothing is there."""

from pathlib import Path

import pytest
import streamlit as st
from asked import ask, entry, ranked, task, written
from streamlit.testing.v1 import AppTest

from evalcore import report
from evalcore.store import Store
from evalcore.types import Failure, Kind, LoadedTask, Way
from pages.ui.item_filters import told

ROOT = Path(__file__).resolve().parents[2]
MAIN = ROOT / "pages" / "ui" / "main.py"
ITEMS = ROOT / "pages" / "items.py"
OPTIONS = {"A": "aspirin", "B": "heparin", "C": "nothing"}
INFARCTION = "急性心肌梗死合并右室受累，应避免的是？"
CASE = "A 58-year-old patient has had chest pain for two hours."


def loaded() -> LoadedTask:
    zh = {"A": "静脉补液", "B": "硝酸甘油", "C": "吸氧"}
    more = {"subject": "cardiology", "rationale": "It thins the blood.", "source": "A guideline, 2023"}
    entries = (
        entry("one", "Which drug is an anticoagulant?", OPTIONS, "B", **more),
        entry("two", "Which drug is not one?", OPTIONS, "A", subject="pharmacology"),
        entry("three", INFARCTION, zh, "B", language="zh", subject="cardiology"),
        entry("four", "What next?", OPTIONS, "A", context=CASE, group="case-1", subject="cardiology"),
        entry("five", "And then?", OPTIONS, "B", context=CASE, group="case-1", subject="cardiology"),
    )
    return LoadedTask(task("demo/mixed"), entries)


REPLIES = {
    "one": "It acts on antithrombin. Answer: B",
    "two": "Heparin is an anticoagulant. Answer: B",
    "three": "应慎用利尿剂。\n答案：A",
    "four": "Answer: A",
}


def said(one):
    text = REPLIES.get(one.item_id)
    late = Failure("timeout", "No answer within 60 s. The endpoint may be busy: retry later.", is_final=True)
    return written(text) if text else late


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("ROUNDS_HOME", str(tmp_path))
    st.cache_resource.clear()
    st.cache_data.clear()
    yield tmp_path
    st.cache_resource.clear()


@pytest.fixture
def store(home):
    """One run of five items with words, one of the same items by rank."""
    store = Store()
    ask(store, [loaded()], said, code="words1", model="demo:words", way=Way.GENERATE, chat=True)
    likely = lambda _: ranked(A=-1.0, B=-0.5, C=-3.0)  # noqa: E731
    ask(store, [loaded()], likely, code="ranks1", model="demo:ranks", way=Way.RANK, chat=False)
    yield store
    store.close()


def put(store: Store, tasks: list[LoadedTask], reply: str, *, code: str) -> None:
    """A run in which every item got the same reply."""
    ask(store, tasks, lambda _: written(reply), code=code, model="demo:x", way=Way.GENERATE, chat=False)


def opened(**query: object) -> AppTest:
    app = AppTest.from_file(str(MAIN), default_timeout=20).run().switch_page(str(ITEMS))
    for name, value in query.items():
        app.query_params[name] = str(value)
    return app.run()


def place(store: Store, item: str, run: str = "words1") -> int:
    return report.record_at(store, run, "demo/mixed", item).work_id


def shown(app: AppTest) -> str:
    """Everything the page says, as one text."""
    assert not app.exception, app.exception
    parts = [*app.html, *app.markdown, *app.caption, *app.info]
    return "\n".join(str(part.value) for part in parts)


def listed(app: AppTest) -> list[str]:
    return list(app.dataframe[0].value["question"])


def test_an_empty_store_says_what_to_do(home):
    app = opened()
    assert "no run has been started" in shown(app)
    assert not app.dataframe


def test_the_list_shows_every_record_of_every_run(store):
    assert len(listed(opened())) == 10


def test_filters_in_the_url_make_the_list(store):
    assert listed(opened(run="words1", outcome="wrong", subject="cardiology")) == [INFARCTION]


@pytest.mark.parametrize("word", ["心肌梗死", "利尿剂", "梗死"])
def test_chinese_words_are_found_in_question_and_reply(store, word):
    assert listed(opened(run="words1", q=word)) == [INFARCTION]


def test_an_english_word_is_found_in_options_and_replies(store):
    assert "Which drug is an anticoagulant?" in listed(opened(q="heparin", run="words1"))


def test_each_filter_value_says_how_many_records_it_would_leave(store):
    app = opened(run="words1")
    outcomes = next(box for box in app.selectbox if box.label == "Outcome")
    assert set(outcomes.options) == {"All outcomes", "Right  (2)", "Wrong  (2)", "No answer  (1)"}


def test_choosing_a_filter_writes_its_code_to_the_url(store):
    app = opened(page="1")
    outcomes = next(box for box in app.selectbox if box.label == "Outcome")
    outcomes.set_value("wrong").run()
    assert app.query_params["outcome"] == "wrong"
    assert "page" not in app.query_params


def test_a_label_with_an_old_count_is_taken_for_its_code():
    """Two quick choices: the second is sent with the labels that the first has already changed."""
    names = {"any": "All specialties", "cardiology": "Cardiology", "none": "No specialty"}
    assert told("cardiology", names) == "cardiology"
    assert told("Cardiology  (20)", names) == "cardiology"
    assert told("All specialties", names) == "any"
    assert told("Something  (1)", names) == "any"


def test_filters_for_judges_and_reviews_are_absent_without_any(store):
    labels = {box.label for box in opened().selectbox}
    assert not labels & {"Judged", "Reviewed"}


def test_an_unknown_run_in_a_link_is_said_with_a_way_out(store):
    app = opened(run="nothere")
    assert "There is no run" in shown(app)
    next(button for button in app.button if button.label == "Show all records").click().run()
    assert len(listed(app)) == 10


def test_an_opened_record_shows_question_options_reply_reading_score_and_source(store):
    page = shown(opened(item=place(store, "one")))
    assert "Which drug is an anticoagulant?" in page
    assert "✓ right answer" in page and "● picked" in page
    assert '<mark class="rd-mark rd-gold"' in page
    assert "Read as B: the last explicit statement of an answer." in page
    assert "said B, right is B" in page
    assert "It thins the blood." in page and "A guideline, 2023" in page


def test_a_wrong_pick_has_a_sign_of_its_own(store):
    page = shown(opened(item=place(store, "two")))
    assert "✗ picked" in page and "✓ right answer" in page
    assert '<mark class="rd-mark rd-wrong"' in page


def test_ranked_options_show_their_shares(store):
    """exp(-1) = 0.3679, exp(-0.5) = 0.6065, exp(-3) = 0.0498, each over their sum 1.0242."""
    page = shown(opened(item=place(store, "one", "ranks1")))
    assert all(share in page for share in ("35.9%", "59.2%", "4.9%"))
    assert "the model wrote nothing" in page


def test_a_missing_answer_is_said_to_be_missing_not_wrong(store):
    page = shown(opened(item=place(store, "five")))
    assert "No answer came: timed out." in page and "not as wrong" in page
    assert "The endpoint may be busy" in page


def test_the_questions_of_a_shared_case_are_a_step_away(store):
    app = opened(item=place(store, "four"))
    assert CASE in shown(app)
    app.segmented_control(key="items_sibling").set_value(str(place(store, "five"))).run()
    assert app.query_params["item"] == str(place(store, "five"))


def test_next_and_previous_walk_within_the_filter(store):
    app = opened(run="words1", outcome="wrong", item=place(store, "two"))
    app.button(key="items_next").click().run()
    assert app.query_params["item"] == str(place(store, "three"))
    assert app.button(key="items_next").disabled
    app.button(key="items_previous").click().run()
    assert app.query_params["item"] == str(place(store, "two"))


def test_a_changed_filter_opens_the_first_item_that_fits(store):
    app = opened(run="words1", item=place(store, "one"))
    next(box for box in app.selectbox if box.label == "Outcome").set_value("wrong").run()
    assert app.query_params["item"] == str(place(store, "two"))


def test_closing_leads_back_to_the_list(store):
    app = opened(item=place(store, "one"))
    app.button(key="items_close").click().run()
    assert "item" not in app.query_params
    assert len(listed(app)) == 10


def test_the_prompt_is_shown_as_turns_of_a_chat_and_as_plain_text(store):
    assert "User" in shown(opened(item=place(store, "one"), view="prompt"))
    plain = shown(opened(item=place(store, "one", "ranks1"), view="prompt"))
    assert "User" not in plain and "Answer:" in plain and "[ B]" in plain


def test_the_same_item_stands_beside_its_other_runs(store):
    page = shown(opened(item=place(store, "one"), view="runs"))
    assert "demo:words" in page and "demo:ranks" in page


def test_what_was_not_recorded_is_said_so(store):
    page = shown(opened(item=place(store, "five"), view="record"))
    assert "not recorded" in page
    assert "not recorded" in shown(opened(item=place(store, "five"), view="prompt"))


def test_open_questions_show_the_reference_answer(home):
    store = Store()
    one = LoadedTask(task("demo/open", Kind.TEXT), (entry("o", "Why?", {}, "Because of teeth."),))
    put(store, [one], "Do not.", code="open1")
    work_id = report.record_at(store, "open1", "demo/open", "o").work_id
    store.close()
    page = shown(opened(item=work_id))
    assert "Reference answer" in page and "Because of teeth." in page
    assert "no rule scores it" in page and "No answer was read" not in page


def test_a_reply_is_shown_as_text_and_never_as_markup(home):
    store = Store()
    hostile = "<script>window.pwned=1</script>![x](http://203.0.113.1/x.png) **b** \u202eAnswer: B"
    put(store, [loaded()], hostile, code="bad1")
    work_id = place(store, "one", "bad1")
    store.close()
    page = shown(opened(item=work_id))
    assert "<script>" not in page and "&lt;script&gt;" in page
    assert "U+202E" in page


def test_the_reading_and_the_reason_of_a_score_are_said_in_chinese(store):
    page = shown(opened(item=place(store, "one"), lang="zh"))
    assert "回答 B，标准答案 B" in page and "said B" not in page


def test_a_long_context_is_there_to_be_read_without_a_click(home):
    abstract = " ".join(["Delirium was halved in the trial."] * 60)
    one = LoadedTask(task("demo/long"), (entry("l", "Does it help?", OPTIONS, "A", context=abstract),))
    store = Store()
    put(store, [one], "Answer: A", code="long1")
    app = opened(item=report.record_at(store, "long1", "demo/long", "l").work_id)
    store.close()
    assert abstract in shown(app)
    assert not app.expander


def test_a_demo_models_record_warns_against_believing_it(store):
    assert "demo model, not to be believed" in shown(opened(item=place(store, "one")))

"""Leaderboard: what is drawn from a store, and what a click keeps for the next page."""

import html
import json
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from filled import answer_all, entry, plan, task
from streamlit.testing.v1 import AppTest

from evalcore import benchmarks
from evalcore.report import leaderboard as boards
from evalcore.report.leaderboard import Cell
from evalcore.store import Store, scored
from evalcore.types import Kind, Score
from pages.ui import leaderboard_table, leaderboard_view
from pages.ui.leaderboard_view import Wanted

ROOT = Path(__file__).resolve().parents[2]
MAIN = ROOT / "pages" / "ui" / "main.py"
PAGE = ROOT / "pages" / "leaderboard.py"
OWNER = {one.id: benchmark.id for benchmark in benchmarks.benchmarks() for one in benchmark.tasks}


def ran(store: Store, code: str, names: tuple[str, ...], letters: str, *, model: str = "hf:org/m") -> None:
    tasks = []
    for name in names:
        made = task([entry(f"{n}", f"{name} {n}?", "A") for n in range(len(letters))], name)
        owner = OWNER.get(name, name.split("/")[0])
        tasks.append(replace(made, task=replace(made.task, benchmark=owner, title=name)))
    answer_all(store, plan(store, *tasks, code=code, model=model), list(letters * len(names)))


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(MAIN), default_timeout=30).run()
    app.switch_page(str(PAGE))
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return html.unescape(" ".join(str(block.value) for block in (*app.markdown, *app.caption)))


def test_an_empty_board_says_what_to_do_and_shows_what_was_published(store):
    app = opened()
    assert "Nothing has been measured on this board yet." in said(app)
    (printed,) = [one.value for one in app.dataframe if "average:acc" in one.value]
    assert "◇ GPT-4" in set(printed["model"])


def test_the_first_board_with_a_result_is_open_unless_the_address_names_another(store):
    plan(store, task([entry("1", "Asked, never answered?", "A")], "medqa_4options"), code="run-0")
    assert boards.first_measured(store) == "open_medical_llm"
    ran(store, "run-1", ("demo/en",), "AAAA", model="demo:strong")
    assert boards.first_measured(store) == "demo"
    assert opened().dataframe[0].value["model"][0] == "demo:strong · fp32"
    assert "Nothing has been measured on this board yet." in said(opened(board="open_medical_llm"))


def test_a_row_has_value_interval_n_and_signs(store):
    ran(store, "run-1", ("medqa_4options",), "AAB?")
    table = opened(published="off").dataframe[0].value
    row = dict(zip(table["model"], table["medqa_4options:acc"], strict=True))
    # Wilson for 2 of 4: 0.5 +- 0.35; one of four replies could not be read
    assert row["hf:org/m · fp32"] == " 50.0 [15.0–85.0] n 4 ∅ 25%"
    assert dict(zip(table["model"], table["average:acc"], strict=True))["hf:org/m · fp32"] == "1 of 9 tasks"


def test_d18_guessing_and_the_best_constant_answer_stand_below(store):
    ran(store, "run-1", ("medqa_4options",), "AAB?")
    table = opened(published="off").dataframe[0].value
    levels = dict(zip(table["model"], table["medqa_4options:acc"], strict=True))
    assert (levels["· Guessing"], levels["· Best constant answer"]) == (" 25.0", "100.0")


def test_a_judges_table_has_only_its_own_columns_and_no_guess(store):
    choice, free = (task([entry("1", f"{name}?", "A")], f"demo/{name}") for name in ("en", "en_open"))
    free = replace(free, task=replace(free.task, kind=Kind.TEXT, metrics=("rating",)))
    run = plan(store, choice, free, code="run-1", model="demo:strong")
    answer_all(store, run, ["A", "A"])
    with store.write() as transaction:
        (stored,) = scored.scored_after(transaction, run.run_id, run.version_ids[1])
        verdict = (stored.response_id, ("published", 1), Score("rating/gpt-x/mmedbench-1", 0.5))
        scored.add_scores(transaction, [verdict])
    by_rule, by_judge = (frame.value for frame in opened(board="demo").dataframe)
    assert list(by_rule) == ["model", "about", "demo/en:acc"]
    assert list(by_judge) == ["model", "about", "demo/en_open:rating"]
    assert list(by_judge["model"]) == ["demo:strong · fp32"]


def test_a_row_of_the_heat_map_is_as_high_as_its_name_and_holds_its_figures(store):
    ran(store, "run-1", ("mine/a",), "AAB?")
    asked = task([entry("1", "Another?", "A")], "mine/a")
    asked = replace(asked, task=replace(asked.task, benchmark="mine"))
    answer_all(store, plan(store, asked, code="run-2", spec={"fewshot": 5}), ["A"])
    (chart,) = opened(board="mine", view="heat").get("vega_lite_chart")
    spec = json.loads(chart.proto.spec)
    assert spec["height"] >= 2 * 36 + 85  # two lines a row: the model, and how it was asked; the legend
    assert [layer["mark"]["type"] for layer in spec["layer"]] == ["rect", "text"]


def test_published_rows_can_be_switched_off(store):
    ran(store, "run-1", ("medqa_4options",), "AAAA")
    with_them, without = opened(), opened(published="off")
    assert len(with_them.dataframe) > len(without.dataframe)
    assert "Published scores, not ranked" in said(with_them)
    assert "Published scores, not ranked" not in said(without)


def test_d26_every_board_warns_that_models_may_have_seen_the_answers(store):
    for board in ("open_medical_llm", "meds_bench", "mmedbench", "unimedicaleval"):
        assert "models may have seen them" in said(opened(board=board))


def test_what_is_said_of_a_public_benchmark_is_not_said_of_the_demo(store):
    ran(store, "run-1", ("demo/en",), "AAAA", model="demo:strong")
    words = said(opened(board="demo"))
    assert "The demo's questions are our own" in words
    assert "GPT-4" not in words and "models may have seen them" not in words
    assert "written by GPT-4" in said(opened(board="mmedbench"))
    assert "written by GPT-4" not in said(opened(board="meds_bench"))


@pytest.mark.parametrize("view", ["table", "dots", "heat"])
@pytest.mark.parametrize("board", ["open_medical_llm", "meds_bench", "mmedbench", "unimedicaleval", "mine"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_board_draws_in_every_view_and_language(store, board, view, language):
    ran(store, "run-1", ("medqa_4options", "mine/wards", "mmedbench/fr", "meds_bench/task130"), "AAB?")
    opened(board=board, view=view, lang=language)


@pytest.mark.parametrize("board", boards.SYSTEMS, ids=lambda board: board.code)
def test_every_table_of_every_board_draws(store, board):
    for section in board.sections:
        opened(board=board.code, section=section.code)


def test_codes_that_are_not_known_give_the_first_board(store):
    assert "Nothing has been measured" in said(
        opened(board="nowhere", view="upside_down", by="x", tongue="xx")
    )


def test_a_hostile_model_name_is_shown_as_it_is(store):
    ran(store, "run-1", ("medqa_4options",), "AAAA", model="hf:<script>x</script> **b** :red[r] \u202eabc")
    table = opened(published="off").dataframe[0].value
    assert table["model"][0] == "hf:<script>x</script> **b** :red[r] [U+202E]abc · fp32"


def test_a_name_stands_for_one_column_only(store):
    ran(store, "run-1", ("mine/a", "mine/b"), "AAAA")
    table = boards.leaderboard(store, "mine")
    same = replace(table, columns=tuple(replace(one, title="Wards") for one in table.columns))
    st.session_state["language"] = "en"
    assert sorted(leaderboard_view.words.names(same.columns).values()) == ["Wards (mine/a)", "Wards (mine/b)"]


def test_a_click_on_a_figure_keeps_its_run_and_task(store):
    ran(store, "run-1", ("medqa_4options",), "AAAA")
    rows = boards.leaderboard(store).blocks[0].rows
    leaderboard_table._open(rows, 0, "medqa_4options:acc")
    assert st.session_state.pop(leaderboard_table.OPEN) == {"run": "run-1", "task": "medqa_4options"}
    leaderboard_table._open(rows, 1, "medqa_4options:acc")  # the row of the guess
    assert leaderboard_table.OPEN not in st.session_state


def test_a_published_figure_tells_its_source_and_what_is_wrong_with_it(store):
    st.session_state["language"] = "en"
    table = boards.leaderboard(store, "mmedbench", "accuracy")
    row = next(one for one in table.published if one.model == "GPT-3.5")
    words = leaderboard_table.told_of(row.cells["mmedbench/en:acc"])
    assert words.splitlines()[0].startswith("MMedLM README")
    assert "printed as 56.88" in words
    assert "no whole number of 1,273 items gives this figure" in words
    assert leaderboard_table.printed(row.cells["mmedbench/en:acc"]) == " 56.9 ⚠"
    assert leaderboard_table.printed(row.averages["acc"]) == " 51.5 †"


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (None, ""),
        (Cell(0.5, 0.4, 0.6, 10, 0, 0, "acc", "t", items=10, runs=("a",)), " 50.0 [40.0–60.0] n 10"),
        (Cell(1.0, None, None, 5, 0, 0, "acc", "t", items=10, runs=("a", "b")), "100.0 n 5 ◐ +1"),
    ],
)
def test_cells_are_written_to_sort_as_text(cell, shown):
    assert leaderboard_table.shown(cell, "acc") == shown


def test_filters_leave_what_was_asked_for(store):
    ran(store, "run-1", ("medqa_4options", "pubmedqa"), "AAAA", model="hf:org/llama")
    ran(store, "run-2", ("medqa_4options",), "AAAA", model="api:near/gpt-4")
    table = boards.leaderboard(store)

    def models(**wanted: object) -> list[str]:
        found = leaderboard_view.narrowed(table, Wanted(**wanted))
        return [row.model for block in found.blocks for row in block.rows]

    assert models(place="api") == ["api:near/gpt-4"]
    assert models(model_class="open") == ["hf:org/llama"]
    assert models(columns=("pubmedqa:acc",)) == ["hf:org/llama"]
    assert models(precision="int8") == []
    assert models(tongue="zh") == []
    kept = leaderboard_view.narrowed(table, Wanted(columns=("pubmedqa:acc",), is_published=False))
    assert ([one.key for one in kept.columns], kept.published) == (["pubmedqa:acc"], ())


def test_the_export_has_a_line_a_figure_and_disarms_formulas(store):
    from dataclasses import asdict

    from evalcore.exchange.tables import as_csv

    ran(store, "run-1", ("mine/a",), "AAAA", model="=cmd()")
    head, line, *rest = as_csv(
        [asdict(one) for one in boards.lines(boards.leaderboard(store, "mine"))]
    ).splitlines()
    assert rest == []
    assert head.startswith("board,section,origin,model")
    assert line.split(",")[3] == "'=cmd()"


def test_published_figures_never_stand_under_the_name_of_items_written_here(store):
    ran(store, "run-1", ("unimedicaleval/disease_diagnosis",), "AAAA")
    table = boards.leaderboard(store, "unimedicaleval", "clinical")
    (mine,) = [one for one in table.columns if one.version]
    assert (mine.title, mine.printed) == ("unimedicaleval/disease_diagnosis", "疾病诊断")


def test_a_column_nothing_of_ours_has_asked_is_named_as_printed(store):
    table = boards.leaderboard(store, "unimedicaleval", "clinical")
    assert table.columns[0].title == "疾病诊断"
    exams = boards.leaderboard(store, "unimedicaleval", "exams").columns
    assert {"CNMLE Total", "CNMLE A1/A2/B"} <= {one.title for one in exams}
    titles = [one.title for one in boards.leaderboard(store, "mmedbench", "accuracy").columns]
    assert len(set(titles)) == 6

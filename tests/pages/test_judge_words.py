"""Criteria, verdicts and their reasons in the words of the screen's language."""

from collections.abc import Iterator

import pytest
import streamlit as st

from evalcore import judge, report
from evalcore.errors import DataError
from evalcore.report.leaderboard import Block
from pages.ui import item_judges, judge_words, leaderboard_words, rubric_view


@pytest.fixture(params=["en", "zh"])
def tongue(request, store) -> Iterator[str]:
    st.session_state["language"] = request.param
    yield request.param
    st.session_state["language"] = "en"


def panel(rubric: str, *criteria: str) -> report.Panel:
    found = [report.Criticised(one, {}, None, None, (), (), {}, None, ()) for one in criteria]
    return report.Panel(rubric, "rating", {"en": rubric}, tuple(found), {}, None)


def test_a_criterion_is_called_as_its_rubric_calls_it_in_the_screens_language(tongue):
    words = {"accuracy": "准确性", "reasoning": "推理能力", "knowledge": "内在知识"}
    for name, word in words.items():
        assert judge_words.criterion(name, "mmedbench-1") == (word if tongue == "zh" else name)
    assert judge_words.criterion("accuracy", "nobodys-3") == "accuracy"
    assert (
        judge_words.criterion("correct", "correctness-1") == {"en": "correct", "zh": "最终回答正确"}[tongue]
    )


def test_a_judges_line_is_told_in_the_screens_words(tongue):
    def why(rubric: str, criteria: tuple[str, ...], kept: str) -> str:
        return item_judges._why(panel(rubric, *criteria), kept)

    said = {
        why("mmedbench-1", ("accuracy", "reasoning"), "accuracy 4, reasoning 2"),
        why("correctness-1", ("correct",), "correct no"),
        why("healthbench-1", ("criterion-1",), "-2 of 12 points"),
        why("mmedbench-1", ("accuracy",), "1 of 3 verdicts could not be read"),
        why("mmedbench-1", ("accuracy",), "someone else's words"),
    }
    assert (
        said
        == {
            "en": {
                "accuracy 4, reasoning 2",
                "correct no",
                "-2 of 12 points",
                "1 of 3 verdicts could not be read",
                "someone else's words",
            },
            "zh": {
                "准确性 4, 推理能力 2",
                "最终回答正确 否",
                "得 -2 分，满分 12 分",
                "3 条结论中有 1 条无法读取",
                "someone else's words",
            },
        }[tongue]
    )


def test_a_board_names_criteria_and_sources_in_the_screens_words(tongue):
    name = leaderboard_words.block(Block("generate", "api:a/b/mmedbench-1/accuracy", (), ()))
    assert ("api:a/b/mmedbench-1/准确性" in name) == (tongue == "zh")
    source = leaderboard_words.source("hub dataset openlifescienceai/results")
    assert source == {"en": "hub dataset", "zh": "Hub 数据集"}[tongue] + " openlifescienceai/results"
    assert leaderboard_words.source("MMedLM README") == "MMedLM README"


def test_the_commonest_slip_in_a_rubrics_file_is_told_in_the_screens_words(tongue):
    with pytest.raises(DataError) as slip:
        judge.read_rubric(judge.example().replace(b'"rating"', b'"ratings"'), "mine.json")
    said = str(rubric_view.in_words(slip.value))
    words = {
        "en": "mine.json: mode is 'ratings', but must be one of",
        "zh": "mine.json：mode 为 'ratings'，但只能是",
    }
    assert said.startswith(words[tongue]) and "pairwise" in said
    other = DataError("mine.json: is not an object.")
    assert rubric_view.in_words(other) is other


def test_figures_of_points_beside_the_plain_one_are_told_in_words(tongue):
    plain, of_length = judge_words.part("unclipped"), judge_words.part("length_adjusted_hard")
    assert "hard" in of_length and "_" not in of_length and plain != "unclipped"
    assert judge_words.part("length_adjusted_hard/unclipped") == f"{of_length} · {plain}"

"""Records as pages, whole, side by side and exported; expected values by hand."""

import csv
import json
from pathlib import Path

import pytest
from filled import answer_all, entry, four, plan, ranked, says, task

from evalcore import report
from evalcore.errors import UsageError
from evalcore.exchange.records import write_csv, write_jsonl
from evalcore.store import Store
from evalcore.types import AnswerState


@pytest.fixture
def filled(store: Store) -> Store:
    """Run 1: right, wrong, unreadable, missing. Run 2 over another task with the same items: all A."""
    answer_all(store, plan(store, four()), ["it is A", "it is D", "unclear", None])
    answer_all(store, plan(store, four("demo/other"), code="run-2", model="demo:weak"), ["A"] * 4)
    return store


def test_a_page_of_records_shows_what_a_table_needs(filled: Store) -> None:
    page = report.records(filled, report.record_filter(filled, runs=["run-1"]), offset=1, limit=2)
    assert (str(page.total), page.offset) == ("4", 1)
    row = page.rows[0]
    assert (row.run, row.model, row.task, row.item) == ("run-1", "demo:strong", "demo/small", "q2")
    assert (row.outcome, row.answer_state, row.picked, row.gold) == ("wrong", "read", "D", "B")
    assert row.beginning == "Which drug must be avoided in pregnancy?"
    assert page.rows[1].answer_state == "unreadable"


def test_filters_come_from_codes_and_unknown_codes_are_named(filled: Store) -> None:
    asked = report.record_filter(filled, tasks=["demo/other"], language="zh")
    assert [row.run for row in report.records(filled, asked).rows] == ["run-2"]
    with pytest.raises(UsageError, match="no run 'x'"):
        report.record_filter(filled, runs=["x"])
    with pytest.raises(UsageError, match="task 'demo/none'"):
        report.record_filter(filled, tasks=["demo/none"])
    with pytest.raises(UsageError, match="no item 'abc'"):
        report.record_filter(filled, item="abc")


def test_neighbours_name_records_as_links_do(filled: Store) -> None:
    asked = report.record_filter(filled, runs=["run-1"])
    second = report.records(filled, asked).rows[1]
    found = report.neighbours(filled, asked, second.work_id)
    assert found.previous is not None and found.next is not None
    assert (found.previous.item, found.next.item, found.next.run) == ("q1", "q3", "run-1")
    first = report.neighbours(filled, asked, found.previous.work_id)
    assert first.previous is None


def test_facets_carry_codes_and_counts(filled: Store) -> None:
    found = report.facets(filled, report.record_filter(filled, outcome="wrong"))
    assert {one.value: one.n for one in found.runs} == {"run-1": 2, "run-2": 3}
    assert {one.value: one.n for one in found.tasks} == {"demo/small": 2, "demo/other": 3}
    assert {one.value: one.n for one in found.outcomes} == {"wrong": 5, "right": 2, "missing": 1}
    assert {one.value: one.n for one in found.answer_states} == {"read": 4, "unreadable": 1}


def test_facets_give_no_numbers_where_nothing_was_counted(filled: Store) -> None:
    found = report.facets(filled, report.record_filter(filled, text="drug"))
    assert {one.n for one in found.outcomes} == {None}


def test_one_record_holds_everything_about_its_item(filled: Store) -> None:
    record = report.record_at(filled, "run-1", "demo/small", "q1")
    assert (record.question, record.gold, record.gold_text) == (
        "Which drug inhibits factor Xa?",
        (("A",),),
        "A",
    )
    assert (record.key, record.rationale, record.source) == (("published", 1), "because", "a book")
    assert record.prompt is not None
    assert record.prompt.text == "Answer the question.\nWhich drug inhibits factor Xa?"
    assert record.response is not None and record.response.text == "it is A"
    assert record.answer is not None and record.answer.span == (6, 7)
    assert (record.answer.value, record.answer.state) == (("A",), AnswerState.READ)
    assert [(s.metric, s.value, s.state, s.key) for s in record.scores] == [
        ("acc", 1.0, "scored", "published/1")
    ]
    assert (record.outcome, record.error, record.way) == ("right", None, "generate")
    assert report.record(filled, record.work_id) == record


def test_items_sharing_a_stem_are_siblings(filled: Store) -> None:
    record = report.record_at(filled, "run-1", "demo/small", "q1")
    assert [(one.item, one.outcome) for one in record.siblings] == [("q1", "right"), ("q2", "wrong")]
    assert report.record_at(filled, "run-1", "demo/small", "q3").siblings == ()


def test_an_item_without_an_answer_says_why(filled: Store) -> None:
    record = report.record_at(filled, "run-1", "demo/small", "q4")
    assert record.error is not None
    assert (record.error.kind, record.error.attempts) == ("timeout", 1)
    assert (record.response, record.answer, record.outcome) == (None, None, "missing")


def test_probabilities_are_shares_of_the_likelihoods(store: Store) -> None:
    answer_all(store, plan(store, four()), [ranked(A=0.0, B=-0.6931471805599453)])
    record = report.record_at(store, "run-1", "demo/small", "q1")
    assert record.probabilities == pytest.approx({"A": 2 / 3, "B": 1 / 3})


def test_a_record_that_is_not_there_is_an_error_with_its_name(filled: Store) -> None:
    with pytest.raises(UsageError, match="'q9' in 'demo/small'"):
        report.record_at(filled, "run-1", "demo/small", "q9")
    with pytest.raises(UsageError, match="no record 999"):
        report.record(filled, 999)


def test_the_same_item_is_found_in_every_run_and_task(filled: Store) -> None:
    record = report.record_at(filled, "run-1", "demo/small", "q2")
    found = report.same_item(filled, record.item_sha)
    assert [(one.run, one.task, one.picked) for one in found] == [
        ("run-2", "demo/other", "A"),
        ("run-1", "demo/small", "D"),
    ]
    assert report.same_item(filled, record.work_id) == found


def test_exported_lines_have_the_promised_shape(filled: Store, tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    assert write_jsonl(filled, ["run-1"], path) == 4
    first, *_, last = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert first == {
        "run": "run-1",
        "task": "demo/small",
        "task_version": four().version,
        "item": "q1",
        "item_sha": four().entries[0].item.sha,
        "language": "en",
        "group": "case-1",
        "question": "Which drug inhibits factor Xa?",
        "context": "",
        "options": {letter: f"option {letter} of q1" for letter in "ABCD"},
        "gold": [["A"]],
        "key": "published/1",
        "prompt": "Answer the question.\nWhich drug inhibits factor Xa?",
        "fewshot": [],
        "sample": 0,
        "response": {
            "text": "it is A",
            "option_logprobs": None,
            "finish": "stop",
            "tokens_in": 10,
            "tokens_out": 2,
            "seconds": 0.5,
            "error": None,
        },
        "answer": {
            "value": ["A"],
            "state": "read",
            "rule": "last letter",
            "span": [6, 7],
            "reader": "robust",
        },
        "answers": [],
        "scores": [
            {
                "metric": "acc",
                "value": 1.0,
                "state": "scored",
                "why": "said A, key A",
                "scorer": 1,
                "key": "published/1",
            }
        ],
        "reviews": [],
    }
    assert last["response"]["error"] == {"kind": "timeout", "message": "timeout: nothing came. Try again."}
    assert (last["answer"], last["prompt"]) == (None, None)


@pytest.mark.parametrize("begin", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_cells_that_a_spreadsheet_would_run_are_disarmed(store: Store, tmp_path: Path, begin: str) -> None:
    loaded = task([entry("q1", begin)])
    answer_all(store, plan(store, loaded), [says(begin + " A")])
    path = tmp_path / "out.csv"
    assert write_csv(store, ["run-1"], path) == 1
    with path.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["question"], row["text"]) == (f"'{begin}", f"'{begin} A")
    assert (row["seconds"], row["tokens_in"]) == ("0.5", "10")


def test_an_export_that_fails_leaves_no_file_behind(filled: Store, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        write_csv(filled, ["run-1", "nowhere"], tmp_path / "out.csv")
    assert list(tmp_path.glob("out*")) == []


def test_several_runs_are_exported_one_after_another_under_one_header(filled: Store, tmp_path: Path) -> None:
    assert write_csv(filled, ["run-1", "run-2"], tmp_path / "out.csv") == 8
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        assert [row["run"] for row in csv.DictReader(file)] == ["run-1"] * 4 + ["run-2"] * 4

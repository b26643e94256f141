"""What can be done with runs that are there: look, pause, go on, retry, score again, export, delete."""

import csv
import json
import time
from contextlib import closing

import pytest
from commands import House, asking, questions, will
from kills import count
from misbehaving_server import answer, error, slow

from evalcore.store import Store
from evalcore.store.schema import WorkState

STATUS = {"run", "status", "planned", "done", "failed", "waiting_for", "by_task", "errors"}
RECORD = [
    *("run", "task", "task_version", "item", "item_sha", "language", "group", "question", "context"),
    *("options", "gold", "key", "prompt", "fewshot", "sample", "response", "answer", "answers", "scores"),
    "reviews",
]
TOO_LONG = error("400 Bad Request", "context_length_exceeded", "too long")


def wait_until(house: House, run: str, status: str, timeout_s: float = 120) -> None:
    end = time.monotonic() + timeout_s
    while (now := house.do("status", run, "--json").json)["status"] != status:
        assert time.monotonic() < end, now
        time.sleep(0.2)


def wait_until_nothing_is_leased(house: House, timeout_s: float = 60) -> None:
    """What was in flight has come in; what was only claimed has been given back."""
    end = time.monotonic() + timeout_s
    with closing(Store(f"sqlite:///{house.home / 'rounds.db'}")) as store:
        while leased := count(store, WorkState.LEASED):
            assert time.monotonic() < end, leased
            time.sleep(0.05)


def test_status_counts_by_task_and_by_error(house, asked):
    will(asked, TOO_LONG)
    run = house.ask(3).json["run"]
    found = house.do("status", run, "--json").json
    assert set(found) == STATUS
    assert (found["status"], found["planned"], found["done"], found["failed"]) == (
        "finished_with_failures",
        *(3, 2, 1),
    )
    assert found["by_task"] == {"demo/en_choice": {"planned": 3, "done": 2, "failed": 1}}
    assert found["errors"] == {"context_length": 1}
    assert house.do("status", "--json").json == [found]


def test_a_detached_run_is_done_by_a_worker_that_stays(house, asked):
    said = house.ask(4, "--detach")
    assert said.code == 0 and said.json["status"] in ("waiting", "running", "finished")
    wait_until(house, said.json["run"], "finished")
    assert len(house.workers()) == 1 and len(questions(asked)) == 4


def test_a_detached_run_finds_a_home_that_was_named_relatively(house, asked):
    run = house.spawn(*asking(2), "--detach", ROUNDS_HOME=".").json["run"]
    wait_until(house, run, "finished")


def test_failed_items_are_asked_again_by_retry(house, asked):
    will(asked, TOO_LONG)
    run = house.ask(3).json["run"]
    said = house.do("retry", run, "--json")
    assert said.code == 0 and set(said.json) == {"run", "status"}
    wait_until(house, run, "finished")
    assert len(questions(asked)) == 4


def test_pause_stops_a_worker_and_resume_lets_it_go_on(house, asked):
    will(asked, then=slow(0.3, answer()))
    house.add_endpoint(asked.base_url, "--in-flight", "1")
    run = house.ask(28, "--detach").json["run"]
    wait_until(house, run, "running")
    assert house.do("pause", run, "--json").json == {"run": run, "status": "paused"}
    wait_until_nothing_is_leased(house)
    before = len(questions(asked))
    assert before < 28 and house.do("delete", run).code == 0
    will(asked)
    assert house.do("resume", run, "--json").json["run"] == run
    wait_until(house, run, "finished")
    assert len(questions(asked)) == 28


def test_a_run_that_is_going_on_is_not_deleted(house, asked):
    will(asked, then=slow(0.3, answer()))
    run = house.ask(28, "--detach").json["run"]
    said = house.do("delete", run, "--json")
    assert said.code == 2 and "Pause or cancel it first" in said.err
    assert house.do("cancel", run, "--json").json == {"run": run, "status": "cancelled"}
    assert house.do("delete", run, "--json").json == {"run": run, "status": "deleted"}
    assert house.do("status", "--json").json == []


def test_a_run_may_be_named_by_the_beginning_of_its_code(house, asked):
    run = house.ask(1).json["run"]
    assert house.do("status", run[:4], "--json").json["run"] == run
    said = house.do("status", "ffff", "--json")
    assert said.code == 2 and run in said.err


def test_scoring_again_asks_nothing_and_names_the_reader(house, asked):
    run = house.ask(3).json["run"]
    said = house.do("score", run, "--reader", "strict_template", "--metrics", "pointwise", "--json")
    figures = said.json["tasks"]["demo/en_choice"]["metrics"]
    assert said.code == 0 and {"acc", "acc@strict_template", "pointwise@strict_template"} <= set(figures)
    assert len(questions(asked)) == 3


@pytest.mark.parametrize(
    ("words", "hint"), [(("--metrics", "accuracy"), "no metric"), (("--key", "mine"), "known are demo/1")]
)
def test_a_metric_or_key_that_is_not_there_is_a_mistake(house, asked, words, hint):
    run = house.ask(1).json["run"]
    said = house.do("score", run, *words)
    assert said.code == 2 and hint in said.err


def test_exported_records_have_the_documented_fields(house, asked, tmp_path):
    will(asked, TOO_LONG)
    run = house.ask(3).json["run"]
    out = tmp_path / "records.jsonl"
    said = house.do("export", run, "--format", "records", "--out", str(out), "--json")
    assert said.json == {"files": [str(out)], "records": 3}
    records = [json.loads(line) for line in out.read_text().splitlines()]
    assert [list(record) for record in records] == [RECORD] * 3
    errors = [record["response"]["error"] for record in records]
    assert sorted(error["kind"] if error else "" for error in errors) == ["", "", "context_length"]


def test_a_table_of_records_is_written_into_a_folder_under_the_runs_code(house, asked, tmp_path):
    run = house.ask(2).json["run"]
    said = house.do("export", run, "--format", "csv", "--out", str(tmp_path), "--json")
    assert said.json["files"] == [str(tmp_path / f"{run}.csv")]
    with (tmp_path / f"{run}.csv").open(newline="") as file:
        assert [row["task"] for row in csv.DictReader(file)] == ["demo/en_choice"] * 2


@pytest.mark.parametrize(
    ("form", "out", "hint"),
    [
        ("html", "x", "not built yet"),
        ("docx", "x", "Known are records, csv"),
        ("csv", "no/where/x.csv", "cannot be written"),
    ],
)
def test_an_export_that_cannot_be_is_a_mistake(house, asked, form, out, hint):
    run = house.ask(1).json["run"]
    said = house.do("export", run, "--format", form, "--out", out)
    assert said.code == 2 and hint in said.err

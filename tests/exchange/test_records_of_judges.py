"""Exports around judges: a record brings its verdicts, a judge's reply says what it is about."""

import csv
import json
from pathlib import Path

from judge_server import judging
from kills import add_endpoint, invented_text, plan_run

from evalcore import runs
from evalcore.exchange.frame import data_frame
from evalcore.exchange.records import write_csv, write_jsonl
from evalcore.store import Store
from evalcore.worker.loop import Worker


def exported(store: Store, run: str, path: Path) -> list[dict]:
    write_jsonl(store, [run], path)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_cell_names_its_order_its_repeat_and_the_answers_that_it_judges(
    store: Store, tmp_path: Path
) -> None:
    with judging() as server:
        add_endpoint(store, server)
        ours, theirs = (
            plan_run(store, invented_text(1), model)
            for model in ("api:slow/judge-fenced", "api:slow/judge-honest")
        )
        Worker(store, once=True).run()
        judge = {"model": "api:slow/judge-first", "run": ours}
        compared, topics = (
            runs.judge_run(store, runs.JudgeSpec(**judge, **more))
            for more in (
                {"rubric": "pairwise", "against": theirs, "again": 1.0},
                {"rubric": "topics", "again": 0.0},
            )
        )
        Worker(store, once=True).run()
    lines = exported(store, compared, tmp_path / "cells.jsonl")
    judged = [
        {"run": ours, "item": "0", "sample": 0, "model": "api:slow/judge-fenced"},
        {"run": theirs, "item": "0", "sample": 0, "model": "api:slow/judge-honest"},
    ]
    assert sorted((one["order"], one["repeat"]) for one in lines) == [(0, 0), (0, 1), (1, 0)]
    assert [one["judged"] for one in lines] == [judged] * 3
    assert [one["judged"] for one in exported(store, topics, tmp_path / "topics.jsonl")] == [[]], "the item"
    assert not {"order", "repeat", "judged"} & set(exported(store, ours, tmp_path / "ours.jsonl")[0])
    write_csv(store, [compared], tmp_path / "cells.csv")
    with (tmp_path / "cells.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["order"], row["repeat"], json.loads(row["judged"])) for row in rows] == [
        (str(one["order"]), str(one["repeat"]), judged) for one in lines
    ]
    assert list(data_frame(store, compared)["judged"]) == [judged] * 3


def test_a_record_is_exported_with_its_verdicts(store: Store, tmp_path: Path) -> None:
    with judging() as server:
        add_endpoint(store, server)
        run = plan_run(store, invented_text(1), "api:slow/judge-refuses")  # plain words, to be quoted
        Worker(store, once=True).run()
        judge = runs.JudgeSpec("api:slow/judge-honest", run, "correctness", again=0.0)
        cells = runs.judge_run(store, judge)
        Worker(store, once=True).run()
    assert write_jsonl(store, [run], tmp_path / "r.jsonl") == 1
    (line,) = (tmp_path / "r.jsonl").read_text(encoding="utf-8").splitlines()
    (verdict,) = json.loads(line)["judgements"]
    assert (verdict["judge"], verdict["rubric"], verdict["state"]) == ("judge-honest", "correctness-1", "ok")
    assert verdict["verdict"]["value"] in ("yes", "no")
    assert verdict["verdict"]["quote"] and verdict["verdict"]["is_quote_found"] is True
    assert json.loads(verdict["text"])["verdict"] == verdict["verdict"]["value"], "the judge's own words"
    assert write_csv(store, [run], tmp_path / "r.csv") == 1
    assert "judge-honest" in (tmp_path / "r.csv").read_text(encoding="utf-8")
    assert write_jsonl(store, [cells], tmp_path / "cells.jsonl") == 1
    cell = json.loads((tmp_path / "cells.jsonl").read_text(encoding="utf-8"))
    assert (cell["criterion"], cell["answer"]["value"]) == ("correct", [verdict["verdict"]["value"]])

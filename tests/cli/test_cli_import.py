"""`import`, and what a glob does where data are missing."""

import csv

import pytest

CHOICE = "Question: Which drug?\nOptions: A: aspirin\tB: heparin\t"
NAME = "eval_results_MCQA_1_context_1_oriINS_GPT-4.csv"


@pytest.fixture
def submission(tmp_path):
    path = tmp_path / NAME
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [
                ("task_id", "input", "GT", "output"),
                ("task57", CHOICE, "The right answer is B: heparin", "B"),
                ("task57", "no options", "B", "B"),
            ]
        )
    return path


def test_an_imported_file_is_a_finished_run_and_its_bad_rows_are_named(house, submission):
    said = house.do("import", str(submission), "--json")
    assert said.code == 1
    assert said.json["records"] == 1 and len(said.json["skipped"]) == 1
    assert said.json["skipped"][0]["where"] == f"{NAME} line 4"
    assert "no options A, B" in said.err
    (code,) = said.json["runs"]
    assert house.do("status", code, "--json").json["status"] == "finished"
    again = house.do("import", str(submission), "--format", "meds-bench", "--json")
    assert again.json["runs"] == [code]
    figures = house.do("score", code, "--json").json["tasks"]["meds_bench/task57"]["metrics"]
    assert {name: figures[name]["value"] for name in ("acc", "acc@medsbench_compat")} == {
        "acc": 1.0,
        "acc@medsbench_compat": 1.0,
    }


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("nowhere.csv",), "nowhere.csv is not there"),
        ((".",), "looks like none of the known formats"),
        (("rounds.txt", "--format", "inspekt"), "There is no format 'inspekt'"),
    ],
)
def test_what_cannot_be_imported_is_a_mistake_in_words(house, words, why, monkeypatch):
    monkeypatch.chdir(house.home)
    (house.home / "rounds.txt").write_text("nothing")
    said = house.do("import", *words)
    assert said.code == 2 and why in said.err


def test_a_glob_asks_what_is_here_and_names_what_is_not(house, data_dir):
    said = house.do(
        *("run", "--model", "demo:strong", "--tasks", "meds_bench/task5*", "--dry-run", "--json"),
        ROUNDS_DATA_DIR=str(data_dir / "hub"),
    )
    assert said.code == 0
    assert set(said.json["tasks"]) == {f"meds_bench/task{number}" for number in (57, *range(51, 57))}
    assert "Left out, their data are not here: meds_bench/task58, meds_bench/task59" in said.err


def test_every_task_is_listed_and_one_without_data_says_missing(house, data_dir):
    listed = house.do("tasks", "--json", ROUNDS_DATA_DIR=str(data_dir / "hub")).json
    found = {task["id"]: task for task in listed}
    assert sum(task["benchmark"] == "meds_bench" for task in listed) == 53
    assert found["meds_bench/task57"]["items"] == 200
    assert found["meds_bench/task57"]["source"] == "local"
    assert (found["meds_bench/task58"]["items"], found["meds_bench/task58"]["source"]) == (None, "missing")
    assert found["meds_bench/task78"]["credentialed"] and found["meds_bench/task78"]["source"] == "missing"
    assert {
        f"{name}/{code}"
        for name in ("mmedbench", "mmedbench_rationale")
        for code in ["en", "zh", "ja", "fr", "ru", "es"]
    } <= set(found)

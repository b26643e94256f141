"""`dataset add`, `remove`, `restore`: a contract on names, exit codes and JSON."""

from pathlib import Path

import pytest
from broken_rows import broken_table
from commands import House, questions

CSV = "stem,one,two,three,key\nWhich?,x,y,z,2\nWho?,x,y,z,3\nWhen?,x,y,z,7\n"


@pytest.fixture
def table(tmp_path: Path) -> str:
    path = tmp_path / "ward.csv"
    path.write_text(CSV)
    return str(path)


def add(house: House, file: str, *words: str, name: str = "ward", kind: str = "choice"):
    return house.do("dataset", "add", name, file, "--kind", kind, *words, "--json")


MAP = ("--map", "question=stem", "options=one,two,three", "answer=key", "--answers", "from1")


def test_bad_rows_are_named_the_good_ones_go_in_and_the_code_is_1(house, table):
    said = add(house, table, *MAP, "--licence", "own work", "--patient-text", "no")
    assert said.code == 1
    assert said.json == {
        "task": "mine/ward",
        "items": 2,
        "problems": [{"row": 4, "why": "the answer 7 is outside 1 to 3"}],
    }
    listed = {task["id"]: task for task in house.do("tasks", "--json").json}["mine/ward"]
    assert (listed["items"], listed["source"], listed["licence"]) == (2, "local", "own work")
    assert (listed["kind"], listed["patient_text"], listed["metrics"]) == (
        "choice",
        False,
        ["acc", "acc_norm"],
    )


def test_a_thousand_rows_broken_in_23_ways_are_each_named(house, tmp_path):
    content, reasons = broken_table()
    path = tmp_path / "cardiology.csv"
    path.write_bytes(content)
    said = add(house, str(path), "--patient-text", "no", name="cardiology")
    assert (said.code, said.json["items"]) == (1, 976)
    assert [problem["row"] for problem in said.json["problems"]] == list(reasons)
    assert {"row": 300, "why": "the row is empty"} in said.json["problems"]


def test_rows_that_are_all_good_end_with_0_and_a_model_can_be_asked_at_once(house, asked, tmp_path):
    path = tmp_path / "free.jsonl"
    path.write_text('{"question": "Why?", "answer": "Because."}\n{"question": "How?", "answer": "So."}\n')
    assert add(house, str(path), "--patient-text", "no", name="free", kind="text").code == 0
    said = house.do("run", "--model", "api:house/m", "--tasks", "mine/free", "--json")
    assert said.code == 0 and said.json["tasks"]["mine/free"]["n"] == 2
    assert any("Why?" in question for question in questions(asked))


def test_a_bundled_model_answers_an_own_dataset(house, table):
    add(house, table, *MAP, "--patient-text", "no")
    said = house.do("run", "--model", "demo:strong", "--tasks", "mine/ward", "--limit", "5", "--json")
    found = said.json["tasks"]["mine/ward"]
    assert (said.code, found["n"], round(found["chance"], 3)) == (0, 2, 0.333)


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("--map", "question=nothing"), "there is no such column"),
        (("--map", "colour=stem"), "There is no role 'colour'"),
        (("--map", "stem"), "ROLE=COLUMN"),
        ((), "No column was named for the"),
    ],
)
def test_a_mapping_that_cannot_be_stores_nothing_and_ends_with_2(house, table, words, hint):
    said = add(house, table, *words)
    assert (said.code, said.out) == (2, "") and hint in said.err
    assert not (house.home / "datasets").exists()


def test_where_no_row_is_good_they_are_named_and_the_code_is_2(house, table):
    said = add(house, table, *MAP[:-1], "letters")
    assert (said.code, said.json["task"], said.json["items"]) == (2, None, 0)
    assert len(said.json["problems"]) == 3 and "Nothing was stored" in said.err
    assert not (house.home / "datasets").exists()


@pytest.mark.parametrize(
    ("name", "content", "hint"),
    [
        ("x.csv", b"<html>Sign in</html>", "web page"),
        ("x.parquet", b"PAR1 cut off", "no whole Parquet"),
        ("x.xlsx", b"PK\x03\x04 cut off", "cannot be opened"),
        ("x.csv", b"", "is empty"),
    ],
)
def test_what_is_no_table_ends_with_2_and_a_sentence(house, tmp_path, name, content, hint):
    path = tmp_path / name
    path.write_bytes(content)
    said = add(house, str(path))
    assert (said.code, said.out) == (2, "") and hint in said.err


def test_a_missing_file_and_an_impossible_name_end_with_2(house, table):
    assert "There is no file" in add(house, "/nowhere.csv").err
    said = add(house, table, name="Ward round")
    assert said.code == 2 and "Use ward-round" in said.err


def test_patient_text_is_assumed_and_what_looks_like_a_person_is_told(house, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("question,answer\n姓名：王小明，发热三天，诊断？,肺炎\n", encoding="gb18030")
    said = add(house, str(path), kind="text")
    assert said.code == 0 and "--patient-text was not given" in said.err
    assert "1 rows hold words that look like a person's (name 1)" in said.err and "rows 2" in said.err
    listed = {task["id"]: task for task in house.do("tasks", "--json").json}["mine/ward"]
    assert (listed["patient_text"], listed["language"]) == (True, "zh")


def test_patient_text_is_not_sent_outside_the_house(house, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("question,answer\nWhy?,Because.\n")
    add(house, str(path), kind="text")
    said = house.do("run", "--model", "api:openai/gpt", "--tasks", "mine/ward", "--json", OPENAI_API_KEY="x")
    assert said.code == 2 and "patients' text" in said.err


def test_a_removed_dataset_can_be_restored_and_runs_keep_their_answers(house, table):
    add(house, table, *MAP, "--patient-text", "no")
    run = house.do("run", "--model", "demo:strong", "--tasks", "mine/ward", "--json").json["run"]
    said = house.do("dataset", "remove", "ward", "--json")
    assert (said.code, said.json) == (0, {"task": "mine/ward", "items": 2, "problems": []})
    assert run in said.err
    assert house.do("status", run, "--json").json["done"] == 2
    assert "mine/ward" not in house.do("tasks").out
    assert house.do("dataset", "restore", "ward", "--json").json["items"] == 2
    assert house.do("dataset", "remove", "nothing").code == 2


def test_what_is_said_about_rows_cannot_move_the_cursor(house, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("question,A,B,answer\nWhich?,x,y,\x1b[2Jz\nWho?,x,y,\u202eC\nHow?,x,y,A\n")
    said = house.do("dataset", "add", "ward", str(path), "--kind", "choice")
    assert said.code == 1 and "\x1b" not in said.out and "\u202e" not in said.out

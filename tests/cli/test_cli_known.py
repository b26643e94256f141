"""Commands that only look: tasks, models, check, endpoints, doctor; and what is not built yet."""

import sqlite3
import subprocess
import sys

import pytest
from commands import House, questions
from servers import tiny_model

TASK = {
    *("id", "version", "benchmark", "title", "kind", "language", "items", "fewshot_pool", "licence"),
    *("patient_text", "credentialed", "metrics", "source"),
}
CHECK = {
    *("ok", "model", "revision", "architecture", "parameters", "precision", "memory_gb", "safetensors"),
    *("chat_template", "problems"),
}
HEAVY = ("torch", "transformers", "datasets", "openai", "streamlit")


def loaded_by(house: House, *words: str) -> set[str]:
    """Modules in memory once a command has run."""
    code = (
        "import sys; from evalcore.cli import main\n"
        f"try: main({words!r})\n"
        "except SystemExit: pass\n"
        "sys.stderr.write(' '.join(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=house.environment, capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


def test_tasks_are_counted_where_the_data_are_here_and_null_elsewhere(house):
    found = {task["id"]: task for task in house.do("tasks", "--json").json}
    assert all(set(task) == TASK for task in found.values())
    assert (found["demo/en_case"]["source"], found["demo/en_case"]["items"]) == ("bundled", 9)
    assert (found["medqa_4options"]["source"], found["medqa_4options"]["items"]) == ("missing", None)


def test_tasks_of_local_copies_are_counted(house, data_dir):
    more = {"ROUNDS_DATA_DIR": str(data_dir / "hub")}
    found = {task["id"]: task for task in House(house.home, more).do("tasks", "--json").json}
    counts = {
        name: found[name]["items"] for name in ("medqa_4options", "medmcqa", "pubmedqa", "mmlu_anatomy")
    }
    assert counts == {"medqa_4options": 1273, "medmcqa": 4183, "pubmedqa": 500, "mmlu_anatomy": 135}
    assert found["mmlu_anatomy"]["fewshot_pool"] is True and found["mmlu_anatomy"]["source"] == "local"


@pytest.mark.parametrize("words", [("--help",), ("run", "--help"), ("judge", "x")])
def test_help_loads_nothing_of_the_engine(house, words):
    assert not loaded_by(house, *words) & {*HEAVY, "sqlalchemy", "pandas", "numpy", "pyarrow"}


@pytest.mark.parametrize("words", [("tasks", "--json"), ("doctor",), ("models",), ("status",)])
def test_looking_loads_no_model_library(house, words):
    assert not loaded_by(house, *words) & set(HEAVY)


@pytest.mark.parametrize("command", ["queue", "consent", "backup", "forget"])
def test_what_is_not_built_says_so(house, command):
    said = house.do(command, "x", "--json")
    assert (said.code, said.out) == (2, "") and "not built yet" in said.err


@pytest.mark.parametrize("words", [("worker", "--ray", "auto"), ("run", "--from", "x")])
def test_options_that_are_not_built_say_so(house, words):
    said = house.do(*words)
    assert said.code == 2 and "not built yet" in said.err


def test_a_model_folder_is_checked_without_loading_it(house, tmp_path):
    folder = tiny_model(tmp_path / "tiny")
    said = house.do("check", f"hf:{folder}", "--json")
    assert said.code == 0 and set(said.json) == CHECK
    assert said.json["ok"] and said.json["architecture"] == "LlamaForCausalLM" and said.json["problems"] == []
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    said = house.do("check", f"hf:{folder}", "--json")
    assert (said.code, said.json["ok"]) == (2, False) and "pickle" in said.json["problems"][0]


def test_models_lists_what_can_be_asked(house, asked):
    house.ask(1)
    found = {model["name"]: model for model in house.do("models", "--json").json}
    assert all(
        set(model) == {"name", "kind", "parameters", "precision", "tuning", "note"}
        for model in found.values()
    )
    assert found["api:house/m"]["kind"] == "api"


def test_endpoints_are_added_listed_and_removed(house):
    words = ("--base-url", "http://127.0.0.1:9/v1", "--key-env", "HOUSE_KEY", "--rpm", "60", "--local")
    assert house.do("endpoints", "add", "ward", *words).code == 0
    listed = {one["name"]: one for one in house.do("endpoints", "list", "--json", HOUSE_KEY="x").json}
    assert set(listed) == {"openai", "ward"}
    assert (listed["ward"]["rpm"], listed["ward"]["is_local"], listed["ward"]["key_is_set"]) == (
        60,
        True,
        True,
    )
    assert house.do("endpoints", "remove", "ward").code == 0
    said = house.do("endpoints", "remove", "ward")
    assert said.code == 2 and "known are openai" in said.err


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("ward", "--base-url", "ftp://x"), "http://"),
        (("Ward!", "--base-url", "http://x/v1"), "Choose another name"),
        (("ward", "--base-url", "http://x/v1", "--price-in", "1"), "--price-out"),
    ],
)
def test_an_endpoint_that_cannot_be_is_a_mistake(house, words, hint):
    said = house.do("endpoints", "add", *words)
    assert said.code == 2 and hint in said.err


def test_doctor_says_what_is_here(house, asked):
    found = house.do("doctor", "--json").json
    assert found["database"]["kind"] == "sqlite" and found["database"]["faults"] == []
    assert found["packages"]["torch"] and {one["name"] for one in found["endpoints"]} == {"house", "openai"}
    assert any("No worker is running" in problem for problem in found["problems"])


def test_doctor_repairs_records_and_counts_from_the_results(house, asked):
    before = house.ask(4).json
    with sqlite3.connect(house.home / "rounds.db") as broken:
        broken.execute("DELETE FROM records WHERE position = 2")
        broken.execute("UPDATE record_counts SET n = n + 7, tokens_in = 0")
    broken.close()
    assert house.do("status", before["run"], "--json").json["done"] != 4
    assert house.do("doctor", "--repair", "--json").json["repaired"]["answers_scored"] == 1
    assert house.ask(4).json == before
    assert len(questions(asked)) == 4


def test_doctor_says_that_a_database_is_newer_and_changes_nothing(house):
    house.do("status")
    with sqlite3.connect(house.home / "rounds.db") as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.close()
    said = house.do("doctor", "--json")
    assert said.code == 2 and "newer version" in said.json["problems"][0]
    assert house.do("status").code == 2


def test_a_reader_of_the_output_may_leave_early(house):
    command = f"set -o pipefail; {sys.executable} -m evalcore tasks | head -1"
    done = subprocess.run(
        ["bash", "-c", command], env=house.environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("TASK") and done.stderr == ""


def test_a_worker_ends_when_nothing_is_left(house, asked):
    assert house.do("worker", "--once").code == 0


def test_gpus_are_refused_where_there_is_none(house):
    said = house.do("worker", "--gpus", "all", CUDA_VISIBLE_DEVICES="")
    assert (said.code, said.out) == (2, "") and "without --gpus" in said.err

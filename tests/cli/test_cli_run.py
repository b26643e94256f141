"""`run` in its own process: what it prints, what it asks, how it ends."""

import signal
import time

import pytest
from commands import asking, ended, questions, will
from misbehaving_server import answer, error, slow
from servers import tiny_model

RESULT = {"run", "status", "seconds", "items", "tokens_in", "tokens_out", "cost_usd", "tasks"}
STATES = {"read", "ambiguous", "refused", "empty", "truncated", "unreadable"}

TOO_LONG = error("400 Bad Request", "context_length_exceeded", "too long")


def test_a_run_prints_exactly_the_documented_json(house, asked):
    said = house.spawn(*asking(3))
    assert said.code == 0 and set(said.json) == RESULT
    assert (said.json["status"], said.json["items"]) == ("finished", 3)
    assert (said.json["tokens_in"], said.json["tokens_out"]) == (30, 12)  # the server counts 10 and 4 each
    (task,) = said.json["tasks"].values()
    assert set(task) == {"version", "n", "chance", "metrics", "answers"}
    assert set(task["metrics"]["acc"]) == {"value", "low", "high", "n", "unscored"}
    assert set(task["answers"]) == STATES and task["answers"]["read"] == 3


def test_a_larger_limit_asks_only_the_new_items(house, asked):
    first = house.ask(3).json["run"]
    second = house.ask(5)
    assert (second.json["run"], second.json["items"]) == (first, 5)
    assert len(questions(asked)) == len(set(questions(asked))) == 5


def test_the_same_question_from_another_process_asks_nothing(house, asked):
    first = house.ask(3)
    again = house.spawn(*asking(2))
    assert (again.code, again.json) == (0, first.json)
    assert len(questions(asked)) == 3


def test_fresh_is_a_numbered_repeat_that_asks_again(house, asked):
    first, again = house.ask(2), house.ask(2, "--fresh")
    assert again.json["run"] == f"{first.json['run']}-2"
    assert len(questions(asked)) == 4


def test_items_that_failed_are_named_and_the_exit_code_is_1(house, asked):
    will(asked, TOO_LONG)
    said = house.ask(3)
    assert (said.code, said.json["status"], said.json["items"]) == (1, "finished_with_failures", 2)
    assert "No answer: demo/en_choice item " in said.err and "context_length" in said.err
    assert said.json["tasks"]["demo/en_choice"]["metrics"]["acc"]["unscored"] == 1


def test_a_wrong_key_pauses_with_the_reason_and_exit_3(house, asked):
    house.add_endpoint(asked.base_url, "--key-env", "HOUSE_KEY")
    will(asked, then=error("401 Unauthorized", "invalid_api_key"))
    said = house.ask(3, HOUSE_KEY="sk-secret-1234567")
    assert (said.code, said.json["status"], said.json["items"]) == (3, "paused", 0)
    assert "HOUSE_KEY" in said.err and "resume" in said.err
    assert "sk-secret" not in said.out + said.err + str((house.home / "rounds.db").read_bytes())


def test_a_key_that_is_not_set_is_a_mistake_and_stores_nothing(house, asked):
    house.add_endpoint(asked.base_url, "--key-env", "HOUSE_KEY")
    said = house.ask(3)
    assert said.code == 2 and "HOUSE_KEY is not set" in said.err
    assert house.do("status", "--json").json == []


def test_ctrl_c_keeps_what_is_in_flight_and_the_same_command_goes_on(house, asked):
    will(asked, then=slow(0.5, answer()))
    house.add_endpoint(asked.base_url, "--in-flight", "2")
    process = house.start(*asking(8))
    while not questions(asked):
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    said = ended(process)
    kept = said.json["items"]
    assert (said.code, said.json["status"]) == (3, "paused") and 0 < kept < 8
    assert len(questions(asked)) == kept
    will(asked)
    resumed = house.ask(8)
    assert (resumed.code, resumed.json["items"], len(questions(asked))) == (0, 8, 8)


def test_a_dry_run_estimates_and_neither_stores_nor_asks(house, asked):
    said = house.ask(3, "--dry-run")
    assert said.code == 0 and said.json["items"] == 3 and said.json["tokens_in"] > 100
    assert said.json["cost_usd_most"] is None  # no price was given: unknown, not zero
    assert house.do("status", "--json").json == [] and questions(asked) == []


def test_a_run_on_the_terminal_says_what_it_measured_and_for_what(house, asked):
    said = house.do("run", "--model", "api:house/m", "--tasks", "demo/en_choice", "--limit", "2")
    assert "demo/en_choice" in said.out and "acc" in said.out and "95 % INTERVAL" in said.out
    assert "For research, not for clinical use." in said.out
    assert "2/2" in said.err


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("--model", "api:house/m", "--tasks", "demo/en_choise"), "Did you mean demo/en_choice"),
        (("--model", "api:huose/m", "--tasks", "demo/en_choice"), "known are house, openai"),
        (("--model", "gpt-4", "--tasks", "demo/en_choice"), "demo:NAME"),
        (("--model", "demo:nobody", "--tasks", "demo/en_choice"), "no bundled model"),
        (("--model", "hf:./nowhere", "--tasks", "demo/en_choice"), "Check the path"),
        (("--model", "api:house/m", "--tasks", "demo/en_choice", "--ask", "rank"), "--ask generate"),
        (("--model", "api:house/m", "--tasks", "demo/en_choice", "--limit", "0"), "1 or more"),
        (("--model", "api:house/m", "--tasks", "medqa_4options"), "ROUNDS_DATA_DIR"),
        (("--tasks", "demo/en_choice"), "Name a model"),
        (("--model", "api:house/m", "--from", "manifest.json"), "not built yet"),
    ],
)
def test_a_mistake_is_one_message_with_what_to_do_and_exit_2(house, asked, words, hint):
    said = house.do("run", *words, "--json")
    assert said.code == 2 and hint in said.err and said.out == ""
    assert questions(asked) == [] and house.do("status", "--json").json == []


def test_a_model_folder_is_ranked_in_this_very_process(house, tmp_path):
    folder = tiny_model(tmp_path / "tiny")
    said = house.do("run", "--model", f"hf:{folder}", "--tasks", "demo/fr", "--json")
    assert (said.code, said.json["status"], said.json["items"]) == (0, "finished", 6)
    assert said.json["tasks"]["demo/fr"]["answers"]["read"] == 6
    assert set(said.json["tasks"]["demo/fr"]["metrics"]) == {"acc", "acc_norm"}
    assert house.workers() == []  # no process is left

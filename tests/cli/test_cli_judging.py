"""`judge`, and `run --judge`: one command from questions to verdicts."""

import time

import pytest
from commands import ended
from judge_server import judging

RESULT = {"run", "judged", "status", "seconds", "items", "tokens_in", "tokens_out", "cost_usd", "tasks"}


@pytest.fixture
def judge(house):
    with judging() as server:
        words = ("--base-url", server.base_url, "--local")
        assert house.do("endpoints", "add", "judges", *words).code == 0
        yield server


def ask(house, *words):
    return house.ask(2, *words)


def test_stored_answers_are_judged_and_a_second_judge_makes_a_jury(house, asked, judge):
    run = ask(house).json["run"]
    command = ("judge", run, "--rubric", "correctness", "--json", "--judge", "api:judges/judge-honest")
    one = house.do(*command)
    assert one.code == 0 and set(one.json) >= RESULT
    assert sum(one.json["judgements"].values()) >= 2 and one.json["judgements"]["ok"] >= 2
    both = house.do(*command, "--judge", "api:judges/judge-first")
    assert set(both.json["jury"]["demo/en_choice"]) == {
        "jury",
        "without:judge-honest",
        "without:judge-first",
    }
    assert both.json["quorum"] == 2


def test_run_with_a_judge_does_both_in_one_go(house, asked, judge):
    said = ask(house, "--judge", "api:judges/judge-honest", "--rubric", "correctness")
    assert said.code == 0 and said.json["status"] == "finished"
    (judged,) = said.json["judges"]
    assert (judged["judged"], judged["status"]) == (said.json["run"], "finished")
    ours, theirs = (
        one["tasks"]["demo/en_choice"]["metrics"]["rating/judge-honest/correctness-1"]
        for one in (said.json, judged)
    )
    assert ours == theirs and ours["high"] - ours["low"] > 0.3, "Wilson's interval of two yes/no verdicts"


def test_a_verdict_that_cannot_be_read_is_told_with_a_warning(house, asked, judge):
    words = ("--judge", "api:judges/judge-broken", "--rubric", "correctness")
    said = house.do("run", "--model", "api:house/m", "--tasks", "demo/en_choice", "--limit", "2", *words)
    assert said.code == 0 and "unreadable" in said.out
    assert "Careful: only 0.0 % of the verdicts could be read." in said.out


def test_a_dry_run_tells_what_the_judge_will_take_and_asks_nothing(house, asked, judge):
    said = ask(house, "--judge", "api:judges/judge-honest", "--rubric", "mmedbench", "--dry-run")
    (estimate,) = said.json["judges"]
    assert (estimate["items"], estimate["cells"], estimate["cost_usd_most"]) == (2, 6, None)
    assert judge.received == [] and "--batch" not in said.err
    said = ask(house, "--judge", "demo:weak", "--rubric", "mmedbench", "--batch", "5", "--dry-run")
    assert said.err.count("--batch 5 changes nothing for demo:weak") == 1


def test_a_rubric_that_fits_nothing_is_refused_before_anything_is_asked(house, asked, judge):
    said = ask(house, "--judge", "api:judges/judge-honest", "--mode", "rubric")
    assert said.code == 2 and "fits none of the chosen tasks" in said.err
    assert house.do("status", "--json").json == []


def test_a_budget_that_is_none_or_cannot_be_kept_is_refused_and_a_used_up_one_says_how_to_go_on(
    house, asked, judge
):
    run = ask(house).json["run"]
    command = ("judge", run, "--rubric", "mmedbench", "--judge", "api:judges/judge-honest", "--budget-usd")
    for amount, why in (("0", "more than 0"), ("-1", "more than 0"), ("1", "judges has no prices")):
        said = house.do(*command, amount)
        assert (said.code, judge.received) == (2, []) and why in said.err, amount
    priced = ("--base-url", judge.base_url, "--local", "--price-in", "1000", "--price-out", "0")
    assert house.do("endpoints", "add", "judges", *priced).code == 0
    said = house.do(*command, "0.5")
    assert said.code == 3 and len(judge.received) == 1
    assert "0.40 of the budget of 0.50 USD are spent" in said.err
    assert "the same command with a --budget-usd of more than 0.5" in said.err


def test_a_limit_that_is_no_number_of_answers_is_refused(house, asked, judge):
    run = ask(house).json["run"]
    for limit in ("-1", "0"):
        words = ("--rubric", "correctness", "--judge", "api:judges/judge-honest", "--limit", limit)
        said = house.do("judge", run, *words)
        assert (said.code, judge.received) == (2, []) and f"limit is {limit}; give 1 or more" in said.err


def test_sigterm_stops_like_ctrl_c_and_starts_no_further_judge(house, asked, judge):
    run = ask(house).json["run"]
    names = ("--judge", "api:judges/judge-honest@0.5", "--judge", "api:judges/judge-first")
    process = house.start("judge", run, "--rubric", "mmedbench", *names)
    while not judge.received:
        time.sleep(0.02)
    process.terminate()
    said = ended(process)
    assert said.code == 3 and "is paused: its command was ended" in said.err
    assert "is waiting" not in said.err, "the second judge, too"
    assert {one.body["model"] for one in judge.received} == {"judge-honest@0.5"}


def test_a_judge_whose_key_is_not_set_is_refused_before_anything_is_asked(house, asked):
    said = ask(house, "--judge", "api:openai/gpt-x")
    assert said.code == 2 and "OPENAI_API_KEY" in said.err
    assert house.do("status", "--json").json == []

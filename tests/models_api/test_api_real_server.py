"""Against `transformers serve`: a real server that answers, and ignores more than it says."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from asking import ask, chat, endpoint_at, plain
from servers import tiny_model, transformers_serve

from evalcore.models.openai import can_rank, check
from evalcore.types import Endpoint, Finish


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Endpoint, Path]]:
    folder = tiny_model(tmp_path_factory.mktemp("served") / "tiny")
    with transformers_serve(folder, folder.parent / "log") as base_url:
        yield endpoint_at(base_url, in_flight=3, price_in=1.0, price_out=1.0, is_local=True), folder


def test_chat_and_plain_prompts_are_answered_with_tokens_and_cost(real):
    endpoint, folder = real
    requests = (*(chat(n, max_tokens=8) for n in range(4)), plain(4, max_tokens=8))
    answers = ask(endpoint, *requests, timeout_s=60, model=str(folder))
    assert [response.failure for response in answers.values()] == [None] * 5
    for response in answers.values():
        assert 0 < response.tokens_out <= 8 and response.tokens_in > 0
        assert response.finish in (Finish.LENGTH, Finish.STOP)
        assert response.cost_usd == pytest.approx((response.tokens_in + response.tokens_out) / 1e6)
        assert response.seconds > 0


def test_the_same_greedy_question_gets_the_same_answer(real):
    endpoint, folder = real
    answers = ask(endpoint, chat(0, max_tokens=8), chat(1, max_tokens=8), timeout_s=60, model=str(folder))
    assert answers[0].text == answers[1].text != ""


def test_a_model_that_the_server_does_not_serve_stops_the_run(real):
    endpoint, _ = real
    failure = ask(endpoint, chat(), timeout_s=60, model="another")[0].failure
    assert (failure.kind, failure.stops_run) == ("not_found", True)


def test_logprobs_that_the_server_ignores_are_noticed_in_both_forms(real):
    endpoint, folder = real
    can, why_not = can_rank(endpoint, str(folder))
    assert can is False
    assert "echo: the reply ignores logprobs: none came back; prompt_logprobs: " in why_not


def test_check_says_what_it_found_and_that_it_cannot_rank(real):
    endpoint, folder = real
    found = check(endpoint, str(folder), load=True)
    assert (found.ok, found.ranks) == (True, False)
    assert "cannot rank options" in found.problems[-1] and "--ask generate" in found.problems[-1]

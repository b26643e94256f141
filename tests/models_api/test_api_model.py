"""What is sent, what comes back, and how many at once."""

import socket
import time
from contextlib import closing

import pytest
from asking import ask, ask_all, chat, endpoint_at, plain
from misbehaving_server import answer, as_json, completion, error, running, slow
from servers import free_port

from evalcore.errors import UsageError
from evalcore.models.openai import OpenAIModel
from evalcore.types import Finish


def test_a_chat_prompt_goes_to_chat_completions_with_its_roles(server):
    ask(endpoint_at(server.base_url), chat(text="Fever?", max_tokens=9, stop=("\n\n",)))
    (received,) = server.received
    assert received.path == "/v1/chat/completions"
    assert received.body == {
        "model": "m",
        "max_tokens": 9,
        "temperature": 0.0,
        "stop": ["\n\n"],
        "messages": [
            {"role": "system", "content": "You are a physician."},
            {"role": "user", "content": "Fever?"},
        ],
    }


def test_a_plain_prompt_goes_to_completions(server):
    server.will(as_json({"choices": [{"text": " beating", "finish_reason": "stop"}]}))
    assert ask(endpoint_at(server.base_url), plain(text="The heart is"))[0].text == " beating"
    assert server.received[0].path == "/v1/completions"
    assert server.received[0].body["prompt"] == "The heart is"


def test_samples_of_one_prompt_are_drawn_with_different_seeds(server):
    first = chat(0, temperature=0.7, seed=3)
    second = type(first)(1, first.prompt, first.sampling, sample=1)
    ask(endpoint_at(server.base_url, in_flight=1), first, second)
    assert [received.body["seed"] for received in server.received] == [3, 4]


def test_thinking_that_comes_apart_stands_before_the_answer(server):
    server.will(answer("Answer: B", reasoning_content="Fever, so B."), answer("Answer: C", reasoning="So C."))
    answers = ask(endpoint_at(server.base_url, in_flight=1), chat(0), chat(1))
    assert answers[0].text == "<think>Fever, so B.</think>\nAnswer: B"
    assert answers[1].text == "<think>So C.</think>\nAnswer: C"


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        (answer(None), ""),
        (answer(None, refusal="I cannot help."), "I cannot help."),
        (answer([{"type": "text", "text": "Answer"}, {"type": "text", "text": ": A"}]), "Answer: A"),
        (answer("心肌梗死"), "心肌梗死"),
    ],
)
def test_every_form_of_content_is_read(server, reply, text):
    server.will(reply)
    response = ask(endpoint_at(server.base_url))[0]
    assert (response.text, response.failure) == (text, None)


@pytest.mark.parametrize(
    ("reason", "finish"),
    [("stop", Finish.STOP), ("length", Finish.LENGTH), ("eos", Finish.STOP), ("strange", Finish.STOP)],
)
def test_finish_reasons_are_translated(server, reason, finish):
    server.will(answer(finish=reason))
    response = ask(endpoint_at(server.base_url))[0]
    assert response.finish is finish
    assert bool(response.notes) == (reason == "strange")


def test_cost_is_tokens_times_price(server):
    priced = endpoint_at(server.base_url, price_in=2.0, price_out=10.0)
    response = ask(priced)[0]
    assert (response.tokens_in, response.tokens_out) == (10, 4)
    assert response.cost_usd == pytest.approx((10 * 2 + 4 * 10) / 1e6)


def test_cost_is_unknown_without_a_price_or_without_usage(server):
    assert ask(endpoint_at(server.base_url, price_in=2.0))[0].cost_usd is None
    server.will(as_json(completion() | {"usage": None}))
    response = ask(endpoint_at(server.base_url, price_in=2.0, price_out=10.0))[0]
    assert response.cost_usd is None
    assert "no token usage" in response.notes[0]


def test_what_the_endpoint_ignored_is_said(server):
    server.will(
        as_json(completion("A. STOP. B") | {"choices": completion("A STOP B")["choices"] * 2, "model": "z"})
    )
    notes = ask(endpoint_at(server.base_url), chat(max_tokens=3, stop=("STOP",)))[0].notes
    assert notes == (
        "max_tokens ignored: 4 instead of 3",
        "stop string ignored: ['STOP']",
        "n ignored: 2 answers instead of 1",
        "answered by model 'z'",
    )


def test_a_refused_parameter_is_left_out_from_then_on_and_said(server):
    refusal = {"error": {"message": "no", "code": "unsupported_value", "param": "temperature"}}
    server.will(as_json(refusal, "400 Bad Request"))
    answers = ask(endpoint_at(server.base_url, in_flight=1), chat(0), chat(1))
    assert answers[0].failure.kind == "unsupported_parameter" and not answers[0].failure.is_final
    assert "temperature" not in server.received[1].body
    assert answers[1].notes == ("temperature not sent: the endpoint refuses it",)


def test_a_refused_max_tokens_is_sent_under_its_new_name(server):
    refusal = {"error": {"message": "no", "code": "unsupported_parameter", "param": "max_tokens"}}
    server.will(as_json(refusal, "400 Bad Request"))
    ask(endpoint_at(server.base_url, in_flight=1), chat(0, max_tokens=7), chat(1, max_tokens=7))
    assert "max_tokens" not in server.received[1].body
    assert server.received[1].body["max_completion_tokens"] == 7


def test_a_refused_model_parameter_is_final_and_not_tried_for_ever(server):
    refusal = {"error": {"message": "no", "code": "unsupported_value", "param": "messages"}}
    server.otherwise = as_json(refusal, "400 Bad Request")
    assert ask(endpoint_at(server.base_url))[0].failure.is_final


def test_requests_are_pulled_one_by_one_as_others_finish(server):
    pulled = []

    def requests():
        for number in range(20):
            pulled.append(number)
            yield chat(number)

    with closing(OpenAIModel(endpoint_at(server.base_url, in_flight=4), "m")) as model:
        answers = model.generate(requests())
        next(answers)
        assert 4 <= len(pulled) <= 8
        assert len(list(answers)) == 19


def test_as_many_as_allowed_are_in_flight_and_one_slow_answer_holds_nobody_up(server):
    server.otherwise = slow(0.05, answer())
    server.will(slow(2.5, answer("slow")))
    answers = ask_all(endpoint_at(server.base_url, in_flight=5), (chat(n) for n in range(41)))
    assert server.most_at_once == 5
    assert len(answers) == 41
    assert [*answers.values()][-1].text == "slow"  # the 40 others take 0.5 s, four at a time


def test_an_answer_is_handed_out_while_others_are_still_awaited(server):
    server.will(slow(2.0, answer("late")))
    with closing(OpenAIModel(endpoint_at(server.base_url), "m")) as model:
        start = time.monotonic()
        request, _ = next(model.generate([chat(0), chat(1)]))
        assert request.id == 1 and time.monotonic() - start < 2.0


def test_answers_in_flight_are_handed_out_before_an_error_of_the_requests(server):
    def requests():
        yield chat(0)
        yield chat(1)
        raise UsageError("no more")

    seen = []
    with closing(OpenAIModel(endpoint_at(server.base_url), "m")) as model, pytest.raises(UsageError):
        for request, _ in model.generate(requests()):
            seen.append(request.id)
    assert sorted(seen) == [0, 1]


def test_a_pause_of_the_caller_makes_no_answer_late(server):
    server.will(answer("first"), slow(0.3, answer("second")))
    with closing(OpenAIModel(endpoint_at(server.base_url), "m", timeout_s=0.6)) as model:
        answers = model.generate([chat(0), chat(1)])
        next(answers)
        time.sleep(1.0)
        assert [response.failure for _, response in answers] == [None]


def test_what_is_sent_and_not_yet_kept_by_the_caller_is_never_more_than_in_flight(server):
    pulled, kept = [], []

    def requests():
        for number in range(40):
            pulled.append(number)
            assert len(pulled) - len(kept) <= 4
            yield chat(number)

    with closing(OpenAIModel(endpoint_at(server.base_url, in_flight=4), "m")) as model:
        for request, _ in model.generate(requests()):
            kept.append(request.id)
    assert len(kept) == 40


def test_leaving_early_leaves_nothing_open(server):
    server.otherwise = slow(0.2, answer())
    model = OpenAIModel(endpoint_at(server.base_url), "m")
    answers = model.generate(chat(n) for n in range(30))
    next(answers)
    answers.close()
    model.close()


def test_a_model_can_be_asked_again(server):
    with closing(OpenAIModel(endpoint_at(server.base_url), "m")) as model:
        assert len(list(model.generate([chat(0)]))) == len(list(model.generate([chat(1)]))) == 1


def test_several_servers_are_asked_in_turn(server):
    with running() as other:
        ask_all(endpoint_at(server.base_url, other.base_url), (chat(n) for n in range(20)))
        assert len(server.received) == len(other.received) == 10


def test_a_server_that_refuses_connections_is_passed_over_without_a_failure(server):
    down = f"http://127.0.0.1:{free_port()}/v1"
    answers = ask_all(endpoint_at(down, server.base_url), (chat(n) for n in range(20)))
    assert [response.failure for response in answers.values()] == [None] * 20


def test_a_server_that_refused_is_left_alone_for_a_while(server):
    with socket.socket() as down:
        down.bind(("127.0.0.1", 0))  # bound, but nobody listens yet: connections are refused
        endpoint = endpoint_at(f"http://127.0.0.1:{down.getsockname()[1]}/v1", server.base_url)
        with closing(OpenAIModel(endpoint, "m", timeout_s=2)) as model:
            list(model.generate([chat(0)]))
            down.listen()
            answers = list(model.generate(chat(n) for n in range(4)))
        assert [response.failure for _, response in answers] == [None] * 4
    assert len(server.received) == 5


def test_the_rate_keeps_below_the_limit_without_a_burst(server):
    ask_all(endpoint_at(server.base_url, rpm=600), (chat(n) for n in range(10)))
    gaps = [b.at - a.at for a, b in zip(server.received, server.received[1:], strict=False)]
    assert min(gaps) > 0.08  # 600 a minute at 90 %: one every 0.111 s
    assert max(gaps) < 0.2


def test_tokens_keep_below_the_limit(server):
    # 18 bytes + 20 bytes system = 12 tokens by estimate, and 78 for the reply: 90 a request, at 90 % of 6,000
    # a minute = 90 a second: one request a second, the first at once
    ask_all(endpoint_at(server.base_url, tpm=6000), (chat(n, "A" * 16, max_tokens=78) for n in range(3)))
    assert 1.7 < server.received[-1].at - server.received[0].at < 2.5


def test_a_reply_of_a_million_characters_comes_back_whole(server):
    server.will(answer("心" * 1_000_000))
    assert len(ask(endpoint_at(server.base_url))[0].text) == 1_000_000


def test_hostile_characters_come_back_as_they_are(server):
    hostile = "a\x00b\ud800c\u202e<script>"
    server.will(answer(hostile))
    assert ask(endpoint_at(server.base_url))[0].text == hostile


def test_a_prompt_with_a_lone_surrogate_is_that_items_failure_alone(server):
    answers = ask(endpoint_at(server.base_url), chat(0, text="x\ud800"), chat(1))
    assert (answers[0].failure.kind, answers[0].failure.is_final) == ("bad_request", True)
    assert answers[1].failure is None


def test_one_server_error_does_not_slow_the_others(server):
    server.will(error("500 Internal"))
    start = time.monotonic()
    ask_all(endpoint_at(server.base_url, in_flight=1), (chat(n) for n in range(5)))
    assert time.monotonic() - start < 3.0

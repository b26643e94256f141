"""Ranking through an endpoint: what is asked, what is read off, and every way in which that can fail."""

import json
from collections.abc import Sequence
from contextlib import closing
from typing import Any

import pytest
from asking import chat, endpoint_at
from misbehaving_server import Reply, Server, answer, as_json, error, raw, slow

from evalcore.models.openai import OpenAIModel, can_rank, check
from evalcore.types import Finish, Part, Prompt, Request, Response

REFUSED = {"error": {"message": "no", "code": "unknown_parameter", "param": "echo"}}


def echoed(*tokens: tuple[str, float | None, float | None], **more: Any) -> dict[str, Any]:
    """tokens: (text, its log-probability, that of the likeliest one) of the prompt; one more is written."""
    texts, values, tops = zip(*tokens, ("!", -0.1, -0.1), strict=True)
    told = {
        "tokens": texts,
        "token_logprobs": values,
        "top_logprobs": [None if top is None else {"likeliest": top} for top in tops],
    }
    choice = {"text": "!", "finish_reason": "length", "logprobs": told | more}
    return {"choices": [choice], "usage": {"prompt_tokens": len(tokens), "completion_tokens": 1}}


def told(*places: dict[str, tuple[str, float]] | None) -> dict[str, Any]:
    """As vLLM tells prompt_logprobs; places: by token id, (text, log-probability)."""
    listed = [
        place and {id_: {"decoded_token": text, "logprob": value} for id_, (text, value) in place.items()}
        for place in places
    ]
    usage = {"prompt_tokens": len(places), "completion_tokens": 1}
    return {"choices": [{"text": "!", "finish_reason": "length", "prompt_logprobs": listed}], "usage": usage}


A = echoed(("<s>", None, None), ("Answer:", -9.0, -1.0), (" A", -0.5, -0.5))
B = echoed(("<s>", None, None), ("Answer:", -9.0, -1.0), (" B", -2.0, -0.5), ("!", -0.25, -0.25))


def question(text: str = "Answer:", targets: Sequence[str] = (" A", " B!")) -> Request:
    return Request(7, Prompt((Part(text),), "t", option_order=tuple("AB"), targets=tuple(targets)))


def rank(server: Server, *replies: dict[str, Any] | Reply, request: Request | None = None, **fields: Any):
    server.will(*(as_json(reply) if isinstance(reply, dict) else reply for reply in replies))
    with closing(OpenAIModel(endpoint_at(server.base_url, **fields), "m", timeout_s=2)) as model:
        ((asked, response),) = model.rank([request or question()])
    assert asked.id == 7
    return response


def failure(response: Response) -> Any:
    assert (response.finish, response.option_logprobs) == (Finish.ERROR, None)
    return response.failure


def test_one_request_an_option_and_their_sums_with_tokens_and_cost(server):
    found = rank(server, A, B, price_in=1.0, price_out=2.0)
    assert found.option_logprobs == {"A": -0.5, "B": -2.25}
    assert (found.greedy, found.finish) == (("A",), Finish.RANKED)
    assert (found.tokens_in, found.tokens_out) == (3 + 4, 2)
    assert found.cost_usd == pytest.approx((7 * 1.0 + 2 * 2.0) / 1e6)
    assert [one.path for one in server.received] == ["/v1/completions"] * 2
    assert [one.body["prompt"] for one in server.received] == ["Answer: A", "Answer: B!"]
    assert all(one.body["echo"] and one.body["max_tokens"] == 1 for one in server.received)


def test_prompt_logprobs_are_asked_for_where_echo_is_refused(server):
    places = [None, {"5": ("Answer:", -1.0)}, {"6": (" A", -3.0), "9": (" C", -0.5)}]
    b = [*places[:2], {"7": (" B", -0.5)}, {"8": ("!", -0.25)}]
    found = rank(server, as_json(REFUSED, "400 Bad"), told(*places), told(*b))
    assert found.option_logprobs == {"A": -3.0, "B": -0.75}
    assert found.greedy == ("B",)
    assert [one.body.get("prompt_logprobs") for one in server.received] == [None, 1, 1]


def test_an_option_that_melts_into_the_context_is_split_with_its_neighbour_earlier(server):
    # "x:" is [x][:], "x:A" is [x][:A], "x:B" is [x][:][B]: both are scored from the second token on
    a = echoed(("x", None, None), (":A", -1.0, -1.0))
    b = echoed(("x", None, None), (":", -2.0, -1.0), ("B", -3.0, -3.0))
    context = echoed(("x", None, None), (":", -2.0, -1.0))
    found = rank(server, a, b, context, request=question("x:", "AB"))
    assert found.option_logprobs == {"A": -1.0, "B": -5.0}
    assert [one.body["prompt"] for one in server.received] == ["x:A", "x:B", "x:"]
    assert "changes the question's last tokens" in found.notes[-1]


def test_blanks_at_the_contexts_end_are_scored_with_the_option(server):
    found = rank(server, A, B, request=question("Answer: ", ("A", "B!")))
    assert found.option_logprobs == {"A": -0.5, "B": -2.25}


def test_tokens_that_do_not_spell_the_prompt_are_counted_by_the_context(server):
    a, b = (
        echoed(("应", None, None), ("\ufffd", -1.0, -1.0), ("\ufffd", -1.0, -1.0), (text, value, value))
        for text, value in (("甲", -0.5), ("乙", -0.75))
    )
    context = echoed(("应", None, None), ("\ufffd", -1.0, -1.0), ("\ufffd", -1.0, -1.0))
    found = rank(server, a, b, context, request=question("应选", "甲乙"))
    assert found.option_logprobs == {"A": -0.5, "B": -0.75}
    assert found.notes == ()


def test_a_served_model_of_another_name_is_noted(server):
    assert rank(server, A | {"model": "other"}, B).notes == ("answered by model 'other'",)


BROKEN = {
    "no log-probability": echoed(("Answer:", None, None), (" A", None, -0.5)),
    "without its log-probability": echoed(("Answer:", None, None), (" A", "-0.5", -0.5)),  # a text
    "without the likeliest": echoed(("Answer:", None, None), (" A", -0.5, None)),
    "above 0": echoed(("Answer:", None, None), (" A", 0.5, 0.5)),
    "is cut": echoed(("Answer:", None, None), (" A", -0.5, -0.5), top_logprobs=[None]),
    "form that is not known": echoed(("Answer:", None, None), (" A", -0.5, -0.5), tokens="Answer: A"),
    "tokens that are no text": echoed(("Answer:", None, None), (7, -0.5, -0.5)),
    "no usage": A | {"usage": None},
}


@pytest.mark.parametrize("what", BROKEN)
def test_broken_log_probabilities_are_never_a_pick(server, what):
    found = failure(rank(server, A, BROKEN[what], request=question(targets=(" A", " A"))))
    words = what.replace("no log-probability", "without its log-probability")
    assert (found.kind, found.is_final, found.stops_run) == ("bad_reply", False, False)
    assert words in found.message


@pytest.mark.parametrize("value", ["NaN", "-Infinity"])
def test_a_log_probability_that_is_not_finite_is_the_items_failure_with_advice(server, value):
    broken = json.dumps(A).replace("-0.5,", f"{value},", 1)
    found = failure(rank(server, raw(broken.encode()), B))
    assert (found.kind, found.is_final) == ("nan", True) and "bf16" in found.message


def test_a_prompt_that_was_cut_in_front_is_no_pick(server):
    texts = [f"{n} " for n in range(9)]
    whole = [echoed(*((text, -1.0, -1.0) for text in [*texts[1:], "\ufffd"])) for _ in "AB"]
    context = echoed(*((text, -1.0, -1.0) for text in texts))
    found = failure(rank(server, *whole, context, request=question("".join(texts).rstrip(), ("心", "肺"))))
    assert found.kind == "bad_reply" and "another prompt than was sent" in found.message


def test_an_endpoint_that_ignores_both_forms_stops_the_run_and_says_why(server):
    written = {"choices": [{"text": " A", "finish_reason": "stop"}], "usage": {"prompt_tokens": 3}}
    found = failure(rank(server, written, written))
    assert (found.kind, found.stops_run) == ("cannot_rank", True)
    assert "echo: the reply ignores logprobs" in found.message
    assert "prompt_logprobs: the reply ignores prompt_logprobs" in found.message
    assert "--ask generate" in found.message


def test_an_endpoint_without_completions_is_asked_once_and_stops_the_run(server):
    found = failure(rank(server, error("404 Not Found")))
    assert (found.kind, found.stops_run, len(server.received)) == ("cannot_rank", True, 1)
    assert "house answered 404" in found.message


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (error("429 Too Many", retry_after="3"), "rate_limited"),
        (error("401 Unauthorized"), "auth"),
        (error("503 Busy"), "server_error"),
        (error("400 Bad", "context_length_exceeded"), "context_length"),
    ],
)
def test_other_failures_are_what_they_are_for_questions_and_say_nothing_of_ranking(server, reply, kind):
    assert failure(rank(server, reply)).kind == kind
    assert can_rank(endpoint_at(server.base_url), "m")[0] is False  # `answer()` tells nothing of the prompt


def test_what_is_in_flight_stays_within_the_limit_and_the_form_is_found_once(server):
    server.otherwise = slow(0.02, as_json(A))
    requests = [Request(n, Prompt((Part("Answer:"),), "t", targets=(" A", " A"))) for n in range(12)]
    with closing(OpenAIModel(endpoint_at(server.base_url, in_flight=3), "m", timeout_s=5)) as model:
        found = dict((request.id, response) for request, response in model.rank(requests))
    assert [found[n].failure for n in range(12)] == [None] * 12
    assert (server.most_at_once, len(server.received)) == (3, 24)


def test_the_pace_is_kept_for_every_request_of_an_item(server):
    rank(server, A, B, rpm=600)
    first, second = server.received
    assert second.at - first.at > 0.08  # 600 a minute at 90 %: one every 0.111 s


def test_a_prompt_in_chat_form_is_not_sent(server):
    found = failure(rank(server, request=Request(7, chat().prompt)))
    assert found.stops_run and "--chat off" in found.message
    assert server.received == []


def test_the_check_finds_that_an_endpoint_can_rank_though_it_does_not_chat(server):
    listed = as_json({"data": [{"id": "m"}]})
    probe = echoed(("One two", None, None), (" three", -1.0, -1.0), (" four", -1.0, -1.0))
    server.will(listed, error("400 Bad", message="no chat template"), as_json(probe))
    found = check(endpoint_at(server.base_url), "m", load=True)
    assert (found.ok, found.ranks) == (True, True)
    assert len(found.problems) == 1 and "--chat off" in found.problems[0]


def test_whether_it_can_rank_is_not_known_where_the_question_got_no_answer(server):
    server.will(as_json({"data": [{"id": "m"}]}), answer("hello"), error("503 Busy"))
    found = check(endpoint_at(server.base_url), "m", load=True)
    assert (found.ok, found.ranks) == (True, None)
    assert "the server has a fault" in found.problems[0]

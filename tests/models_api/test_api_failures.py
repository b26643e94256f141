"""Whatever a server does ends in the right failure, and the key in none of its words."""

import json
import time
from contextlib import closing

import pytest
from asking import SECRET, ask, ask_all, chat, endpoint_at
from misbehaving_server import (
    answer,
    as_json,
    completion,
    endless,
    error,
    half,
    raw,
    reset,
    running,
    slow,
)
from servers import free_port

from evalcore.errors import EndpointError
from evalcore.models.openai import OpenAIModel
from evalcore.types import Finish

CONTEXT = "This model's maximum context length is 8192 tokens. You asked for 9000."
CASES = {
    # name: (reply, kind, is_final, stops_run)
    "429": (error("429 Too Many", "rate_limit_exceeded", retry_after="0.2"), "rate_limited", False, False),
    "429 quota": (error("429 Too Many", "insufficient_quota"), "quota", False, True),
    "402": (error("402 Payment Required"), "quota", False, True),
    "401": (error("401 Unauthorized", "invalid_api_key", f"Incorrect key {SECRET}"), "auth", False, True),
    "403": (error("403 Forbidden"), "auth", False, True),
    "404": (error("404 Not Found", "model_not_found"), "not_found", False, True),
    "404 page": (raw(b"<html>nothing here</html>", "404 Not Found"), "not_found", False, True),
    "400 context": (error("400 Bad", "context_length_exceeded"), "context_length", True, False),
    "400 context in words": (error("400 Bad", message=CONTEXT), "context_length", True, False),
    "413": (raw(b"", "413 Too Large"), "context_length", True, False),
    "400 policy": (error("400 Bad", "content_policy_violation"), "content_filter", True, False),
    "400 model": (error("400 Bad", message="Model Not Exist"), "not_found", False, True),
    "400 other": (error("400 Bad", "invalid_value"), "bad_request", True, False),
    "500": (error("500 Internal"), "server_error", False, False),
    "503": (raw(b"busy", "503 Unavailable", retry_after="7"), "server_error", False, False),
    "504": (raw(b"", "504 Gateway Timeout"), "timeout", False, False),
    "slow": (slow(5.0, answer()), "timeout", False, False),
    "reset": (reset, "connection", False, False),
    "half": (half, "connection", False, False),
    "endless": (endless, "bad_reply", False, False),
    "page": (raw(b"<!doctype html><p>Welcome", content_type="text/html"), "bad_reply", False, False),
    "broken json": (raw(b'{"choices": [{"mess'), "bad_reply", False, False),
    "json bomb": (raw(b"[" * 200_000), "bad_reply", False, False),
    "json list": (raw(b"[1, 2]"), "bad_reply", False, False),
    "huge integer": (raw(b'{"choices": ' + b"9" * 10_000 + b"}"), "bad_reply", False, False),
    "empty": (raw(b""), "bad_reply", False, False),
    "bad utf-8": (
        raw(json.dumps(completion("X")).encode().replace(b"X", b"\xff\xfe")),
        "bad_reply",
        False,
        False,
    ),
    "empty choices": (as_json({"choices": [], "usage": {}}), "bad_reply", False, False),
    "null choices": (as_json({"choices": None}), "bad_reply", False, False),
    "choice no object": (as_json({"choices": ["A"]}), "bad_reply", False, False),
    "content a number": (answer(7), "bad_reply", False, False),
    "error with 200": (
        as_json({"error": {"code": 429, "message": "slow down"}}),
        "rate_limited",
        False,
        False,
    ),
    "no finish reason": (answer("The answer is", None), "cut_off", False, False),
    "filtered": (answer("The", "content_filter"), "content_filter", True, False),
    "307": (raw(b"", "307 Temporary", location="http://127.0.0.1:1/v1"), "redirect", False, True),
}


@pytest.fixture
def key(monkeypatch):
    monkeypatch.setenv("HOUSE_KEY", SECRET)


@pytest.mark.parametrize("name", CASES)
def test_a_misbehaving_server_ends_in_the_right_failure(server, key, name):
    reply, kind, is_final, stops_run = CASES[name]
    server.will(reply)
    endpoint = endpoint_at(server.base_url, key_env="HOUSE_KEY")
    response = ask(endpoint, timeout_s=0.5 if name == "slow" else 5.0)[0]
    failure = response.failure
    assert (failure.kind, failure.is_final, failure.stops_run) == (kind, is_final, stops_run)
    assert response.finish is Finish.ERROR
    assert SECRET not in repr(response) and "sk-" not in repr(response)
    assert len(server.received) == 1, "each request is sent once"


def test_no_words_of_the_patient_come_back_in_a_message(server):
    text = "Mrs Miller, born 3 May 1951, has a fever."
    for status in (
        "400 Bad",
        "401 Unauthorized",
        "404 Not Found",
        "422 Unprocessable",
        "429 Many",
        "500 Internal",
    ):
        server.will(error(status, code=text, message=f"cannot read {text}"))
        response = ask(endpoint_at(server.base_url), chat(text=text))[0]
        assert "Miller" not in repr(response.failure)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("0.25", 0.25), ("0", 0.0), ("nonsense", 2.0), ("-5", 2.0), ("inf", 2.0), ("99999999", 86_400.0)],
)
def test_retry_after_is_honoured_within_a_day(server, value, seconds):
    server.will(error("429 Too Many", retry_after=value))
    assert ask(endpoint_at(server.base_url))[0].failure.retry_after_s == seconds


def test_retry_after_may_be_a_date_that_has_passed(server):
    server.will(error("503 Unavailable", retry_after="Wed, 21 Oct 2015 07:28:00 GMT"))
    assert ask(endpoint_at(server.base_url))[0].failure.retry_after_s == 0.0


def test_a_redirect_sends_the_prompt_nowhere(server):
    with running() as other:
        server.will(raw(b"", "307 Temporary Redirect", location=f"{other.base_url}/chat/completions"))
        failure = ask(endpoint_at(server.base_url))[0].failure
        assert failure.kind == "redirect"
        assert other.received == []


def test_a_proxy_in_the_environment_is_not_used(server, monkeypatch):
    with running() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert ask(endpoint_at(server.base_url))[0].text == "Answer: A"
        assert proxy.received == []


def test_nobody_listening_is_a_connection_failure_that_names_the_address():
    port = free_port()
    failure = ask(endpoint_at(f"http://127.0.0.1:{port}/v1"))[0].failure
    assert failure.kind == "connection" and not failure.stops_run
    assert f"127.0.0.1:{port}" in failure.message


def test_a_cut_off_answer_keeps_its_text_and_its_tokens(server):
    server.will(answer("The answer is", None))
    response = ask(endpoint_at(server.base_url))[0]
    assert (response.text, response.tokens_out) == ("The answer is", 4)


def test_a_slow_stream_of_bytes_does_not_outlive_the_time_limit(server):
    server.will(slow(3.0, answer()))
    start = time.monotonic()
    ask(endpoint_at(server.base_url), timeout_s=0.3)
    assert time.monotonic() - start < 1.5


def test_a_reply_without_end_is_not_read_to_its_end(server):
    server.will(endless)
    assert "is far too long" in ask(endpoint_at(server.base_url))[0].failure.message


def test_after_a_failure_that_stops_the_run_nothing_more_is_asked(server):
    server.otherwise = error("401 Unauthorized", "invalid_api_key")
    answers = ask(endpoint_at(server.base_url, in_flight=2), *(chat(n) for n in range(50)))
    assert len(server.received) == len(answers) <= 4


def test_other_requests_wait_while_the_server_wants_quiet(server):
    server.will(error("429 Too Many", retry_after="0.5"))
    ask(endpoint_at(server.base_url, in_flight=1), chat(0), chat(1))
    assert server.received[1].at - server.received[0].at >= 0.5


def test_the_key_is_read_anew_at_every_call_and_shown_by_nothing(server, monkeypatch):
    monkeypatch.setenv("HOUSE_KEY", SECRET)
    with closing(OpenAIModel(endpoint_at(server.base_url, key_env="HOUSE_KEY"), "m")) as model:
        list(model.generate([chat()]))
        monkeypatch.setenv("HOUSE_KEY", "sk-another")
        list(model.generate([chat()]))
        assert SECRET not in repr([model, vars(model), model.endpoint])
    sent = [received.headers["authorization"] for received in server.received]
    assert sent == [f"Bearer {SECRET}", "Bearer sk-another"]


def test_a_key_that_is_not_set_is_said_before_anything_is_pulled(server, monkeypatch):
    monkeypatch.delenv("HOUSE_KEY", raising=False)
    with pytest.raises(EndpointError, match="HOUSE_KEY is not set"):
        ask_all(endpoint_at(server.base_url, key_env="HOUSE_KEY"), iter(never()))
    assert server.received == []


def never():
    raise AssertionError("pulled a request")
    yield


def test_only_needed_headers_leave_the_house(server, monkeypatch):
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-somebody")
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "x-secret: 1")
    ask(endpoint_at(server.base_url))
    names = set(server.received[0].headers)
    assert names == {"host", "accept", "accept-encoding", "content-type", "content-length", "user-agent"}

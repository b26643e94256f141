"""A reply held to a JSON schema: asked for, refused, ignored."""

import json

import pytest
from asking import ask, endpoint_at
from misbehaving_server import answer, as_json, error

from evalcore.types import Part, Prompt, Request

SCHEMA = '{"type":"object","properties":{"verdict":{"type":"boolean"}},"required":["verdict"]}'
REFUSALS = {
    "openai": error("400 Bad Request", "unsupported_parameter", "no response_format here"),
    "in words only": error("400 Bad Request", "", "This response_format type is unavailable now"),
    "bad schema": error("400 Bad Request", "invalid_schema", "Invalid schema for json_schema 'reply'"),
    "validation": as_json(
        {"detail": [{"loc": ["body", "response_format"], "msg": "Extra inputs are not permitted"}]},
        "422 Unprocessable Entity",
    ),
    "not implemented": error("501 Not Implemented", "", "guided decoding is not built in"),
}


def asking(number: int, schema: str = SCHEMA) -> Request:
    return Request(number, Prompt((Part("Grade this.", "user"),), template="t"), schema=schema)


def test_a_schema_is_sent_as_a_strict_response_format(server):
    server.will(answer('{"verdict": true}'))
    response = ask(endpoint_at(server.base_url), asking(0))[0]
    assert server.received[0].body["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "reply", "strict": True, "schema": json.loads(SCHEMA)},
    }
    assert not any("response_format" in note for note in response.notes)


def test_a_request_without_a_schema_names_no_format(server):
    ask(endpoint_at(server.base_url), asking(0, schema=""))
    assert "response_format" not in server.received[0].body


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS.keys())
def test_a_refused_schema_costs_one_try_and_is_noted_from_then_on(server, refusal):
    server.will(refusal, answer('{"verdict": true}'), answer('{"verdict": false}'))
    endpoint = endpoint_at(server.base_url, in_flight=1)
    first = ask(endpoint, asking(0), asking(1), asking(2, schema=""))
    assert first[0].failure.kind == "unsupported_parameter" and not first[0].failure.is_final
    assert "response_format" not in server.received[1].body
    assert "response_format not sent: the endpoint refuses it" in first[1].notes
    assert not any("response_format" in note for note in first[2].notes)


def test_an_error_about_something_else_keeps_the_schema(server):
    server.will(error("400 Bad Request", "bad_value", "temperature out of range"), answer("{}"))
    replies = ask(endpoint_at(server.base_url, in_flight=1), asking(0), asking(1))
    assert replies[0].failure.kind == "bad_request"
    assert "response_format" in server.received[1].body


def test_an_ignored_schema_is_noted(server):
    server.will(answer("I would say 4 of 5."))
    assert (
        "response_format ignored: the reply is not the JSON that was asked for"
        in ask(endpoint_at(server.base_url), asking(0))[0].notes
    )


def test_thinking_before_the_object_is_no_ignored_schema(server):
    server.will(answer('{"verdict": true}', reasoning_content="It is right."))
    response = ask(endpoint_at(server.base_url), asking(0))[0]
    assert not any("response_format" in note for note in response.notes)

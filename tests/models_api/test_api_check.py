"""What is said of an endpoint before a run."""

import pytest
from asking import SECRET, endpoint_at
from misbehaving_server import answer, as_json, error, raw
from servers import free_port

from evalcore.models.openai import check, reach

LIST = as_json({"object": "list", "data": [{"id": "m"}, {"id": "m-large"}]})


def test_a_listed_model_is_fine_and_nothing_is_asked_of_it(server):
    server.will(LIST)
    found = check(endpoint_at(server.base_url), "m")
    assert (found.ok, found.model, found.problems) == (True, "api:house/m", ())
    assert [received.path for received in server.received] == ["/v1/models"]


def test_a_model_that_is_not_listed_is_named_with_the_nearest(server):
    server.will(LIST)
    found = check(endpoint_at(server.base_url), "m-larg")
    assert found.ok and "m-larg is not in its list of 2 models. Near: m-large" in found.problems[0]


def test_a_list_that_fails_is_tolerated_and_said(server):
    server.will(error("500 Internal"))
    found = check(endpoint_at(server.base_url), "m")
    assert found.ok and "(500)" in found.problems[0]


@pytest.mark.parametrize(
    ("reply", "word"),
    [
        (error("401 Unauthorized", message=SECRET), "not accepted"),
        (raw(b"<html>Welcome</html>", content_type="text/html"), "web page"),
        (raw(b"", "301 Moved", location="https://elsewhere/v1"), "redirect"),
    ],
)
def test_what_makes_an_endpoint_useless_is_said(server, monkeypatch, reply, word):
    monkeypatch.setenv("HOUSE_KEY", SECRET)
    server.will(reply)
    found = check(endpoint_at(server.base_url, key_env="HOUSE_KEY"), "m")
    assert not found.ok and word in found.problems[0] and SECRET not in repr(found)


def test_a_missing_key_is_said_without_asking_anybody(server, monkeypatch):
    monkeypatch.delenv("HOUSE_KEY", raising=False)
    found = check(endpoint_at(server.base_url, key_env="HOUSE_KEY"), "m", load=True)
    assert not found.ok and "HOUSE_KEY is not set" in found.problems[0]
    assert server.received == []


def test_an_endpoint_that_is_down_is_said_and_one_of_two_is_a_remark(server):
    down = f"http://127.0.0.1:{free_port()}/v1"
    assert not check(endpoint_at(down), "m").ok
    server.will(LIST)
    found = check(endpoint_at(down, server.base_url), "m")
    assert found.ok and "cannot be reached" in found.problems[0]


def test_load_asks_for_a_few_tokens_and_whether_it_can_rank(server):
    refusal = {"error": {"message": "no", "code": "unsupported_value", "param": "temperature"}}
    server.will(LIST, as_json(refusal, "400 Bad"), answer("hello"), error("404 Not Found"))
    found = check(endpoint_at(server.base_url), "m", load=True)
    assert found.ok
    assert found.problems[0] == "temperature not sent: the endpoint refuses it"
    assert "cannot rank options" in found.problems[1] and "house answered 404" in found.problems[1]
    assert found.ranks is False


def test_load_says_when_the_model_does_not_answer(server):
    server.will(LIST, error("404 Not Found", "model_not_found"))
    found = check(endpoint_at(server.base_url), "m", load=True)
    assert not found.ok and "no such model" in found.problems[0]


def test_reaching_names_each_servers_models_and_asks_nothing_of_them(server):
    down = f"http://127.0.0.1:{free_port()}/v1"
    server.will(LIST)
    up, lost = reach(endpoint_at(server.base_url, down))
    assert (up.is_up, up.problem, up.models, up.listed) == (True, "", ("m", "m-large"), 2)
    assert not lost.is_up and "cannot be reached" in lost.problem
    assert [received.path for received in server.received] == ["/v1/models"]


def test_a_server_without_a_list_is_up_and_says_so(server):
    server.will(error("404 Not Found"))
    (found,) = reach(endpoint_at(server.base_url))
    assert found.is_up and "does not list its models" in found.problem


def test_a_list_that_is_no_list_names_no_models(server):
    server.will(as_json({"data": 7}))
    (found,) = reach(endpoint_at(server.base_url))
    assert (found.is_up, found.models) == (True, ())

"""An endpoint that tells log-probabilities, from its check to figures that are the local model's own."""

from pathlib import Path

from logprobs_server import serving

STRONG = Path(__file__).parents[2] / "evalcore/demo/models/strong"
ASKED = ("--tasks", "demo/en_choice", "--limit", "6", "--ask", "rank", "--json")


def test_after_its_check_an_endpoint_ranks_as_the_local_model_does(house):
    here = house.do("run", "--model", "demo:strong", *ASKED)
    with serving(STRONG) as server:
        house.add_endpoint(server.base_url)
        early = house.do("run", "--model", "api:house/echo", *ASKED)
        assert early.code == 2 and "check api:house/echo --load" in early.err
        found = house.do("check", "api:house/echo", "--load", "--json")
        assert (found.code, found.json["ranks"], found.json["problems"]) == (0, True, [])
        there = house.do("run", "--model", "api:house/echo", *ASKED)
    assert (there.code, there.json["status"], there.json["items"]) == (0, "finished", 6)
    figures = [one.json["tasks"]["demo/en_choice"]["metrics"] for one in (here, there)]
    assert figures[0] == figures[1] and figures[0]["acc_norm"]["n"] == 6
    assert there.json["tokens_out"] >= 6 * 4  # a token for each option


def test_an_endpoint_that_has_lost_the_ability_pauses_the_run_and_says_why(house):
    with serving(STRONG) as server:
        house.add_endpoint(server.base_url)
        assert house.do("check", "api:house/echo", "--load").code == 0
        server.behaves = "ignores"
        said = house.do("run", "--model", "api:house/echo", *ASKED)
    assert said.code == 3 and "cannot rank options" in said.err

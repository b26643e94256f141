"""Whether an endpoint can rank is said where a model is chosen, and goes into the plan at once."""

from reference import opened, words

from evalcore import registry, runs
from evalcore.models import Check
from evalcore.types import Endpoint

HOUSE = Endpoint("house", ("http://10.0.0.7/v1",), is_local=True)
NAME = "api:house/m"
LINK = {"model": NAME, "task": "demo/fr", "ask": "rank", "n": "2"}


def start_is_shut(app) -> bool:
    return next(button for button in app.button if button.label == "Start").disabled


def test_launch_ranks_through_an_endpoint_once_a_check_has_found_that_it_can(store):
    registry.add_endpoint(store, HOUSE)
    before = opened("launch", **LINK)
    assert "Whether it can rank options is not known" in words(before) and start_is_shut(before)
    runs.keep_check(store, HOUSE, Check(True, NAME, ranks=True))
    after = before.run()
    assert "It can rank options" in words(after) and not start_is_shut(after)
    assert not after.exception


def test_a_models_page_says_that_it_cannot_rank(store):
    registry.add_endpoint(store, HOUSE)
    runs.keep_check(store, HOUSE, Check(True, NAME, ranks=False))
    app = opened("models", model=NAME)
    assert "It cannot rank options" in words(app)
    assert not app.exception

"""How a model behind an endpoint is asked goes by what its last check found."""

import pytest

from evalcore import registry, runs
from evalcore.errors import UsageError
from evalcore.models import Check
from evalcore.runs import RunSpec
from evalcore.store import Store
from evalcore.types import Endpoint, Way

HOUSE = Endpoint("house", ("http://10.0.0.7/v1",), price_in=1.0, price_out=1.0, is_local=True)
NAME = "api:house/m"


@pytest.fixture
def house(store: Store) -> Store:
    registry.add_endpoint(store, HOUSE)
    return store


def spec(**more) -> RunSpec:
    return RunSpec(NAME, ("demo/fr", "demo/en_open"), **more)


def ways(store: Store, **more) -> list[Way]:
    return [way for _, way in runs.plan(store, spec(**more)).tasks]


def found(store: Store, ranks: bool | None, endpoint: Endpoint = HOUSE) -> None:
    runs.keep_check(store, endpoint, Check(True, NAME, ranks=ranks))


def test_unchecked_it_writes_and_ranking_names_the_check(house):
    assert ways(house) == [Way.GENERATE, Way.GENERATE]
    with pytest.raises(UsageError, match=r"demo/fr cannot be asked by rank.*check api:house/m --load"):
        ways(house, ask="rank")


def test_once_found_able_choice_tasks_are_ranked_and_texts_written(house):
    found(house, True)
    assert ways(house) == [Way.RANK, Way.GENERATE]
    assert ways(house, ask="generate") == [Way.GENERATE, Way.GENERATE]


def test_found_unable_ranking_is_refused(house):
    found(house, True)
    found(house, False)
    assert ways(house) == [Way.GENERATE, Way.GENERATE]
    with pytest.raises(UsageError, match="the endpoint gives no log-likelihoods"):
        ways(house, ask="rank")


def test_a_check_that_could_not_look_changes_nothing(house):
    found(house, True)
    found(house, None)
    assert runs.can_rank(house, NAME, HOUSE) is True


def test_with_other_servers_it_is_unknown_again(house):
    found(house, True)
    moved = Endpoint("house", ("http://10.0.0.8/v1",), is_local=True)
    assert runs.can_rank(house, NAME, moved) is None
    assert runs.can_rank(house, "api:house/other", HOUSE) is None


def test_in_chat_form_it_writes_and_ranking_says_what_to_do(house):
    found(house, True)
    assert ways(house, chat="on") == [Way.GENERATE, Way.GENERATE]
    with pytest.raises(UsageError, match="--chat off"):
        ways(house, ask="rank", chat="on")


def test_the_estimate_counts_the_question_once_for_each_option(house):
    found(house, True)
    ranked = runs.estimate(runs.plan(house, RunSpec(NAME, ("demo/fr",)), 10))
    here = runs.estimate(runs.plan(house, RunSpec("demo:strong", ("demo/fr",), ask="rank"), 10))
    assert ranked.tokens_in == pytest.approx(5 * here.tokens_in, rel=0.01)  # five options
    assert (ranked.tokens_out_most, here.tokens_out_most) == (6 * 5, 0)
    assert ranked.cost_usd_most == pytest.approx((ranked.tokens_in + 30) / 1e6)


def test_a_run_grows_in_the_way_it_was_asked_whatever_is_found_since(house):
    code = runs.start(house, RunSpec(NAME, ("demo/fr",)), limit=2)
    found(house, True)
    runs.extend(house, code, 5)
    assert runs.sizes(house, code)["demo/fr"][0] == 5

"""Two runs at once: the short one does not wait for the long one."""

from kills import add_endpoint, bought, count, invented_task, plan_run, start_worker
from misbehaving_server import Server, answer, slow

from evalcore.store import Store
from evalcore.store.schema import WorkState


def test_a_short_run_is_through_long_before_the_long_one(store: Store, server: Server) -> None:
    server.otherwise = slow(0.02, answer())
    add_endpoint(store, server, in_flight=8)
    plan_run(store, invented_task(400, "long"))
    plan_run(store, invented_task(40, "short"))
    assert start_worker(store).wait(timeout=120) == 0
    assert count(store, WorkState.DONE) == 440
    asked = [request.body["messages"][-1]["content"] for request in server.received]
    last_of_short = max(place for place, text in enumerate(asked) if "short question" in text)
    assert last_of_short < 150
    assert max(bought(server).values()) == 1

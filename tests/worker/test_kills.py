"""A worker killed with -9 in the middle of a run, then a new one: the soak does the same for longer."""

from kills import survive
from misbehaving_server import Server, answer, slow

from evalcore.store import Store


def test_a_run_survives_three_killings_with_every_item_answered_once(store: Store, server: Server) -> None:
    server.otherwise = slow(0.02, answer())
    survive(store, server, items=600, kills=3, in_flight=8)

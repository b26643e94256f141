"""By hand: `python -m pytest tests/soak`. Twenty killings in a run of 2,000 items, on both databases."""

from kills import survive
from misbehaving_server import Server, answer, slow

from evalcore.store import Store


def test_a_run_survives_twenty_killings_with_every_item_answered_once(store: Store, server: Server) -> None:
    server.otherwise = slow(0.02, answer())
    survive(store, server, items=2000, kills=20, in_flight=8)

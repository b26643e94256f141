"""An endpoint is edited while a worker is warm: the next call already goes where it says now."""

import threading
import time

from kills import add_endpoint, count, invented_task, plan_run
from misbehaving_server import Server, answer, running

from evalcore.store import Store
from evalcore.store.schema import WorkState
from evalcore.worker.loop import Worker


def ask(store: Store, name: str, done: int) -> None:
    plan_run(store, invented_task(3, name))
    ends = time.monotonic() + 30
    while count(store, WorkState.DONE) < done and time.monotonic() < ends:
        time.sleep(0.02)


def test_a_warm_worker_asks_where_the_endpoint_points_now(sqlite_url: str, server: Server) -> None:
    store = Store(sqlite_url)
    worker = Worker(store)
    thread = threading.Thread(target=worker.run)
    with running() as other:
        server.otherwise = other.otherwise = answer()
        thread.start()
        add_endpoint(store, server)
        ask(store, "first", 3)
        add_endpoint(store, other)
        ask(store, "second", 6)
        worker.stop()
        thread.join()
        assert (len(server.received), len(other.received)) == (3, 3)
    store.close()

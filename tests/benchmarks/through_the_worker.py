"""By hand: `python tests/benchmarks/through_the_worker.py`. What the whole path costs beside
an ideal client.

1,000 questions at 64 in flight, a server with 0.2 s latency: the time with claims, commits and scores.
"""

import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [
    str(Path(__file__).parents[2]),
    str(Path(__file__).parents[1]),
    str(Path(__file__).parents[1] / "worker"),
]

from kills import add_endpoint, count, invented_task, plan_run  # noqa: E402
from misbehaving_server import answer, running, slow  # noqa: E402

from evalcore.store import Store  # noqa: E402
from evalcore.store.schema import WorkState  # noqa: E402
from evalcore.worker.loop import Worker  # noqa: E402

ITEMS, IN_FLIGHT, LATENCY_S = 1000, 64, 0.2


def main() -> None:
    ideal_s = ITEMS / IN_FLIGHT * LATENCY_S
    with tempfile.TemporaryDirectory() as folder, running() as server:
        server.otherwise = slow(LATENCY_S, answer())
        store = Store(f"sqlite:///{folder}/rounds.db")
        add_endpoint(store, server, in_flight=IN_FLIGHT)
        plan_run(store, invented_task(10, "warm"))
        Worker(store, once=True).run()
        plan_run(store, invented_task(ITEMS))
        start, start_cpu = time.perf_counter(), time.process_time()
        Worker(store, once=True).run()
        seconds = time.perf_counter() - start
        cpu = time.process_time() - start_cpu
        done = count(store, WorkState.DONE)
    ratio = seconds / ideal_s
    print(f"{done} answers in {seconds:.2f} s, ratio to the ideal {ratio:.2f}; CPU {cpu:.2f} s")  # noqa: T201


if __name__ == "__main__":
    main()

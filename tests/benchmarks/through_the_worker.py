"""By hand: `python tests/benchmarks/through_the_worker.py [questions|judge]`. What the whole path costs.

1,000 questions, or 1,002 criteria of a judge, at 64 in flight, against a server of its own process with 0.2 s
latency, while the run's page is open in Chromium. Claims, attempts, commits and scores on SQLite. The ratio
is to an ideal client that only waits; commits are the waits for an answer's own.
"""

import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from browser import READY, start, stop  # noqa: E402
from kills import count, invented_task, invented_text, plan_run  # noqa: E402
from paint import opened  # noqa: E402
from playwright.sync_api import Page  # noqa: E402

from evalcore import runs  # noqa: E402
from evalcore.store import Store, registry  # noqa: E402
from evalcore.store.schema import WorkState  # noqa: E402
from evalcore.worker.desk import Desk, Result  # noqa: E402
from evalcore.worker.loop import Worker  # noqa: E402

ITEMS, IN_FLIGHT, LATENCY_S = 1000, 64, 0.2
SERVER = """
import asyncio, sys
from judge_server import JudgeServer
async def serve():
    listener = await asyncio.start_server(JudgeServer().serve, "127.0.0.1", 0, backlog=1024)
    print(listener.sockets[0].getsockname()[1], flush=True)
    async with listener:
        await listener.serve_forever()
asyncio.run(serve())
"""


@contextmanager
def process(program: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    environment = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    command = [sys.executable, "-c", program, *arguments]
    running = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        yield running
    finally:
        running.kill()
        running.wait()


@contextmanager
def watched(home: Path, code: str) -> Iterator[Page]:
    """The run's page, open and following it."""
    server, app = start(home, home / "server.log")
    try:
        with opened() as page:
            page.goto(f"{app.url}/live?run={code}")
            page.wait_for_function(READY, timeout=60_000)
            yield page
    finally:
        stop(server, home)


@contextmanager
def timed_commits() -> Iterator[list[float]]:
    """Milliseconds of each commit of answers, from handing them to the store until they are safe."""
    found: list[float] = []
    keep = Desk._keep

    def timed(desk: Desk, group: Sequence[Result]) -> None:
        started = time.perf_counter()
        keep(desk, group)
        found.append(1000 * (time.perf_counter() - started))

    Desk._keep = timed  # type: ignore[method-assign]
    try:
        yield found
    finally:
        Desk._keep = keep  # type: ignore[method-assign]


def main() -> None:
    what = sys.argv[1] if len(sys.argv) > 1 else "questions"
    with tempfile.TemporaryDirectory() as folder, process(SERVER) as server:
        store = Store(f"sqlite:///{folder}/rounds.db")
        port = server.stdout.readline().strip() if server.stdout else ""
        _add_endpoint(store, f"http://127.0.0.1:{port}/v1")
        plan_run(store, invented_task(10, "warm"), "api:slow/judge-honest")
        Worker(store, once=True).run()
        code, asked = _judged(store) if what == "judge" else _questions(store)
        before = count(store, WorkState.DONE)
        worker = Worker(store, once=True)  # signed in: the app starts none of its own
        with watched(Path(folder), code) as page, timed_commits() as commits:
            began, cpu_before = time.perf_counter(), time.process_time()
            worker.run()
            seconds, cpu = time.perf_counter() - began, time.process_time() - cpu_before
            page.get_by_text("Finished").first.wait_for()
        with store.read() as transaction:
            if registry.running_workers(transaction):
                raise RuntimeError("another worker helped: the figure is not that of one")
        done = count(store, WorkState.DONE) - before
    ratio = seconds / (math.ceil(asked / IN_FLIGHT) * LATENCY_S)
    late = statistics.quantiles(commits, n=20)[-1]
    print(  # noqa: T201
        f"{what}: {done} of {asked} in {seconds:.2f} s, ratio {ratio:.2f}; CPU {cpu:.2f} s; commits "
        f"{statistics.median(commits):.0f} ms median, {late:.0f} ms p95, {max(commits):.0f} ms at most"
    )


def _questions(store: Store) -> tuple[str, int]:
    return plan_run(store, invented_task(ITEMS), f"api:slow/judge-honest@{LATENCY_S}"), ITEMS


def _judged(store: Store) -> tuple[str, int]:
    """Three criteria of each of 334 answers that are there already."""
    run = plan_run(store, invented_text(334), "api:slow/judge-honest")
    Worker(store, once=True).run()
    model = f"api:slow/judge-honest@{LATENCY_S}"
    spec = runs.JudgeSpec(model=model, run=run, rubric="mmedbench", again=0.0)
    planned = runs.plan_judging(store, spec)
    return runs.begin_judging(store, planned), planned.cells


def _add_endpoint(store: Store, base_url: str) -> None:
    row = {"name": "slow", "base_urls": [base_url], "key_env": "", "rpm": 0, "tpm": 0, "is_local": True}
    with store.write() as transaction:
        registry.put_endpoint(
            transaction, row | {"in_flight": IN_FLIGHT, "price_in": None, "price_out": None}
        )


if __name__ == "__main__":
    main()

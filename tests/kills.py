"""A long run behind a slow server, and workers that are killed in the middle of it."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from misbehaving_server import Server
from sqlalchemy import func, select

from evalcore import models, runs
from evalcore.runs.planning import Plan, begin, endpoint_of
from evalcore.store import Store, registry
from evalcore.store.schema import WorkState, records, responses, work
from evalcore.types import Entry, Item, Key, Kind, LoadedTask, Option, Source, Task, Way

ROOT = Path(__file__).parents[1]
OPTIONS = (Option("A", "first"), Option("B", "second"))


def invented_task(items: int, name: str = "invented") -> LoadedTask:
    """Questions that differ in a number, so that each request says which item it is."""
    task = Task(
        id=f"mine/{name}",
        benchmark="mine",
        title=name,
        kind=Kind.CHOICE,
        language="en",
        metrics=("acc",),
        source=Source(),
        licence="none",
    )
    key = Key((("A",),), "mine")
    entries = (Entry(str(n), Item(f"{name} question number {n}?", OPTIONS), key) for n in range(items))
    return LoadedTask(task, tuple(entries))


def invented_text(items: int, name: str = "invented_text") -> LoadedTask:
    """Open questions with a reference, for judges."""
    task = Task(f"mine/{name}", "mine", name, Kind.TEXT, "en", ("rougeL",), Source(), "none")
    entries = (
        Entry(str(n), Item(f"{name} question number {n}?"), Key(((f"reference answer number {n}",),), "mine"))
        for n in range(items)
    )
    return LoadedTask(task, tuple(entries))


def add_endpoint(
    store: Store,
    server: Server,
    *,
    name: str = "slow",
    in_flight: int = 8,
    price_in: float | None = None,
    price_out: float | None = None,
) -> None:
    row = {
        "name": name,
        "base_urls": [server.base_url],
        "key_env": "",
        "rpm": 0,
        "tpm": 0,
        "in_flight": in_flight,
        "price_in": price_in,
        "price_out": price_out,
        "is_local": True,
    }
    with store.write() as transaction:
        registry.put_endpoint(transaction, row)


def plan_run(store: Store, loaded: LoadedTask, model: str = "api:slow/m", *, name: str = "") -> str:
    """Plans a run over a task that no benchmark file declares."""
    spec = runs.RunSpec(model=model, tasks=(loaded.task.id,), ask="generate")
    endpoint = endpoint_of(store, model)
    identity = models.identify(model)
    planned = Plan(spec, identity, models.Check(True, model), endpoint, ((loaded, Way.GENERATE),), None)
    return begin(store, planned, name=name)


def start_worker(store: Store, *, once: bool = True) -> subprocess.Popen[bytes]:
    program = (
        "from evalcore.store import Store; from evalcore.worker.loop import Worker; "
        f"Worker(Store(), once={once}).run()"
    )
    environment = os.environ | {"ROUNDS_DATABASE_URL": store.url, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-c", program], env=environment)


def count(store: Store, state: int | None = None) -> int:
    query = select(func.count()).select_from(work)
    if state is not None:
        query = query.where(work.c.state == state)
    with store.read() as transaction:
        return int(transaction.execute(query).scalar_one())


def kill_after(worker: subprocess.Popen[bytes], store: Store, answers: int, *, within_s: float = 60) -> None:
    """Kills with -9 as soon as so many items are done."""
    ends = time.monotonic() + within_s
    while count(store, WorkState.DONE) < answers and time.monotonic() < ends and worker.poll() is None:
        time.sleep(0.01)
    worker.send_signal(signal.SIGKILL)
    worker.wait()


def bought(server: Server) -> Counter[str]:
    """How often each question reached the server."""
    return Counter(request.body["messages"][-1]["content"] for request in server.received)


def survive(store: Store, server: Server, *, items: int, kills: int, in_flight: int, seed: int = 0) -> None:
    """Runs `items` questions through `kills` killings, then checks that none is missing, double or lost."""
    add_endpoint(store, server, in_flight=in_flight)
    plan_run(store, invented_task(items))
    places = sorted(random.Random(seed).sample(range(items // 20, items - items // 20), kills))
    for place in places:
        kill_after(start_worker(store), store, place)
    assert start_worker(store).wait(timeout=300) == 0
    with store.read() as transaction:
        answered = transaction.execute(select(func.count(func.distinct(responses.c.work_id)))).scalar_one()
        total = transaction.execute(select(func.count()).select_from(responses)).scalar_one()
        seen = transaction.execute(select(func.count()).select_from(records)).scalar_one()
    assert (answered, total, seen) == (items, items, items)
    assert count(store, WorkState.DONE) == items
    asked = bought(server)
    assert len(asked) == items
    assert sum(asked.values()) - items <= kills * in_flight

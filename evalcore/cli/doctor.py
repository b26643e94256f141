"""`doctor`: what is here, what works, what is missing; `--repair` makes good what a crash left behind."""

import os
import platform
import shutil
import time
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import evalcore
from evalcore import benchmarks, data, models, runs
from evalcore.cli.endpoints import described, key_words
from evalcore.cli.opening import open_store
from evalcore.cli.output import show
from evalcore.errors import StoreError
from evalcore.models import machine
from evalcore.runs.scoring import score_waiting
from evalcore.store import Store, health, home, registry, work
from evalcore.worker.alive import dead_workers, is_running

PACKAGES = (
    "torch", "transformers", "tokenizers", "safetensors", "accelerate", "bitsandbytes", "peft", "datasets",
    "openai", "streamlit", "altair", "pandas", "SQLAlchemy", "alembic", "psycopg",
)  # fmt: skip
GB = 1e9


def doctor(arguments: Namespace) -> int:
    """Exit 2 where the database cannot be used or is not sound; what is merely absent is only said."""
    found = _here()
    try:
        store = open_store(arguments)
    except StoreError as error:
        found |= {"database": None, "problems": [str(error)]}
        show(arguments, found, lambda: _lines(found))
        return 2
    if arguments.repair:
        found["repaired"] = _repair(store)
    found |= _stored(store)
    found["problems"] = list(_problems(found))
    show(arguments, found, lambda: _lines(found))
    return 2 if found["database"]["faults"] else 0


def _here() -> dict[str, Any]:
    """What needs no database. The GPU is asked through its driver: torch would take seconds to import."""
    return {
        "rounds": evalcore.__version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {name: _installed(name) for name in PACKAGES},
        "home": str(home().resolve()),
        "disk_free_gb": round(shutil.disk_usage(home()).free / GB, 1),
        "memory_free_gb": round(machine.main_memory() / GB, 1),
        "gpu": {"memory_gb": [round(size / GB, 1) for size in machine.gpu_memory()]},
        "models": list(models.demo_names()),
        "data": _data(),
    }


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _data() -> dict[str, Any]:
    folders = [{"folder": str(folder), "is_there": folder.is_dir()} for folder in data.data_dirs()]
    sources = Counter(benchmarks.where(task) for task in benchmarks.tasks().values())
    return {
        "folders": folders,
        "tasks": dict(sources),
        "offline": os.environ.get("HF_HUB_OFFLINE", "") == "1",
    }


def _stored(store: Store) -> dict[str, Any]:
    with store.read() as transaction:
        database = health.health(transaction)
        workers = registry.running_workers(transaction)
    url = store.engine.url.render_as_string(hide_password=True)
    return {
        "database": {"url": url, **asdict(database)},
        "workers": [_worker(row) for row in workers],
        "endpoints": [described(endpoint) for endpoint in runs.endpoints(store)],
    }


def _worker(row: registry.WorkerRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "host": row.host,
        "pid": row.pid,
        "is_alive": row.is_alive and is_running(row),
        "heartbeat_s_ago": round(time.time() - row.heartbeat, 1),
        "doing": row.doing,
    }


def _problems(found: dict[str, Any]) -> Iterator[str]:
    database = found["database"]
    yield from (f"The database is damaged: {fault}. Restore a backup." for fault in database["faults"][:5])
    if database["advice"]:
        yield database["advice"]
    if not any(worker["is_alive"] for worker in found["workers"]):
        yield "No worker is running: the app starts one, or: python -m evalcore worker"
    if not found["models"]:
        yield "The bundled demo models are not here."
    for folder in found["data"]["folders"]:
        if not folder["is_there"]:
            yield f"ROUNDS_DATA_DIR names {folder['folder']}, which is not a folder."
    yield from (
        f"The package {name} is not installed." for name, has in found["packages"].items() if has is None
    )


def _repair(store: Store) -> dict[str, int]:
    """Safe beside running workers: leases of living ones are left alone."""
    with store.write() as transaction:
        freed = work.take_back(transaction, dead_workers(registry.running_workers(transaction)))
        remade = health.remake_records(transaction)
    with store.read() as transaction:
        unread = work.runs_with_unread(transaction)
    scored = sum(score_waiting(store, run_id) for run_id in unread)
    with store.write() as transaction:
        health.recount(transaction)
    return {"leases_taken_back": freed, "answers_scored": scored, "missing_recorded": remade.missing}


def _lines(found: dict[str, Any]) -> Iterator[str]:
    yield f"Rounds {found['rounds']}, Python {found['python']}, {found['platform']}"
    yield "Packages: " + ", ".join(f"{name} {has or 'absent'}" for name, has in found["packages"].items())
    yield f"Home: {found['home']} ({found['disk_free_gb']} GB free)"
    yield f"Memory free: {found['memory_free_gb']} GB"
    yield f"GPU memory: {', '.join(f'{gb} GB' for gb in found['gpu']['memory_gb']) or 'no usable GPU'}"
    yield f"Models: {', '.join(found['models']) or 'none bundled'}"
    yield "Tasks: " + ", ".join(f"{count} {source}" for source, count in found["data"]["tasks"].items())
    if found.get("database"):
        yield from _stored_lines(found)
    yield from (f"! {problem}" for problem in found["problems"])


def _stored_lines(found: dict[str, Any]) -> Iterator[str]:
    database = found["database"]
    state = "damaged" if database["faults"] else "sound"
    versions = f"{database['kind']} {database['server']}, schema {database['schema']}"
    yield f"Database: {database['url']}, {versions}, {state}"
    for worker in found["workers"]:
        state = worker["doing"] or "idle" if worker["is_alive"] else "dead"
        yield f"Worker {worker['id']}: {worker['host']} process {worker['pid']}, {state}"
    yield from (f"Endpoint {one['name']}: key {key_words(one)}" for one in found["endpoints"])
    if "repaired" in found:
        yield "Repaired: " + ", ".join(
            f"{name.replace('_', ' ')} {n}" for name, n in found["repaired"].items()
        )

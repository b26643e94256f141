"""What can be asked, and of whom: `tasks`, `models`, `check`."""

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from evalcore import benchmarks, data
from evalcore import models as backends
from evalcore.cli.opening import open_store
from evalcore.cli.output import show, table, tell
from evalcore.errors import DataError
from evalcore.types import Task

NOTES = {
    "bundled": "bundled; knows only the demo and must not be believed",
    "registered": "registered",
    "asked": "asked before",
}


def tasks(arguments: Namespace) -> int:
    """Only data at hand are counted: listing fetches nothing from the hub."""
    found = [_task(task) for task in benchmarks.tasks().values()]
    show(arguments, found, lambda: _task_lines(found))
    return 0


def _task(task: Task) -> dict[str, Any]:
    source = benchmarks.where(task)
    version, items = _counted(task, source)
    return {
        "id": task.id,
        "version": version,
        "benchmark": task.benchmark,
        "title": task.title,
        "kind": str(task.kind),
        "language": task.language,
        "items": items,
        "fewshot_pool": _has_pool(task, source),
        "licence": task.licence,
        "patient_text": task.patient_text,
        "credentialed": task.credentialed,
        "metrics": list(task.metrics),
        "source": source,
    }


def _counted(task: Task, source: str) -> tuple[str | None, int | None]:
    """(version, items); (None, None) where the data are not on this machine, or cannot be read."""
    if source not in ("bundled", "local"):
        return None, None
    try:
        loaded = benchmarks.load(task.id, with_examples=False)
    except DataError as error:
        tell(error)
        return None, None
    return loaded.version, len(loaded.entries)


def _has_pool(task: Task, source: str) -> bool:
    split = task.source.fewshot_split
    return bool(split) and (source != "local" or bool(data.local_files(task.source, split)))


def _task_lines(found: list[dict[str, Any]]) -> list[str]:
    head = ("TASK", "ITEMS", "KIND", "LANGUAGE", "DATA", "LICENCE", "TITLE")
    rows = [
        [t["id"], "-" if t["items"] is None else t["items"]]
        + [t[name] for name in ("kind", "language", "source", "licence", "title")]
        for t in found
    ]
    return table(head, rows)


def models(arguments: Namespace) -> int:
    found = list(_models(arguments))
    show(arguments, found, lambda: _model_lines(found))
    return 0


def _models(arguments: Namespace) -> Iterator[dict[str, Any]]:
    from evalcore import registry

    for model in registry.models_listing(open_store(arguments)):
        yield {
            "name": model.name,
            "kind": model.kind,
            "parameters": model.parameters,
            "precision": model.precision,
            "tuning": "full" if model.origin == "bundled" else "unknown",
            "note": NOTES[model.origin],
        }


def _model_lines(found: list[dict[str, Any]]) -> list[str]:
    head = ("MODEL", "PARAMETERS", "PRECISION", "TUNING", "NOTE")
    return table(
        head, [[model[name.lower() if name != "MODEL" else "name"] for name in head] for model in found]
    )


def check(arguments: Namespace) -> int:
    """Exit 2 where the model cannot be used; the document says why."""
    from evalcore import runs

    store = open_store(arguments) if backends.parse(arguments.model).kind == "api" else None
    endpoint = runs.endpoint_of(store, arguments.model) if store else None
    found = backends.check(arguments.model, arguments.precision, load=arguments.load, endpoint=endpoint)
    if store:
        runs.keep_check(store, endpoint, found)
    document = {name: value for name, value in asdict(found).items() if name != "ranks" or endpoint}
    show(arguments, document, lambda: _check_lines(found))
    return 0 if found.ok else 2


def _check_lines(found: backends.Check) -> Iterator[str]:
    size = f"{found.parameters:,} parameters" if found.parameters else "size unknown"
    memory = f"about {found.memory_gb} GB" if found.memory_gb is not None else "memory unknown"
    verdict = "can be used" if found.ok else "cannot be used"
    yield f"{found.model}: {verdict}. {found.architecture or 'Architecture unknown'}, {size}, {memory}."
    if found.revision:
        yield f"Revision {found.revision}, precision {found.precision}."
    if found.ranks:
        yield "It can rank options: run ... --ask rank."
    yield from (f"- {problem}" for problem in found.problems)

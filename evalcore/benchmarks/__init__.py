"""The folder is the registry: every module here that has BENCHMARK and load(task) is one benchmark.

A new benchmark is one new file. Where its tasks are what people bring, it has benchmark() instead. It may
add examples(task), its few-shot pool, and where(task). The room reads rows through `evalcore.data` and turns
them into items and keys; it knows no model, no wording and no score.
"""

import difflib
import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cache
from types import ModuleType

from evalcore import data
from evalcore.errors import DataError, UsageError
from evalcore.types import Benchmark, LoadedTask, Task

LEADERBOARD = (
    "medmcqa",
    "medqa_4options",
    "mmlu_anatomy",
    "mmlu_clinical_knowledge",
    "mmlu_college_biology",
    "mmlu_college_medicine",
    "mmlu_medical_genetics",
    "mmlu_professional_medicine",
    "pubmedqa",
)
"""The nine tasks of the Open Medical-LLM Leaderboard in its order; its average is their unweighted mean."""


def benchmarks() -> tuple[Benchmark, ...]:
    """Every benchmark of this folder, by file name."""
    return tuple(_benchmark(module) for module in _modules())


def tasks() -> dict[str, Task]:
    """Every task by id, in the benchmarks' order."""
    return {task.id: task for benchmark in benchmarks() for task in benchmark.tasks}


def select(patterns: Sequence[str]) -> tuple[Task, ...]:
    """Tasks named by ids or globs, in the order asked for, each once. UsageError offers the nearest names.

    A glob means those that it fits and whose data can be had, unless that is none (see `left_out`).
    """
    known = tasks()
    found: dict[str, Task] = {}
    for pattern in patterns:
        matching = _matching(pattern, known)
        missing = _missing(pattern, known)
        chosen = [name for name in matching if name not in missing] or matching
        found.update((name, known[name]) for name in chosen if name not in found)
    if not found:
        raise UsageError(
            "No task was named. Name one, for example medqa_4options, or a glob such as 'mmlu_*'."
        )
    return tuple(found.values())


def left_out(patterns: Sequence[str]) -> tuple[str, ...]:
    """Tasks that the globs fit and `select` leaves out, because their data are missing here."""
    known = tasks()
    chosen = {task.id for task in select(patterns)}
    missing = (name for pattern in patterns for name in _missing(pattern, known))
    return tuple(dict.fromkeys(name for name in missing if name not in chosen))


def _matching(pattern: str, known: Mapping[str, Task]) -> list[str]:
    matching = [name for name in known if fnmatchcase(name, pattern.strip())]
    if not matching:
        raise UsageError(_unknown(pattern, tuple(known)))
    return matching


def _missing(pattern: str, known: Mapping[str, Task]) -> list[str]:
    if pattern.strip() in known:  # an id: asked for by name, its load tells what is missing
        return []
    return [name for name in _matching(pattern, known) if where(known[name]) == "missing"]


def load(task_id: str, *, with_examples: bool = True) -> LoadedTask:
    """A task with its items, keys and few-shot pool, checked; reads files, or the hub.

    with_examples: False leaves the pool unread (MedMCQA's has 182,822 items); the version stays the same.
    DataError names the item whose gold cannot be resolved, or the file that cannot be read.
    """
    module, task = _find(task_id)
    loaded: LoadedTask = module.load(task)
    _require_unique_ids(loaded)
    if with_examples and hasattr(module, "examples"):
        return replace(loaded, fewshot=module.examples(task))
    return loaded


def where(task: Task) -> str:
    """Where load() would take it from: "bundled", "local", "hub" or "missing"; reads nothing."""
    module, _ = _find(task.id)
    return str(module.where(task)) if hasattr(module, "where") else data.where(task.source)


@cache
def _modules() -> tuple[ModuleType, ...]:
    names = sorted(found.name for found in pkgutil.iter_modules(__path__))
    loaded = (importlib.import_module(f"{__name__}.{name}") for name in names)
    return tuple(module for module in loaded if hasattr(module, "BENCHMARK") or hasattr(module, "benchmark"))


def _benchmark(module: ModuleType) -> Benchmark:
    found: Benchmark = module.benchmark() if hasattr(module, "benchmark") else module.BENCHMARK
    return found


def _find(task_id: str) -> tuple[ModuleType, Task]:
    for module in _modules():
        for task in _benchmark(module).tasks:
            if task.id == task_id:
                return module, task
    raise UsageError(_unknown(task_id, tuple(tasks())))


def _unknown(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name.strip(), known, n=3, cutoff=0.4)
    hint = f"Did you mean {' or '.join(near)}?" if near else "`python -m evalcore tasks` lists all."
    return f"There is no task {name!r}. {hint}"


def _require_unique_ids(loaded: LoadedTask) -> None:
    seen: set[str] = set()
    for entry in loaded.entries:
        if entry.item_id in seen:
            raise DataError(
                f"{loaded.task.id}: the item id {entry.item_id!r} stands twice. Results could not be told "
                f"apart. "
                "The file holds rows twice; fetch the dataset again."
            )
        seen.add(entry.item_id)
    if not loaded.entries:
        raise DataError(f"{loaded.task.id}: the file holds no rows. Fetch the dataset again.")

"""Datasets that people brought: tasks mine/NAME, as `evalcore.datasets` checked and stored them.

Source: $ROUNDS_HOME/datasets/NAME/, its card (kind, language, licence, patient text) and its items with their
gold resolved. A new dataset, a new version or a removal is seen at the next look. A folder that cannot be
read is no task, and hides no other.
"""

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from evalcore import data, metrics
from evalcore.errors import DataError
from evalcore.types import Benchmark, Criterion, Entry, Item, Key, Kind, LoadedTask, Option, Source, Task

CARD, ITEMS = "card.json", "items.jsonl"
METRICS = {
    Kind.CHOICE: ("acc", "acc_norm"),
    Kind.SEVERAL: ("exact_set", "option_f1"),
    Kind.YES_NO_MAYBE: ("acc", "macro_f1"),
    Kind.TEXT: ("rougeL", "bleu1"),
    Kind.LABEL: ("acc", "macro_f1"),
    Kind.LABELS: ("macro_f1", "exact_set"),
    Kind.ENTITIES: ("entity_f1", "entity_precision", "entity_recall"),
    Kind.STRUCTURED: ("key_f1", "key_precision", "key_recall"),
    Kind.RUBRIC: (),
}


def benchmark() -> Benchmark:
    """Looked up often: cards are read again only where a folder is new or another one."""
    folder = data.own_datasets()
    found = (
        tuple(sorted((entry.name, entry.inode()) for entry in os.scandir(folder))) if folder.is_dir() else ()
    )
    return _benchmark(folder, found)


@lru_cache(maxsize=8)
def _benchmark(folder: Path, found: tuple[tuple[str, int], ...]) -> Benchmark:
    names = [name for name, _ in found if not name.startswith(".")]
    tasks = (_task(folder / name) for name in names)
    return Benchmark(
        id="mine",
        title="Own datasets",
        tasks=tuple(task for task in tasks if task),
        citation="A dataset of your own: cite it as its licence asks.",
        average="none: every dataset is its own",
        defects=("Checked for form by Rounds; whether its answers are right, its owner answers for.",),
    )


def _task(folder: Path) -> Task | None:
    try:
        card = data.read_file(folder / CARD)[0]
        kind = Kind(card["kind"])
        return Task(
            id=f"mine/{folder.name}",
            benchmark="mine",
            title=data.text(card["title"]),
            kind=kind,
            language=data.text(card["language"]),
            metrics=tuple(name for name in METRICS[kind] if name in metrics.names(kind)),
            source=Source(split=data.text(card["version"])),
            licence=data.text(card["licence"]),
            size=int(card["items"]),
            patient_text=card["patient_text"] is not False,
            instruction=data.text(card.get("instruction")),
        )
    except (DataError, KeyError, IndexError, ValueError, TypeError):
        return None


def load(task: Task) -> LoadedTask:
    path = data.own_datasets() / task.id.removeprefix("mine/") / ITEMS
    entries = tuple(
        entry(row, f"{task.id} item {number}") for number, row in enumerate(data.read_file(path), 1)
    )
    return LoadedTask(task, entries, source="local")


def where(task: Task) -> str:  # noqa: ARG001 - the registry asks every benchmark alike
    return "local"


def entry(row: data.Row, place: str) -> Entry:
    """One stored line; DataError where somebody changed it by hand."""
    try:
        item = Item(
            row["question"],
            tuple(Option(*option) for option in row["options"]),
            row["context"],
            row["language"],
            turns=tuple((role, text) for role, text in row["turns"]),
            meta=row["meta"],
        )
        gold = tuple(tuple(one) for one in row["gold"])
        key = Key(gold, row["key"], rationale=row["rationale"], rubric=tuple(map(_criterion, row["rubric"])))
        return Entry(row["id"], item, key, row["group"])
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"{place}: the stored line cannot be read. Add the dataset again.") from error


def _criterion(stored: Any) -> Criterion:
    text, points, tags = stored
    return Criterion(text, float(points), tuple(tags))

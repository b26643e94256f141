"""The bundled demo: items written for this project in six languages (Apache-2.0), one file a task.

Source: evalcore/demo/items/*.jsonl, each item with its rationale, source and specialty. A file is a task
named demo/<file>; zh_safety is split by situation, because its situations ask for different forms of
answer. What the demo models were taught to reply stands in the same files and is not read here.
Known limits: small, single-author, and the demo models have seen it: never a measure of a model.
"""

import json
from pathlib import Path
from typing import Any

from evalcore import data
from evalcore.benchmarks import gold
from evalcore.errors import DataError
from evalcore.types import Benchmark, Entry, Item, Key, Kind, LoadedTask, Option, Source, Task

_FOLDER = Path(__file__).parent.parent / "demo" / "items"
_SPLIT = "zh_safety"
_LANGUAGES = {
    "en": "English",
    "zh": "Chinese",
    "fr": "French",
    "ja": "Japanese",
    "ru": "Russian",
    "es": "Spanish",
}
_METRICS = {
    Kind.CHOICE: ("acc", "acc_norm"),
    Kind.SEVERAL: ("exact_set", "option_f1"),
    Kind.YES_NO_MAYBE: ("acc", "macro_f1"),
    Kind.TEXT: (),
}


def _stems() -> tuple[str, ...]:
    """Task names without their family: files in order, zh_safety as one name a situation."""
    stems: list[str] = []
    for file in sorted(_FOLDER.glob("*.jsonl")):
        if file.stem != _SPLIT:
            stems.append(file.stem)
            continue
        situations = dict.fromkeys(data.text(row.get("situation")) for row in data.read_file(file))
        stems.extend(f"{_SPLIT}_{situation}" for situation in situations)
    return tuple(stems)


def _kind(stem: str) -> Kind:
    if stem.endswith(("_several", "right_to_know")):
        return Kind.SEVERAL
    if stem.endswith("_abstract"):
        return Kind.YES_NO_MAYBE
    return Kind.TEXT if stem.endswith("_open") else Kind.CHOICE


def _task(stem: str) -> Task:
    language, _, form = stem.partition("_")
    words = (form or "choice").replace("_", " ")
    return Task(
        id=f"demo/{stem}",
        benchmark="demo",
        title=f"Demo: {_LANGUAGES.get(language, language)}, {words}",
        kind=_kind(stem),
        language=language,
        metrics=_METRICS[_kind(stem)],
        source=Source(split=_SPLIT if stem.startswith(f"{_SPLIT}_") else stem),
        licence="apache-2.0",
    )


BENCHMARK = Benchmark(
    id="demo",
    title="Demo (bundled)",
    tasks=tuple(_task(stem) for stem in _stems()),
    citation="Items written for Rounds, each with its own source; Apache License 2.0.",
    average="none: tasks of different forms are not averaged",
    defects=("Small, and known to the demo models: it shows how Rounds works and measures nothing.",),
)


def load(task: Task) -> LoadedTask:
    rows = data.read_file(_FOLDER / f"{task.source.split}.jsonl")
    situation = task.id.removeprefix(f"demo/{_SPLIT}_") if task.source.split == _SPLIT else ""
    chosen = [row for row in rows if not situation or row.get("situation") == situation]
    return LoadedTask(task, tuple(entry(task, row) for row in chosen), source="bundled")


def entry(task: Task, row: data.Row) -> Entry:
    """One line of the demo format as an item and its key; DataError names the item."""
    item_id = data.text(data.field(row, "id", f"{task.id} item"))
    place = f"{task.id} item {item_id}"
    written = data.field(row, "options", place)
    options = tuple(Option(label, data.text(text)) for label, text in written.items())
    item = Item(
        data.text(data.field(row, "question", place)),
        options,
        context=data.text(row.get("context")),
        language=task.language,
        meta={"subject": data.text(data.field(row, "specialty", place))},
    )
    rationale, source = data.text(row.get("rationale")), data.text(row.get("source"))
    key = Key(_acceptable(task, row, options), "demo", rationale=rationale, source=source)
    return Entry(item_id, item, key, group=data.text(row.get("group")))


def _acceptable(task: Task, row: data.Row, options: tuple[Option, ...]) -> gold.Acceptable:
    place = f"{task.id} item {row['id']}"
    answers: list[Any] = data.field(row, "answer", place)
    if not answers or not all(isinstance(answer, list) and answer for answer in answers):
        raise DataError(
            f'{place}: answer is {json.dumps(answers)[:80]}, not a list of lists such as [["B"]].'
        )
    if task.kind is not Kind.TEXT:
        return tuple(_labels(answer, options, place) for answer in answers)
    return tuple((data.text(answer[0]),) for answer in answers)


def _labels(answer: list[str], options: tuple[Option, ...], place: str) -> tuple[str, ...]:
    labels = [option.label for option in options]
    unknown = [label for label in answer if label not in labels]
    if unknown:
        raise DataError(
            f"{place}: gold is {unknown[0]!r}, but the options are {', '.join(labels)}. Correct the file."
        )
    return tuple(label for label in labels if label in answer)

"""Where own datasets lie: written whole or not at all, replaced and removed so that it can be undone.

Runs keep the version they asked in the store; nothing here touches it. What was replaced or removed stands
in `.trash` until somebody deletes that folder.
"""

import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from evalcore import benchmarks, data
from evalcore.benchmarks.mine import CARD, ITEMS
from evalcore.datasets.checking import Checked
from evalcore.datasets.layout import Layout
from evalcore.datasets.why import why
from evalcore.errors import DataError, UsageError
from evalcore.store import home
from evalcore.types import Entry, LoadedTask, Source, Task

MOST_NAME = 64
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


@dataclass(frozen=True)
class About:
    """What only a person knows. patient_text: whether it holds text of real patients."""

    name: str
    title: str = ""
    licence: str = "not stated"
    patient_text: bool = True
    instruction: str = ""
    file: str = ""


@dataclass(frozen=True)
class Kept:
    """What was stored. replaced: the version that stood under this name, "" for none."""

    task: str
    items: int
    version: str
    replaced: str = ""


def validated_name(name: str) -> str:
    if _NAME.fullmatch(name):
        return name
    near = suggested_name(name)
    raise UsageError(
        f"The dataset's name {name[:80]!r} cannot be used: names are 1 to {MOST_NAME} of a-z 0-9 . _ - and "
        f"begin with a letter or digit. {f'Use {near}.' if near else 'Choose another name.'}"
    )


def suggested_name(file: str) -> str:
    """From a file's name; "" where nothing of it can be used."""
    stem = Path(file).stem.casefold()
    return re.sub(r"[^a-z0-9._]+", "-", stem).strip("-._")[:MOST_NAME].rstrip("-._")


def version_of(name: str) -> str:
    """The version that stands under a name, "" for none."""
    task = benchmarks.tasks().get(f"mine/{name}")
    return task.source.split if task else ""


def task_of(about: About, layout: Layout) -> Task:
    """The task as it will be, for a look before anything is stored."""
    return Task(
        id=f"mine/{about.name or 'preview'}",
        benchmark="mine",
        title=about.title or about.name,
        kind=layout.kind,
        language=layout.language,
        metrics=(),
        source=Source(),
        licence=about.licence,
        patient_text=about.patient_text,
        instruction=about.instruction,
    )


def add(about: About, layout: Layout, checked: Checked) -> Kept:
    """Stores the good rows as task mine/NAME, in place of what stood there. DataError where there is none."""
    validated_name(about.name)
    if not checked.entries:
        raise DataError(
            f"No row of {about.file or about.name} can be used; nothing was stored. The first reason: "
            f"{_first(checked)}."
        )
    version = LoadedTask(task_of(about, layout), checked.entries).version
    with _locked() as folder:
        fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=folder))
        try:
            data.write_rows(fresh / ITEMS, map(_stored, checked.entries))
            data.write_rows(fresh / CARD, [_card(about, layout, checked, version)])
            replaced = version_of(about.name)
            _to_trash(folder / about.name)
            fresh.rename(folder / about.name)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return Kept(f"mine/{about.name}", len(checked.entries), version, replaced)


def remove(name: str) -> str:
    """Takes a dataset off every list; returns the mark by which `restore` brings it back."""
    with _locked() as folder:
        if not _NAME.fullmatch(name) or not (folder / name).is_dir():
            known = ", ".join(sorted(task.removeprefix("mine/") for task in _mine())) or "none"
            raise UsageError(f"There is no own dataset {name[:80]!r}. Known: {known}.")
        return _to_trash(folder / name)


def restore(mark: str) -> str:
    """Undoes a removal; returns the name. UsageError where its place is taken or it is gone."""
    name = mark.partition("~")[0]
    with _locked() as folder:
        source = folder / ".trash" / mark
        if not _NAME.fullmatch(name) or Path(mark).name != mark or not source.is_dir():
            raise UsageError(f"{mark[:80]!r} is not in the trash any more.")
        if (folder / name).exists():
            raise UsageError(f"There is a dataset {name!r} already. Remove it first.")
        source.rename(folder / name)
    return name


def removed(name: str) -> str:
    """The mark of the dataset of this name that was removed or replaced last."""
    trash = data.own_datasets() / ".trash"
    marks = sorted(
        (entry for entry in trash.glob(f"{name}~*")), key=lambda entry: int(entry.name.rpartition("~")[2])
    )
    if not marks:
        raise UsageError(f"No dataset {name[:80]!r} was removed.")
    return marks[-1].name


def _mine() -> list[str]:
    return [name for name in benchmarks.tasks() if name.startswith("mine/")]


@contextmanager
def _locked() -> Iterator[Path]:
    """The folder, for its owner only; one change at a time."""
    folder = home() / "datasets"
    folder.mkdir(mode=0o700, exist_ok=True)
    with FileLock(folder.parent / "datasets.lock", timeout=30):
        yield folder


def _to_trash(source: Path) -> str:
    if not source.is_dir():
        return ""
    trash = source.parent / ".trash"
    trash.mkdir(mode=0o700, exist_ok=True)
    mark = f"{source.name}~{time.time_ns()}"
    os.rename(source, trash / mark)
    return mark


def _first(checked: Checked) -> str:
    return f"row {checked.faults[0].row}, {why(checked.faults[0])}" if checked.faults else "it has no rows"


def _card(about: About, layout: Layout, checked: Checked, version: str) -> dict[str, Any]:
    return {
        "title": about.title or about.name,
        "kind": str(layout.kind),
        "language": layout.language,
        "licence": about.licence,
        "patient_text": about.patient_text,
        "instruction": about.instruction,
        "items": len(checked.entries),
        "left_out": len(checked.faults),
        "version": version,
        "file": about.file,
        "columns": {role: list(names) for role, names in layout.columns.items()},
        "answers": layout.answers,
        "added_at": round(time.time(), 3),
    }


def _stored(entry: Entry) -> data.Row:
    item, key = entry.item, entry.key
    return {
        "id": entry.item_id,
        "group": entry.group,
        "question": item.question,
        "options": [[option.label, option.text] for option in item.options],
        "context": item.context,
        "language": item.language,
        "turns": [list(turn) for turn in item.turns],
        "meta": dict(item.meta),
        "key": key.name,
        "gold": [list(one) for one in key.acceptable],
        "rationale": key.rationale,
        "rubric": [[one.text, one.points, list(one.tags)] for one in key.rubric],
    }

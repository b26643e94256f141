"""Rubrics of one's own: checked, kept, replaced by a higher version, removed and brought back.

A version that was ever kept stays in `versions/`, so that what was judged by it can still be read.
"""

import os
import re
import time
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from evalcore.errors import DataError, UsageError
from evalcore.judge.library import load_rubric, read_rubric, rubrics
from evalcore.judge.rubric import Rubric

VERSIONS, REMOVED = "versions", "removed"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*-[0-9]+")  # of a version's file, which a verdict may name


def add_rubric(content: bytes, place: str, folder: Path) -> Rubric:
    """Keeps a rubric file. place: its name, for errors. Raises DataError for a file that is none.

    UsageError: the id is a bundled one's, or other words were kept under the same id and version before.
    """
    rubric = read_rubric(content, place)
    before = rubrics(folder).get(rubric.id)
    if rubric.id in rubrics():
        raise UsageError(f"A bundled rubric is called {rubric.id!r}. Give yours another id.")
    if before is not None and before.version > rubric.version:
        raise UsageError(
            f"Version {before.version} of {rubric.id!r} is here, the file is version {rubric.version}. Give "
            "it a higher version, or remove the other one first."
        )
    kept = _version_file(folder, rubric.name)
    if kept.is_file() and read_rubric(kept.read_bytes(), kept.name).sha != rubric.sha:
        raise UsageError(
            f"{rubric.name} was kept before with other words, and scores are named by it. Raise its version."
        )
    _write(kept, content)
    _write(next(_files_of(folder, rubric.id), folder / f"{rubric.id}.json"), content)
    return rubric


def remove_rubric(id: str, folder: Path) -> str:
    """Takes a rubric off the list; returns the mark that `restore_rubric` wants. Raises UsageError."""
    file = next(_files_of(folder, id), None)
    if file is None:
        raise UsageError(f"There is no rubric of your own called {id!r}. Bundled ones stay.")
    rubric = read_rubric(file.read_bytes(), file.name)
    _write(_version_file(folder, rubric.name), file.read_bytes())
    mark = f"{id}~{time.time_ns()}"
    target = folder / REMOVED / f"{mark}.json"
    target.parent.mkdir(exist_ok=True)
    file.rename(target)
    return mark


def restore_rubric(mark: str, folder: Path) -> Rubric:
    """Undoes `remove_rubric`. UsageError where it is gone, or its id was taken meanwhile."""
    files = {file.stem: file for file in (folder / REMOVED).glob("*.json")}
    if mark not in files:
        raise UsageError(
            f"The removed rubric {mark.partition('~')[0]!r} is not there any more. Add its file."
        )
    id = mark.partition("~")[0]
    if id in rubrics(folder):
        raise UsageError(f"There is a rubric {id!r} again. Remove it first to bring the old one back.")
    target = folder / f"{id}.json"
    files[mark].rename(target)
    return read_rubric(target.read_bytes(), target.name)


def example() -> bytes:
    """A bundled rubric's file, to begin one's own with; it needs another id."""
    return files("evalcore.judge").joinpath("rubrics", "correctness.json").read_bytes()


def keep_version(rubric: Rubric, folder: Path) -> None:
    """So that its words stay readable beside verdicts when the file of one's own says another version."""
    file = next(_files_of(folder, rubric.id), None)
    if file is not None and not _version_file(folder, rubric.name).is_file():
        _write(_version_file(folder, rubric.name), file.read_bytes())


def rubric_named(name: str, folder: Path) -> Rubric:
    """As a verdict names it (`mmedbench-1`): a bundled one, a kept version, or what a file says now.

    Raises UsageError, DataError.
    """
    bundled = next((one for one in rubrics().values() if one.name == name), None)
    kept = _version_file(folder, name)
    if bundled is None and _NAME.fullmatch(name) and kept.is_file():
        return read_rubric(kept.read_bytes(), kept.name)
    return bundled or load_rubric(name, folder)


def _version_file(folder: Path, name: str) -> Path:
    return folder / VERSIONS / f"{name}.json"


def _files_of(folder: Path, id: str) -> Iterator[Path]:
    for file in sorted(folder.glob("*.json")) if folder.is_dir() else []:
        try:
            if read_rubric(file.read_bytes(), file.name).id == id:
                yield file
        except DataError:  # another file is broken: `rubrics` says so
            continue


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(content)
    os.replace(part, path)

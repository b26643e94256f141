"""Sets of items with their keys, and the benchmarks that declare them."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from evalcore.types.content import content_hash
from evalcore.types.item import Item
from evalcore.types.key import Key


class Kind(StrEnum):
    """What form of answer a task asks for; templates, readers and metrics are chosen by it."""

    CHOICE = "choice"  # exactly one option
    SEVERAL = "several"  # one or more options, all of them asked for
    YES_NO_MAYBE = "yes_no_maybe"  # options keyed by the words yes, no, maybe
    TEXT = "text"  # free text beside a reference answer
    LABEL = "label"  # one label of a closed list, named in words
    LABELS = "labels"  # any number of labels of a closed list, named in words
    ENTITIES = "entities"  # a list of entities or attributes, taken from a text
    STRUCTURED = "structured"  # named points with their values, such as a diagnosis and its treatment
    RUBRIC = "rubric"  # free text held against criteria with points
    DIALOGUE = "dialogue"  # a conversation with a partner model that follows a script


RANKABLE = (Kind.CHOICE, Kind.YES_NO_MAYBE)
"""Kinds whose one right option can be found by ranking."""


@dataclass(frozen=True)
class Entry:
    """An item's place in a task.

    item_id: unique within the task. group: items sharing a stem. parallel: the same item in another language.
    """

    item_id: str
    item: Item
    key: Key
    group: str = ""
    parallel: str = ""


@dataclass(frozen=True)
class Source:
    """Where a task's rows come from: a hub dataset, or files bundled with the project (`hub_id` empty)."""

    hub_id: str = ""
    config: str = ""
    split: str = ""
    fewshot_split: str = ""


@dataclass(frozen=True)
class Task:
    """One scored set, as its benchmark file declares it; holds no items.

    metrics: names as in cli.md, the first one is the headline. size: items when complete, None if not fixed.
    readers: read every written reply beside the run's reader, each figure under its own name.
    template, written: the benchmark's own prompt for ranking and for writing; "": the built-in one.
    instruction: what the task's file says to do; part of the prompt. shots, sampler: examples that belong to
    its prompt unless a run asks otherwise.
    """

    id: str
    benchmark: str
    title: str
    kind: Kind
    language: str
    metrics: tuple[str, ...]
    source: Source
    licence: str
    size: int | None = None
    subject: str = ""
    patient_text: bool = False
    credentialed: bool = False
    template: str = ""
    written: str = ""
    instruction: str = ""
    shots: int = 0
    sampler: str = "first_n"
    readers: tuple[str, ...] = ()


@dataclass(frozen=True)
class LoadedTask:
    """A task with its items in published order and its few-shot pool (empty: there is none)."""

    task: Task
    entries: tuple[Entry, ...]
    fewshot: tuple[Entry, ...] = ()
    source: str = "local"  # bundled, local, hub
    template_version: int = 1

    @cached_property
    def version(self) -> str:
        """Changes with any item, its order, its published key, or the template; versions never mix."""
        members = [[e.item_id, e.item.sha, *_truth(e.key)] for e in self.entries]
        task = self.task
        own = [task.written, task.instruction, task.shots, task.sampler]
        more = [own] if task.written or task.instruction or task.shots else []
        return content_hash([members, task.template, self.template_version, *more])[:12]


def _truth(key: Key) -> list[Any]:
    rubric = [[[one.text, one.points, list(one.tags)] for one in key.rubric]] if key.rubric else []
    return [[list(alternative) for alternative in key.acceptable], *rubric]


@dataclass(frozen=True)
class Benchmark:
    """A named family of tasks.

    average: how its figures are averaged, in words; citation: BibTeX or a reference, ready to copy.
    """

    id: str
    title: str
    tasks: tuple[Task, ...]
    citation: str
    url: str = ""
    average: str = ""
    defects: tuple[str, ...] = ()

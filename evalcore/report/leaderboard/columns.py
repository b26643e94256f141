"""Which columns a section has: our tasks in published order, then what only publications have."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from evalcore import benchmarks, reference
from evalcore.reference import Published
from evalcore.report.leaderboard.boards import Section
from evalcore.report.leaderboard.cells import Levels
from evalcore.report.leaderboard.measured import Found, column_metric
from evalcore.report.leaderboard.table import Column
from evalcore.store.board import Version
from evalcore.types import Kind

BESIDE = {Kind.YES_NO_MAYBE: ("macro_f1",)}  # where one class is most of the items
LEVELLED = frozenset({"acc"})


@dataclass(frozen=True)
class Known:
    """What the columns of a section are made from. versions: those that were asked, oldest first."""

    figures: Sequence[Found]
    versions: Sequence[Version]
    levels: Mapping[int, Levels]
    printed: Sequence[Published]

    @cached_property
    def metrics(self) -> Mapping[int, frozenset[str]]:
        """Metrics that have a figure, by task version."""
        found: dict[int, set[str]] = {}
        for one in self.figures:
            found.setdefault(one.version_id, set()).add(one.metric)
        return {version_id: frozenset(metrics) for version_id, metrics in found.items()}


def columns(section: Section, known: Known) -> tuple[Column, ...]:
    """Newest versions first; a column without any figure is left out."""
    rest = (one.task for one in known.printed if not one.is_average)
    tasks = dict.fromkeys((*section.tasks, *rest))
    return tuple(column for task in tasks for column in _of_task(task, known))


def _of_task(task: str, known: Known) -> Iterator[Column]:
    printed = [one for one in known.printed if one.task == task and not one.is_average]
    versions = [one for one in reversed(known.versions) if one.task == task]
    metrics = {one.metric: one for one in reversed(printed)}
    for place, version in enumerate(versions):
        found = known.metrics.get(version.id, frozenset())
        wanted = _wanted(version, found, list(dict.fromkeys(one.metric for one in printed)))
        for metric in wanted:
            if metric in found or (place == 0 and metric in metrics):
                made = _measured(version, metric, known.levels.get(version.id), is_old=place > 0)
                yield replace(made, printed=_title(metrics[metric])) if metric in metrics else made
    if not versions:
        yield from (_printed(one) for one in dict.fromkeys(reversed(metrics.values())))


def _wanted(version: Version, found: Iterable[str], printed: Sequence[str]) -> list[str]:
    """The headline, what was published, what has to stand beside it; all there is where no rule scores."""
    declared = [column_metric(name) for name in version.definition["metrics"]]
    beside = BESIDE.get(Kind(version.definition["kind"]), ())
    return list(dict.fromkeys([*(declared[:1] or sorted(found)), *printed, *beside]))


def _measured(version: Version, metric: str, levels: Levels | None, *, is_old: bool) -> Column:
    shown = levels if levels and metric in LEVELLED else Levels(None, None)
    return Column(
        key=f"{version.task}:{metric}" + (f":{version.version}" if is_old else ""),
        task=version.task,
        version=version.version,
        metric=metric,
        title=str(version.definition["title"]),
        language=str(version.definition["language"]),
        items=version.item_count,
        chance=shown.chance,
        majority=shown.majority,
        is_old=is_old,
    )


def _printed(one: Published) -> Column:
    task = benchmarks.tasks().get(one.task)
    chance, majority = (
        reference.LEVELS.get(one.task, (None, None)) if one.metric in LEVELLED else (None, None)
    )
    return Column(
        key=f"{one.task}:{one.metric}",
        task=one.task,
        version="",
        metric=one.metric,
        title=_title(one),
        language=one.language,
        items=one.n or (task.size if task else None),
        chance=chance,
        majority=majority,
        printed=_title(one),
    )


def _title(one: Published) -> str:
    """Our task's title; as printed where we have no such task, or only items written by ourselves."""
    task = benchmarks.tasks().get(one.task) if one.board != "unimedicaleval" else None
    return task.title if task else one.column

"""Our own rows: runs of one board, put into blocks by how they were asked and read."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evalcore.metrics import UNCLIPPED, base_name, leaderboard_average
from evalcore.reference import model_class
from evalcore.report.leaderboard.boards import Mean
from evalcore.report.leaderboard.table import AVERAGE, Block, Cell, Row, ordered
from evalcore.report.runs import Figure
from evalcore.store.board import BoardRun, Counts, Version

ONE_COLUMN = {"exact_set": "acc"}  # all of a set or nothing is the accuracy of items with several answers
BlockKey = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True)
class Asked:
    """One task of one run with all its figures."""

    run: BoardRun
    counts: Counts
    version: Version
    figures: Mapping[str, Figure]


@dataclass(frozen=True)
class Found:
    """One figure and where it belongs."""

    block: BlockKey
    run: BoardRun
    version_id: int
    metric: str
    cell: Cell


def column_metric(name: str) -> str:
    """The metric whose column a figure stands in, without its variant."""
    return ONE_COLUMN.get(base_name(name), base_name(name))


def variant_of(metric: str) -> str:
    """What the name says beyond the metric: a reader or scorer, and a judge with its rubric."""
    return metric.removeprefix(base_name(metric)).lstrip("@/")


def details_of(spec: Mapping[str, Any]) -> tuple[str, ...]:
    """What was asked for beside the defaults, as far as it changes answers."""
    sampling = spec.get("sampling") or {}
    said = {
        f"{spec.get('fewshot')}-shot": spec.get("fewshot") not in (None, 0),
        f"template {spec.get('template')}": bool(spec.get("template")),
        f"chat {spec.get('chat')}": spec.get("chat", "auto") != "auto",
        f"temperature {sampling.get('temperature')}": bool(sampling.get("temperature")),
        f"{spec.get('samples')} samples": spec.get("samples", 1) != 1,
    }
    return tuple(words for words, holds in said.items() if holds)


def found_in(asked: Iterable[Asked]) -> Iterator[Found]:
    """Every figure that has a value; of points the clipped mean alone."""
    for one in asked:
        details = details_of(one.run.spec)
        for metric, figure in one.figures.items():
            if figure.value is not None and not metric.endswith(UNCLIPPED):
                block = (one.counts.way, variant_of(metric), details)
                cell = _cell(one, metric, figure)
                yield Found(block, one.run, one.version.id, column_metric(metric), cell)


def _cell(one: Asked, metric: str, figure: Figure) -> Cell:
    samples = int(one.run.spec.get("samples", 1))
    return Cell(
        *(figure.value, figure.low, figure.high, figure.n, figure.unscored, one.counts.unread, metric),
        *(one.version.task, one.version.version, one.version.item_count * samples),
        *((one.run.code,), one.run.created_at),
    )


def blocks(
    found: Iterable[Found], keys: Mapping[tuple[str, str, str], str], means: Sequence[Mean]
) -> tuple[Block, ...]:
    """Blocks with most models first. keys: column by (task, version, metric); other figures are left out."""
    placed: dict[BlockKey, dict[int, tuple[BoardRun, dict[str, Cell]]]] = {}
    for one in found:
        key = keys.get((one.cell.task, one.cell.version, one.metric))
        if key is not None:
            _, cells = placed.setdefault(one.block, {}).setdefault(one.run.model_id, (one.run, {}))
            cells[key] = one.cell if key not in cells else shown_first(cells[key], one.cell)
    made = [_block(key, models.values(), means) for key, models in placed.items()]
    return tuple(sorted(made, key=lambda block: (-len(block.rows), block.way, block.variant, block.details)))


def shown_first(first: Cell, second: Cell) -> Cell:
    """Of two runs of one model on one task the larger, of equal ones the newer; the other stays reachable."""
    best, other = sorted((first, second), key=lambda cell: (cell.n, cell.created_at), reverse=True)
    return replace(best, runs=tuple(dict.fromkeys((*best.runs, *other.runs))))


def _block(
    key: BlockKey, models: Iterable[tuple[BoardRun, Mapping[str, Cell]]], means: Sequence[Mean]
) -> Block:
    rows = [_row(run, cells, means) for run, cells in models]
    named = [(row.model, row.precision) for row in rows]
    rows = [row if named.count((row.model, row.precision)) > 1 else replace(row, revision="") for row in rows]
    first = f"{AVERAGE}:{means[0].metric}" if means else ""
    return Block(*key, rows=ordered(rows, first))


def _row(run: BoardRun, cells: Mapping[str, Cell], means: Sequence[Mean]) -> Row:
    return Row(
        model=run.model,
        revision=run.revision[:12],
        precision=run.precision,
        place=place_of(run.model),
        model_class=class_of(run),
        cells=cells,
        averages={mean.metric: average(mean, cells) for mean in means},
    )


def place_of(model: str) -> str:
    kind = model.partition(":")[0]
    return {"hf": "local", "api": "api", "demo": "demo"}.get(kind, "imported")


def class_of(run: BoardRun) -> str:
    """As its facts say, else as its name does; demo models are of no class."""
    if run.model.startswith("demo:"):
        return "demo"
    return str((run.facts or {}).get("class") or model_class(run.model.partition(":")[2] or run.model))


def average(mean: Mean, cells: Mapping[str, Cell]) -> Cell:
    """The benchmark's own average over newest versions; no value as long as a task is missing.

    Its interval takes tasks as independent: half its width is the root of the sum of squares of the tasks'
    half widths, divided by their number.
    """
    mine = {task: cells[f"{task}:{mean.metric}"] for task in mean.tasks if f"{task}:{mean.metric}" in cells}
    found = leaderboard_average({task: cell.value for task, cell in mine.items()}, mean.tasks)
    half = _half_width(list(mine.values())) if found.value is not None else None
    return Cell(
        value=found.value,
        low=None if half is None or found.value is None else max(0.0, found.value - half),
        high=None if half is None or found.value is None else min(1.0, found.value + half),
        n=sum(cell.n for cell in mine.values()),
        unscored=sum(cell.unscored for cell in mine.values()),
        unread=sum(cell.unread for cell in mine.values()),
        metric=next((cell.metric for cell in mine.values()), mean.metric),
        items=sum(cell.items for cell in mine.values()),
        runs=tuple(dict.fromkeys(code for cell in mine.values() for code in cell.runs[:1])),
        has=len(mine),
        of=len(mean.tasks),
    )


def _half_width(cells: Sequence[Cell]) -> float | None:
    widths = [cell.high - cell.low for cell in cells if cell.low is not None and cell.high is not None]
    if len(widths) < len(cells) or not widths:
        return None
    return math.sqrt(math.fsum((width / 2) ** 2 for width in widths)) / len(widths)

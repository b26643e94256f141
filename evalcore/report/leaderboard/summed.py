"""MedS-Bench's overview: for each category the average of its own section."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from evalcore.report.leaderboard.boards import Section
from evalcore.report.leaderboard.measured import BlockKey, Found, blocks
from evalcore.report.leaderboard.table import Block, Cell, Row, ordered

RowKey = tuple[BlockKey, str, str, str]


def overview_blocks(categories: Mapping[str, Section], figures: Sequence[Found]) -> tuple[Block, ...]:
    """categories: column of the overview -> the section that it sums up."""
    rows: dict[RowKey, Row] = {}
    for name, section in categories.items():
        for key, row in _section_rows(section, figures):
            before = rows.get(key) or replace(row, cells={}, averages={})
            rows[key] = replace(before, cells={**before.cells, **_cells(name, row)})
    grouped: dict[BlockKey, list[Row]] = {}
    for (block, *_), row in rows.items():
        grouped.setdefault(block, []).append(row)
    return tuple(Block(*key, rows=ordered(mine)) for key, mine in grouped.items())


def _section_rows(section: Section, figures: Sequence[Found]) -> Iterable[tuple[RowKey, Row]]:
    for block in blocks(figures, newest_keys(section, figures), section.means):
        for row in block.rows:
            key = (block.way, block.variant, block.details)
            yield (key, row.model, row.precision, row.revision), row


def newest_keys(section: Section, figures: Sequence[Found]) -> dict[tuple[str, str, str], str]:
    """Columns of the newest version that was asked of each task: only they enter an average."""
    newest = {one.cell.task: one.version_id for one in sorted(figures, key=lambda one: one.version_id)}
    return {
        (one.cell.task, one.cell.version, one.metric): f"{one.cell.task}:{one.metric}"
        for one in figures
        if one.cell.task in section.tasks and one.version_id == newest[one.cell.task]
    }


def _cells(name: str, row: Row) -> dict[str, Cell]:
    return {f"{name}:{metric}": cell for metric, cell in row.averages.items() if cell.has}

"""A table as plain lines, one figure each: for files, commands and notebooks."""

from collections.abc import Iterator
from dataclasses import dataclass

from evalcore.reference import NUMBERS, Published
from evalcore.report.leaderboard.measured import column_metric
from evalcore.report.leaderboard.table import AVERAGE, Block, Cell, Column, Row, Table


@dataclass(frozen=True)
class Line:
    """One figure. origin: measured here or published. what is not known is "" or None, never 0.

    is_share: the value lies between 0 and 1; else it is a number of its own, such as turns.

    asked: rank or generate, with what else was asked for; of a published figure its setting. has, of: tasks
    of an average that are there and that it needs.
    """

    board: str
    section: str
    origin: str
    model: str
    precision: str
    model_class: str
    asked: str
    task: str
    version: str
    metric: str
    variant: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    items: int | None = None
    unscored: int | None = None
    unread: int | None = None
    has: int | None = None
    of: int | None = None
    chance: float | None = None
    majority: float | None = None
    run: str = ""
    tuning: str = ""
    in_domain: str = ""
    is_possible: bool = True
    is_share: bool = True
    source: str = ""
    note: str = ""


def lines(table: Table, *, with_published: bool = True) -> tuple[Line, ...]:
    """Ours first, block by block in the order shown; then, if wanted, every published figure."""
    ours = (line for block in table.blocks for row in block.rows for line in _measured(table, block, row))
    printed = _published(table) if with_published else iter(())
    return (*ours, *printed)


def _measured(table: Table, block: Block, row: Row) -> Iterator[Line]:
    columns = {column.key: column for column in table.columns}
    for metric, cell in row.averages.items():
        yield _line(table, block, row, cell, name=f"{AVERAGE}:{metric}")
    for key, cell in row.cells.items():
        if key in columns:
            yield _line(table, block, row, cell, name=columns[key].task, column=columns[key])


def _line(
    table: Table, block: Block, row: Row, cell: Cell, *, name: str, column: Column | None = None
) -> Line:
    return Line(
        *(table.board, table.section, "measured", row.model, row.precision, row.model_class),
        *(", ".join((block.way, *block.details)), name, cell.version, cell.metric, block.variant),
        value=cell.value,
        low=cell.low,
        high=cell.high,
        n=cell.n,
        items=cell.items,
        unscored=cell.unscored,
        unread=cell.unread,
        has=cell.has,
        of=cell.of,
        chance=column.chance if column else None,
        majority=column.majority if column else None,
        run=" ".join(cell.runs),
        is_share=column_metric(cell.metric) not in NUMBERS,
    )


def _published(table: Table) -> Iterator[Line]:
    for row in table.published:
        for one in (*row.averages.values(), *row.cells.values()):
            yield _printed(table, one)


def _printed(table: Table, one: Published) -> Line:
    metric = f"{one.metric}@{one.variant}" if one.variant else one.metric
    return Line(
        *(table.board, table.section, "published", one.model, "", one.model_class, one.setting),
        *(f"{AVERAGE}:{one.metric}" if one.is_average else one.task, "", metric, one.variant, one.value),
        n=one.n,
        tuning=one.tuning,
        in_domain=one.in_domain,
        is_possible=one.is_possible,
        is_share=one.metric not in NUMBERS,
        source=one.source,
        note=" | ".join(one.notes),
    )

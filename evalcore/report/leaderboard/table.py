"""What a leaderboard is made of: columns, measured rows in blocks to be compared, published rows apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evalcore.reference import Published

Key = str  # of a column: "medqa_4options:acc", with ":VERSION" behind it where the version is not the newest


@dataclass(frozen=True)
class Column:
    """One metric of one task in one version; what is in another version stands in another column.

    version: "" where no run asked it. title: as declared, or as printed. items: in the whole task, None where
    nobody says. chance, majority: beside accuracies only. is_old: a newer version was asked as well.
    printed: its title among published figures, "" where there are none.
    """

    key: Key
    task: str
    version: str
    metric: str
    title: str
    language: str
    items: int | None = None
    chance: float | None = None
    majority: float | None = None
    is_old: bool = False
    printed: str = ""


@dataclass(frozen=True)
class Cell:
    """A figure of ours: of one task, or an average over `of` tasks of which `has` are there.

    value: None where nothing could be scored, and for an average as long as a task is missing. n: scored
    items; unscored: items without an answer or a score; unread: replies in which no answer could be read.
    metric: with its variant. items: in the whole task. runs: the one that is shown first, then others.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    unscored: int
    unread: int
    metric: str
    task: str = ""
    version: str = ""
    items: int = 0
    runs: tuple[str, ...] = ()
    created_at: float = 0.0
    has: int = 1
    of: int = 1

    @property
    def is_partial(self) -> bool:
        """Not all items of the task (for an average: of every task) have been asked."""
        return self.n + self.unscored < self.items

    @property
    def unread_rate(self) -> float | None:
        """Share of the scored replies in which no answer could be read."""
        return self.unread / self.n if self.n else None


@dataclass(frozen=True)
class Row:
    """One model asked in one way. place: local, api, demo, imported. revision: "" where names tell apart."""

    model: str
    revision: str
    precision: str
    place: str
    model_class: str
    cells: Mapping[Key, Cell]
    averages: Mapping[str, Cell]


@dataclass(frozen=True)
class Block:
    """Rows that were got in the same way and may be compared.

    way: rank or generate. variant: of reading or scoring, "" is ours. details: what else was asked for,
    such as 5-shot.
    """

    way: str
    variant: str
    details: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class PublishedRow:
    """One model of one source in one setting."""

    source: str
    model: str
    setting: str
    tuning: str
    in_domain: str
    model_class: str
    cells: Mapping[Key, Published]
    averages: Mapping[str, Published]


@dataclass(frozen=True)
class Table:
    """One section of a board. sections: all of the board; averages: metrics that are averaged here."""

    board: str
    section: str
    sections: tuple[str, ...]
    columns: tuple[Column, ...]
    averages: tuple[str, ...]
    blocks: tuple[Block, ...]
    published: tuple[PublishedRow, ...]


AVERAGE = "average"  # with ":METRIC", names an average where a column is asked for


def ordered(rows: Sequence[Row], by: Key = "") -> tuple[Row, ...]:
    """Highest first by a column or an average; rows without it behind, those with more tasks first."""

    def rank(row: Row) -> tuple[bool, float, int, str, str]:
        cell = row.averages.get(by.removeprefix(f"{AVERAGE}:")) or row.cells.get(by)
        value = cell.value if cell else None
        return value is None, -(value or 0.0), -(cell.has if cell else 0), row.model.casefold(), row.precision

    return tuple(sorted(rows, key=rank))

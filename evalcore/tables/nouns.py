"""What reading a table gives."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from string import ascii_uppercase


@dataclass(frozen=True)
class Row:
    """One row. cells: texts, one a column; a list or an object inside is its JSON."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Fault:
    """Why a row stays out. code: a key of `evalcore.datasets.WHY`, whose sentence takes the facts."""

    row: int
    code: str
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Note:
    """Something about the whole file that its owner should know: encoding, mended headers, merged cells."""

    code: str
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Head:
    """What is known before the first row. card: what a file says about itself (MedS-Ins)."""

    format: str
    columns: tuple[str, ...]
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    card: Mapping[str, str] = field(default_factory=dict)


Event = Head | Row | Fault | Note
Events = Iterator[Event]
"""One Head first; the rest in file order."""


@dataclass(frozen=True)
class Table:
    """A file as it was read. rows and faults together are all its rows."""

    head: Head
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return self.head.columns


def named(cells: list[str]) -> tuple[tuple[str, ...], tuple[Note, ...]]:
    """Column names: empty ones get their letter, repeated ones a number; each mending is noted."""
    names: list[str] = []
    notes: list[Note] = []
    for place, cell in enumerate(cells):
        name = " ".join(cell.replace("\ufeff", "").split()) or f"({letters(place)})"
        if not cell.strip():
            notes.append(Note("header_empty", {"column": letters(place)}))
        unique, copy = name, 1
        while unique in names:
            copy += 1
            unique = f"{name} ({copy})"
        if copy > 1:
            notes.append(Note("header_twice", {"column": name[:60], "now": unique[:60]}))
        names.append(unique)
    return tuple(names), tuple(notes)


def letters(place: int) -> str:
    """A column's letters in a spreadsheet: 0 is A, 26 is AA."""
    first, last = divmod(place, 26)
    return (letters(first - 1) if first else "") + ascii_uppercase[last]

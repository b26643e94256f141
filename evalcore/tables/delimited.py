"""CSV and TSV: the delimiter is found, quoted line breaks are kept, a broken quote costs one row."""

import csv
import io
from collections.abc import Iterator

from evalcore.errors import DataError
from evalcore.tables.limits import MOST_CELL, refuse_columns, refuse_rows
from evalcore.tables.nouns import Event, Events, Fault, Head, Note, Row, named

DELIMITERS = (",", ";", "\t", "|")
LOOK = 40  # records that decide on the delimiter
_SHOWN = {"\t": "TAB"}


class _Lines:
    """Physical lines; `place` can be set back, so that a row whose quote never closes swallows no other."""

    def __init__(self, text: str) -> None:
        self.all = list(io.StringIO(text, newline=""))
        self.place = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if self.place >= len(self.all):
            raise StopIteration
        self.place += 1
        return self.all[self.place - 1]


def records(text: str, delimiter: str, most: int = 2**31) -> Iterator[list[str] | None]:
    """The cells of each record, [] for an empty line, None for one with broken quotes."""
    csv.field_size_limit(MOST_CELL + 1)
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    for _ in range(most):
        start = lines.place
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            lines.place = start + 1
            yield ["\0" * (MOST_CELL + 1)] if "field limit" in str(error) else None


def delimiter_of(text: str, suffix: str) -> str:
    """The one by which most of the first records have as many cells as the header, and more than one."""
    if suffix == ".tsv":
        return "\t"
    return max(DELIMITERS, key=lambda delimiter: _fit(text[:1_000_000], delimiter))


def _fit(text: str, delimiter: str) -> tuple[float, int]:
    widths = [len(cells) for cells in records(text, delimiter, LOOK) if cells]
    if not widths or widths[0] < 2:
        return 0.0, 0
    return round(widths.count(widths[0]) / len(widths), 1), widths[0]


def read(text: str, suffix: str, encoding: str) -> Events:
    delimiter = delimiter_of(text, suffix)
    found = enumerate(records(text, delimiter), 1)
    header = next(((number, cells) for number, cells in found if cells and any(map(str.strip, cells))), None)
    if header is None:
        raise DataError("The file holds no header: its first row has to name the columns.")
    cells = header[1] or []
    while not cells[-1].strip():
        cells = cells[:-1]
    refuse_columns(len(cells))
    columns, notes = named(cells)
    yield Head("tsv" if delimiter == "\t" else "csv", columns)
    yield Note("encoding", {"name": encoding})
    yield Note("delimiter", {"sign": _SHOWN.get(delimiter, delimiter)})
    yield from notes
    yield from _body(found, len(columns))


def _body(found: Iterator[tuple[int, list[str] | None]], width: int) -> Events:
    """Empty rows at the end of the file are nothing; between others they are named."""
    empty: list[int] = []
    for number, cells in found:
        refuse_rows(number - 1 - len(empty))
        if cells is not None and not any(map(str.strip, cells)):
            empty.append(number)
            continue
        yield from (Fault(one, "empty_row") for one in empty)
        empty = []
        yield Fault(number, "quotes") if cells is None else _row(number, cells, width)


def _row(number: int, cells: list[str], width: int) -> Event:
    if any(len(cell) > MOST_CELL for cell in cells):
        return Fault(number, "cell_too_long", {"most": MOST_CELL})
    while len(cells) > width and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) != width:
        return Fault(number, "columns", {"n": len(cells), "wanted": width})
    return Row(number, tuple(cells))

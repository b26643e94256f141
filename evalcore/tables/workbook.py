"""XLSX: one sheet as text. Formulas count by their stored value; what Excel made of a cell is told.

A number is written as its format shows it where that keeps zeros (007, 1.0). A date is what a spreadsheet
made of "2:25" or "3-4": its text as typed is lost, so such cells are listed.
"""

import datetime
import re
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evalcore.errors import DataError
from evalcore.tables import objects
from evalcore.tables.limits import MOST_CELL, MOST_UNPACKED, refuse_columns, refuse_rows
from evalcore.tables.nouns import Event, Events, Fault, Head, Note, Row, letters, named

CARD_SHEET, ITEM_SHEET = "Basic Information", "Instances"  # MedS-Ins' own form
MOST_EMPTY = 5_000  # rows without a value, after which a sheet is over: some are formatted to the last row
_UNSTORED = re.compile(rb"<f\b[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_ZEROS = re.compile(r"(0+)(?:\.(0+))?")


def read(path: Path, wanted: str) -> Events:
    _refuse_bomb(path)
    import openpyxl

    with warnings.catch_warnings(), path.open("rb") as file:
        warnings.simplefilter("ignore")  # styles and extensions that are not kept
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        except (ValueError, KeyError, OSError, SyntaxError, zipfile.BadZipFile) as error:
            raise _damaged(error) from error
        sheets = tuple(sheet.title for sheet in book.worksheets)
        if not sheets or (wanted and wanted not in sheets):
            raise DataError(f"The workbook has no sheet {wanted!r}; its sheets: {', '.join(sheets)[:300]}.")
        name = wanted or (ITEM_SHEET if ITEM_SHEET in sheets else sheets[0])
        card = _card(book[CARD_SHEET]) if CARD_SHEET in sheets else {}
        try:
            yield from _sheet(book[name], sheets, card)
        except (ValueError, KeyError, SyntaxError, zipfile.BadZipFile) as error:
            raise _damaged(error) from error


def _damaged(error: Exception) -> DataError:
    reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
    return DataError(f"The workbook cannot be opened ({reason}). Save it again as .xlsx, or as CSV UTF-8.")


def _refuse_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as packed:
            members = packed.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise _damaged(error) from error
    if "xl/workbook.xml" not in {member.filename for member in members}:
        raise DataError("The file is a zip archive, no workbook. Unpack it and bring the table itself.")
    unpacked = sum(member.file_size for member in members)
    if unpacked > MOST_UNPACKED or len(members) > 5_000:
        raise DataError(
            f"The workbook unpacks to {unpacked // 1_000_000:,} MB in {len(members):,} parts; at most "
            f"{MOST_UNPACKED // 1_000_000:,} MB are read. Save only the sheet that is needed."
        )


def _card(sheet: Any) -> dict[str, str]:
    pairs = ([text(cell) for cell in row[:2]] for row in sheet.iter_rows(max_row=100))
    return objects.card_of({pair[0].strip(): pair[1] for pair in pairs if len(pair) == 2})


def _sheet(sheet: Any, sheets: tuple[str, ...], card: dict[str, str]) -> Events:
    merged = _look_at_source(sheet)
    found = _filled(sheet)
    header = next(found, None)
    if header is None:
        raise DataError(f"The sheet {sheet.title!r} is empty. Choose another sheet, or fill it.")
    titles = [text(cell) for cell in header[1]]
    while titles and not titles[-1].strip():
        titles.pop()
    refuse_columns(len(titles))
    columns, notes = named(titles)
    yield Head("xlsx", columns, sheets, sheet.title, card)
    yield from notes
    if merged:
        yield Note("merged", {"n": merged})
    yield from _body(found, header[0], len(columns))


def _look_at_source(sheet: Any) -> int:
    """Number of merged ranges; DataError where a formula has no stored value: it would be read as empty."""
    with sheet._get_source() as source:
        content: bytes = source.read(MOST_UNPACKED)
    unstored = _UNSTORED.search(content)
    if unstored:
        place = re.findall(rb'<c\b[^>]*\br="([A-Z]+\d+)"', content[: unstored.start()])
        shown = place[-1].decode() if place else "a cell"
        raise DataError(
            f"Sheet {sheet.title!r}, {shown}: a formula without its value. The workbook was made by a "
            "program. Open it in a spreadsheet program, save it, and bring it again."
        )
    return content.count(b"<mergeCell ")


def _filled(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    """Rows that hold anything, with their numbers."""
    empty = 0
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = list(row)
        if all(cell.value is None or not str(cell.value).strip() for cell in cells):
            empty += 1
            if empty > MOST_EMPTY:
                return
            continue
        empty = 0
        yield number, cells


def _body(found: Iterator[tuple[int, list[Any]]], last: int, width: int) -> Events:
    dates: list[str] = []
    for count, (number, cells) in enumerate(found, 1):
        refuse_rows(count)
        yield from (Fault(gap, "empty_row") for gap in range(last + 1, number))
        last = number
        dates += [f"{letters(place)}{number}" for place, cell in enumerate(cells[:width]) if _is_date(cell)]
        yield _row(number, [text(cell) for cell in cells], width)
    if dates:
        yield Note("dates", {"n": len(dates), "cells": ", ".join(dates[:12])})


def _row(number: int, cells: list[str], width: int) -> Event:
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    if len(cells) > width:
        return Fault(number, "columns", {"n": len(cells), "wanted": width})
    if any(len(cell) > MOST_CELL for cell in cells):
        return Fault(number, "cell_too_long", {"most": MOST_CELL})
    return Row(number, (*cells, *[""] * (width - len(cells))))


def _is_date(cell: Any) -> bool:
    return isinstance(cell.value, datetime.date | datetime.time | datetime.timedelta)


def text(cell: Any) -> str:
    value = cell.value
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format))
    return str(value)


def _number(value: float, shown: str) -> str:
    """Formats of nothing but zeros are kept: 00 shows 7 as 07, 0.0 shows 1 as 1.0."""
    zeros = _ZEROS.fullmatch(shown)
    if zeros and shown != "0":
        whole, decimals = len(zeros[1]), len(zeros[2] or "")
        return f"{value:0{whole + (decimals + 1 if decimals else 0)}.{decimals}f}"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else repr(value)

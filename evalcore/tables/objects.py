"""JSON: lines of objects, an array, or one object that holds its rows. Numbers stay as they are spelled.

One object may be a file of MedS-Ins (its `Instances`, with the rest as the card), a mapping from ids to rows,
a list under one name, or columns as lists. A `.jsonl` file that is one object is read as that (D27).
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from evalcore import data
from evalcore.errors import DataError
from evalcore.tables.limits import MOST_CELL, refuse_columns, refuse_rows
from evalcore.tables.nouns import Event, Events, Fault, Head, Note, Row

INSTANCES = "Instances"


class _Twice(dict[str, Any]):
    """An object that names a field twice: which of the two was meant cannot be known."""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _Twice(found)


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_int=str, parse_float=str, parse_constant=str)


def read(text: str, encoding: str) -> Events:
    """Lines where the text is no single document; DataError where it is neither."""
    try:
        document = _DECODER.decode(text.strip())
    except (json.JSONDecodeError, RecursionError) as error:
        if text.lstrip().startswith("["):
            raise _no_json(text, error) from error
        yield from _table(list(_lines(text)), encoding, {})
        return
    rows, card = _rows_of(document)
    yield from _table(list(enumerate(rows, 1)), encoding, card)


def _no_json(text: str, error: Exception) -> DataError:
    line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
    reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
    return DataError(
        f"Line {line}: not JSON ({reason}). The file is cut off, or of another format. Export it again."
    )


def _lines(text: str) -> Iterator[tuple[int, Any]]:
    """Each line's value; None for what is not JSON; empty lines at the end are nothing."""
    for number, line in enumerate(text.rstrip().split("\n"), 1):
        if not line.strip():
            yield number, {}
            continue
        try:
            yield number, _DECODER.decode(line.strip())
        except (json.JSONDecodeError, RecursionError):
            yield number, None


def _rows_of(document: Any) -> tuple[list[Any], dict[str, str]]:
    if isinstance(document, list):
        return document, {}
    if not isinstance(document, dict):
        raise DataError("The file is one JSON value, no table: rows have to be objects with named fields.")
    if isinstance(document.get(INSTANCES), list):
        return document[INSTANCES], card_of(document)
    tables = [value for value in document.values() if isinstance(value, list) and _are_objects(value)]
    if len(tables) == 1:
        return tables[0], {}
    values = list(document.values())
    if values and _are_objects(values):
        return [{"id": name, **row} for name, row in document.items()], {}
    return _by_columns(document), {}


def _are_objects(values: list[Any]) -> bool:
    return bool(values) and all(isinstance(value, dict) for value in values)


def _by_columns(document: dict[str, Any]) -> list[Any]:
    lengths = {len(value) for value in document.values() if isinstance(value, list)}
    if len(lengths) != 1 or not all(isinstance(value, list) for value in document.values()):
        return [document]
    return [dict(zip(document, row, strict=True)) for row in zip(*document.values(), strict=True)]


def card_of(document: Mapping[str, Any]) -> dict[str, str]:
    """What a MedS-Ins file says about itself; the first of a list, texts as they are."""
    card = {}
    for name in ("Contributors", "Source", "URL", "Categories", "Definition", "Input_language"):
        value = document.get(name)
        first = (value or [""])[0] if isinstance(value, list) else value
        if first:
            card[name] = data.text(first)[:20_000]
    return card


def _table(rows: list[tuple[int, Any]], encoding: str, card: dict[str, str]) -> Events:
    objects = [row for _, row in rows if isinstance(row, dict)]
    columns = tuple(dict.fromkeys(name for row in objects for name in row))
    if not columns:
        raise DataError("The file holds no JSON object with named fields. Every row has to be one {...}.")
    refuse_columns(len(columns))
    yield Head("json", columns, card=card)
    yield Note("encoding", {"name": encoding})
    for count, (number, row) in enumerate(rows, 1):
        refuse_rows(count)
        yield _row(number, row, columns)


def _row(number: int, row: Any, columns: tuple[str, ...]) -> Event:
    if row is None:
        return Fault(number, "no_json")
    if not isinstance(row, dict):
        return Fault(number, "no_object", {"found": data.text(row)[:40]})
    twice = _twice(row)
    if twice:
        return Fault(number, "field_twice")
    cells = tuple(cell(row.get(name)) for name in columns)
    if not any(part.strip() for part in cells):
        return Fault(number, "empty_row")
    if any(len(part) > MOST_CELL for part in cells):
        return Fault(number, "cell_too_long", {"most": MOST_CELL})
    return Row(number, cells)


def cell(value: Any) -> str:
    """A list of one text (MedS-Ins' outputs) is that text."""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
        return value[0]
    return data.text(value)


def _twice(value: Any) -> bool:
    if isinstance(value, dict):
        return isinstance(value, _Twice) or any(map(_twice, value.values()))
    return isinstance(value, list) and any(map(_twice, value))

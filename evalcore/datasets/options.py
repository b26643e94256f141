"""The offered answers of one row, from several columns or from one cell."""

import ast
import json
import re
from collections.abc import Sequence
from string import ascii_uppercase

from evalcore import data
from evalcore.datasets.refused import Refused
from evalcore.types import Option

LONGEST = 10_000
_LABELLED = re.compile(r"(?:^|[\n\t]|(?<=\s))\(?([A-Za-z])[).:、．：]\s*")
_SPLITS = ("\n", "\t", "|", ";", "；")


def options(cells: Sequence[str]) -> tuple[Option, ...]:
    """Options A, B, C, ...; Refused where they are fewer than two, repeated, or with a gap."""
    texts = listed(cells)
    if texts is None:
        raise Refused("options_unreadable", found=shown(cells[0]))
    while texts and not texts[-1].strip():
        texts = texts[:-1]
    if not texts:
        raise Refused("no_options")
    if len(texts) == 1:
        raise Refused("one_option")
    if len(texts) > len(ascii_uppercase):
        raise Refused("many_options", n=len(texts))
    _require_distinct(texts)
    return tuple(Option(label, text.strip()) for label, text in zip(ascii_uppercase, texts, strict=False))


def listed(cells: Sequence[str]) -> list[str] | None:
    """Texts in their order, empty ones kept; None where a single cell is no list."""
    if len(cells) != 1:
        return list(cells)
    cell = cells[0].strip()
    if not cell:
        return []
    if cell[0] in "[{(":
        return _of_literal(cell)
    return _of_lines(cell)


def _of_literal(cell: str) -> list[str] | None:
    """JSON, or the spelling of Python that pandas writes into CSV files."""
    found = literal(cell)
    if isinstance(found, dict):
        return _of_mapping(found)
    if not isinstance(found, list | tuple):
        return None
    if found and all(isinstance(one, dict) for one in found):  # [{"key": "A", "value": "..."}, ...]
        return [data.text(one.get("value", one.get("text", ""))) for one in found]
    return [data.text(one) for one in found]


def _of_mapping(found: dict[str, object]) -> list[str] | None:
    """{A: .., B: ..} by letter, whatever the order; {text: [..], label: [..]} as the hub has it."""
    if isinstance(found.get("text"), list):
        return [data.text(one) for one in found["text"]]  # type: ignore[attr-defined]
    by_letter = {str(name).strip().upper(): data.text(text) for name, text in found.items()}
    if not by_letter or not all(re.fullmatch(r"[A-Z]|\d", name) for name in by_letter):
        return None
    if all(name.isalpha() for name in by_letter):
        last = max(ascii_uppercase.index(name) for name in by_letter)
        return [by_letter.get(letter, "") for letter in ascii_uppercase[: last + 1]]
    return [by_letter[name] for name in sorted(by_letter)]


def literal(cell: str) -> object:
    """A JSON or Python literal; None where it is neither. Code in it is never run."""
    try:
        return json.loads(cell, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        pass
    try:
        return ast.literal_eval(cell)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None


def _of_lines(cell: str) -> list[str] | None:
    """`A. x  B. y` in one line or several, else lines, else parts between | or ;."""
    marks = list(_LABELLED.finditer(cell))
    letters = [mark[1].upper() for mark in marks]
    if (
        len(marks) > 1
        and letters == list(ascii_uppercase[: len(marks)])
        and not cell[: marks[0].start()].strip()
    ):
        ends = [mark.start() for mark in marks[1:]] + [len(cell)]
        return [cell[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)]
    sign = next((sign for sign in _SPLITS if sign in cell), "")
    return [part.strip() for part in cell.split(sign)] if sign else None


def _require_distinct(texts: Sequence[str]) -> None:
    seen: dict[str, str] = {}
    for label, text in zip(ascii_uppercase, texts, strict=False):
        if not text.strip():
            raise Refused("option_gap", missing=label, after=ascii_uppercase[len(texts) - 1])
        if len(text) > LONGEST:
            raise Refused("too_long", column=label, n=len(text), most=LONGEST)
        plain = " ".join(text.split())
        if plain in seen:
            raise Refused("same_options", first=seen[plain], second=label)
        seen[plain] = label


def shown(text: str, most: int = 60) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"

"""JSON as people print it: read to the letter, or with its slips mended and each of them named.

Mended are the slips of UniMedicalEval's printed samples (benchmarks.md D2): a comma after the last field or
object, a raw line break inside a string, a missing comma between two fields. Everything else that is not
JSON stays an error, because a guess could change a question. Numbers keep the text they were written with.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalcore import data
from evalcore.errors import DataError

_DEPTH = 40
_BLANK = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_PLAIN = re.compile(r"[-+.\w]+")
_WORDS = {"true": True, "false": False, "null": None}
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?")


@dataclass(frozen=True)
class Repair:
    """One slip that was mended.

    row: place of its object among the objects, from 0. line: from 1. kind: trailing_comma, raw_newline or
    missing_comma.
    """

    row: int
    line: int
    kind: str
    near: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.kind.replace('_', ' ')} at {self.near!r}"


def read(text: str, place: str, *, tolerant: bool = False) -> tuple[list[data.Row], list[Repair]]:
    """The objects of a text (an array of them, one after another, or a single one) and what was mended.

    Strict unless `tolerant`: then the first slip is a DataError that says how to have it mended. place: names
    the text in messages.
    """
    reader = _Reader(text, place)
    rows = reader.rows()
    if reader.repairs and not tolerant:
        raise DataError(
            f"{place} {reader.repairs[0]}: not valid JSON ({len(reader.repairs)} such slips). "
            "Correct the file, or have it read with its slips mended and reported."
        )
    return rows, reader.repairs


def read_file(path: Path) -> tuple[list[data.Row], list[Repair]]:
    """Rows of a file; the slips of a broken JSON file are mended and told, each with its line."""
    try:
        return data.read_file(path), []
    except DataError as strict:
        if path.suffix not in (".json", ".jsonl"):
            raise
        rows, repairs = read(data.written(path), str(path), tolerant=True)
        if not rows:
            raise strict
        return rows, repairs


class _Reader:
    """Reads values from a position on; knows the slips and where they were."""

    def __init__(self, text: str, place: str) -> None:
        self.text, self.place, self.at = text, place, 0
        self.found: list[data.Row] = []
        self.repairs: list[Repair] = []
        self.breaks = [one.start() for one in re.finditer("\n", text)]

    def rows(self) -> list[data.Row]:
        """Every object at the top: a comma behind one that stands in no array is a slip."""
        while mark := self._next():
            if mark == "[":
                self._list("]", self._row)
            else:
                self._row()
            if self._next() == ",":
                self._mend("trailing_comma", row=len(self.found) - 1)
                self.at += 1
        return self.found

    def _row(self) -> None:
        if self._next() != "{":
            raise self._error("an object with named fields was expected")
        self.found.append(self._object(0))

    def _value(self, depth: int) -> Any:
        mark = self._next()
        if depth > _DEPTH:
            raise self._error("nested too deeply")
        if mark == "{":
            return self._object(depth)
        if mark == "[":
            return self._list("]", lambda: self._value(depth + 1))
        return self._string() if mark == '"' else self._plain()

    def _object(self, depth: int) -> data.Row:
        pairs = self._list("}", lambda: self._pair(depth))
        names = [name for name, _ in pairs]
        twice = [name for name in names if names.count(name) > 1]
        if twice:
            raise self._error(f"the field {twice[0]!r} stands twice in one object")
        return dict(pairs)

    def _pair(self, depth: int) -> tuple[str, Any]:
        if self._next() != '"':
            raise self._error("a field's name in double quotes was expected")
        name = self._string()
        if self._next() != ":":
            raise self._error("a colon was expected")
        self.at += 1
        return name, self._value(depth + 1)

    def _list(self, end: str, one: Callable[[], Any]) -> list[Any]:
        """Members up to the closing bracket; a comma too many or too few is mended."""
        self.at += 1
        found: list[Any] = []
        while self._next() != end:
            found.append(one())
            mark = self._next()
            if mark == ",":
                comma = self.at
                self.at += 1
                if self._next() == end:
                    self._mend("trailing_comma", comma)
            elif mark in ('"', "{"):
                self._mend("missing_comma")
            elif mark != end:
                raise self._error(f"a comma or {end!r} was expected")
        self.at += 1
        return found

    def _string(self) -> str:
        found = _STRING.match(self.text, self.at)
        if not found:
            raise self._error("a string without its closing quote")
        inner = found.group()
        for broken in re.finditer(r"\r?\n", inner):
            self._mend("raw_newline", self.at + broken.start())
        try:
            value: str = json.loads(inner, strict=False)
        except json.JSONDecodeError as error:
            raise self._error(f"a string that cannot be read ({error.msg})") from error
        self.at = found.end()
        return value

    def _plain(self) -> Any:
        found = _PLAIN.match(self.text, self.at)
        word = found.group() if found else ""
        if not (word in _WORDS or _NUMBER.fullmatch(word)):
            raise self._error("a value was expected")
        self.at += len(word)
        return _WORDS.get(word, word)

    def _next(self) -> str:
        """The next character that is no blank, without passing it; "" at the end."""
        blank = _BLANK.match(self.text, self.at)
        self.at = blank.end() if blank else self.at
        return self.text[self.at : self.at + 1]

    def _mend(self, kind: str, at: int | None = None, *, row: int | None = None) -> None:
        at = self.at if at is None else at
        near = " ".join(self.text[max(0, at - 12) : at + 12].split())
        row = len(self.found) if row is None else row
        self.repairs.append(Repair(row, self._line(at), kind, near))

    def _line(self, at: int) -> int:
        return bisect_left(self.breaks, at) + 1

    def _error(self, what: str, at: int | None = None) -> DataError:
        at = self.at if at is None else at
        return DataError(
            f"{self.place} line {self._line(at)}: {what}, found {self.text[at : at + 40]!r}. "
            "The file is cut off or of another format; fetch it again."
        )

"""Term libraries: the published XLSX tables, or a user's list (txt, csv, xlsx) with one term a line.

A term is taken whole: 2,202 names of diseases contain a comma. Files are capped and read as text.
"""

import csv
import hashlib
import os
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from evalcore.errors import DataError
from evalcore.types import content_hash

VERSION = 1  # of what is read from a file: a list kept by another version is read again
MOST_BYTES, MOST_UNPACKED = 20_000_000, 200_000_000
MOST_TERMS, MOST_COLUMNS, MOST_CHARACTERS = 200_000, 64, 300
MOST_ROWS = 1_048_576  # of a sheet, by the format

_HAN = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_HAS_HAN = re.compile(f"[{_HAN}]")
_HEADERS = frozenset(
    {"term", "terms", "name", "names", "术语", "名称", "词条", "疾病名称", "手术操作名称", "项目名称"}
)


@dataclass(frozen=True)
class Published:
    """A table as it was published. needs: a column that is empty in headings of chapters, "" if none."""

    sheet: str
    column: str
    needs: str = ""


PUBLISHED = (
    Published("2.0（2022版）", "疾病名称"),  # ICD-10, national clinical edition
    Published("3.0（2022版）", "手术操作名称"),  # ICD-9-CM-3
    Published("二级及以上公立医疗机构医疗服务项目价格", "项目名称", "计价单位"),  # Qingdao price list
)


@dataclass(frozen=True)
class Library:
    """Distinct terms in file order. The hash names what is built from them."""

    name: str
    terms: tuple[str, ...]

    @cached_property
    def sha(self) -> str:
        return content_hash(list(self.terms))

    @cached_property
    def places(self) -> dict[str, int]:
        """Normalised term -> its place; of equal ones the first."""
        return {normalised(term): place for place, term in reversed(tuple(enumerate(self.terms)))}

    def exact(self, word: str) -> str | None:
        """The term that differs from the word at most in case, width and blanks."""
        place = self.places.get(normalised(word))
        return None if place is None else self.terms[place]


def normalised(text: str) -> str:
    """NFKC, case folded, blanks squeezed, and none at all in text with Chinese characters."""
    words = unicodedata.normalize("NFKC", text).casefold().split()
    return ("" if _HAS_HAN.search(text) else " ").join(words)


def of_terms(name: str, terms: Iterable[str]) -> Library:
    """A library of terms at hand: trimmed, empty ones and repetitions dropped."""
    kept = dict.fromkeys(" ".join(term.split()) for term in terms)
    kept.pop("", None)
    return Library(name, tuple(kept))


def load(path: Path, folder: Path | None = None) -> Library:
    """The terms of one file. DataError names the line of what is no term, or what the file is instead.

    folder: where the list is kept under the file's hash, because a workbook takes seconds to read.
    """
    _refuse_too_large(path)
    if folder is None:
        return _read(path)
    kept = folder / f"list-{hashlib.sha256(path.read_bytes()).hexdigest()[:32]}-{VERSION}.txt"
    if kept.exists():
        return Library(path.stem, tuple(kept.read_text(encoding="utf-8").split("\n")))
    library = _read(path)
    folder.mkdir(parents=True, exist_ok=True)
    part = kept.with_suffix(f".{os.getpid()}")
    part.write_text("\n".join(library.terms), encoding="utf-8")
    os.replace(part, kept)
    return library


def _read(path: Path) -> Library:
    readers = {".xlsx": _xlsx_terms, ".csv": _csv_terms, ".txt": _text_terms}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise DataError(f"{path.name} is no term list: give {', '.join(readers)}, one term a line.")
    library = of_terms(path.stem, _checked(path, reader(path)))
    if not library.terms:
        raise DataError(f"{path.name} holds no term. Give a file with one term a line.")
    return library


def _refuse_too_large(path: Path) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}. Check the path and its rights.") from error
    if size > MOST_BYTES:
        raise DataError(
            f"{path.name} has {size:,} bytes; term lists may have {MOST_BYTES:,}. Split the file."
        )


def _checked(path: Path, numbered: Iterable[tuple[int, str]]) -> Iterator[str]:
    for count, (line, term) in enumerate(numbered):
        if count >= MOST_TERMS:
            raise DataError(f"{path.name} has more than {MOST_TERMS:,} terms. Split the file.")
        if len(term) > MOST_CHARACTERS:
            raise DataError(
                f"{path.name} line {line}: {term[:40]!r}... has {len(term):,} characters; a term has "
                f"{MOST_CHARACTERS} at most. Give one term a line."
            )
        yield term


def _text_terms(path: Path) -> Iterator[tuple[int, str]]:
    return enumerate(_decoded(path).splitlines(), 1)


def _csv_terms(path: Path) -> Iterator[tuple[int, str]]:
    """The first column; a header is left out."""
    reader = csv.reader(_decoded(path).splitlines())
    try:
        for row in reader:
            if row and not (reader.line_num == 1 and row[0].strip().lower() in _HEADERS):
                yield reader.line_num, row[0]
    except csv.Error as error:
        raise DataError(f"{path.name} line {reader.line_num}: not CSV ({error}).") from error


def _decoded(path: Path) -> str:
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DataError(f"{path.name} line {line}: not UTF-8. Save the file as UTF-8.") from error


def _xlsx_terms(path: Path) -> Iterator[tuple[int, str]]:
    """A published table by its sheet, whose other sheets repeat it; else the first sheet's first column."""
    with _workbook(path) as book:
        for table in PUBLISHED:
            if table.sheet in book.sheetnames:
                yield from _column(path, _rows(path, book[table.sheet]), table)
                return
        for line, row in _rows(path, book.worksheets[0]):
            if row and row[0] and not (line == 1 and row[0].strip().lower() in _HEADERS):
                yield line, row[0]


def _column(
    path: Path, rows: Iterable[tuple[int, Sequence[str]]], table: Published
) -> Iterator[tuple[int, str]]:
    """Cells below the header; rows before it, its repetitions and headings of chapters are left out."""
    wanted: list[int] = []
    for line, row in rows:
        titles = ["".join(cell.split()) for cell in row] if not wanted else []
        if table.column in titles:
            wanted = [titles.index(name) for name in (table.column, table.needs) if name]
        elif wanted and row[wanted[0]] != table.column and all(row[place].strip() for place in wanted):
            yield line, row[wanted[0]]
    if not wanted:
        raise DataError(
            f"{path.name}, sheet {table.sheet!r}: no column {table.column!r}. It is another edition."
        )


class _workbook:
    """An XLSX opened for reading row by row, closed afterwards; what is no workbook is a DataError."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Any:
        import openpyxl

        try:
            with zipfile.ZipFile(self.path) as packed:
                unpacked = sum(part.file_size for part in packed.infolist())
            if unpacked > MOST_UNPACKED:
                raise DataError(
                    f"{self.path.name} unpacks to {unpacked:,} bytes; {MOST_UNPACKED:,} are allowed. "
                    "Copy the terms into a text file, one a line."
                )
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of styles and extensions that nobody reads here
                self.book = openpyxl.load_workbook(self.path, read_only=True, data_only=True)
        except (zipfile.BadZipFile, KeyError, ValueError, OSError, ParseError) as error:
            raise DataError(
                f"{self.path.name} is no XLSX workbook ({error}). Save it as .xlsx again."
            ) from error
        return self.book

    def __exit__(self, *_: object) -> None:
        self.book.close()


def _rows(path: Path, sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """Cells as text, in capped rows; formatting without content does not count as rows."""
    try:
        rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)
        for line, row in enumerate(rows, 1):
            yield line, ["" if cell is None else str(cell) for cell in row]
    except (zipfile.BadZipFile, KeyError, ValueError, ParseError) as error:
        raise DataError(f"{path.name}, sheet {sheet.title!r}: damaged ({error}). Save it again.") from error

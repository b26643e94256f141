"""The process that opens a file: `python -m evalcore.tables.child PATH NAME SHEET`, one JSON line an event.

Its limits are set before the file is looked at. It writes nothing but stdout.
"""

import json
import resource
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from evalcore.errors import DataError
from evalcore.tables import columnar, delimited, encodings, limits, objects, workbook
from evalcore.tables.nouns import Events

_REFUSED = {
    b"<": "is a web page or XML, no table: the download met a login or an error page",
    b"version https://git-lfs": "is a Git LFS pointer, not the data itself",
    b"\xd0\xcf\x11\xe0": "is an old .xls or a locked workbook. Save it as .xlsx without a password",
    b"%PDF": "is a PDF, no table",
    b"\x80\x04": "is a pickle, which is never opened",
    b"\x1f\x8b": "is packed with gzip. Unpack it first",
}


def events(path: Path, name: str, sheet: str) -> Events:
    """By what the file begins with, not by what its name promises."""
    with path.open("rb") as file:
        start = file.read(4096)
    _refuse(start.removeprefix(b"\xef\xbb\xbf").lstrip())
    if start.startswith(b"PAR1"):
        return columnar.read(path)
    if start.startswith(b"PK\x03\x04"):
        return workbook.read(path, sheet)
    return _of_text(path, Path(name).suffix.casefold())


def _refuse(start: bytes) -> None:
    if not start:
        raise DataError("The file is empty. Bring one with a header and rows.")
    what = next((words for sign, words in _REFUSED.items() if start.startswith(sign)), "")
    if what:
        raise DataError(f"The file {what}. Bring CSV, TSV, JSON lines, JSON, XLSX or Parquet.")


def _of_text(path: Path, suffix: str) -> Events:
    text, encoding = encodings.decoded(path.read_bytes())
    is_json = text.lstrip()[:1] in ("{", "[") and suffix not in (".csv", ".tsv")
    return objects.read(text, encoding) if is_json else delimited.read(text, suffix, encoding)


def lines(path: Path, name: str, sheet: str) -> Iterator[dict[str, Any]]:
    """Events as JSON; the last one is an error where reading ended with one."""
    total = 0
    try:
        for event in events(path, name, sheet):
            total += sum(map(len, getattr(event, "cells", ())))
            if total > limits.MOST_CHARACTERS:
                raise DataError(
                    f"The cells hold more than {limits.MOST_CHARACTERS // 1_000_000:,} million characters. "
                    "Split the file into several datasets."
                )
            yield {"event": type(event).__name__, **asdict(event)}
    except DataError as error:
        yield {"event": "error", "words": str(error)}
    except MemoryError:
        yield {"event": "error", "words": "The file unpacks to more memory than is allowed. Split it."}


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (limits.CPU_S, limits.CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (limits.MEMORY_BYTES, limits.MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    path, name, sheet = sys.argv[1:4]
    for line in lines(Path(path), name, sheet):
        sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()

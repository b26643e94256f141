"""Parquet, in small batches: what its metadata declare says nothing about what it unpacks to."""

import datetime
from pathlib import Path
from typing import Any

from evalcore.errors import DataError
from evalcore.tables import objects
from evalcore.tables.limits import MOST_CELL, refuse_columns, refuse_rows
from evalcore.tables.nouns import Event, Events, Fault, Head, Row

BATCH = 64


def read(path: Path) -> Events:
    import pyarrow
    import pyarrow.parquet

    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            columns = tuple(file.schema_arrow.names)
            refuse_columns(len(columns))
            refuse_rows(file.metadata.num_rows)
            yield Head("parquet", columns)
            number = 0
            for batch in file.iter_batches(BATCH, use_threads=False):
                for row in batch.to_pylist():
                    number += 1
                    yield _row(number, row, columns)
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise DataError(f"This is no whole Parquet file ({reason}). Export it again.") from error


def _row(number: int, row: dict[str, Any], columns: tuple[str, ...]) -> Event:
    cells = tuple(_cell(row[name]) for name in columns)
    if any(len(cell) > MOST_CELL for cell in cells):
        return Fault(number, "cell_too_long", {"most": MOST_CELL})
    return Row(number, cells) if any(map(str.strip, cells)) else Fault(number, "empty_row")


def _cell(value: Any) -> str:
    """Bytes are no text: pictures and the like stay out, with their size."""
    if isinstance(value, bytes):
        return f"({len(value):,} bytes)"
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return objects.cell(value)

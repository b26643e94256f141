"""Tables of figures as CSV."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from evalcore.exchange.records import cell


def as_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Columns are those of the first row; what is None is empty, formulas are disarmed by a quote."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(rows[0]) if rows else [])
    writer.writeheader()
    writer.writerows({name: cell(value) for name, value in row.items()} for row in rows)
    return file.getvalue()

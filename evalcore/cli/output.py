"""Where words go: results to stdout, messages to stderr; nothing in them can drive a terminal."""

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from evalcore.metrics import is_share

RESEARCH_ONLY = "For research, not for clinical use."


def harmless(text: object) -> str:
    """Text with control characters spelled out: a model's or a server's words must not move the cursor."""
    return "".join(c if c.isprintable() or c == "\n" else repr(c)[1:-1] for c in str(text))


def tell(message: object) -> None:
    """A message for the person: stderr."""
    sys.stderr.write(f"{harmless(message)}\n")
    sys.stderr.flush()


def say(line: object = "") -> None:
    """A line of the result: stdout."""
    sys.stdout.write(f"{harmless(line)}\n")


def show(arguments: Namespace, document: Any, lines: Callable[[], Iterable[str]]) -> None:
    """The result: one JSON document with --json, else lines for a person."""
    if arguments.json:
        json.dump(document, sys.stdout, ensure_ascii=False, allow_nan=False, indent=1)
        sys.stdout.write("\n")
    else:
        for line in lines():
            say(line)
    sys.stdout.flush()


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Aligned columns; the last one is left ragged."""
    cells = [list(head), *([harmless("" if cell is None else cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    return ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in cells]


def amount(metric: str, value: float | None) -> str:
    """A metric's value as it is read: in percent, or the number where it is no share."""
    return percent(value) if value is None or is_share(metric) else f"{value:.1f}"


def percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f} %"


def duration(seconds: float | None) -> str:
    """12 s, 3 min 20 s, 2 h 05 min; "unknown" for None."""
    if seconds is None:
        return "unknown"
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {rest:02d} s"


def money(cost_usd: float | None) -> str:
    return "unknown" if cost_usd is None else f"{cost_usd:.4f} USD"

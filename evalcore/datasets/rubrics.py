"""Criteria with points, from one cell: HealthBench's list of objects, or lines `5: names the drug`."""

import re
from typing import Any

from evalcore import data
from evalcore.datasets.options import literal, shown
from evalcore.datasets.refused import Refused
from evalcore.types import Criterion

LEAST, MOST = -10.0, 10.0
_LINE = re.compile(r"(?:[-*•]\s+)?\(?([+-]?\d+(?:\.\d+)?)\)?\s*(?:points?|分)?\s*[:：|]\s*(.+)")


def rubric(cell: str) -> tuple[Criterion, ...]:
    """Refused where a criterion is unreadable, has points outside -10..10, or none can be gained."""
    text = cell.strip()
    if not text:
        raise Refused("no_rubric")
    found = tuple(_of_list(text) if text[0] in "[{" else map(_of_line, text.splitlines()))
    if not found:
        raise Refused("no_rubric")
    for one in found:
        if not LEAST <= one.points <= MOST:
            raise Refused("points_outside", found=f"{one.points:g}")
    if not any(one.points > 0 for one in found):
        raise Refused("points_zero")
    return found


def _of_list(text: str) -> list[Criterion]:
    found = literal(text)
    rows = [found] if isinstance(found, dict) else found
    if not isinstance(rows, list):
        raise Refused("rubric_unreadable", found=shown(text))
    return [_of_object(row) for row in rows]


def _of_object(row: Any) -> Criterion:
    words = data.text(row.get("criterion", row.get("text", ""))) if isinstance(row, dict) else ""
    if not words.strip():
        raise Refused("rubric_unreadable", found=shown(data.text(row)))
    tags = row.get("tags") or []
    return Criterion(words.strip(), _points(row.get("points"), words), tuple(map(data.text, tags)))


def _of_line(line: str) -> Criterion:
    found = _LINE.fullmatch(line.strip())
    if not found:
        raise Refused("rubric_unreadable", found=shown(line))
    return Criterion(found[2].strip(), _points(found[1], line))


def _points(value: Any, words: str) -> float:
    if not re.fullmatch(r"[+-]?\d{1,6}(\.\d{1,6})?", data.text(value)):
        raise Refused("rubric_unreadable", found=shown(words))
    return float(data.text(value))

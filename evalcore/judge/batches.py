"""Calls that ask several criteria of one subject at once: how they are cut, named and found again.

The name tells the criteria's places, so that a call is known by it alone; no criterion's own name has a
blank.
"""

import re
from collections.abc import Sequence

from evalcore.judge.rubric import Cell

MOST = 20
"""Criteria of one call, at most."""

_NAME = re.compile(r"criteria (\d+)-(\d+)")


def calls(cells: Sequence[Cell], size: int) -> list[str]:
    """Names of the calls that ask these cells: each cell's own, or with size > 1 `criteria 1-4`, ..."""
    if size == 1:
        return [cell.name for cell in cells]
    starts = range(0, len(cells), size)
    return [f"criteria {start + 1}-{min(start + size, len(cells))}" for start in starts]


def in_call(name: str) -> int:
    """How many criteria a call asks for."""
    found = _NAME.fullmatch(name)
    return int(found[2]) - int(found[1]) + 1 if found else 1


def cells_in(name: str, cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """Those of a subject's cells that a call asks for."""
    found = _NAME.fullmatch(name)
    if found:
        return tuple(cells[int(found[1]) - 1 : int(found[2])])
    return tuple(cell for cell in cells if cell.name == name)

"""Small tables and what becomes of them."""

from dataclasses import replace

from evalcore import datasets, tables
from evalcore.datasets import Checked
from evalcore.tables.nouns import Head
from evalcore.types import Kind


def table(columns: str, *rows: tuple[str, ...]) -> tables.Table:
    """columns: names between blanks; rows count from 1."""
    numbered = tuple(tables.Row(number, row) for number, row in enumerate(rows, 1))
    return tables.Table(Head("json", tuple(columns.split())), numbered)


def checked(columns: str, *rows: tuple[str, ...], kind: Kind, answers: str = "") -> Checked:
    made = table(columns, *rows)
    layout = datasets.guess(made, kind)
    return datasets.check(made, replace(layout, answers=answers) if answers else layout)


def codes(found: Checked) -> dict[int, str]:
    return {fault.row: fault.code for fault in found.faults}


def golds(found: Checked) -> list[tuple[tuple[str, ...], ...]]:
    return [entry.key.acceptable for entry in found.entries]

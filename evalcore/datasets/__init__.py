"""Own datasets: a table becomes a task, row by row, with a reason for every row that stays out.

`guess` a layout, let a person correct it, `check` the rows, `scan` for words that look like a person's,
`add`. Nothing is half stored: what was added is whole, and what was removed can be restored. This room knows
no model and no score; what it stored is read by `benchmarks.mine`.
"""

from evalcore.datasets.checking import Checked, check
from evalcore.datasets.golds import SPELLINGS
from evalcore.datasets.keeping import (
    About,
    Kept,
    add,
    remove,
    removed,
    restore,
    suggested_name,
    task_of,
    validated_name,
    version_of,
)
from evalcore.datasets.layout import KINDS, LANGUAGES, NEEDED, ROLES, Layout, checked, guess, spelling
from evalcore.datasets.persons import Finding, Scan, scan
from evalcore.datasets.templates import template
from evalcore.datasets.why import WHY, why

__all__ = [
    "KINDS",
    "LANGUAGES",
    "NEEDED",
    "ROLES",
    "SPELLINGS",
    "WHY",
    "About",
    "Checked",
    "Finding",
    "Kept",
    "Layout",
    "Scan",
    "add",
    "check",
    "checked",
    "guess",
    "remove",
    "removed",
    "restore",
    "scan",
    "spelling",
    "suggested_name",
    "task_of",
    "template",
    "validated_name",
    "version_of",
    "why",
]

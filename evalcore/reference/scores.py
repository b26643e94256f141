"""The published figures as records, read once from the file that comes with the project."""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from evalcore.reference.notes import CHINESE, DEFECTS
from evalcore.reference.possible import is_possible

FILE = Path(__file__).with_name("scores.csv")
COUNTED = frozenset({"acc"})  # metrics that are a share of items
NOTES = " | "
_MEDICAL = re.compile(
    r"med|palm|bio|doctor|hua ?tuo|ming-13b|internist|aloe|pmc-|clinical|disc-|pulse", re.IGNORECASE
)
_CLOSED = re.compile(r"gpt|claude|gemini|flan-palm|文心一言|星火|通义千问|ernie", re.IGNORECASE)
_OPEN = re.compile(
    r"llama|mistral|mixtral|qwen|gemma|baichuan|internlm|chatglm|bloom|phi-|yi-|deepseek|falcon|olmo|vicuna",
    re.IGNORECASE,
)
_SPELT = re.compile(r"spelt (.+) there")
_NOT_MEDICAL = re.compile(r"medprompt", re.IGNORECASE)  # a way of prompting GPT-4


@dataclass(frozen=True)
class Published:
    """One printed figure.

    file, row: the collected table and the row in it, from 1. board, section: where it is shown. task: our
    task id where the column is one of our tasks, else the column as printed. value: 0 to 1 for shares, the
    printed number for others (turns, ratings, tau). published: as printed, on its scale (percent, share,
    number). n: items, None where nobody says. tuning: none, peft, full, unknown. in_domain: yes, no, unknown:
    trained on the benchmark's own training set. kind: own (computed by us), table, chart (read off a chart).
    """

    file: str
    row: int
    source: str
    board: str
    section: str
    benchmark: str
    task: str
    column: str
    language: str
    model: str
    metric: str
    variant: str
    value: float
    published: str
    scale: str
    n: int | None
    setting: str
    tuning: str
    in_domain: str
    model_class: str
    kind: str
    is_average: bool
    notes: tuple[str, ...]

    @property
    def decimals(self) -> int:
        """Printed decimals, on the scale of 0 to 1; a zero at the end may be a table's padding."""
        printed = len(self.published.partition(".")[2].rstrip("0"))
        return printed + 2 if self.scale == "percent" else printed

    @property
    def is_doubtful(self) -> bool:
        """Something is known to be wrong or uncertain about it, beside where it comes from."""
        return not self.is_possible or self.kind == "chart" or any(note in DEFECTS for note in self.notes)

    @property
    def is_possible(self) -> bool:
        """False where no whole number of right answers gives the figure; True where that cannot be told."""
        if self.n is None or self.is_average or self.metric not in COUNTED:
            return True
        return is_possible(self.value, self.n, self.decimals)


@cache
def published() -> tuple[Published, ...]:
    """Every published figure, in the order of the collected tables."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(_published(row) for row in csv.DictReader(lines))


def _published(row: dict[str, str]) -> Published:
    words = {name: row[name] for name in _WORDS}
    return Published(
        **words,
        row=int(row["row"]),
        value=float(row["value"]),
        n=int(row["n"]) if row["n"] else None,
        is_average=row["is_average"] == "yes",
        notes=tuple(note for note in row["note"].split(NOTES) if note),
    )


_NUMBERS = {"row", "value", "n", "is_average", "notes"}
_WORDS = tuple(name for name in Published.__dataclass_fields__ if name not in _NUMBERS)


def in_chinese(note: str) -> str:
    """A note in Chinese; as it is where nobody has translated it."""
    spelt = _SPELT.fullmatch(note)
    return f"该处写作 {spelt[1]}" if spelt else CHINESE.get(note, note)


def model_class(name: str) -> str:
    """medical, closed, open or unknown, from a model's name alone."""
    plain = _NOT_MEDICAL.sub("", name)
    if name.startswith(("human", "majority")):
        return "baseline"
    if _MEDICAL.search(plain):
        return "medical"
    if _CLOSED.search(plain):
        return "closed"
    return "open" if _OPEN.search(plain) else "unknown"

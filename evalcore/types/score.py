"""What a response is worth: the answer read from it, its score, and the figure over many."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class AnswerState(StrEnum):
    """What became of reading one reply."""

    READ = "read"
    AMBIGUOUS = "ambiguous"
    REFUSED = "refused"
    EMPTY = "empty"
    TRUNCATED = "truncated"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Answer:
    """What a reader read. value: labels in option order, () when nothing; span: characters of the reply."""

    value: tuple[str, ...]
    state: AnswerState
    rule: str
    reader: str
    reader_version: int
    span: tuple[int, int] | None = None


class Outcome(StrEnum):
    """Where one record stands for its task's first metric; `missing` is not wrong, it is not there."""

    RIGHT = "right"
    WRONG = "wrong"
    PARTLY = "partly"  # 0 < value < 1
    UNSCORED = "unscored"  # answered, but no rule can score it (free text before a judge)
    MISSING = "missing"  # the model gave no answer: API failure, NaN, out of attempts


@dataclass(frozen=True)
class Score:
    """A number with its reason; value None is "could not be scored", never 0.

    metric: name as in cli.md with its variant. parts: counts that a summary needs (tp, fp, fn, ...).
    """

    metric: str
    value: float | None
    why: str = ""
    parts: Mapping[str, float] = field(default_factory=dict)
    scorer_version: int = 1


@dataclass(frozen=True)
class Summary:
    """A figure on a screen. n: scored items; unscored: those no rule could score; method: the interval's."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    unscored: int = 0
    method: str = ""

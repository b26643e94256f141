"""Two answers compared in both orders: what both orders say counts, what only one says is a tie."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evalcore.judge.rubric import TIE
from evalcore.stats import Estimate, kendall_tau, wilson_interval
from evalcore.types import Summary


@dataclass(frozen=True)
class Pair:
    """Our answer against the other one, asked twice.

    ours_first: the verdict (A, B, tie) where our answer stood as A; ours_second: where it stood as B; None:
    no verdict. ours, other: characters of the two answers as they were shown.
    """

    ours_first: str | None
    ours_second: str | None
    ours: int = 0
    other: int = 0


@dataclass(frozen=True)
class Comparison:
    """win_rate: wins plus half the ties by pairs with both verdicts (`n`).

    flip_rate: pairs whose orders disagree. first_rate: verdicts for the answer shown first among those that
    are no tie; 0.5 without position bias. longer_rate: wins of the longer answer among decided pairs of
    unequal length; ties are neither in their n nor unscored. length_tau: rank correlation of the difference
    in length with the outcome.
    """

    win_rate: Summary
    wins: int
    ties: int
    losses: int
    flip_rate: Summary
    first_rate: Summary
    longer_rate: Summary
    length_tau: Estimate


_FLIPPED = {"A": "B", "B": "A", TIE: TIE}


def outcome(pair: Pair) -> float | None:
    """1 our answer is better, 0 the other, 0.5 a tie or the orders disagree; None: a verdict is missing."""
    if pair.ours_first is None or pair.ours_second is None:
        return None
    if is_flipped(pair):
        return 0.5
    return {"A": 1.0, "B": 0.0, TIE: 0.5}[pair.ours_first]


def is_flipped(pair: Pair) -> bool:
    """Whether the two orders disagree about the answers; only for pairs with both verdicts."""
    return pair.ours_first != _FLIPPED[pair.ours_second or TIE]


def compare(pairs: Sequence[Pair]) -> Comparison:
    """All figures of a comparison; wins are counted with ties as half in the interval, too."""
    complete = [(pair, value) for pair in pairs if (value := outcome(pair)) is not None]
    values = [value for _, value in complete]
    missing = len(pairs) - len(complete)
    verdicts = [one for pair in pairs for one in (pair.ours_first, pair.ours_second)]
    single = [one for one in verdicts if one not in (None, TIE)]
    longer = [
        (value == 1) == (pair.ours > pair.other) for pair, value in complete if _is_telling(pair, value)
    ]
    return Comparison(
        _rate(math.fsum(values), len(values), missing, "Wilson, a tie is half a win"),
        values.count(1.0),
        values.count(0.5),
        values.count(0.0),
        _rate(sum(is_flipped(pair) for pair, _ in complete), len(complete), missing),
        _rate(single.count("A"), len(single), verdicts.count(None)),
        _rate(sum(longer), len(longer), missing),
        kendall_tau([pair.ours - pair.other for pair, _ in complete], values),
    )


def _is_telling(pair: Pair, value: float) -> bool:
    return value != 0.5 and pair.ours != pair.other


def _rate(hits: float, n: int, missing: int, method: str = "Wilson") -> Summary:
    if not n:
        return Summary(None, None, None, 0, missing)
    low, high = wilson_interval(hits, n)
    return Summary(hits / n, low, high, n, missing, method)

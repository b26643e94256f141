"""An interval that may be looked at while items are still arriving."""

import math
from collections.abc import Callable


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def live_interval(
    correct: int, seen: int, planned: int | None = None, level: float = 0.95
) -> tuple[float, float]:
    """Interval of a proportion that holds at every moment of a run together, however often one looks.

    Robbins' beta-binomial mixture with a uniform prior. Items must come in random order.
    planned: items of the whole run, if it was fixed beforehand: then the interval is for the share among
    exactly these, drawn without replacement, and shrinks to a point when all are seen; None: for the rate
    behind an endless stream. Sources: Robbins 1970, Ann. Math. Stat. 41:1397-1409; without replacement:
    Waudby-Smith & Ramdas 2020, arXiv 2006.04347, prior-posterior-ratio martingale.
    """
    if planned is not None and not 0 <= correct <= seen <= planned:
        raise ValueError(f"{correct} right of {seen} seen of {planned} planned: counts must not shrink")
    if seen == 0:
        return 0.0, 1.0
    floor = _log_beta(1 + correct, 1 + seen - correct) + math.log(1 - level)
    if planned is None:
        return _live_rate(correct, seen, floor)
    return _live_share(correct, seen, planned, floor)


def _live_rate(correct: int, seen: int, floor: float) -> tuple[float, float]:
    def is_inside(rate: float) -> bool:
        return _log_power(rate, correct) + _log_power(1 - rate, seen - correct) >= floor

    share = correct / seen
    low = 0.0 if correct == 0 else _edge(is_inside, inside=share, outside=0.0)
    high = 1.0 if correct == seen else _edge(is_inside, inside=share, outside=1.0)
    return low, high


def _log_power(base: float, exponent: int) -> float:
    if exponent == 0:
        return 0.0
    return exponent * math.log(base) if base > 0 else -math.inf


def _edge(is_inside: Callable[[float], bool], *, inside: float, outside: float) -> float:
    for _ in range(60):
        middle = (inside + outside) / 2
        if is_inside(middle):
            inside = middle
        else:
            outside = middle
    return outside


def _live_share(correct: int, seen: int, planned: int, floor: float) -> tuple[float, float]:
    """The right ones among all planned: at least those seen right, at most all but those seen wrong."""

    def is_inside(right: int) -> bool:
        likelihood = _log_falling(right, correct) + _log_falling(planned - right, seen - correct)
        return likelihood - _log_falling(planned, seen) >= floor

    least, most = correct, planned - (seen - correct)
    likeliest = min(max(round(correct * planned / seen), least), most)
    low = _integer_edge(is_inside, inside=likeliest, end=least)
    high = _integer_edge(is_inside, inside=likeliest, end=most)
    return low / planned, high / planned


def _log_falling(top: int, factors: int) -> float:
    return math.lgamma(top + 1) - math.lgamma(top - factors + 1)


def _integer_edge(is_inside: Callable[[int], bool], *, inside: int, end: int) -> int:
    """Furthest whole number from `inside` towards `end` that is still inside; `is_inside` falls one way."""
    if is_inside(end):
        return end
    outside = end
    while abs(inside - outside) > 1:
        middle = (inside + outside) // 2
        inside, outside = (middle, outside) if is_inside(middle) else (inside, middle)
    return inside

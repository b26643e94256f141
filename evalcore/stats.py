"""Numbers in, numbers out: intervals, standard errors, a sequence for watching live, and power.

Knows no items, models, files or clock. numpy is imported only where arrays are needed, so that the web
process can import this room at once.
"""

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist
from typing import Any

PAIR_CORRELATION = 0.5  # between two models' rights and wrongs on the same items; the usual planning value


def normal_quantile(level: float) -> float:
    """Two-sided quantile of the standard normal: 1.96 for 0.95."""
    return NormalDist().inv_cdf(0.5 + level / 2)


def wilson_interval(correct: float, total: int, level: float = 0.95) -> tuple[float, float]:
    """Interval of a proportion that stays inside [0, 1] and sound near both ends.

    correct, total: counts of items, 0 <= correct <= total. Returns (low, high); (0.0, 1.0) when total is 0.
    Source: Wilson 1927, JASA 22:209-212.
    """
    if total == 0:
        return 0.0, 1.0
    z, share = normal_quantile(level), correct / total
    middle = share + z * z / (2 * total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    low = 0.0 if correct <= 0 else max(0.0, (middle - half) / scale)
    high = 1.0 if correct >= total else min(1.0, (middle + half) / scale)
    return low, high


def accuracy_stderr(accuracy: float, total: int) -> float | None:
    """sqrt(p(1-p)/(n-1)), the harness' `acc_stderr`; None for fewer than two items."""
    if total < 2:
        return None
    return math.sqrt(accuracy * (1 - accuracy) / (total - 1))


def mean_stderr(values: Sequence[float]) -> float | None:
    """Standard error of a mean, sqrt(sum((s - mean)^2) / (n(n-1))); None for fewer than two values."""
    n = len(values)
    if n < 2:
        return None
    mean = math.fsum(values) / n
    return math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (n * (n - 1)))


def clustered_stderr(values: Sequence[float], clusters: Sequence[str]) -> float | None:
    """Standard error of a mean whose items share a stem, passage or patient.

    clusters: one name per value. SE^2 = (1/n^2) * sum over clusters of (sum of deviations in it)^2.
    None for fewer than two clusters. Source: Miller 2024, arXiv 2411.00640, section 2.2.
    """
    if len(values) != len(clusters):
        raise ValueError(f"{len(values)} values but {len(clusters)} cluster names: give one name per value")
    if len(set(clusters)) < 2:
        return None
    mean = math.fsum(values) / len(values)
    sums: dict[str, float] = {}
    for value, cluster in zip(values, clusters, strict=True):
        sums[cluster] = sums.get(cluster, 0.0) + value - mean
    return math.sqrt(math.fsum(total * total for total in sums.values())) / len(values)


def bootstrap_interval(
    rows: Sequence[Sequence[float]],
    statistic: Callable[[Any], Any],
    *,
    level: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
) -> tuple[float, float] | None:
    """Percentile interval of a figure that is computed from column sums over items (F1 and its kin).

    rows: one row of counts per item. statistic: maps an array (resamples, columns) of sums to an array
    (resamples,). Drawing n items with replacement is drawing how often each *distinct* row comes, so the
    cost depends on the distinct rows, not on n. None without rows. Source: Efron 1979, Ann. Statist. 7:1-26.
    """
    if len(rows) == 0:
        return None
    import numpy as np

    distinct, counts = np.unique(np.asarray(rows, dtype=float), axis=0, return_counts=True)
    total = int(counts.sum())
    drawn = np.random.default_rng(seed).multinomial(total, counts / total, size=resamples)
    figures = np.asarray(statistic(drawn @ distinct), dtype=float)
    tail = (1 - level) / 2
    low, high = np.quantile(figures, [tail, 1 - tail])
    return float(low), float(high)


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


def _difference_variance(accuracy: float, correlation: float) -> float:
    """Variance of the difference of two 0/1 scores of equal accuracy on one item."""
    return 2 * accuracy * (1 - accuracy) * (1 - correlation)


def items_needed(
    difference: float,
    *,
    accuracy: float = 0.7,
    correlation: float = PAIR_CORRELATION,
    variance: float | None = None,
    level: float = 0.95,
    power: float = 0.8,
) -> int:
    """Items (nearest whole number) with which a paired comparison finds a true difference.

    difference: in shares, 0.03 is 3 points. variance: of the per-item difference; given, it replaces accuracy
    and correlation. Source: Miller 2024, arXiv 2411.00640, section 5: n = (z_a/2 + z_b)^2 variance / d^2.
    """
    spread = _difference_variance(accuracy, correlation) if variance is None else variance
    reach = normal_quantile(level) + NormalDist().inv_cdf(power)
    return round(reach * reach * spread / (difference * difference))


def detectable_difference(
    n: int,
    *,
    accuracy: float = 0.7,
    correlation: float = PAIR_CORRELATION,
    level: float = 0.95,
    power: float = 0.8,
) -> float:
    """Smallest true difference between two models that n shared items find with the given power.

    A share (0.13 is 13 points), at most 1; the same formula as `items_needed`, solved for the difference.
    """
    if n <= 0:
        return 1.0
    reach = normal_quantile(level) + NormalDist().inv_cdf(power)
    return min(1.0, reach * math.sqrt(_difference_variance(accuracy, correlation) / n))


def rule_of_three(n: int) -> float:
    """Upper 95 % bound of a rate of which none was seen in n: 3/n. Source: Hanley 1983, JAMA 249:1743."""
    return 1.0 if n <= 3 else 3 / n

"""Standard errors and intervals of figures whose number of items was fixed beforehand."""

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist
from typing import Any


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


def bootstrap_figures(
    rows: Any,
    statistic: Callable[[Any], Any],
    *,
    resamples: int = 2000,
    seed: int = 0,
) -> Any:
    """The figure of each resample, an array (resamples,); rows must not be empty.

    rows: array (items, columns) of counts. statistic: maps an array (resamples, columns) of sums to an array
    (resamples,). Drawing n items with replacement is drawing how often each *distinct* row comes, so the
    cost depends on the distinct rows, not on n. Source: Efron 1979, Ann. Statist. 7:1-26.
    """
    import numpy as np

    distinct, counts = np.unique(np.asarray(rows, dtype=float), axis=0, return_counts=True)
    total = int(counts.sum())
    drawn = np.random.default_rng(seed).multinomial(total, counts / total, size=resamples)
    return np.asarray(statistic(drawn @ distinct), dtype=float)


def bootstrap_interval(
    rows: Sequence[Sequence[float]],
    statistic: Callable[[Any], Any],
    *,
    level: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
) -> tuple[float, float] | None:
    """Percentile interval of a figure that is computed from column sums over items (F1 and its kin).

    rows, statistic: as in `bootstrap_figures`; resamples whose figure is NaN (not defined) do not count.
    None without rows, or when no resample has a figure.
    """
    if len(rows) == 0:
        return None
    figures = bootstrap_figures(rows, statistic, resamples=resamples, seed=seed)
    return percentiles(figures, level)


def percentiles(figures: Any, level: float) -> tuple[float, float] | None:
    """The middle `level` of an array's numbers; None when all are NaN."""
    import numpy as np

    known = figures[~np.isnan(figures)]
    if len(known) == 0:
        return None
    tail = (1 - level) / 2
    low, high = np.quantile(known, [tail, 1 - tail])
    return float(low), float(high)

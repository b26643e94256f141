"""How many items a comparison needs, and what so many items can find."""

import math
from statistics import NormalDist

from evalcore.stats.intervals import normal_quantile

PAIR_CORRELATION = 0.5  # between two models' rights and wrongs on the same items; the usual planning value


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

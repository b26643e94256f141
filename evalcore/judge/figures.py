"""A judge's figure: a summary that also says how much of what was asked has a verdict."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evalcore.stats import bootstrap_interval
from evalcore.types import Summary

LEAST_COVERAGE = 0.98
"""Below this share of readable verdicts a mean is shown with a warning."""


@dataclass(frozen=True)
class Figure(Summary):
    """n, unscored: items; judged, asked: cells (calls to a judge) with a verdict and all of them.

    unclipped, stderr: of a clipped mean.
    """

    judged: int = 0
    asked: int = 0
    unclipped: float | None = None
    stderr: float | None = None

    @property
    def coverage(self) -> float | None:
        """Share of cells with a verdict; None when nothing was asked."""
        return self.judged / self.asked if self.asked else None


def mean_figure(values: Sequence[float], *, items: int, judged: int, asked: int, seed: int = 0) -> Figure:
    """The mean of item values with a bootstrap interval over items. items: all, those without a value too."""
    if not values:
        return Figure(None, None, None, 0, items, judged=judged, asked=asked)
    mean = math.fsum(values) / len(values)
    rows = [(value, 1.0) for value in values]
    low, high = bootstrap_interval(rows, lambda sums: sums[:, 0] / sums[:, 1], seed=seed) or (None, None)
    method = "bootstrap over items"
    return Figure(mean, low, high, len(values), items - len(values), method, judged=judged, asked=asked)

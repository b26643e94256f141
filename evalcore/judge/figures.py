"""A judge's figure: a summary that also says how much of what was asked has a verdict."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from evalcore.metrics import Scored, summarise
from evalcore.types import Summary

LEAST_COVERAGE = 0.98
"""Below this share of readable verdicts a mean is shown with a warning."""


@dataclass(frozen=True)
class Figure(Summary):
    """n, unscored: items; judged, asked: cells (calls to a judge) with a verdict and all of them."""

    judged: int = 0
    asked: int = 0

    @property
    def coverage(self) -> float | None:
        """Share of cells with a verdict; None when nothing was asked."""
        return self.judged / self.asked if self.asked else None


def mean_figure(metric: str, scores: Sequence[Scored], *, judged: int, asked: int) -> Figure:
    """The mean over items as a run's own table has it. scores: of all items, also those without a value."""
    return Figure(**asdict(summarise(metric, scores)), judged=judged, asked=asked)

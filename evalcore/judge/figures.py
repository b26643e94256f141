"""A judge's figure: a summary that also says how much of what was asked has a verdict."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from evalcore.metrics import Scored, summarise
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


def mean_figure(scores: Sequence[Scored], *, judged: int, asked: int) -> Figure:
    """The mean over items as a run's own table has it. scores: of all items, also those without a value."""
    return Figure(**asdict(summarise("rating", scores)), judged=judged, asked=asked)

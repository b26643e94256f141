"""The figure of what a judge said of many items. Knows no rubric and no verdict."""

import math
from collections.abc import Sequence
from dataclasses import replace

from evalcore.metrics import choice, text
from evalcore.metrics.evidence import UNCLIPPED, YES_NO, Scored, figure_names
from evalcore.types import Summary


def summarise(metric: str, scores: Sequence[Scored], *, level: float = 0.95) -> Summary:
    """The mean over items. Of yes/no verdicts it is a proportion, with Wilson's interval (by clusters where
    items share a stem; wider than needed where an item's value is a mean of several verdicts). Of ratings and
    points it has a bootstrap interval, or none where nothing varies: one item, one stem, equal values.

    The mean of points is clipped to 0..1, and so are the bootstrapped means; under the name with `/unclipped`
    it is not. Source: openai/simple-evals, healthbench_eval.py (`_compute_clipped_stats`).
    """
    kept = [one for one in scores if one.value is not None]
    if kept and all(one.parts.get(YES_NO) for one in kept):
        return choice.summarise(metric, scores, level=level)
    found = text.summarise(metric, scores, level=level)
    if (
        found.low is not None
        and found.high is not None
        and math.isclose(found.low, found.high, abs_tol=1e-12)
    ):
        found = replace(found, low=None, high=None, method="")
    return _clipped(found) if figure_names(metric)[1:] and not metric.endswith(UNCLIPPED) else found


def _clipped(found: Summary) -> Summary:
    """Clipping keeps the order of the bootstrapped means, so their quantiles are clipped like them."""
    ends = (found.value, found.low, found.high)
    value, low, high = (None if one is None else min(max(one, 0.0), 1.0) for one in ends)
    return replace(found, value=value, low=low, high=high)

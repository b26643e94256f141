"""The figure of what a judge said of many items. Knows no rubric and no verdict."""

import math
from collections.abc import Sequence
from dataclasses import replace

from evalcore.metrics import choice, text
from evalcore.metrics.evidence import YES_NO, Scored
from evalcore.types import Summary


def summarise(metric: str, scores: Sequence[Scored], *, level: float = 0.95) -> Summary:
    """The mean over items. Of yes/no verdicts it is a proportion, with Wilson's interval (by clusters where
    items share a stem; wider than needed where an item's value is a mean of several verdicts). Of ratings and
    points it has a bootstrap interval, or none where nothing varies: one item, one stem, equal values.
    """
    kept = [one for one in scores if one.value is not None]
    if kept and all(one.parts.get(YES_NO) for one in kept):
        return choice.summarise(metric, scores, level=level)
    found = text.summarise(metric, scores, level=level)
    if found.low is None or found.high is None or not math.isclose(found.low, found.high, abs_tol=1e-12):
        return found
    return replace(found, low=None, high=None, method="")

"""HealthBench's arithmetic: points of criteria to a score of an item, scores of items to a figure.

Source: openai/simple-evals, healthbench_eval.py (`calculate_score`, `_compute_clipped_stats`). Unlike there,
a criterion whose judging failed is left out of its item and shown in the coverage: it is never "not met".
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evalcore.judge.figures import Figure
from evalcore.stats import bootstrap_figures, bootstrap_interval
from evalcore.types import Criterion

RESAMPLES = 1000

CENTRE = 2000
"""Characters of an answer that cost nothing when scores are adjusted for length."""

PENALTIES: Mapping[str, float] = {
    "regular": 0.0299,
    "hard": 0.0392,
    "consensus": 0.0020,
    "professional": 0.0147,
}
"""Per 500 characters above CENTRE, by edition. Source: openai/simple-evals pull request 108, April 2026."""


@dataclass(frozen=True)
class Marked:
    """A criterion with the judge's verdict; None: there is none (unreadable, refused, failed, ...)."""

    criterion: Criterion
    is_met: bool | None


@dataclass(frozen=True)
class JudgedItem:
    """One answer with all criteria of its item. tags: of the item (themes); characters: of the answer."""

    marked: tuple[Marked, ...]
    tags: tuple[str, ...] = ()
    characters: int = 0


def item_score(marked: Sequence[Marked]) -> float | None:
    """Points of what is met, bad points included, by all positive points; below 0 it stays below 0.

    Only over judged criteria. None where these have no positive points.
    """
    judged = [one for one in marked if one.is_met is not None]
    possible = math.fsum(max(one.criterion.points, 0) for one in judged)
    if possible == 0:
        return None
    return math.fsum(one.criterion.points for one in judged if one.is_met) / possible


def adjusted(score: float, characters: int, edition: str) -> float:
    """A score less its price of length; a short answer gains. edition: one of PENALTIES."""
    return score - PENALTIES[edition] * ((characters - CENTRE) / 500)


def overall(items: Sequence[JudgedItem], *, edition: str = "", seed: int = 0) -> Figure:
    """The clipped mean of the item scores with its interval; edition: adjusted for length with its penalty.

    `unclipped` is the mean before clipping, `stderr` the released one: the spread of 1,000 clipped means. No
    interval where nothing varies: a single item, or scores that are all equal.
    """
    scores = [(item_score(item.marked), item) for item in items]
    values = [
        adjusted(score, item.characters, edition) if edition else score
        for score, item in scores
        if score is not None
    ]
    return _clipped(values, len(items), _cells(items), seed)


def by_tag(items: Sequence[JudgedItem], *, seed: int = 0) -> dict[str, Figure]:
    """A figure for every tag. An item's tag takes the item's score; a criterion's tag is scored over the
    criteria that carry it, where they have positive points.
    """
    slices: dict[str, list[JudgedItem]] = {}
    for item in items:
        for tag, judged in _slices(item).items():
            slices.setdefault(tag, []).append(judged)
    return {tag: overall(chosen, seed=seed) for tag, chosen in sorted(slices.items())}


def _slices(item: JudgedItem) -> dict[str, JudgedItem]:
    found = dict.fromkeys(item.tags, item)
    for tag in dict.fromkeys(tag for one in item.marked for tag in one.criterion.tags):
        tagged = tuple(one for one in item.marked if tag in one.criterion.tags)
        if tag not in found or item_score(tagged) is not None:
            found[tag] = JudgedItem(tagged)
    return found


def _cells(items: Iterable[JudgedItem]) -> tuple[int, int]:
    verdicts = [one.is_met is not None for item in items for one in item.marked]
    return sum(verdicts), len(verdicts)


def _clipped_means(sums: Any) -> Any:
    return (sums[:, 0] / sums[:, 1]).clip(0, 1)


def _clipped(values: Sequence[float], items: int, cells: tuple[int, int], seed: int) -> Figure:
    judged, asked = cells
    if not values:
        return Figure(None, None, None, 0, items, judged=judged, asked=asked)
    mean = math.fsum(values) / len(values)
    whole = Figure(min(max(mean, 0.0), 1.0), None, None, len(values), items - len(values))
    whole = replace(whole, judged=judged, asked=asked, unclipped=mean)
    if max(values) - min(values) < 1e-12:
        return whole
    rows = [(value, 1.0) for value in values]
    low, high = bootstrap_interval(rows, _clipped_means, resamples=RESAMPLES, seed=seed) or (None, None)
    spread = bootstrap_figures(rows, _clipped_means, resamples=RESAMPLES, seed=seed)
    method = f"bootstrap over items, {RESAMPLES} clipped means"
    return replace(whole, low=low, high=high, method=method, stderr=float(spread.std()))

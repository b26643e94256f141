"""HealthBench's arithmetic: points of criteria to a score of an item, scores of items to a figure.

Source: openai/simple-evals, healthbench_eval.py (`calculate_score`). Unlike there, an item of which a
criterion has no verdict has no score: the criterion is neither "not met" nor left out.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evalcore.metrics import Scored, summarise
from evalcore.types import Criterion, Summary

CENTRE = 2000
"""Characters of an answer that cost nothing when scores are adjusted for length."""

PENALTIES: Mapping[str, float] = {
    "regular": 0.0299,
    "hard": 0.0392,
    "consensus": 0.0020,
    "professional": 0.0147,
}
"""Per 500 characters above CENTRE, by edition. Source: openai/simple-evals pull request 108, April 2026."""

ADJUSTED = "rubric@length_adjusted_"
"""Begins the name of a metric of points adjusted for length; an edition follows."""


@dataclass(frozen=True)
class Marked:
    """A criterion with the judge's verdict; None: there is none (unreadable, refused, failed, ...)."""

    criterion: Criterion
    is_met: bool | None


@dataclass(frozen=True)
class JudgedItem:
    """One answer with all criteria of its item. tags: of the item (themes)."""

    marked: tuple[Marked, ...]
    tags: tuple[str, ...] = ()


def item_score(marked: Sequence[Marked]) -> float | None:
    """Points of what is met, bad points included, by all positive points; below 0 it stays below 0.

    None where a verdict is missing, and where there are no positive points.
    """
    possible = math.fsum(max(one.criterion.points, 0) for one in marked)
    if possible == 0 or any(one.is_met is None for one in marked):
        return None
    return math.fsum(one.criterion.points for one in marked if one.is_met) / possible


def edition_of(task_id: str) -> str:
    """The edition whose penalty a task's answers pay; the regular one where it is none of the released."""
    name = task_id.removeprefix("rubric/healthbench_")
    return name if name in PENALTIES else "regular"


def adjusted(score: float, characters: int, edition: str) -> float:
    """A score less its price of length; a short answer gains. edition: one of PENALTIES."""
    return score - PENALTIES[edition] * ((characters - CENTRE) / 500)


def overall(items: Sequence[JudgedItem]) -> Summary:
    """The clipped mean of the item scores with its interval."""
    return summarise("rubric", [Scored(item_score(one.marked)) for one in items])


def by_tag(items: Sequence[JudgedItem]) -> dict[str, Summary]:
    """A figure for every tag. An item's tag takes the item's score; a criterion's tag is scored over the
    criteria that carry it, where they have positive points.
    """
    slices: dict[str, list[JudgedItem]] = {}
    for item in items:
        for tag, judged in _slices(item).items():
            slices.setdefault(tag, []).append(judged)
    return {tag: overall(chosen) for tag, chosen in sorted(slices.items())}


def _slices(item: JudgedItem) -> dict[str, JudgedItem]:
    found = dict.fromkeys(item.tags, item)
    for tag in dict.fromkeys(tag for one in item.marked for tag in one.criterion.tags):
        tagged = tuple(one for one in item.marked if tag in one.criterion.tags)
        if tag not in found or item_score(tagged) is not None:
            found[tag] = JudgedItem(tagged)
    return found

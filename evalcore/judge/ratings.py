"""Ratings of several criteria and several judges: means, juries, and who agrees with themselves.

MedHELM's jury takes the plain mean over judges and criteria, and a judge that fails silently drops out of an
item, so that items are rated by different juries. Here an item needs a quorum of judges that are complete.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evalcore.judge.reading import Verdict
from evalcore.metrics import YES_NO, Scored, summarise
from evalcore.stats import wilson_interval
from evalcore.types import Summary


@dataclass(frozen=True)
class Mark:
    """One judge's value in one cell; None: no verdict. item: what was judged, by any name.

    is_yes_no: the value is a verdict yes (1) or no (0). cluster: the item's group, "" when it stands alone.
    """

    item: str
    judge: str
    criterion: str
    value: float | None
    is_yes_no: bool = False
    cluster: str = ""


@dataclass(frozen=True)
class Jury:
    """The jury's figure, and what it hides: the jury without each judge."""

    figure: Summary
    without: Mapping[str, Summary]
    quorum: int


def by_criterion(marks: Iterable[Mark]) -> dict[str, Summary]:
    """For each criterion the mean over items of the mean over its judges."""
    chosen: dict[str, list[Mark]] = {}
    for mark in marks:
        chosen.setdefault(mark.criterion, []).append(mark)
    return {criterion: _mean_over_items(found) for criterion, found in chosen.items()}


def _mean_over_items(marks: Sequence[Mark]) -> Summary:
    values: dict[str, list[float]] = {mark.item: [] for mark in marks}
    for mark in marks:
        if mark.value is not None:
            values[mark.item].append(mark.value)
    return _figure(marks, {item: _mean(found) if found else None for item, found in values.items()})


def _figure(marks: Sequence[Mark], values: Mapping[str, float | None]) -> Summary:
    """values: by item; marks: those that are counted."""
    clusters = {mark.item: mark.cluster for mark in marks}
    parts = {YES_NO: 1.0} if all(mark.is_yes_no for mark in marks) else {}
    scores = [Scored(value, parts, cluster=clusters.get(item, "")) for item, value in values.items()]
    return summarise("rating", scores)


def jury(marks: Sequence[Mark], *, quorum: int = 0) -> Jury:
    """Plain mean over judges and criteria of each item that enough judges rated on every criterion.

    quorum: judges an item needs; 0 is more than half. Raises ValueError for more than there are.
    """
    judges = list(dict.fromkeys(mark.judge for mark in marks))
    needed = quorum or len(judges) // 2 + 1
    if marks and not 1 <= needed <= len(judges):
        raise ValueError(f"a quorum of {needed} cannot be had from {len(judges)} judges")
    complete = _complete(marks)
    return Jury(
        _jury_figure(marks, complete, judges, needed),
        _left_out(marks, complete, judges, needed) if len(judges) > 1 else {},
        needed,
    )


def _complete(marks: Sequence[Mark]) -> dict[str, dict[str, float]]:
    """For each item the mean of each judge that has a value on every criterion asked of anybody there."""
    criteria: dict[str, set[str]] = {}
    values: dict[str, dict[str, dict[str, float]]] = {}
    for mark in marks:
        criteria.setdefault(mark.item, set()).add(mark.criterion)
        if mark.value is not None:
            values.setdefault(mark.item, {}).setdefault(mark.judge, {})[mark.criterion] = mark.value
    return {
        item: {
            judge: _mean(list(given.values()))
            for judge, given in values.get(item, {}).items()
            if len(given) == len(asked)
        }
        for item, asked in criteria.items()
    }


def _jury_figure(
    marks: Sequence[Mark],
    complete: Mapping[str, Mapping[str, float]],
    judges: Sequence[str],
    quorum: int,
) -> Summary:
    """Complete judges of an item have as many criteria each, so the mean of their means is the plain mean."""
    sitting = set(judges)
    present = {
        item: [mean for judge, mean in given.items() if judge in sitting] for item, given in complete.items()
    }
    values = {item: _mean(found) if len(found) >= quorum else None for item, found in present.items()}
    return _figure([mark for mark in marks if mark.judge in sitting], values)


def _left_out(
    marks: Sequence[Mark],
    complete: Mapping[str, Mapping[str, float]],
    judges: Sequence[str],
    quorum: int,
) -> dict[str, Summary]:
    least = min(quorum, len(judges) - 1)
    return {
        out: _jury_figure(marks, complete, [one for one in judges if one != out], least) for out in judges
    }


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def self_agreement(repeats: Sequence[tuple[Verdict, Verdict]]) -> Summary:
    """Share of cells asked twice that got the same verdict twice; those without two verdicts are unscored."""
    both = [(one.value, two.value) for one, two in repeats if one.value is not None and two.value is not None]
    same = sum(one == two for one, two in both)
    if not both:
        return Summary(None, None, None, 0, len(repeats))
    low, high = wilson_interval(same, len(both))
    return Summary(same / len(both), low, high, len(both), len(repeats) - len(both), "Wilson")

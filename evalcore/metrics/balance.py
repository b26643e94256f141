"""What stands beside an accuracy: chance, class balance, recall per class, and the leaderboard's average."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evalcore.metrics.choice import class_counts, class_labels
from evalcore.metrics.evidence import WRITTEN, Scored
from evalcore.types import Entry, Kind


@dataclass(frozen=True)
class ClassFigures:
    """One class: gold and said are counts of items; a ratio with nothing below it is None."""

    label: str
    gold: int
    said: int
    precision: float | None
    recall: float | None
    f1: float


@dataclass(frozen=True)
class Average:
    """value is None as long as a task is missing: an average of other tasks would be another figure."""

    value: float | None
    missing: tuple[str, ...]


def per_class(scores: Sequence[Scored]) -> tuple[ClassFigures, ...]:
    """Precision, recall and F1 of every label that was given or is gold; unread replies lower recall only."""
    kept = [one for one in scores if one.value is not None]
    sums = [sum(column) for column in zip(*class_counts(kept), strict=True)] if kept else []
    return tuple(
        _figures(label, *sums[3 * place : 3 * place + 3]) for place, label in enumerate(class_labels(kept))
    )


def _figures(label: str, both: int, said: int, gold: int) -> ClassFigures:
    return ClassFigures(
        label,
        gold,
        said,
        precision=both / said if said else None,
        recall=both / gold if gold else None,
        f1=2 * both / (said + gold) if both else 0.0,
    )


def chance_level(entries: Iterable[Entry], kind: Kind) -> float | None:
    """Share right of a uniform guess: over options, or over non-empty sets of them (several answers).

    None without entries or without options. Alternatives in a key each count.
    """
    guesses = []
    for entry in entries:
        options = len(entry.item.options)
        if not options or kind in WRITTEN:
            return None
        is_set = kind in (Kind.SEVERAL, Kind.LABELS)
        possible = 2**options - 1 if is_set else options
        answers = {frozenset(one) for one in entry.key.acceptable}
        fitting = sum(is_set or len(answer) == 1 for answer in answers)
        guesses.append(fitting / possible)
    return math.fsum(guesses) / len(guesses) if guesses else None


def class_balance(entries: Iterable[Entry]) -> dict[str, float]:
    """Share of items whose first acceptable answer holds each label; sums to 1 for single choice."""
    golds = [entry.key.acceptable[0] for entry in entries]
    counts = Counter(label for gold in golds for label in set(gold))
    return {label: counts[label] / len(golds) for label in sorted(counts)}


def majority_level(entries: Iterable[Entry]) -> float | None:
    """Share right of the best constant answer (a model that always says D); None without entries."""
    keys = [{tuple(sorted(one)) for one in entry.key.acceptable} for entry in entries]
    counts = Counter(answer for key in keys for answer in key)
    return max(counts.values()) / len(keys) if keys else None


def leaderboard_average(figures: Mapping[str, float | None], tasks: Sequence[str]) -> Average:
    """Unweighted mean over tasks as the Open Medical-LLM Leaderboard has it, not weighted by size."""
    missing = tuple(task for task in tasks if figures.get(task) is None)
    if missing or not tasks:
        return Average(None, missing)
    return Average(math.fsum(figures[task] or 0.0 for task in tasks) / len(tasks), ())

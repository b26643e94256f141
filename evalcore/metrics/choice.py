"""Metrics of choice, several-answer and yes/no/maybe items.

A reply from which nothing could be read (unreadable, ambiguous, refused, empty, cut off) is wrong: value 0
and the reason in `why`. A reply that never came (API failure, NaN) has no value: missing, not wrong.
`pointwise` follows Med-HALT (Pal et al. 2023, arXiv 2307.15343): +1 for a right answer, -0.25 for every
other, unread ones included.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

from evalcore.metrics.evidence import Evidence, Result, Scored, base_name, settled_gold
from evalcore.stats import bootstrap_interval, clustered_stderr, normal_quantile, wilson_interval
from evalcore.types import AnswerState, Key, Summary

POINTS_RIGHT, POINTS_WRONG = 1.0, -0.25


def _said(labels: Sequence[str]) -> str:
    return ", ".join(labels) if labels else "nothing"


def _wanted(key: Key) -> str:
    return " or ".join(_said(one) for one in key.acceptable)


def is_right(predicted: Sequence[str], key: Key) -> bool:
    return any(frozenset(predicted) == frozenset(one) for one in key.acceptable)


def _unread(evidence: Evidence) -> str:
    """Why the reply gave no answer, or "" when it gave one."""
    state = evidence.answer.state
    return "" if state is AnswerState.READ else f"{state.value}: no answer could be read"


def _match(evidence: Evidence, key: Key) -> Result:
    unread = _unread(evidence)
    if unread:
        return 0.0, unread, {}
    right = is_right(evidence.answer.value, key)
    return float(right), f"said {_said(evidence.answer.value)}, key {_wanted(key)}", {}


def _points(evidence: Evidence, key: Key) -> Result:
    value, why, parts = _match(evidence, key)
    return (POINTS_RIGHT if value else POINTS_WRONG), why, parts


def _option_counts(evidence: Evidence, key: Key) -> Result:
    """Options rightly named, wrongly named, not named; among several acceptable answers the nearest."""
    said = frozenset(evidence.answer.value) if not _unread(evidence) else frozenset()
    tp, fp, fn = max(
        ((len(said & gold), len(said - gold), len(gold - said)) for gold in map(frozenset, key.acceptable)),
        key=lambda counts: (_f1(*counts), -counts[1] - counts[2]),
    )
    why = _unread(evidence) or f"said {_said(evidence.answer.value)}, key {_wanted(key)}"
    return _f1(tp, fp, fn), why, {"tp": tp, "fp": fp, "fn": fn}


def _f1(tp: float, fp: float, fn: float) -> float:
    return 2 * tp / (2 * tp + fp + fn) if tp else 0.0


def _normalised_pick(evidence: Evidence, key: Key) -> Result:
    """Argmax of log-likelihood / characters of the option as it was scored, without its leading blank."""
    logprobs, labels = evidence.response.option_logprobs, evidence.item.labels
    if logprobs is None:
        return None, "not scored: acc_norm needs the options' log-likelihoods; this model wrote text", {}
    lengths = [len(target.lstrip(" ")) for target in evidence.targets]
    if len(lengths) != len(labels) or 0 in lengths:
        return None, "not scored: the ranked option strings are not recorded", {}
    values = [logprobs.get(label, math.nan) for label in labels]
    if not all(map(math.isfinite, values)):
        return None, "missing: a log-likelihood is not a number", {}
    per_character = [value / length for value, length in zip(values, lengths, strict=True)]
    best = labels[per_character.index(max(per_character))]
    return float(is_right((best,), key)), f"picked {best} per character, key {_wanted(key)}", {}


METRICS: dict[str, Callable[[Evidence, Key], Result]] = {
    "acc": _match,
    "acc_norm": _normalised_pick,
    "exact_set": _match,
    "option_f1": _option_counts,
    "macro_f1": _match,
    "macro_precision": _match,
    "macro_recall": _match,
    "pointwise": _points,
}


def summarise(metric: str, scores: Sequence[Scored], *, level: float = 0.95) -> Summary:
    """The figure of many items with its interval; scores without a value are counted, not averaged.

    Macro figures are over all classes that occur as gold or as answer (scikit-learn's `macro`), so that
    an unread reply lowers its gold class without being a class itself.
    """
    kept = [one for one in scores if one.value is not None]
    unscored = len(scores) - len(kept)
    if not kept:
        return Summary(None, None, None, 0, unscored)
    name = base_name(metric)
    if name in {"macro_f1", "macro_precision", "macro_recall"}:
        value, low, high, method = _macro(name, kept, level)
    elif name == "option_f1":
        value, low, high, method = _micro(kept, level)
    else:
        value, low, high, method = _mean(name, kept, level)
    return Summary(value, low, high, len(kept), unscored, method)


Figure = tuple[float, float, float, str]


def _mean(name: str, kept: Sequence[Scored], level: float) -> Figure:
    low_end, high_end = (POINTS_WRONG, POINTS_RIGHT) if name == "pointwise" else (0.0, 1.0)
    width = high_end - low_end
    values = [float(one.value or 0.0) for one in kept]
    mean = math.fsum(values) / len(values)
    clusters = [one.cluster or f"\0{place}" for place, one in enumerate(kept)]
    error = clustered_stderr(values, clusters) if len(set(clusters)) < len(kept) else None
    if error:  # 0 where nothing varies between clusters: the normal interval would be a point
        half = normal_quantile(level) * error
        return mean, max(low_end, mean - half), min(high_end, mean + half), "clustered"
    correct = math.fsum((value - low_end) / width for value in values)
    low, high = wilson_interval(min(correct, len(values)), len(values), level)
    return mean, low_end + width * low, low_end + width * high, "wilson"


def _micro(kept: Sequence[Scored], level: float) -> Figure:
    rows = [[one.parts.get(name, 0.0) for name in ("tp", "fp", "fn")] for one in kept]
    value = _f1(*(math.fsum(column) for column in zip(*rows, strict=True)))

    def micro_f1(sums: Any) -> Any:
        return 2 * sums[:, 0] / (2 * sums[:, 0] + sums[:, 1] + sums[:, 2]).clip(min=1e-12)

    low, high = bootstrap_interval(rows, micro_f1, level=level) or (value, value)
    return value, low, high, "bootstrap"


def _macro(name: str, kept: Sequence[Scored], level: float) -> Figure:
    rows = class_counts(kept)

    def figure(sums: Any) -> Any:
        tp, said, gold = sums[:, 0::3], sums[:, 1::3], sums[:, 2::3]
        below = {"macro_precision": said, "macro_recall": gold, "macro_f1": (said + gold) / 2}[name]
        present = (said + gold) > 0
        return (tp / below.clip(min=1e-12)).sum(axis=1) / present.sum(axis=1).clip(min=1)

    import numpy as np

    value = float(figure(np.asarray(rows, dtype=float).sum(axis=0, keepdims=True))[0])
    low, high = bootstrap_interval(rows, figure, level=level) or (value, value)
    return value, low, high, "bootstrap"


def class_labels(scores: Sequence[Scored]) -> list[str]:
    """Every label that was given or is gold, sorted."""
    golds = (settled_gold(one.predicted, one.gold) for one in scores)
    return sorted(frozenset().union(*golds, *(one.predicted for one in scores)))


def class_counts(scores: Sequence[Scored]) -> list[list[int]]:
    """Per item and class, in the order of `class_labels`: both, given, gold."""
    labels = class_labels(scores)
    rows = []
    for one in scores:
        said, gold = frozenset(one.predicted), settled_gold(one.predicted, one.gold)
        rows.append([int(test) for x in labels for test in (x in said and x in gold, x in said, x in gold)])
    return rows

"""The released MedS-Bench rules for labels: whether the gold label's text stands in the reply.

Ours is `acc` and `macro_f1` over what `evalcore.answers.labels` read. These repeat the released scorers,
warts included (benchmarks.md A2, D10): "stable angina" is in "unstable angina", "no" in "not", and a reply
that lists every label is always right. An item's meta COMPAT names its rule; "substring" where it names none.
"""

from collections.abc import Callable, Sequence
from typing import Any

from evalcore.metrics import choice
from evalcore.metrics.evidence import Evidence, Result, Scored
from evalcore.stats import bootstrap_interval
from evalcore.types import Key, Summary

COMPAT = "compat"
Rule = Callable[[Evidence, Key], Result]


def in_reply(said: str, gold: str) -> bool:
    """Diagnosis, treatment, NLI: the gold without its periods stands somewhere in the reply."""
    return _released_gold(gold) in said.lower()


def in_first_line(said: str, gold: str) -> bool:
    """Fact verification: the same, in what comes before the first newline."""
    return _released_gold(gold) in said.split("\n")[0].lower()


def is_only_outcome(said: str, gold: str) -> bool:
    """Clinical outcome: the gold word of true and false is there and the other is not."""
    low, word = said.lower(), gold.lower().strip()
    other = {"true": "false", "false": "true"}.get(word)
    return other is not None and word in low and other not in low


def _released_gold(gold: str) -> str:
    return gold.replace(".", "").strip().lower()


RULES: dict[str, Callable[[str, str], bool]] = {
    "substring": in_reply,
    "first_line": in_first_line,
    "outcome": is_only_outcome,
}


def _accuracy(evidence: Evidence, key: Key) -> Result:
    name = evidence.item.meta.get(COMPAT, "substring")
    golds = [label for gold in key.acceptable for label in gold]
    right = any(RULES[name](evidence.said, gold) for gold in golds)
    return float(right), f"{name}: {' or '.join(golds)} {'found' if right else 'not found'} in the reply", {}


def named_in(said: str, labels: Sequence[str]) -> tuple[str, ...]:
    """Hallmarks of cancer: every label whose text stands in the reply."""
    low = said.lower()
    return tuple(label for label in labels if label.lower() in low)


def _per_class(evidence: Evidence, key: Key) -> Result:
    """Value: the item's own F1. Parts: the number of classes, and tp:, fp: or fn: per class."""
    labels = evidence.item.labels
    said, gold = set(named_in(evidence.said, labels)), set(key.acceptable[0])
    parts: dict[str, float] = {"classes": len(labels)}
    for sort, group in (("tp", said & gold), ("fp", said - gold), ("fn", gold - said)):
        parts |= {f"{sort}:{labels.index(label)}": 1.0 for label in group}
    value = 2 * len(said & gold) / (len(said) + len(gold)) if said | gold else 1.0
    return (
        value,
        f"said {', '.join(sorted(said)) or 'nothing'}, key {', '.join(sorted(gold)) or 'nothing'}",
        parts,
    )


_MACRO = ("macro_f1", "macro_precision", "macro_recall")
METRICS: dict[str, Rule] = {
    "acc@medsbench_compat": _accuracy,
    **{f"{name}@medsbench_compat": _per_class for name in _MACRO},
}


def summarise(metric: str, scores: Sequence[Scored], *, level: float = 0.95) -> Summary:
    """Macro figures over all classes offered, one that nobody named counting 0 (`zero_division=0`)."""
    kept = [one for one in scores if one.value is not None]
    name = metric.split("@")[0]
    if name not in _MACRO or not kept:
        return choice.summarise(metric, scores, level=level)
    classes = int(max(one.parts["classes"] for one in kept))
    rows = [[one.parts.get(f"{sort}:{n}", 0.0) for n in range(classes) for sort in _SORTS] for one in kept]

    def figure(sums: Any) -> Any:
        return _macro(name, sums)

    import numpy as np

    value = float(figure(np.asarray(rows, dtype=float).sum(axis=0, keepdims=True))[0])
    low, high = bootstrap_interval(rows, figure, level=level) or (value, value)
    return Summary(value, low, high, len(kept), len(scores) - len(kept), "bootstrap")


_SORTS = ("tp", "fp", "fn")


def _macro(name: str, sums: Any) -> Any:
    """Over an array (resamples, 3 * classes) of tp, fp, fn per class."""
    tp, fp, fn = sums[:, 0::3], sums[:, 1::3], sums[:, 2::3]
    wrong = {"macro_precision": fp, "macro_recall": fn, "macro_f1": (fp + fn) / 2}[name]
    return (tp / (tp + wrong).clip(min=1e-12)).mean(axis=1)

"""Free text against a reference: BLEU-1..4 and ROUGE-1, -2, -L, ours and as two systems released them.

Values are 0..1 per item; a figure is their mean. Among several acceptable references the nearest counts.
An empty reply, or one of punctuation alone, is 0. A key without text cannot be scored: no value.
"""

import math
from collections.abc import Callable, Sequence
from functools import partial
from operator import itemgetter
from typing import Any

from evalcore.metrics.evidence import Evidence, Result, Scored
from evalcore.metrics.text import released
from evalcore.metrics.text.bleu import ORDERS, bleu
from evalcore.metrics.text.rouge import ROUGES, rouge
from evalcore.metrics.text.words import words, words_name
from evalcore.stats import bootstrap_interval
from evalcore.types import Key, Summary

Comparison = Callable[[str, str, str], tuple[float, dict[str, float]]]
"""(said, reference, language) -> value, parts."""


def _score(compare: Comparison, formula: str, evidence: Evidence, key: Key) -> Result:
    language = evidence.item.language
    references = [text for text in (", ".join(one) for one in key.acceptable) if words(text, language)]
    if not references:
        return None, "not scored: the key holds no reference text", {}
    if not words(evidence.said, language):
        return 0.0, "empty: nothing but white space and punctuation was written", {}
    value, parts = max((compare(evidence.said, text, language) for text in references), key=itemgetter(0))
    return value, f"{formula}, {words_name(language)}", parts


def _bleu(order: int, said: str, reference: str, language: str) -> tuple[float, dict[str, float]]:
    lengths = {"words": float(len(words(said, language)))}
    lengths["reference_words"] = float(len(words(reference, language)))
    return bleu(said, reference, language)[order - 1], lengths


def _rouge(name: str, said: str, reference: str, language: str) -> tuple[float, dict[str, float]]:
    one = rouge(said, reference, language)[name]
    return one.f, {"precision": one.precision, "recall": one.recall}


METRICS: dict[str, Callable[[Evidence, Key], Result]] = {
    **{f"bleu{n}": partial(_score, partial(_bleu, n), f"BLEU-{n}, one added (method2)") for n in ORDERS},
    **{name: partial(_score, partial(_rouge, name), f"ROUGE-{name[5:]} of rouge_score") for name in ROUGES},
    **released.METRICS,
}


def summarise(metric: str, scores: Sequence[Scored], *, level: float = 0.95) -> Summary:
    """Mean over items with a bootstrap interval; items that share a stem are drawn together.

    The interval of a single item, or of items that all share one stem, is that one value: nothing varies.
    """
    kept = [one for one in scores if one.value is not None]
    unscored = len(scores) - len(kept)
    if not kept:
        return Summary(None, None, None, 0, unscored)
    sums: dict[str, list[float]] = {}
    for place, one in enumerate(kept):
        row = sums.setdefault(one.cluster or f"\0{place}", [0.0, 0.0])
        row[0] += float(one.value or 0.0)
        row[1] += 1
    mean = math.fsum(one.value or 0.0 for one in kept) / len(kept)
    low, high = bootstrap_interval(list(sums.values()), _mean_of_sums, level=level) or (mean, mean)
    return Summary(mean, low, high, len(kept), unscored, "bootstrap")


def _mean_of_sums(sums: Any) -> Any:
    return sums[:, 0] / sums[:, 1]

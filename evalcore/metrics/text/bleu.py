"""BLEU of one text against one reference, orders 1 to 4 at once. Papineni et al. 2002, ACL; by NLTK.

BLEU-n is the geometric mean of the precisions of 1..n-grams, times the brevity penalty. It is a figure of one
item, so that two models can be compared item by item; its mean is not the corpus BLEU of translation papers.
"""

from collections.abc import Sequence
from functools import lru_cache

from evalcore.metrics.text.words import REMEMBERED, released_words, words

ORDERS = (1, 2, 3, 4)


@lru_cache(maxsize=REMEMBERED)
def bleu(said: str, reference: str, language: str) -> tuple[float, ...]:
    """Ours: our words, one added to the counts from order 2 on (Lin & Och 2004, COLING: BLEU+1).

    Texts of fewer than n words are compared up to their own length, so that an exact answer in two words is 1
    at every order (sacrebleu's effective order).
    """
    mine = words(said, language)
    orders = [min(order, max(len(mine), 1)) for order in ORDERS]
    return _bleu(mine, words(reference, language), orders, "method2")


@lru_cache(maxsize=REMEMBERED)
def released_bleu(said: str, reference: str, language: str) -> tuple[float, ...]:
    """As released: their words, 0.1 in place of a count of 0 (NLTK's method1, Chen & Cherry 2014)."""
    return _bleu(released_words(said, language), released_words(reference, language), ORDERS, "method1")


def _bleu(
    said: Sequence[str], reference: Sequence[str], orders: Sequence[int], smoothing: str
) -> tuple[float, ...]:
    from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu

    weights = [(1 / order,) * order for order in orders]
    smooth = getattr(SmoothingFunction(), smoothing)
    return tuple(min(1.0, float(value)) for value in sentence_bleu([reference], said, weights, smooth))

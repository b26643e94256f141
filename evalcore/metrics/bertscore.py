"""BERTScore: how well each token of a reply finds its like in a reference, by contextual embeddings.

Greedy matching of Zhang et al. 2020, ICLR, arXiv 1904.09675, with the choices of their package bert-score
0.3.13: tokens that the tokeniser adds ([CLS], [SEP]) may be matched but weigh nothing; idf over the
references; the best of several references. That package itself is unfit here: with transformers 5 it fails on
every empty text and on tokenisers that state no greatest length, silently drops the blank before RoBERTa's
first word that its published numbers have, and knows no layer for a local folder. Knows no model: an encoder
is handed in (`evalcore.models.encoders`).

A figure's name holds encoder, layer, idf and rescaling, since each changes the number.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from evalcore.metrics.evidence import Evidence, Result
from evalcore.metrics.text import summarise
from evalcore.types import Key

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["METRICS", "Encoder", "Matched", "Tokens", "figure_name", "match", "score_pairs", "summarise"]

PAIRS_AT_ONCE = 64  # their token vectors are held together: about 60 MB for texts of 150 tokens
UNSEEN = -1  # no token has this id
NO_ENCODER: Result = (None, "not computed: no encoder", {})


@dataclass(frozen=True)
class Tokens:
    """One text as an encoder sees it.

    ids: (n,) token ids; vectors: (n, width), any length; is_added: (n,) true for tokens of no character.
    is_cut: the text reached the encoder's greatest length, what lay behind is not in it.
    """

    ids: tuple[int, ...]
    vectors: "NDArray[np.float32]"
    is_added: "NDArray[np.bool_]"
    is_cut: bool = False


class Encoder(Protocol):
    """What is asked of an encoder. label: what a figure calls it; layer: whose output the vectors are."""

    label: str
    layer: int

    def token_ids(self, texts: Sequence[str]) -> list[tuple[int, ...]]: ...

    def tokens(self, texts: Sequence[str]) -> Iterator[Tokens]:
        """One for each text, in their order."""
        ...


@dataclass(frozen=True)
class Matched:
    """precision: how well what was said is found in the reference; recall: the other way; f1 of both."""

    precision: float
    recall: float
    f1: float

    def rescaled(self, baseline: "Matched") -> "Matched":
        """Stretched so that unrelated texts are near 0; 1 stays 1, below the baseline it is negative."""
        pairs = zip(
            (self.precision, self.recall, self.f1),
            (baseline.precision, baseline.recall, baseline.f1),
            strict=True,
        )
        return Matched(*((value - base) / (1 - base) for value, base in pairs))


def figure_name(label: str, layer: int, *, idf: bool = False, rescaled: bool = False) -> str:
    """`bertscore_f1@bert-base-multilingual-cased,layer=9,idf,rescaled`."""
    return f"bertscore_f1@{label},layer={layer}" + ",idf" * idf + ",rescaled" * rescaled


def match(said: Tokens, reference: Tokens, idf: Mapping[int, float] | None = None) -> Matched | None:
    """Each token with the most similar one of the other text, by cosine.

    idf: weight by token id; without, every token of the text weighs 1. All 0 where a text has no token of its
    own; None where idf leaves no weight (every token of a text stands in all references).
    """
    if said.is_added.all() or reference.is_added.all():
        return Matched(0.0, 0.0, 0.0)
    weights = [_weights(one, idf) for one in (said, reference)]
    if any(weight.sum() <= 0 for weight in weights):
        return None
    similarity = _unit(said.vectors) @ _unit(reference.vectors).T
    precision = float(similarity.max(axis=1) @ weights[0] / weights[0].sum())
    recall = float(similarity.max(axis=0) @ weights[1] / weights[1].sum())
    both = precision + recall
    return Matched(precision, recall, 2 * precision * recall / both if both else 0.0)


def _unit(vectors: "NDArray[np.float32]") -> "NDArray[np.float32]":
    import numpy as np

    lengths: NDArray[np.float32] = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: NDArray[np.float32] = vectors / lengths.clip(min=1e-12)
    return unit


def _weights(tokens: Tokens, idf: Mapping[int, float] | None) -> "NDArray[np.float64]":
    import numpy as np

    if idf is None:
        return np.where(tokens.is_added, 0.0, 1.0)
    return np.array([idf.get(one, idf.get(UNSEEN, 0.0)) for one in tokens.ids])


def inverse_frequencies(references: Sequence[Sequence[int]]) -> dict[int, float]:
    """log((n + 1) / (texts with the token + 1)) over n references, by token id; key UNSEEN: any other."""
    counts = Counter(one for ids in references for one in set(ids))
    found = {one: math.log((len(references) + 1) / (count + 1)) for one, count in counts.items()}
    return {**found, UNSEEN: math.log(len(references) + 1)}


def score_pairs(
    encoder: Encoder,
    said: Sequence[str],
    references: Sequence[Sequence[str]],
    *,
    idf: bool = False,
    baseline: Matched | None = None,
) -> Iterator[tuple[int, Result]]:
    """(place, result) of each reply against its references, the best F1 of each; long ones come first.

    Results come in blocks, so that a job can keep them and be stopped in between. idf is counted over all
    references given here: the same task must be scored in one call. baseline: unrelated texts' mean scores by
    this encoder and layer; given, all three are rescaled.
    """
    weights = None
    if idf:
        weights = inverse_frequencies(encoder.token_ids([text for one in references for text in one]))
    order = sorted(range(len(said)), key=lambda place: -sum(map(len, (said[place], *references[place]))))
    how = f"{encoder.label}, layer {encoder.layer}" + ", idf" * idf + ", rescaled" * (baseline is not None)
    for start in range(0, len(order), PAIRS_AT_ONCE):
        block = order[start : start + PAIRS_AT_ONCE]
        texts = list(dict.fromkeys(text for place in block for text in (said[place], *references[place])))
        seen = dict(zip(texts, encoder.tokens(texts), strict=True))
        for place in block:
            yield (
                place,
                _best(seen[said[place]], [seen[one] for one in references[place]], weights, baseline, how),
            )


def _best(
    said: Tokens,
    references: Sequence[Tokens],
    idf: Mapping[int, float] | None,
    baseline: Matched | None,
    how: str,
) -> Result:
    references = [one for one in references if not one.is_added.all()]
    if not references:
        return None, "not scored: the key holds no reference text", {}
    found = [one for one in (match(said, reference, idf) for reference in references) if one]
    if not found:
        return None, "not scored: idf leaves no token any weight", {}
    best = max(found, key=lambda one: one.f1)
    best = best.rescaled(baseline) if baseline else best
    is_cut = said.is_cut or any(one.is_cut for one in references)
    why = (
        "empty: nothing was written" if said.is_added.all() else how + ", cut to its greatest length" * is_cut
    )
    return best.f1, why, {"precision": best.precision, "recall": best.recall}


def _without_encoder(evidence: Evidence, key: Key) -> Result:
    return NO_ENCODER


METRICS: dict[str, Callable[[Evidence, Key], Result]] = {"bertscore_f1": _without_encoder}
"""Asked for without an encoder's name, it has no value; with one, a worker's job calls `score_pairs`."""

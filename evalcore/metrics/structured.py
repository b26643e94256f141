"""Free clinical text against a gold text: which points it makes, and which medical terms.

key_*: sets of keys, synonyms under one name, each counted once; nothing on both sides is 1, nothing on one
side 0 (D19). aligned_f1: sets of words of all values, each aligned to a term library, below a threshold
itself. aligned_bertscore: the aligned values of each gold key against what was said under it. These are two
readings of one published description and separate figures. All are means over items (macro).

The aligner and the encoder's similarity are handed in: this room knows no files.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from evalcore.metrics.entities import f1, precision, recall
from evalcore.metrics.evidence import Evidence, Result
from evalcore.metrics.points import Point, points, values
from evalcore.types import AnswerState, Key

Rule = Callable[[Evidence, Key], Result]
Similarity = Callable[[str, str], float]
"""BERTScore F1 of (said, gold), 0 to 1."""


class Aligner(Protocol):
    """What `evalcore.terms` makes: words to (word, term, similarity), 0 for a word that stays itself."""

    def __call__(self, words: Sequence[str]) -> Sequence[tuple[str, str, float]]: ...

    def is_term(self, text: str) -> bool: ...


@dataclass(frozen=True)
class TermRow:
    """One word of a value. term: what it was aligned to, itself if nothing was near (similarity 0).

    matched: the other side has the same term, under whatever key.
    """

    word: str
    term: str
    similarity: float
    is_gold: bool
    matched: bool


@dataclass(frozen=True)
class KeyRow:
    """One line of a table of keys. gold, said: the values as printed, None where the side has no such key.

    key "" is text outside any key: it counts as no key, its words count as terms.
    """

    key: str
    gold: str | None
    said: str | None
    matched: bool
    terms: tuple[TermRow, ...] = ()


def comparison(said: str, gold: str, aligner: Aligner | None = None) -> tuple[KeyRow, ...]:
    """Keys of the gold in its order, then those only the reply has; no aligner: words stay themselves."""
    ours, theirs = ({point.key: point for point in points(text)} for text in (said, gold))
    said_terms = {key: _aligned(point, aligner) for key, point in ours.items()}
    gold_terms = {key: _aligned(point, aligner) for key, point in theirs.items()}
    said_set, gold_set = _terms(said_terms.values()), _terms(gold_terms.values())
    rows = []
    for key in dict.fromkeys((*theirs, *ours)):
        terms = [TermRow(*one, True, _same(one[1]) in said_set) for one in gold_terms.get(key, ())]
        terms += [TermRow(*one, False, _same(one[1]) in gold_set) for one in said_terms.get(key, ())]
        is_matched = bool(key) and key in ours and key in theirs
        rows.append(KeyRow(key, _text(theirs.get(key)), _text(ours.get(key)), is_matched, tuple(terms)))
    return tuple(rows)


Alignments = Sequence[tuple[str, str, float]]


def _aligned(point: Point, aligner: Aligner | None) -> Alignments:
    if aligner is None:
        return [(word, word, 0.0) for word in values(point.text)]
    return aligner(values(point.text, aligner.is_term))


def _terms(of_keys: Iterable[Alignments]) -> frozenset[str]:
    return frozenset(_same(term) for one in of_keys for _, term, _ in one)


def _same(term: str) -> str:
    return "".join(term.casefold().split())


def _text(point: Point | None) -> str | None:
    return point.text if point else None


def _best(evidence: Evidence, key: Key, rule: Callable[[str, str], Result]) -> Result:
    """The gold text that the reply comes nearest to; nothing readable is 0."""
    is_there = evidence.answer.state is AnswerState.READ or evidence.answer.span is not None
    if not evidence.said.strip() or not is_there:
        return 0.0, f"{evidence.answer.state.value}: no answer could be read", {}
    results = [rule(evidence.said, gold) for alternative in key.acceptable for gold in alternative]
    return max(results, key=lambda one: one[0] or 0.0)


def _counts(said: frozenset[str], gold: frozenset[str]) -> dict[str, float]:
    return {"tp": len(said & gold), "fp": len(said - gold), "fn": len(gold - said)}


def _difference(said: frozenset[str], gold: frozenset[str]) -> str:
    words = [f"{len(said & gold)} of {len(gold)}"]
    words += [f"missing: {'、'.join(sorted(gold - said))}"] * bool(gold - said)
    words += [f"not in the key: {'、'.join(sorted(said - gold))}"] * bool(said - gold)
    return "; ".join(words)


def _keys_of(text: str) -> frozenset[str]:
    return frozenset(point.key for point in points(text)) - {""}


def _of_keys(figure: Callable[[float, float, float], float]) -> Rule:
    def compared(said: str, gold: str) -> Result:
        ours, theirs = _keys_of(said), _keys_of(gold)
        parts = _counts(ours, theirs)
        return figure(*parts.values()), f"keys: {_difference(ours, theirs)}", parts

    return lambda evidence, key: _best(evidence, key, compared)


def _without(what: str) -> Rule:
    return lambda evidence, key: (None, f"not computed: no {what}", {})


def _of_terms(aligner: Aligner) -> Rule:
    def compared(said: str, gold: str) -> Result:
        ours, theirs = (_terms([_aligned(one, aligner) for one in points(text)]) for text in (said, gold))
        parts = _counts(ours, theirs)
        counts = tuple(parts.values())
        parts |= {"precision": precision(*counts), "recall": recall(*counts)}
        return f1(*counts), f"terms: {_difference(ours, theirs)}", parts

    return lambda evidence, key: _best(evidence, key, compared)


def _of_values(aligner: Aligner, similarity: Similarity) -> Rule:
    """Mean over the gold's keys; a key that the reply lacks, or leaves empty, is 0. A gold without any key is
    compared as a whole.
    """

    def compared(said: str, gold: str) -> Result:
        ours, theirs = (_texts(text, aligner) for text in (said, gold))
        if not theirs:
            return None, "not computed: the gold has no values", {}
        each = [similarity(ours[key], text) if ours.get(key) else 0.0 for key, text in theirs.items()]
        return (
            sum(each) / len(each),
            f"{sum(map(bool, each))} of {len(each)} keys compared",
            {"keys": len(each)},
        )

    return lambda evidence, key: _best(evidence, key, compared)


def _texts(text: str, aligner: Aligner) -> dict[str, str]:
    """The aligned values of each key as one text."""
    joined = {one.key: "、".join(term for _, term, _ in _aligned(one, aligner)) for one in points(text)}
    keyed = {key: value for key, value in joined.items() if key and value}
    return keyed or {key: value for key, value in joined.items() if value}


def rules(aligner: Aligner | None = None, similarity: Similarity | None = None) -> dict[str, Rule]:
    """All rules of this kind; those that lack what they need give no value and say so."""
    missing = "term library" if similarity else "encoder"
    both = _of_values(aligner, similarity) if aligner and similarity else _without(missing)
    return {
        "key_precision": _of_keys(precision),
        "key_recall": _of_keys(recall),
        "key_f1": _of_keys(f1),
        "aligned_f1": _of_terms(aligner) if aligner else _without("term library"),
        "aligned_bertscore": both,
    }


METRICS = rules()

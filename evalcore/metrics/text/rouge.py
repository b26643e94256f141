"""ROUGE-1, -2 and -L of one text against one reference, by the definitions of two packages. Lin 2004, ACL.

`rouge_score` (ours): how often each n-gram occurs counts; L is the longest common subsequence of whole texts.
`rouge` (as the released scorers): an n-gram counts once however often it occurs; sentences end at every ".";
L unites the common subsequences of all pairs of sentences, again each word once. It splits at blanks, so
Chinese and Japanese must be segmented first, and it keeps case and punctuation.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from evalcore.metrics.text.words import REMEMBERED, released_words, words

ROUGES = ("rouge1", "rouge2", "rougeL")


@dataclass(frozen=True)
class Rouge:
    """precision: share of what was said that is in the reference; recall: the other way round; f of both."""

    precision: float
    recall: float
    f: float


@dataclass(frozen=True)
class _Cut:
    """Our words in the form that `rouge_score` asks for; its own tokeniser drops all but a-z and 0-9."""

    language: str

    def tokenize(self, text: str) -> tuple[str, ...]:
        return words(text, self.language)


@lru_cache(maxsize=REMEMBERED)
def rouge(said: str, reference: str, language: str) -> Mapping[str, Rouge]:
    """Ours: `rouge_score` on our words, no stemming."""
    from rouge_score.rouge_scorer import RougeScorer

    found = RougeScorer(list(ROUGES), tokenizer=_Cut(language)).score(reference, said)
    return {name: Rouge(one.precision, one.recall, one.fmeasure) for name, one in found.items()}


@lru_cache(maxsize=REMEMBERED)
def released_rouge(said: str, reference: str, language: str) -> Mapping[str, Rouge]:
    """As released: the package `rouge`; {} where it raises, on a text without anything but full stops.

    Its L recurses once per word and dies on long sentences; here the same L is found without recursion.
    """
    from rouge import Rouge as Package

    mine, theirs = (_as_one_line(text, language) for text in (said, reference))
    if not _sentences(mine) or not _sentences(theirs):
        return {}
    found = Package(metrics=["rouge-1", "rouge-2"]).get_scores(mine, theirs)[0]
    grams = {name.replace("-", ""): Rouge(one["p"], one["r"], one["f"]) for name, one in found.items()}
    return {**grams, "rougeL": _united_l(_sentences(mine), _sentences(theirs))}


def _as_one_line(text: str, language: str) -> str:
    return " ".join(released_words(text, language)) if language in ("zh", "ja") else text


def _sentences(text: str) -> list[list[str]]:
    """The package's sentences; one of white space alone holds one empty word, as there."""
    return [" ".join(part.split()).split(" ") for part in text.split(".") if part]


def _united_l(said: Sequence[Sequence[str]], reference: Sequence[Sequence[str]]) -> Rouge:
    united = {word for one in reference for other in said for word in common_words(one, other)}
    mine, theirs = ({word for sentence in text for word in sentence} for text in (said, reference))
    precision, recall = len(united) / len(mine), len(united) / len(theirs)
    return Rouge(precision, recall, 2 * precision * recall / (precision + recall + 1e-8))


def common_words(x: Sequence[str], y: Sequence[str]) -> list[str]:
    """The longest common subsequence that the package's walk back finds, last word first.

    Of several equally long ones it takes the one met by going back in y, unless going back in x keeps more.
    """
    columns = _columns(x, y)
    i, j, found = len(x), len(y), []
    while i and j:
        if x[i - 1] == y[j - 1]:
            found.append(x[i - 1])
            i, j = i - 1, j - 1
        elif _length(columns[j], i - 1) > _length(columns[j - 1], i):
            i -= 1
        else:
            j -= 1
    return found


def _columns(x: Sequence[str], y: Sequence[str]) -> list[int]:
    """The table of common lengths, a number per word of y: bit i is 0 where x[i] adds one to the length.

    Source: Hyyro 2004, "Bit-parallel LCS-length computation revisited", AWOCA.
    """
    places: defaultdict[str, int] = defaultdict(int)
    for place, word in enumerate(x):
        places[word] |= 1 << place
    every = (1 << len(x)) - 1
    columns = [every]
    for word in y:
        column = columns[-1]
        hit = column & places.get(word, 0)
        columns.append(((column + hit) | (column - hit)) & every)
    return columns


def _length(column: int, words_of_x: int) -> int:
    return words_of_x - (column & ((1 << words_of_x) - 1)).bit_count()

"""The built-in aligner's index: which terms share which character n-grams with a word. Needs no weights.

Chinese and Japanese runs give single characters and pairs, with the term's two ends as characters of their
own; other words give triples with a blank at either end. Each n-gram weighs its IDF, those at the ends twice
(squared), because a Chinese term ends with what it is: 阿司匹林 (a drug) is not 阿司匹林哮喘 (an asthma).
"""

import contextlib
import math
import os
import re
import tempfile
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evalcore.terms.library import Library, normalised

VERSION = 1  # of n-grams and weights: a cached file of another version is built again
ABBREVIATED = 0.75  # similarity of an abbreviation to the one term that it can stand for
SHORTEST = 3  # shorter Chinese words say too little: they are themselves, or equal to a term
_ENDS = math.sqrt(2)
_HAN = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_RUN = re.compile(f"[{_HAN}]+|[^\\W_{_HAN}]+")
_ALL_HAN = re.compile(f"[{_HAN}]+")


def grams(text: str) -> tuple[str, ...]:
    """Distinct n-grams of a text; ^ and $ stand for the ends of Chinese text, blanks for those of words."""
    runs = _RUN.findall(normalised(text))
    found: list[str] = []
    for place, run in enumerate(runs):
        if not _ALL_HAN.match(run):
            found += _pieces(f" {run} ", 3)
            continue
        bounded = "^" * (place == 0) + run + "$" * (place == len(runs) - 1)
        found += [*run, *_pieces(bounded, 2)]
    return tuple(dict.fromkeys(found))


def _pieces(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(max(1, len(text) - size + 1))]


def _is_end(gram: str) -> bool:
    return gram.startswith("^") or gram.endswith("$")


@dataclass(frozen=True)
class Index:
    """Postings: n-gram g weighs idf[g] and stands in terms ids[starts[g]:starts[g+1]] with unit weights."""

    library: Library
    vocabulary: dict[str, int]
    idf: NDArray[np.float32]
    starts: NDArray[np.int64]
    ids: NDArray[np.int32]
    weights: NDArray[np.float32]
    _known: dict[str, tuple[str, float] | None] = field(default_factory=dict)

    def nearest(self, word: str) -> tuple[str, float] | None:
        """The most similar term with its similarity, 0 to 1; equal words are 1, of equals the first."""
        if word not in self._known:
            self._known[word] = self._nearest(word)
        return self._known[word]

    def _nearest(self, word: str) -> tuple[str, float] | None:
        exact = self.library.exact(word)
        if exact is not None:
            return exact, 1.0
        plain = normalised(word)
        if _ALL_HAN.fullmatch(plain) and len(plain) < SHORTEST:
            return None
        similarities = self._similarities(word)
        if similarities is None:
            return None
        best = int(similarities.argmax())
        whole = self._abbreviated(plain)
        if whole is not None and similarities[best] < ABBREVIATED:
            return self.library.terms[whole], ABBREVIATED
        return self.library.terms[best], float(min(1.0, similarities[best]))

    def _similarities(self, word: str) -> NDArray[np.float64] | None:
        """Cosine with every term; n-grams that no term has still lengthen the word. None: nothing shared."""
        rarest = 1 + math.log(1 + len(self.library.terms))
        length, ids, shares = 0.0, [], []
        for gram in grams(word):
            place = self.vocabulary.get(gram)
            weight = (rarest if place is None else float(self.idf[place])) * (_ENDS if _is_end(gram) else 1)
            length += weight * weight
            if place is not None:
                held = slice(self.starts[place], self.starts[place + 1])
                ids.append(self.ids[held])
                shares.append(self.weights[held] * weight)
        if not ids:
            return None
        sums = np.bincount(np.concatenate(ids), np.concatenate(shares), len(self.library.terms))
        return sums / math.sqrt(length)

    @cached_property
    def _by_first(self) -> dict[str, list[tuple[str, int]]]:
        """Terms of Chinese characters only, by their first."""
        found: dict[str, list[tuple[str, int]]] = {}
        for term, place in self.library.places.items():
            if _ALL_HAN.fullmatch(term):
                found.setdefault(term[0], []).append((term, place))
        return found

    def _abbreviated(self, word: str) -> int | None:
        """The one term that begins as the word does and has its characters in order, the last at its end.

        心脏彩超 is short for 心脏彩色多普勒超声: one more character may follow. Where several terms fit, the
        word is short for none; a term that holds the word in one piece is another thing (肝功能, 肝功能不全).
        """
        if not _ALL_HAN.fullmatch(word) or not SHORTEST <= len(word) <= 6:
            return None
        pattern = re.compile(".*?".join(map(re.escape, word)) + ".?")
        fitting = [
            place
            for term, place in self._by_first.get(word[0], ())
            if len(term) <= 4 * len(word) and word not in term and pattern.fullmatch(term)
        ]
        return fitting[0] if len(fitting) == 1 else None


def build(library: Library) -> Index:
    """From the terms alone: about 2 seconds for 37,000."""
    held = [grams(term) for term in library.terms]
    counts = Counter(gram for one in held for gram in one)
    vocabulary = {gram: place for place, gram in enumerate(counts)}
    idf = np.array([1 + math.log((1 + len(held)) / (1 + n)) for n in counts.values()], dtype=np.float32)
    scale = np.array([_ENDS if _is_end(gram) else 1.0 for gram in counts], dtype=np.float32)
    rows = np.repeat(np.arange(len(held), dtype=np.int32), [len(one) for one in held])
    columns = np.array([vocabulary[gram] for one in held for gram in one], dtype=np.int64)
    values = (idf * scale)[columns]
    lengths = np.sqrt(np.bincount(rows, values**2, len(held)))
    weights = (values / lengths[rows]).astype(np.float32)
    order = np.argsort(columns, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(columns, minlength=len(counts)))]).astype(np.int64)
    return Index(library, vocabulary, idf, starts, rows[order], weights[order])


def opened(library: Library, folder: Path | None = None) -> Index:
    """The index kept in a folder under the terms' hash; built and kept where it is missing or damaged."""
    if folder is None:
        return build(library)
    file = folder / f"terms-{library.sha}-{VERSION}.npz"
    index = _read(library, file) or build(library)
    if not file.exists():
        _keep(index, file)
    return index


def _read(library: Library, file: Path) -> Index | None:
    try:
        with file.open("rb") as raw, np.load(raw, allow_pickle=False) as kept:
            vocabulary = {gram: place for place, gram in enumerate(kept["vocabulary"].tolist())}
            return Index(library, vocabulary, *(kept[name] for name in ("idf", "starts", "ids", "weights")))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        with contextlib.suppress(OSError):
            file.unlink()
        return None


def _keep(index: Index, file: Path) -> None:
    """Written apart and moved into place, so that another process never reads half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".npz", delete=False) as part:
        np.savez(
            part,
            vocabulary=np.array(list(index.vocabulary)),
            **{name: getattr(index, name) for name in ("idf", "starts", "ids", "weights")},
        )
    os.replace(part.name, file)

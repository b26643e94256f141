"""From words to terms of a library, so that 心脏彩超 and 心脏超声 are one examination.

A word whose nearest term is not similar enough stays itself: forcing it would make unrelated words equal.
"""

import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evalcore.terms.index import Index, opened
from evalcore.terms.library import Library
from evalcore.types import content_hash

THRESHOLD = 0.66
"""Of the built-in aligner. Chosen on the renamed terms that the operations' table itself publishes (14 of 18
reach their new name, each at 0.70 or more) against 33 words that mean no term (one is above: 胰岛素)."""
ENCODER_THRESHOLD = 0.8
BATCH = 256

Embed = Callable[[Sequence[str]], Any]
"""Texts to an array (texts, dimensions) of any real type."""


class Alignment(NamedTuple):
    """What a word was read as. similarity: of word and term; 0 where no term is near and the word stays."""

    word: str
    term: str
    similarity: float


@dataclass(frozen=True)
class Aligner:
    """By character n-grams. indexes: asked in order; an equal term in any of them comes first."""

    indexes: tuple[Index, ...]
    threshold: float = THRESHOLD

    def __call__(self, words: Sequence[str]) -> tuple[Alignment, ...]:
        return tuple(self._one(word) for word in words)

    def is_term(self, text: str) -> bool:
        return any(index.library.exact(text) is not None for index in self.indexes)

    def _one(self, word: str) -> Alignment:
        for index in self.indexes:
            term = index.library.exact(word)
            if term is not None:
                return Alignment(word, term, 1.0)
        for index in self.indexes:
            near = index.nearest(word)
            if near and near[1] >= self.threshold:
                return Alignment(word, *near)
        return Alignment(word, word, 0.0)


def aligner(
    libraries: Sequence[Library], folder: Path | None = None, threshold: float = THRESHOLD
) -> Aligner:
    """folder: where indexes are kept, each under its terms' hash; None: they are built anew."""
    return Aligner(tuple(opened(library, folder) for library in libraries), threshold)


@dataclass(frozen=True)
class EncoderAligner:
    """By cosine similarity of an encoder's vectors. vectors: (terms, dimensions), unit length."""

    library: Library
    embed: Embed
    vectors: NDArray[np.float32]
    threshold: float = ENCODER_THRESHOLD

    def __call__(self, words: Sequence[str]) -> tuple[Alignment, ...]:
        """Each distinct word is embedded once, whatever its number."""
        asked = [word for word in dict.fromkeys(words) if self.library.exact(word) is None]
        near: dict[str, Alignment] = {}
        for start in range(0, len(asked), BATCH):
            batch = asked[start : start + BATCH]
            similarities = _unit(self.embed(batch)) @ self.vectors.T
            for word, row in zip(batch, similarities, strict=True):
                near[word] = self._settled(word, int(row.argmax()), float(row.max()))
        return tuple(
            near.get(word) or Alignment(word, self.library.exact(word) or word, 1.0) for word in words
        )

    def is_term(self, text: str) -> bool:
        return self.library.exact(text) is not None

    def _settled(self, word: str, place: int, similarity: float) -> Alignment:
        if similarity < self.threshold:
            return Alignment(word, word, 0.0)
        return Alignment(word, self.library.terms[place], min(1.0, similarity))


def align(
    words: Sequence[str], library: Library, embed: Embed, *, threshold: float = ENCODER_THRESHOLD
) -> tuple[Alignment, ...]:
    """Words to terms by an encoder; embeds the whole library, so keep an EncoderAligner for many calls."""
    return EncoderAligner(library, embed, term_vectors(library, embed), threshold)(words)


def term_vectors(
    library: Library, embed: Embed, folder: Path | None = None, *, encoder: str = ""
) -> NDArray[np.float32]:
    """Unit vectors of all terms. folder: where they are kept, by the terms' hash and the encoder's name."""
    if folder is None:
        return _embedded(library, embed)
    file = folder / f"vectors-{content_hash([library.sha, encoder])}.npy"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".npy", delete=False) as part:
            np.save(part, _embedded(library, embed))
        os.replace(part.name, file)
    kept: NDArray[np.float32] = np.load(file, allow_pickle=False)
    return kept


def _embedded(library: Library, embed: Embed) -> NDArray[np.float32]:
    terms = library.terms
    return np.concatenate([_unit(embed(terms[at : at + BATCH])) for at in range(0, len(terms), BATCH)])


def _unit(vectors: Any) -> NDArray[np.float32]:
    """Rows of length 1; a row of zeros stays so and is similar to nothing."""
    array = np.nan_to_num(np.asarray(vectors, dtype=np.float32))
    unit: NDArray[np.float32] = array / np.linalg.norm(array, axis=1, keepdims=True).clip(min=1e-12)
    return unit

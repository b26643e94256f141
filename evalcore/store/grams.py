"""Words and two-grams: how text is cut for the full-text index, the same for SQLite and PostgreSQL.

Chinese and Japanese have no blanks between words; SQLite's own trigram index finds nothing for the many words
of two characters. So a run of such characters is indexed as overlapping pairs and searched as a phrase of
pairs. Its last character is indexed once more, alone: then every character begins a token, and a search for a
single one is a search for beginnings.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"
_RUN = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
_CJK_FIRST = re.compile(rf"[{_CJK}]")
_LONGEST_TOKEN = 60
MAX_TOKENS = 16_000  # PostgreSQL keeps positions up to 16,383
_TSVECTOR_BYTES = 1_000_000
_PLACE_BYTES = 8


@dataclass(frozen=True)
class Phrase:
    """Tokens that must follow each other; is_prefix: the last one may go on (hepar finds heparin)."""

    tokens: tuple[str, ...]
    is_prefix: bool


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


def _is_cjk(run: str) -> bool:
    return run[0] >= "\u3040" and _CJK_FIRST.match(run) is not None


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]


def tokens(text: str) -> list[str]:
    """Folded words (no case, no accents) and two-grams, in order, at most MAX_TOKENS."""
    found: list[str] = []
    for run in _RUN.findall(_folded(text)):
        found.extend([*_pairs(run), run[-1]] if _is_cjk(run) else [run[:_LONGEST_TOKEN]])
        if len(found) >= MAX_TOKENS:
            break
    return found[:MAX_TOKENS]


def phrases(query: str) -> list[Phrase]:
    """What a search box means: every word (as a beginning) and every run of characters (exactly) must
    occur.
    """
    return [_phrase(run) for run in _RUN.findall(_folded(query))]


def _phrase(run: str) -> Phrase:
    if _is_cjk(run) and len(run) > 1:
        return Phrase(tuple(_pairs(run)), False)
    return Phrase((run[:_LONGEST_TOKEN],), True)


def places(text: str, query: str) -> Iterator[tuple[int, int]]:
    """Where the words of a search stand in a text: (start, end) of its own characters, word after word.

    As in the index: words as beginnings, without case, accents or width; runs of characters anywhere.
    """
    wanted = [_pattern(phrase) for phrase in phrases(query)]
    folded, origins = _traced(text) if wanted else ("", [])
    for pattern in wanted:
        for found in pattern.finditer(folded):
            end = origins[found.end() - 1] + 1
            while end < len(text) and unicodedata.combining(text[end]):
                end += 1
            yield origins[found.start()], end


def _pattern(phrase: Phrase) -> re.Pattern[str]:
    first, *rest = phrase.tokens
    word = re.escape(first + "".join(pair[1:] for pair in rest))
    return re.compile(word if _is_cjk(first) else rf"(?<![^\W_{_CJK}]){word}")


def _traced(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the place it came from."""
    if text.isascii():
        return text.lower(), list(range(len(text)))
    pieces = [(place, char) for place, one in enumerate(text) for char in _folded_one(one)]
    return "".join(char for _, char in pieces), [place for place, _ in pieces]


_folded_one = lru_cache(maxsize=65_536)(_folded)


def as_document(text: str) -> str:
    """For FTS5: tokens with blanks between."""
    return " ".join(tokens(text))


def as_tsvector(text: str) -> str:
    """For PostgreSQL: the literal of a tsvector with positions; tokens hold letters and digits only.

    PostgreSQL takes 1 MB of it: words beyond that are not found.
    """
    positions: dict[str, list[int]] = {}
    size = 0
    for place, token in enumerate(tokens(text), 1):
        size += len(token.encode()) + _PLACE_BYTES
        if size > _TSVECTOR_BYTES:
            break
        positions.setdefault(token, []).append(place)
    return " ".join(f"'{t}':{','.join(map(str, p[:250]))}" for t, p in positions.items())


def as_match(query: str) -> str:
    """For FTS5 MATCH."""
    parts = [f'"{" ".join(p.tokens)}"' + ("*" if p.is_prefix else "") for p in phrases(query)]
    return " AND ".join(parts)


def as_tsquery(query: str) -> str:
    """For PostgreSQL @@."""
    parts = [
        "(" + " <-> ".join(f"'{t}'" + (":*" if p.is_prefix else "") for t in p.tokens) + ")"
        for p in phrases(query)
    ]
    return " & ".join(parts)

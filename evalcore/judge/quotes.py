"""Where a quoted span stands in an answer."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from evalcore.answers.view import blank_markup, even

_AROUND = " \t\n\r\"'`.…"
_LETTER = r"[^\W\d_\u0e00-\u1cff\u2e80-\U0010ffff]"  # of the scripts that put blanks between their words
_CUT = re.compile(rf"(?<={_LETTER})(?={_LETTER})|(?<=\d)(?=\d)|(?<=\d[.,])(?=\d)|(?<=\d)(?=[.,]\d)")
_IDLE = re.compile(rf"(?!(?<={_LETTER}) +{_LETTER})(?!(?<=\d) +\d) ")  # but one between words, or numbers
_POWER = re.compile(r"(?<=\d)[⁺⁻]?[⁰¹²³⁴-⁹]+")
_BULLET = re.compile(r"(?<!\S)[-•‣·](?!\S)")


def find_quote(quote: str, answer: str) -> tuple[int, int] | None:
    """Characters of the answer that the quote repeats in whole words and numbers. Blanks, case, markup, a
    list's dashes and look-alike forms may differ.

    Quotation marks and dots around the quote are not part of it. None: nowhere, as an empty quote is.
    """
    wanted = bare(_words_of(quote))
    text, origins = _folded(answer)
    start = _find(wanted, text)
    if start < 0:
        return None
    return origins[start], origins[start + len(wanted) - 1] + 1


def holds(text: str, piece: str) -> bool:
    """Whether the piece stands in the text as `find_quote` would find it, what is around it included."""
    return _find(bare(piece), bare(text)) >= 0


@lru_cache(maxsize=32)  # one answer meets the verdicts of many criteria
def bare(text: str) -> str:
    """A text as it is compared: case, blanks, markup and look-alike forms do not matter."""
    return _IDLE.sub("", _plain(_levelled(text)))


def is_quoted(quote: str, answers: Sequence[str]) -> bool:
    """Whether one of the answers holds the quote."""
    return any(holds(answer, _words_of(quote)) for answer in answers)


def _words_of(quote: str) -> str:
    return _levelled(quote).strip(_AROUND)


def _find(wanted: str, text: str) -> int:
    """Where it stands without cutting through a word or a number; -1: nowhere."""
    start = text.find(wanted) if wanted else -1
    while start >= 0 and (_CUT.match(text, start) or _CUT.match(text, start + len(wanted))):
        start = text.find(wanted, start + 1)
    return start


def _folded(text: str) -> tuple[str, list[int]]:
    """`bare`, and the place in `text` from which each of its characters came."""
    pieces: list[str] = []
    origins: list[int] = []
    levelled = _levelled(text)
    for start, end in _clusters(levelled):
        piece = _plain(levelled[start:end])
        pieces.append(piece)
        origins += [start, *[end - 1] * (len(piece) - 1)][: len(piece)]
    joined, kept, done = "".join(pieces), list[int](), 0
    for idle in _IDLE.finditer(joined):
        kept += origins[done : idle.start()]
        done = idle.end()
    return _IDLE.sub("", joined), kept + origins[done:]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _levelled(text: str) -> str:
    """Same length: evened, markup and a list's dashes blank, a power told from a digit."""
    powers = _POWER.sub(lambda found: "".join(chr(0xE000 + ord(one) % 256) for one in found[0]), text)
    return re.sub(r"\s", " ", _BULLET.sub(" ", blank_markup(even(powers))))


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Each character together with the marks that combine with it."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not unicodedata.combining(text[place]):
            yield start, place
            start = place

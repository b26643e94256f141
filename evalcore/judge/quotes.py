"""Where a quoted span stands in an answer, and whether an answer tries to speak to its judge."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from evalcore.answers.view import even
from evalcore.judge.asking import neutralised

_AROUND = " \t\n\r\"'`.…"
_SPEAKS = re.compile(
    r"[\"']?\b(?:verdict|criteria_met)\b[\"']?\s*[:=]"
    r"|\b(?:ignore|disregard|forget)\b.{0,40}\b(?:above|previous|prior|earlier|all|any)\b.{0,30}"
    r"\b(?:instructions?|rules?|text|criteri\w+|rubrics?)\b"
    r"|\b(?:ignore|disregard) the above\b"
    r"|\b(?:dear|attention|note to)\s+(?:the\s+)?(?:judge|grader|evaluator)\b"
    r"|\b(?:full|maximum|highest|perfect) (?:score|marks|points|rating)\b"
    r"|(?:忽略|无视)(?:以上|上述|之前|前面|所有).{0,12}(?:指令|要求|规则|内容|标准)|(?:给出?|打)(?:满分|最高分)",
    re.IGNORECASE,
)


def find_quote(quote: str, answer: str) -> tuple[int, int] | None:
    """Characters of the answer that the quote repeats, but for white space and look-alike forms.

    Quotation marks and dots around the quote are not part of it. None: nowhere, as an empty quote is.
    """
    wanted = _bare(_words_of(quote))
    text, origins = _folded(answer)
    start = text.find(wanted) if wanted else -1
    if start < 0:
        return None
    return origins[start], origins[start + len(wanted) - 1] + 1


def holds(text: str, piece: str) -> bool:
    """Whether the piece stands in the text, but for white space and look-alike forms."""
    wanted = _bare(piece)
    return bool(wanted) and wanted in _bare(text)


def is_quoted(quote: str, answers: Sequence[str]) -> bool:
    """Whether one of the answers holds the quote, as it came or as it was shown to the judge."""
    wanted = _words_of(quote)
    return any(holds(text, wanted) for answer in answers for text in (answer, neutralised(answer)))


def speaks_to_judge(answer: str) -> bool:
    """Whether an answer holds what reads like a verdict or an order to its judge; a hint, no proof."""
    return _SPEAKS.search(even(answer)) is not None


def _words_of(quote: str) -> str:
    return even(quote).strip(_AROUND)


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", even(text)).split())


def _folded(text: str) -> tuple[str, list[int]]:
    """`_bare`, and the place in `text` from which each of its characters came."""
    kept: list[str] = []
    origins: list[int] = []
    evened = even(text)
    for start, end in _clusters(evened):
        piece = _bare(evened[start:end])
        kept.append(piece)
        origins += [start, *[end - 1] * (len(piece) - 1)][: len(piece)]
    return "".join(kept), origins


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Each character together with the marks that combine with it."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not unicodedata.combining(text[place]):
            yield start, place
            start = place

"""Gold answers, resolved once when a task is loaded, to letters of its item, or to an error with its name.

What datasets write as gold: a letter, several letters, an index, the option's text, or the text followed by
an explanation. Nothing is guessed: what fits no option is a DataError, never a silent wrong.
"""

import re
import unicodedata
from collections.abc import Sequence
from string import ascii_uppercase
from typing import Any

from evalcore.errors import DataError
from evalcore.types import Option

Acceptable = tuple[tuple[str, ...], ...]

_LETTERS = re.compile(r"[A-Z](?:\s*[,;/、，；]?\s*[A-Z])*")
_OR = re.compile(r"\s+or\s+|\s*或\s*", re.IGNORECASE)
_BREAKS = "，,。;；:：."


def lettered(texts: Sequence[str]) -> tuple[Option, ...]:
    """Options A, B, C, ... in the order given."""
    return tuple(Option(label, text) for label, text in zip(ascii_uppercase, texts, strict=False))


def from_index(index: Any, options: Sequence[Option], place: str) -> Acceptable:
    """The option at a 0-based index (an int, or its digits), and every option of the very same text."""
    number = int(index) if re.fullmatch(r"-?\d{1,3}", str(index)) and not isinstance(index, bool) else None
    if number is not None and 0 <= number < len(options):
        return same_text(options[number].label, options)
    reason = (
        "labels of this split are hidden" if number == -1 else "it may count from 1, or be another edition"
    )
    raise DataError(
        f"{place}: gold is {index!r}, but there are {len(options)} options (0-{len(options) - 1}); {reason}. "
        "Put the edition that the hub publishes there."
    )


def resolve(gold: str, options: Sequence[Option], place: str) -> Acceptable:
    """Letters ("B", "A,C", "ACD", "a or d"), an option's text, or its text followed by an explanation.

    The longest option text that fits wins, so that "absent, ..." is never read as its shorter neighbour.
    """
    labels = [option.label for option in options]
    written = unicodedata.normalize("NFKC", gold).strip()
    if written in labels:
        return same_text(written, options)
    exact = [option.label for option in options if _plain(option.text) == _plain(gold)]
    either = [_letters(part, labels) for part in _OR.split(written)]
    if len(either) > 1 and all(either) and not exact:
        return tuple(either)
    letters = _letters(written, labels)
    if exact or not letters:
        return tuple((label,) for label in exact or [_longest_start(written, options, place)])
    return same_text(letters[0], options) if len(letters) == 1 else (letters,)


def same_text(label: str, options: Sequence[Option]) -> Acceptable:
    """The gold letter first, then each other letter whose option says the same: both count as right."""
    gold = next(_plain(option.text) for option in options if option.label == label)
    twins = [o.label for o in options if o.label != label and _plain(o.text) == gold]
    return ((label,), *((twin,) for twin in twins))


def _letters(written: str, labels: Sequence[str]) -> tuple[str, ...]:
    if not _LETTERS.fullmatch(written.upper()):
        return ()
    found = {letter for letter in written.upper() if letter.isalpha()}
    return tuple(label for label in labels if label in found) if found <= set(labels) else ()


def _longest_start(written: str, options: Sequence[Option], place: str) -> str:
    fits = [
        (len(_plain(option.text)), option.label)
        for option in options
        if any(_fold(written).startswith(_plain(option.text) + mark) for mark in _fold(_BREAKS))
    ]
    if fits:
        return max(fits)[1]
    labels = f"{options[0].label}-{options[-1].label}" if options else "none"
    raise DataError(
        f"{place}: gold is {written[:80]!r}, but there are {len(options)} options ({labels}) and none of "
        f"them says "
        "so. The file is probably another edition. Put the published one there."
    )


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _plain(text: str) -> str:
    folded = _fold(text)
    return folded[:-1].rstrip() if folded[-1:] in (".", "。") and len(folded) > 1 else folded

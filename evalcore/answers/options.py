"""An item's options as patterns, made once per item.

Scripts that part their words (Latin, Cyrillic, Greek) need word boundaries, Chinese and Japanese have none.
To test that cheaply, texts are matched in a form whose Chinese and Japanese characters are no word
characters.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from evalcore.answers import signs
from evalcore.answers.view import plain
from evalcore.types import Kind

LOOKALIKES = dict(zip("АВСЕНКМОРТХасекморхΑΒΕΖΗΙΚΜΝΟΡΤΧ", "ABCEHKMOPTXacekmopxABEZHIKMNOPTX", strict=True))
WORDS = r"[^\W_\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"  # letters and digits of scripts that part words
_PRIVATE = 0xF0000  # plane 15: private use, no word characters


def parted(text: str) -> str:
    """Same length, with Chinese and Japanese characters moved to where they are no word characters."""
    return text.translate({ord(char): ord(char) + _PRIVATE for char in set(text) if _is_unparted(char)})


def _is_unparted(char: str) -> bool:
    return "\u3040" <= char <= "\u30ff" or "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff"


@dataclass(frozen=True)
class Options:
    """letter: letters here; alone: a letter anywhere; text: any option's; own: a text behind its letter."""

    by_letter: dict[str, str]
    by_text: dict[str, str]
    letter: re.Pattern[str]
    alone: re.Pattern[str]
    text: re.Pattern[str] | None
    own: dict[str, re.Pattern[str]]
    count: int
    is_words: bool


@lru_cache(maxsize=4096)
def options_of(offered: tuple[tuple[str, str], ...], kind: Kind) -> Options:
    """Patterns for (label, text) pairs; of equal texts the first label stands for both."""
    is_words = kind is Kind.YES_NO_MAYBE
    texts = _texts(offered, is_words=is_words)
    letters = tuple(label for label, _ in offered if len(label) == 1)
    letter, alone = _letter_patterns(letters)
    longest = sorted(texts, key=len, reverse=True)
    any_text = "|".join(_text_pattern(text, is_words=is_words) for text in longest)
    return Options(
        by_letter={label.upper(): label for label in letters},
        by_text=texts,
        letter=letter,
        alone=alone,
        text=re.compile(any_text) if texts else None,
        own={label: _own([t for t in longest if texts[t] == label]) for label in set(texts.values())},
        count=len(offered),
        is_words=is_words,
    )


def _texts(offered: tuple[tuple[str, str], ...], *, is_words: bool) -> dict[str, str]:
    labels = {label.upper() for label, _ in offered}
    texts: dict[str, str] = {}
    for label, text in offered:
        for one in (_squeezed(text), *(_synonyms(label) if is_words else ())):
            if one and (is_words or one.upper() not in labels):
                texts.setdefault(one, label)
    return texts


def _squeezed(text: str) -> str:
    return " ".join(plain(text).lower().split()).strip(" .。,;:\"'")


def _synonyms(label: str) -> tuple[str, ...]:
    return tuple(word for table in signs.YES_NO_MAYBE.values() for word in table.get(label.lower(), ()))


def _text_pattern(text: str, *, is_words: bool) -> str:
    text = text if is_words else parted(text)
    body = r"\s{1,40}".join(map(re.escape, text.split()))
    before = r"(?<!\w)(?<!\d[.,:/])" if re.match(r"\w", text[0]) else ""
    after = r"(?!\w)" if re.match(r"\w", text[-1]) else ""
    digits = r"(?![.,:/]?\d)(?!-\w)" if text[-1].isdigit() else ""
    return before + body + after + digits


def _own(texts: list[str]) -> re.Pattern[str]:
    nouns = "|".join(map(parted, ("の", "项", "选项", "選択肢", "オプション")))
    named = "|".join(_text_pattern(text, is_words=False) for text in texts)
    return re.compile(
        rf"\s?[\"')\]}}]?\s?(?:[.):,—-]|{nouns})?\s{{0,3}}[\"'(\[]?\s?(?:{named})[.。\"')\]]{{0,4}}"
    )


@lru_cache(maxsize=64)
def _letter_patterns(letters: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A run of letters here, and one letter anywhere; look-alikes of other scripts count as letters."""
    known = {label.upper() for label in letters}
    high = "".join(map(re.escape, known)) + "".join(
        like for like, latin in LOOKALIKES.items() if like.isupper() and latin in known
    )
    low = "".join(re.escape(label.lower()) for label in letters) + "".join(
        like for like, latin in LOOKALIKES.items() if like.islower() and latin.upper() in known
    )
    high, low = high or "\0", low or "\0"
    as_offered = "".join(label for label in letters if label.islower())
    after = rf"(?!{WORDS})(?!['’-]\w)"
    here = rf"(?:[{high}]{{1,{max(1, len(letters))}}}|[{low}]){after}"
    anywhere = rf"(?<!{WORDS})(?<![-'&.])(?:[{high}{as_offered}]|(?<=\()[{low}](?=\))){after}"
    return re.compile(here), re.compile(anywhere)

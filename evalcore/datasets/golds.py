"""The true answer of one row, from what stands in its cell. Nothing is guessed: what fits nothing is Refused.

Letters, the option's text, or a number. Whether numbers count from 0 or from 1 is told from the whole column
or by a person, never from one row (D3).
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from evalcore import data
from evalcore.benchmarks import gold
from evalcore.datasets.options import literal, shown
from evalcore.datasets.refused import Refused
from evalcore.errors import DataError
from evalcore.types import Option

SPELLINGS = ("auto", "letters", "from0", "from1", "text")
WORDS = {
    "yes": ("yes", "y", "true", "是", "对", "有", "存在", "正确", "oui", "да", "sí", "si", "はい"),
    "no": ("no", "n", "false", "否", "不是", "错", "无", "不存在", "错误", "non", "нет", "いいえ"),
    "maybe": ("maybe", "uncertain", "unknown", "不确定", "可能", "peut-être", "возможно", "quizás", "不明"),
}
_OR = re.compile(r"\s*(?:\bor\b|或者?|または)\s*", re.IGNORECASE)
_LED = re.compile(r"\(?([A-Za-z])\)?\s*[).:、．：]\s*(.+)", re.DOTALL)
_LETTER = re.compile(r"\(?([A-Za-z])\)?\s*[).:、．：]?")
_MANY = re.compile(r"[A-Za-z](?:\s*[,;/、，；|]?\s*[A-Za-z])+")
_PARTS = re.compile(r"\s*[|\n]\s*")
_LED_PART = re.compile(r"[,，;；]\s*(?=\(?[A-Za-z]\)?\s*[):：.])")


def yes_no_maybe(word: str) -> str:
    """The word of the three that is meant, "" for none."""
    said = unicodedata.normalize("NFKC", word).strip().strip(".。").casefold()
    return next((label for label, words in WORDS.items() if said in words), "")


def acceptable(cell: str, options: Sequence[Option], *, spelling: str, is_several: bool) -> gold.Acceptable:
    """Alternatives of labels in option order. `A or D` is either; several must be asked for."""
    written = unicodedata.normalize("NFKC", cell).strip()
    if not written:
        raise Refused("no_answer")
    either = _OR.split(written)
    if len(either) > 1 and all(_LETTER.fullmatch(one) for one in either):
        return tuple(_one(one, options, spelling) for one in dict.fromkeys(either))
    parts = _parts(written, options, is_several=is_several)
    labels = [label for part in parts for label in _one(part, options, spelling)]
    found = tuple(option.label for option in options if option.label in labels)
    if len(found) > 1 and not is_several:
        raise Refused("several", found=shown(cell))
    return (found,)


def _parts(written: str, options: Sequence[Option], *, is_several: bool) -> list[str]:
    """A list cell, letters in a row, `A: x, C: y`, or texts between | and line ends; else the whole."""
    if written[0] in "[(" and not _LETTER.fullmatch(written):
        found = literal(written)
        if isinstance(found, list | tuple) and found:
            return [data.text(one).strip() for one in found]
    if any(_same(option.text, written) for option in options):
        return [written]
    if _MANY.fullmatch(written) and _are_labels(written, options):
        return [letter for letter in written if letter.isalpha()]
    led = _LED_PART.split(written)
    if len(led) > 1 and all(_LED.fullmatch(one) for one in led):
        return led
    return _PARTS.split(written) if is_several else [written]


def _are_labels(written: str, options: Sequence[Option]) -> bool:
    """Letters of options, each once: a word such as `bad` is not meant, except written apart."""
    letters = [letter.upper() for letter in written if letter.isalpha()]
    is_apart = not written.isalpha() or written.isupper()
    are_known = set(letters) <= {option.label for option in options}
    return is_apart and are_known and len(set(letters)) == len(letters)


def _one(written: str, options: Sequence[Option], spelling: str) -> tuple[str, ...]:
    if re.fullmatch(r"-?\d+(?:\.0)?", written) and spelling != "letters":
        return _numbered(written, options, spelling)
    if spelling in ("from0", "from1"):
        raise Refused("not_a_number", found=shown(written))
    texts = [option.label for option in options if _same(option.text, written)]
    letter = _LETTER.fullmatch(written)
    label = letter[1].upper() if letter else ""
    is_label = label in {option.label for option in options} and spelling != "text"
    if is_label and texts and texts != [label] and spelling == "auto":
        raise Refused("letter_or_text", found=shown(written))
    if is_label:
        return (label,)
    if texts and spelling != "letters":
        return (texts[0],)
    if spelling != "text" and (led := _led(written, options)):
        return (led,)
    return (_longest(written, options),)


def _numbered(written: str, options: Sequence[Option], spelling: str) -> tuple[str, ...]:
    texts = [option.label for option in options if _same(option.text, written)]
    if spelling == "text":
        return (texts[0],) if texts else (_longest(written, options),)
    if spelling == "auto" and texts and "." in written:
        return (texts[0],)
    if spelling == "auto":
        raise Refused("index_unclear", found=shown(written))
    low = int(spelling == "from1")
    place = int(float(written)) - low
    if not 0 <= place < len(options):
        raise Refused("index_outside", found=shown(written), low=low, high=len(options) - 1 + low)
    return (options[place].label,)


def _led(written: str, options: Sequence[Option]) -> str:
    """The letter of `B. text`, where the text begins as that option's does."""
    found = _LED.fullmatch(written)
    label = found[1].upper() if found else ""
    if not found or label not in {option.label for option in options}:
        return ""
    own = next(option.text for option in options if option.label == label)
    if _fold(found[2]).startswith(_fold(own)):
        return label
    raise Refused("letter_and_text", letter=label, found=shown(found[2]))


def _longest(written: str, options: Sequence[Option]) -> str:
    """An option's text followed by an explanation: the longest that fits."""
    labels = f"{options[0].label}-{options[-1].label}"
    if _LETTER.fullmatch(written) or _MANY.fullmatch(written):
        raise Refused("not_an_option", found=shown(written), labels=labels)
    try:
        return gold.resolve(written, options, "")[0][0]
    except DataError as error:
        raise Refused("not_an_option", found=shown(written), labels=labels) from error


def _same(text: str, written: str) -> bool:
    return _fold(text) == _fold(written)


@lru_cache(maxsize=256)  # a row's options and answer, each compared with the others
def _fold(text: str) -> str:
    folded = " ".join(unicodedata.normalize("NFKC", text).split()).casefold()
    return folded[:-1].rstrip() if folded[-1:] in (".", "。") and len(folded) > 1 else folded


def fitting_spelling(pairs: Sequence[tuple[str, list[str]]]) -> str:
    """Numbers count from 0 if a 0 occurs, from 1 if the number of options does; both or neither: unclear."""
    numbers = [(one, texts) for one, texts in pairs if re.fullmatch(r"\d{1,2}", one)]
    if not pairs or 2 * len(numbers) <= len(pairs):
        return "auto"
    if all(any(_same(text, one) for text in texts) for one, texts in numbers):
        return "text"
    has_zero = any(int(one) == 0 for one, _ in numbers)
    has_top = any(int(one) == len([text for text in texts if text.strip()]) for one, texts in numbers)
    return "auto" if has_zero == has_top else "from0" if has_zero else "from1"

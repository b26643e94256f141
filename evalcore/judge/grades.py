"""A verdict as it is written, in words or as a JSON value: which one of a scale's it is, if it is one."""

import math
import re

from evalcore.answers.view import blank_markup, even
from evalcore.judge.rubric import Scale, ScaleKind

_NUMBER = re.compile(
    r"[+-]?\d{1,9}(?:[.,]\d{1,6})?(?:\s*(?:/|(?:out )?of|von|sur|de|из|分|／)\s*\d{1,9})?", re.IGNORECASE
)
_YES = {"yes", "true", "met", "1", "right", "correct", "是", "正确", "满足"}
_NO = {
    "no",
    "false",
    "not met",
    "unmet",
    "0",
    "wrong",
    "incorrect",
    "否",
    "不正确",
    "错误",
    "不满足",
    "未满足",
}
_POINTS = re.compile(r" ?(?:分|点|points?\b|stars?\b)", re.IGNORECASE)
_ENDS = re.compile(
    r"\s*(?:$|</|[.,:;!](?!\d)|[。、()\[\]{}\"'|]|-+ +(?!\d)|—+(?! *\d)|(?:because|since)\b|因为|由于)",
    re.IGNORECASE,
)
_JOINS = re.compile(
    r"[ ,(|—-]*(?:(?:or|and|but|to|maybe|perhaps|ou|et|o|y|или|и)\b|或者?|和|至|到|か)?[ (\"']*",
    re.IGNORECASE,
)


def value(raw: object, scale: Scale) -> str | None:
    """A JSON value as one of the scale's verdicts; None where it is none of them."""
    if isinstance(raw, bool):
        return ("yes" if raw else "no") if scale.kind is ScaleKind.YES_NO else None
    if isinstance(raw, int | float):
        is_whole = math.isfinite(raw) and raw == int(raw) and abs(raw) < 10**9
        return on_scale(str(int(raw)), scale) if is_whole else None
    return on_scale(raw, scale) if isinstance(raw, str) else None


def on_scale(text: str, scale: Scale) -> str | None:
    """A text that is nothing but a verdict."""
    plain = even(text).strip().strip("\"'`*_.()[] ").casefold()
    if scale.kind is ScaleKind.NUMBERS:
        return _number(plain, scale)
    if scale.kind is ScaleKind.YES_NO:
        return "yes" if plain in _YES else "no" if plain in _NO else None
    plain = re.sub(r"^(?:answer|option|choice|回答|选项) ?(?=[a-z]$)", "", plain)
    return next((value for value in scale.values if value.casefold() == plain), None)


def leading(text: str, scale: Scale) -> tuple[str | None, str]:
    """(the verdict a line begins with, its words). Words that go on into something else, offer a second
    verdict or are off the scale give (None, words); where none stands there, (None, "").
    """
    text = blank_markup(even(text))
    words = _first(text, scale)
    rest = text[len(words) :]
    rest = _POINTS.sub("", rest, count=1) if _POINTS.match(rest) else rest.removeprefix("的")
    if not words or not _ENDS.match(rest):
        return None, words
    found = on_scale(words, scale)
    joins = _JOINS.match(rest)
    another, _ = leading(rest[joins.end() :], scale) if joins and joins.end() else (None, "")
    return (found if another in (None, found) else None), words


def _first(text: str, scale: Scale) -> str:
    """The number or the longest name that a line begins with; "" also for a longer word, or an article."""
    if scale.kind is ScaleKind.NUMBERS:
        number = _NUMBER.match(text)
        return number[0] if number else ""
    names = (*_YES, *_NO) if scale.kind is ScaleKind.YES_NO else scale.values
    begun = [name for name in names if text.casefold().startswith(name.casefold())]
    name = max(begun, key=len, default="")
    other = r"\w|\s+[a-z]" if text[: len(name)] == "a" else r"\w"
    is_other_word = name.isascii() and re.match(other, text[len(name) :])
    return "" if is_other_word else text[: len(name)]


def _number(text: str, scale: Scale) -> str | None:
    """A whole number of the scale, also as 4.0, 4/5 or 4 out of 5; of another top it is not this scale's."""
    if not _NUMBER.fullmatch(text):
        return None
    number, *top = re.findall(r"[+-]?\d+(?:[.,]\d+)?", text)
    value = float(number.replace(",", "."))
    if top and top[0] != scale.values[-1]:
        return None
    return next((one for one in scale.values if float(one) == value), None)

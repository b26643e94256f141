"""From a judge's reply to a verdict, or to the reason why there is none: never a number for a failure.

In this order: the whole reply as one JSON object; objects in the text outside any thinking; a grade in words.
Objects that disagree, and a grade after an object that disagrees with it, are contradictory. Of several
grades in words the last one counts. What merely repeats the judged answer is no verdict.
"""

import json
import math
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from evalcore.answers.signs import REFUSALS
from evalcore.answers.view import outside_thinking
from evalcore.judge.grades import leading, on_scale
from evalcore.judge.grades import value as as_value
from evalcore.judge.quotes import bare, holds, is_quoted
from evalcore.judge.rubric import Cell, Scale, ScaleKind
from evalcore.types import Finish, Response

_LONGEST, _MOST_OBJECTS, _MOST_GRADES, _END = 200_000, 200, 20, 20_000
_KEYS = ("verdict", "criteria_met")  # the second is HealthBench's own, for judges trained on it
_SCORES, _DEEPEST = ("score", "rating", "grade"), 8
_CLOSED = re.compile(r"</(?:think|thinking|thought|reasoning|reflection)>", re.IGNORECASE)
_FENCE = re.compile(r"\s*```[a-z]*\s*\n(.*?)\n?\s*```\s*", re.IGNORECASE | re.DOTALL)
_GRADE = re.compile(
    r"(?:\bverdict\b|\bfinal (?:score|grade|rating|answer)\b|^\W{0,4}(?:overall )?(?:score|grade|rating)\b"
    r"|\bveredicto\b|\bвердикт\b|оценка|结论|最终(?:评分|得分)|^\W{0,4}(?:评分|得分)|判定|評価)"
    r"[*_`\"']{0,3}[ \t]*(?:[:=：]|\bis\b|为|是|は)[ \t*_`\"'\[(]{0,6}(?=(?P<value>[^\n]{1,120}))",
    re.IGNORECASE | re.MULTILINE,
)
_DECLINES = re.compile(
    r"\bi(?:'m| am)? (?:can't|cannot|can not|won't|will not|unable to|not able to|not comfortable)\b"
    r"(?! (?:find|see|fault|identify|detect|spot)\b)|不能(?:评判|评分|评价)|无法(?:评判|评分|评价)",
    re.IGNORECASE,
)
_REFUSAL = re.compile("|".join(way for ways in REFUSALS.values() for way in ways), re.IGNORECASE)
_BEGINS_TO_DECLINE = re.compile(
    rf"\W*(?:\w+, (?:but )?)?我?(?:{_DECLINES.pattern}|{_REFUSAL.pattern})", re.IGNORECASE
)


class State(StrEnum):
    """What became of one call to a judge."""

    OK = "ok"
    UNREADABLE = "unreadable"
    REFUSED = "refused"
    TRUNCATED = "truncated"
    FAILED = "failed"


@dataclass(frozen=True)
class Verdict:
    """What a judge said in one cell.

    value: one of the cell's verdicts, None unless `ok`. number: it as a number, None for labels. quote:
    "" where none was given; is_quote_found: whether it stands in an answer, None without quote or answer.
    why: what was wrong, "" when ok.
    """

    state: State
    value: str | None = None
    number: float | None = None
    explanation: str = ""
    quote: str = ""
    is_quote_found: bool | None = None
    why: str = ""


@dataclass(frozen=True)
class _Said:
    """A verdict somewhere in a reply. value: None where it is not on the scale. text: as it stands there."""

    value: str | None
    raw: str
    explanation: str
    quote: str
    text: str
    end: int

    @property
    def is_full(self) -> bool:
        return bool(self.explanation.strip())


def read(
    reply: str,
    cell: Cell,
    answers: Sequence[str] = (),
    *,
    finish: Finish = Finish.STOP,
    is_explained: bool = True,
) -> Verdict:
    """The verdict in a reply; never raises for any text. answers: as they were shown to the judge.

    is_explained: an object must explain its verdict, as our own form asks; a rubric's own prompt may not.
    """
    if len(reply) > _LONGEST:
        return Verdict(State.UNREADABLE, why=f"the reply has more than {_LONGEST:,} characters")
    if cell.pattern:
        return _by_pattern(reply, cell, answers, finish)
    said = _outside(reply)
    objects, is_broken = _objects(said, cell.scale)
    words = [one for one in _grades(said, cell.scale) if not _is_inside(one, objects)]
    objects, words = (_own(found, answers, cell.scale) for found in (objects, words))
    if objects:
        return _of_objects(objects, words, cell.scale, answers, is_explained=is_explained)
    if finish is Finish.LENGTH:
        return Verdict(State.TRUNCATED, why="the reply reached the token limit before its verdict")
    if words and not is_broken:
        return _verdict(words[-1], cell.scale, answers)
    return _none(said, is_broken=is_broken)


def read_batch(
    reply: str, cells: Sequence[Cell], answers: Sequence[str] = (), *, finish: Finish = Finish.STOP
) -> dict[str, Verdict]:
    """By criterion its verdict in a reply to several of them, each read on its own; never raises.

    An entry that is missing, broken, or there twice and different is unreadable for its criterion alone.
    """
    if len(reply) > _LONGEST:
        return {cell.name: read(reply, cell) for cell in cells}
    said = _outside(reply)
    found, broken = _entries(said, {cell.name: cell.scale for cell in cells})
    own = {cell.name: _own(found[cell.name], answers, cell.scale) for cell in cells}
    is_all_lost = not any(own.values())
    verdicts: dict[str, Verdict] = {}
    for cell in cells:
        if own[cell.name]:
            verdicts[cell.name] = _of_objects(own[cell.name], (), cell.scale, answers)
        elif finish is Finish.LENGTH:
            why = "the reply reached the token limit before its verdict"
            verdicts[cell.name] = Verdict(State.TRUNCATED, why=why)
        elif is_all_lost:
            verdicts[cell.name] = _none(said, is_broken=bool(broken))
        else:
            why = "its entry is broken" if cell.name in broken else "the reply holds no entry for it"
            verdicts[cell.name] = Verdict(State.UNREADABLE, why=why)
    return verdicts


def _entries(said: str, scales: Mapping[str, Scale]) -> tuple[dict[str, list[_Said]], set[str]]:
    """(objects under a criterion's name, or that name their criterion; names with one that is broken)."""
    names = "|".join(map(re.escape, scales))
    keyed = re.finditer(rf'"({names})"\s*:\s*(?=\{{)', said)
    listed = re.finditer(rf'\{{\s*"(?:criterion|name)"\s*:\s*"({names})"', said)
    places = [(one[1], one.end()) for one in keyed] + [(one[1], one.start()) for one in listed]
    found: dict[str, list[_Said]] = {name: [] for name in scales}
    broken: set[str] = set()
    for name, place in places[:_MOST_OBJECTS]:
        try:
            value, end = _DECODER.raw_decode(said, place)
        except (ValueError, RecursionError):
            broken.add(name)
            continue
        held = _held(value, scales[name], said[place:end], end)
        found[name] += held
    return found, broken


def ranked(response: Response, cell: Cell, explained: Response) -> Verdict:
    """The verdict of a local judge: the likeliest of those allowed, the first of equals.

    explained: what it wrote before; without an explanation that is whole there is no verdict.
    """
    explanation = _outside(explained.text).strip()
    if response.failure:
        return Verdict(State.FAILED, explanation=explanation, why=response.failure.message)
    if explained.finish is Finish.LENGTH:
        return Verdict(
            State.TRUNCATED, explanation=explanation, why="the explanation reached the token limit"
        )
    if not explanation:
        return Verdict(State.UNREADABLE, why="the explanation is empty")
    if _BEGINS_TO_DECLINE.match(explanation):
        return Verdict(State.REFUSED, explanation=explanation, why="the judge declines to judge")
    found = response.option_logprobs or {}
    values = [found.get(value, math.nan) for value in cell.scale.values]
    if not values or not all(map(math.isfinite, values)):
        return Verdict(State.UNREADABLE, explanation=explanation, why="a verdict has no log-likelihood")
    best = cell.scale.values[values.index(max(values))]
    return Verdict(State.OK, best, cell.scale.number(best), explanation)


def _by_pattern(reply: str, cell: Cell, answers: Sequence[str], finish: Finish) -> Verdict:
    """The last match of a form of its own; its end is enough to look through.

    A bare value that stands in the answer, too, is no copy of it: only words around a value tell a copy.
    """
    said = _outside(reply)[-_END:]
    matches = (match for match in re.finditer(cell.pattern, said) if match[1])
    found = [
        _Said(
            on_scale(match[1], cell.scale), repr(match[1]), said[: match.start()], "", match[0], match.end()
        )
        for match in matches
    ]
    found = [one for one in found if one.raw == repr(one.text.strip()) or not _is_echo(one, answers)]
    if found:
        return _verdict(found[-1], cell.scale, answers)
    if finish is Finish.LENGTH:
        return Verdict(State.TRUNCATED, why="the reply reached the token limit before its verdict")
    return _none(said, is_broken=False)


def _outside(reply: str) -> str:
    """The reply without its thinking; a closing tag that a quote holds does not end the thought before it."""
    if _is_object(reply):
        return reply
    closed = _CLOSED.search(reply)
    if closed and _is_object(reply[closed.end() :]):
        return reply[closed.end() :]
    span = outside_thinking(reply)
    return reply[slice(*span)] if span else ""


def _is_object(text: str) -> bool:
    fenced = _FENCE.fullmatch(text)
    try:
        return isinstance(json.loads(fenced[1] if fenced else text), dict)
    except (ValueError, RecursionError):
        return False


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose verdict stands there twice, and differently, has none that is on any scale."""
    for key in _KEYS:
        given = [value for name, value in pairs if name == key]
        if any(value != given[0] for value in given):
            return {**dict(pairs), key: given}
    return dict(pairs)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant)


def _objects(text: str, scale: Scale) -> tuple[list[_Said], bool]:
    """(objects that hold a verdict, whether one is broken). After a broken one only full objects count: an
    object without an explanation could be a quotation inside the broken one.
    """
    found: list[_Said] = []
    is_broken, misses = False, 0
    place = text.find("{")
    while place >= 0 and misses < _MOST_OBJECTS:
        try:
            value, end = _DECODER.raw_decode(text, place)
        except (ValueError, RecursionError):
            is_broken = is_broken or text[place + 1 :].lstrip()[:1] == '"'
            misses, end = misses + 1, place + 1
        else:
            held = _held(value, scale, text[place:end], end)
            found += [one for one in held if one.is_full or not is_broken]
        place = text.find("{", end)
    return found, is_broken


def _held(value: Any, scale: Scale, text: str, end: int, depth: int = 0) -> list[_Said]:
    """The verdicts of an object and of all inside it; those inside share the words around them."""
    if not isinstance(value, dict | list) or depth > _DEEPEST:
        return []
    inner = value.values() if isinstance(value, dict) else value
    found = [held for one in inner for held in _held(one, scale, text, end, depth + 1)]
    if isinstance(value, list):
        return found
    explanation, quote = _text(value, "explanation"), _text(value, "quote")
    shared = [
        replace(one, explanation=one.explanation or explanation, quote=one.quote or quote) for one in found
    ]
    own = (
        _Said(as_value(raw, scale), repr(raw), explanation, quote, text, end) for raw in _given(value, scale)
    )
    return [*shared, *own]


def _given(value: Mapping[str, Any], scale: Scale) -> list[Any]:
    """What an object gives as its verdict; a number of the scale also under another name for it."""
    keys = _KEYS if scale.kind is ScaleKind.YES_NO else _KEYS[:1]
    given = [value[key] for key in keys if key in value]
    if given or scale.kind is not ScaleKind.NUMBERS:
        return given
    return [value[key] for key in _SCORES if as_value(value.get(key), scale) is not None]


def _text(value: Mapping[str, Any], name: str) -> str:
    text = value.get(name)
    return text if isinstance(text, str) else ""


def _grades(text: str, scale: Scale) -> list[_Said]:
    """The last grades in words, in order; or the whole text, when it is nothing but a verdict."""
    if len(text) <= 120 and (value := on_scale(text, scale)) is not None:
        return [_Said(value, text, "", "", "", len(text))]
    found = []
    for match in list(_GRADE.finditer(text))[-_MOST_GRADES:]:
        value, words = leading(match["value"], scale)
        if words:
            said = text[: match.start()].strip(" \n\t{'\"*_")
            end = match.start("value") + len(words)
            raw = repr(words if value else match["value"][:40])
            found.append(_Said(value, raw, said, "", text[match.start() : end], end))
    return found


def _own(found: Sequence[_Said], answers: Sequence[str], scale: Scale) -> list[_Said]:
    """Without copies of what was judged, in whatever form; a copy is no verdict on it."""
    copied = [one for answer in answers for one in _objects(answer, scale)[0]] if found else []
    claims = {(bare(one.explanation), one.value) for one in copied}
    return [
        one
        for one in found
        if not _is_echo(one, answers) and (bare(one.explanation), one.value) not in claims
    ]


def _is_inside(said: _Said, objects: Sequence[_Said]) -> bool:
    """Whether words stand in one of the objects, in their order."""
    place = bisect_left(objects, said.end, key=lambda one: one.end)
    return place < len(objects) and said.end > objects[place].end - len(objects[place].text)


def _is_echo(said: _Said, answers: Sequence[str]) -> bool:
    """Whether it stands in a judged answer word for word."""
    return any(holds(answer, said.text) for answer in answers)


def _of_objects(
    objects: Sequence[_Said],
    words: Sequence[_Said],
    scale: Scale,
    answers: Sequence[str],
    *,
    is_explained: bool = True,
) -> Verdict:
    full = [one for one in objects if one.is_full] or objects
    last = full[-1]
    after = [one for one in (*objects, *words) if one.end > last.end and one.text not in last.text]
    values = {one.value or one.raw for one in (*full, *after)}
    if len(values) > 1:
        return Verdict(State.UNREADABLE, why=f"contradictory verdicts: {', '.join(sorted(values))[:80]}")
    if is_explained and last.value is not None and not last.is_full:
        return Verdict(State.UNREADABLE, quote=last.quote, why="its verdict has no explanation")
    return _verdict(last, scale, answers)


def _verdict(said: _Said, scale: Scale, answers: Sequence[str]) -> Verdict:
    explanation, quote = said.explanation.strip(), said.quote.strip()
    if said.value is None:
        if _declines(explanation):
            return Verdict(State.REFUSED, explanation=explanation, why="the judge declines to judge")
        allowed = ", ".join(scale.values)
        why = f"the verdict {said.raw[:40]} is not one of {allowed[:120]}"
        return Verdict(State.UNREADABLE, explanation=explanation, quote=quote, why=why)
    is_found = is_quoted(quote, answers) if quote and answers else None
    return Verdict(State.OK, said.value, scale.number(said.value), explanation, quote, is_found)


def _declines(text: str) -> bool:
    return bool(_DECLINES.search(text[:300]) or _REFUSAL.search(text[:300]))


def _none(said: str, *, is_broken: bool) -> Verdict:
    if not said.strip():
        return Verdict(State.UNREADABLE, why="the reply is empty")
    if _declines(said):
        return Verdict(State.REFUSED, explanation=said[:2000].strip(), why="the judge declines to judge")
    why = "its JSON is broken" if is_broken else "it holds no verdict of its own"
    return Verdict(State.UNREADABLE, why=why)

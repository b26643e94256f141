"""Lists of entities and attributes taken from a text: precision, recall, F1.

Ours ("normalised"): lists are split at commas, semicolons and newlines outside brackets; entities are
compared as sets, without case, width (NFKC), outer blanks, quotes, list marks, final period. A comma between
single characters or digits (1,2-dichloroethane; N,N-dimethyl) parts nothing. "There is no related enetity"
and "not found" are the empty list. A task's figure is micro: tp, fp and fn summed over its items.

`@medsbench_compat` repeats the released scorers: benchmarks.md A2, D12.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

from evalcore.metrics import choice
from evalcore.metrics.evidence import Evidence, Result, Scored
from evalcore.stats import bootstrap_interval
from evalcore.types import AnswerState, Key, Summary

Found = tuple[str, int, int]  # normalised entity, start, end in the text
Entities = frozenset[str]
Rule = Callable[[Evidence, Key], Result]

FORM = "form"  # an item's meta: ATTRIBUTES where the answer is an age and a gender, else a list
ATTRIBUTES = "attributes"
NO_ENTITY = "There is no related enetity."  # spelt as in the published files
NOT_FOUND = "not found"

_NOTHING = frozenset(
    """there is no related enetity|there is no related entity|there are no related entities|no related entity
    |no related entities|no entity|no entities|no entities found|not found|none|none found|not mentioned|n/a
    |无|没有|未发现|未提及""".replace("\n    ", "").split("|")
)
_BRACKETS = re.compile(
    r"\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\[[^\[\]\n]*(?:\[[^\[\]\n]*\][^\[\]\n]*)*\]|（[^（）\n]*）"
)
_SEPARATOR = re.compile(r"[;；，、\n]|,(?=\s|$)|(?<=[^\W\d_]{2}),(?=[^\W\d_]{2})")
_MARKS = r"\"'`*“”‘’\s"
_LEAD = re.compile(
    rf"[{_MARKS}]*(?:[-•·]\s+|\(?\d{{1,3}}[.)]\s+)?[{_MARKS}]*(?:(?:and|or)\s+)?[{_MARKS}]*", re.IGNORECASE
)
_TAIL = "\"'`*“”‘’.。 \t\r\n\u3000\xa0"
_INTRODUCTION = re.compile(
    r"\s*[^,;\n:]{0,60}\b(?:entit(?:y|ies)|chemicals?|diseases?|species|lists?|answer|output|participants?"
    r"|interventions?|outcomes?|drugs?|dos(?:e|age)s?)\b[^,;\n:]{0,40}:\s",
    re.IGNORECASE,
)


def gold_entities(text: str) -> tuple[str, ...]:
    """A published gold text as Key.acceptable's alternative; joined by ", " it is that text again."""
    return () if normalised(text) in _NOTHING else tuple(text.strip().split(", "))


def gold_attributes(text: str) -> tuple[str, ...]:
    """`Gender: M  Age: [[1.0, 'year']]` by its double blanks; items need the meta {FORM: ATTRIBUTES}."""
    return tuple(text.strip().split("  "))


def normalised(entity: str) -> str:
    core = entity[_end(_LEAD, entity) :].rstrip(_TAIL)
    return " ".join(unicodedata.normalize("NFKC", core).casefold().split())


def found(text: str) -> list[Found]:
    """Entities in the order they stand in a list, repeated ones included; [] for an explicit "none"."""
    if normalised(text) in _NOTHING:
        return []
    offset, end = _inside_brackets(text)
    offset += _end(_INTRODUCTION, text[offset:end])
    masked = _BRACKETS.sub(lambda one: "x" * len(one[0]), text[offset:end])
    places = [0, *(one.end() for one in _SEPARATOR.finditer(masked)), len(masked) + 1]
    pieces = [(offset + start, offset + stop - 1) for start, stop in zip(places, places[1:], strict=False)]
    return [one for start, stop in pieces if (one := _entity(text, start, stop))]


def _entity(text: str, start: int, stop: int) -> Found | None:
    raw = text[start:stop]
    begin = _end(_LEAD, raw)
    core = raw[begin:].rstrip(_TAIL)
    name = normalised(core)
    is_heading = core.endswith((":", "："))
    return (name, start + begin, start + begin + len(core)) if name and not is_heading else None


def _end(pattern: re.Pattern[str], text: str) -> int:
    match = pattern.match(text)
    return match.end() if match else 0


def _inside_brackets(text: str) -> tuple[int, int]:
    """Where a list printed as `["a", "b"]` has its content; the whole text otherwise."""
    stripped = text.strip()
    start = len(text) - len(text.lstrip())
    is_list = stripped.startswith("[") and stripped.endswith("]") and _BRACKETS.fullmatch(stripped)
    return (start + 1, start + len(stripped) - 1) if is_list else (0, len(text))


_GENDER = re.compile(
    r"\b(?:(female|woman|girl|lady)|(?:male|man|boy|gentleman)|(?:gender|sex)\W{1,6}(?:(f)|m))\b",
    re.IGNORECASE,
)
_AGE = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)[\s\"',-]{0,4}(year|yr|month|week|day|hour)", re.IGNORECASE)
_BARE_AGE = re.compile(r"\bage\W{1,6}(\d{1,3}(?:\.\d{1,3})?)\b", re.IGNORECASE)


def attributes(text: str) -> Entities:
    """Gender and age, however they are put: `gender: f`, `age: 1 year`; an age without a unit is in years.

    The first gender named counts, and every age with its unit (1 year and 3 months are two).
    """
    gender = _GENDER.search(text)
    ages = _AGE.findall(text) or [(age, "year") for age in _BARE_AGE.findall(text)[:1]]
    units = {"yr": "year"}
    named = {f"age: {float(age):g} {units.get(unit.lower(), unit.lower())}" for age, unit in ages}
    return frozenset(named | ({f"gender: {'f' if gender[1] or gender[2] else 'm'}"} if gender else set()))


def _is_attributes(evidence: Evidence) -> bool:
    return evidence.item.meta.get(FORM) == ATTRIBUTES


def _gold_text(gold: Sequence[str], *, is_attributes: bool, nothing: str) -> str:
    return ("  " if is_attributes else ", ").join(gold) or nothing


def _sets(evidence: Evidence, key: Key) -> tuple[Entities, list[Entities]]:
    """What was said, and what each alternative of the key wants."""
    is_attributes = _is_attributes(evidence)
    golds = [_gold_text(gold, is_attributes=is_attributes, nothing=NOT_FOUND) for gold in key.acceptable]
    if is_attributes:
        return attributes(evidence.said), [attributes(gold) for gold in golds]
    return _names(evidence.said), [_names(gold) for gold in golds]


def _names(text: str) -> Entities:
    return frozenset(name for name, _, _ in found(text))


def _unread(evidence: Evidence) -> str:
    """Why there is no list to compare, or ""; one that was cut off is scored as far as it goes."""
    is_there = evidence.said.strip() and (
        evidence.answer.state is AnswerState.READ or evidence.answer.span is not None
    )
    return "" if is_there else f"{evidence.answer.state.value}: no answer could be read"


Counts = tuple[int, int, int]


def _counts(said: Entities, gold: Entities) -> Counts:
    return len(said & gold), len(said - gold), len(gold - said)


def precision(tp: float, fp: float, fn: float) -> float:
    """Nothing said and nothing to say is 1."""
    return tp / (tp + fp) if tp + fp else float(not fn)


def recall(tp: float, fp: float, fn: float) -> float:
    return precision(tp, fn, fp)


def f1(tp: float, fp: float, fn: float) -> float:
    return 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 1.0


Figure = Callable[[float, float, float], float]


def _compared(said: Entities, golds: Sequence[Entities], figure: Figure) -> Result:
    """Against the alternative that is nearest; the reason names what is missing and what is too much."""
    gold = max(golds, key=lambda one: (f1(*_counts(said, one)), -len(one ^ said)))
    tp, fp, fn = _counts(said, gold)
    differing = [f"{len(said & gold)} of {len(gold)} found"]
    differing += [f"missing: {', '.join(sorted(gold - said))}"] * bool(fn)
    differing += [f"not wanted: {', '.join(sorted(said - gold))}"] * bool(fp)
    return figure(tp, fp, fn), "; ".join(differing), {"tp": tp, "fp": fp, "fn": fn}


def _ours(figure: Figure) -> Rule:
    def rule(evidence: Evidence, key: Key) -> Result:
        said, golds = _sets(evidence, key)
        unread = _unread(evidence)
        if not unread:
            return _compared(said, golds, figure)
        missed = min(len(gold) for gold in golds)
        return 0.0, unread, {"tp": 0, "fp": 0, "fn": missed}

    return rule


def _exact(evidence: Evidence, key: Key) -> Result:
    value, why, _ = _ours(f1)(evidence, key)
    return float(value == 1.0), why, {}


def released_entities(text: str) -> Entities:
    """Periods deleted, then the last character of what is left: the last entity loses its end."""
    flat = text.replace(".", "").strip().lower()
    return frozenset() if flat == "there is no related enetity" else frozenset(flat[:-1].split(", "))


def _released(figure: Figure) -> Rule:
    def rule(evidence: Evidence, key: Key) -> Result:
        if not evidence.said:
            return None, "left out: the released scorer skips empty replies", {}
        golds = [_gold_text(gold, is_attributes=False, nothing=NO_ENTITY) for gold in key.acceptable]
        _, why, parts = _compared(released_entities(evidence.said), list(map(released_entities, golds)), f1)
        return (figure(*parts.values()) if parts["tp"] else 0.0), why, parts

    return rule


def _released_extraction(evidence: Evidence, key: Key) -> Result:
    """The gold text stands somewhere in the reply; quotes and newlines deleted on both sides."""
    said = _bare(evidence.said or "nan")
    is_attributes = _is_attributes(evidence)
    golds = [_gold_text(gold, is_attributes=is_attributes, nothing=NOT_FOUND) for gold in key.acceptable]
    right = any(_bare(gold) in said for gold in golds)
    return float(right), f"the reply {'contains' if right else 'does not contain'} {' or '.join(golds)!r}", {}


def _bare(text: str) -> str:
    return re.sub("[\"'\n]", "", text.lower().strip())


_FIGURES: dict[str, Figure] = {"entity_precision": precision, "entity_recall": recall, "entity_f1": f1}
METRICS: dict[str, Rule] = {
    **{name: _ours(figure) for name, figure in _FIGURES.items()},
    "exact_set": _exact,
    **{f"{name}@medsbench_compat": _released(figure) for name, figure in _FIGURES.items()},
    "acc@medsbench_compat": _released_extraction,
}


def summarise(metric: str, scores: Sequence[Scored], *, level: float = 0.95) -> Summary:
    """Micro over the items for precision, recall and F1 (bootstrap over items), else a mean.

    Nothing said where nothing was wanted, in every item: 1; the released scorer gives 0.
    """
    kept = [one for one in scores if one.value is not None]
    name = metric.split("@")[0]
    if name not in _FIGURES or not kept:
        return choice.summarise(metric, scores, level=level)
    rows = [[one.parts.get(part, 0.0) for part in ("tp", "fp", "fn")] for one in kept]
    empty = 0.0 if metric.endswith("@medsbench_compat") else 1.0

    def figure(sums: Any) -> Any:
        return _micro(name, sums, empty)

    import numpy as np

    value = float(figure(np.asarray(rows, dtype=float).sum(axis=0, keepdims=True))[0])
    low, high = bootstrap_interval(rows, figure, level=level) or (value, value)
    return Summary(value, low, high, len(kept), len(scores) - len(kept), "bootstrap")


def _micro(name: str, sums: Any, empty: float) -> Any:
    """Over an array (resamples, 3) of tp, fp, fn."""
    import numpy as np

    tp, fp, fn = sums[:, 0], sums[:, 1], sums[:, 2]
    top = 2 * tp if name == "entity_f1" else tp
    below = top + {"entity_precision": fp, "entity_recall": fn, "entity_f1": fp + fn}[name]
    wrong = fp + fn
    return np.where(below > 0, top / below.clip(min=1e-12), np.where(wrong > 0, 0.0, empty))

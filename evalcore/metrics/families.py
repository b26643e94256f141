"""Which rules score which kind of item. A metric's name means one formula within a kind.

`acc@medsbench_compat` is a reader's figure for choice items (`acc` of what that reader read) and a formula of
its own for labels and entities, where the released rule compares whole texts.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module

from evalcore.errors import UsageError
from evalcore.metrics.evidence import Evidence, Result, Scored, base_name
from evalcore.types import Key, Kind, Outcome, Score, Summary

Rule = Callable[[Evidence, Key], Result]

COUNTS = frozenset({"turns", "doctor_length"})  # figures that are no share of anything
JUDGED = frozenset({"rating", "rubric"})  # made by a judge, named with it and its rubric
FOR_RANKED = frozenset({"acc_norm"})  # they weigh log-likelihoods, which a written reply does not have
DEFAULTS: dict[Kind, tuple[str, ...]] = {
    Kind.CHOICE: ("acc", "acc_norm", "macro_f1", "pointwise"),
    Kind.SEVERAL: ("exact_set", "option_f1"),
    Kind.YES_NO_MAYBE: ("acc", "macro_f1", "macro_precision", "macro_recall", "pointwise"),
    Kind.TEXT: (),
    Kind.LABEL: ("acc", "macro_f1"),
    Kind.LABELS: ("macro_f1", "macro_precision", "macro_recall", "exact_set"),
    Kind.ENTITIES: ("entity_f1", "entity_precision", "entity_recall"),
    Kind.STRUCTURED: ("key_f1", "key_precision", "key_recall"),
    Kind.RUBRIC: (),
    Kind.DIALOGUE: ("coverage", "knowledge_recall", "acc", "turns", "doctor_length"),
}
_ROOMS = {
    **dict.fromkeys((Kind.CHOICE, Kind.SEVERAL, Kind.YES_NO_MAYBE), ("choice",)),
    Kind.TEXT: ("text", "bertscore"),
    **dict.fromkeys((Kind.LABEL, Kind.LABELS), ("labels", "choice")),
    Kind.ENTITIES: ("entities",),
    Kind.STRUCTURED: ("structured", "text", "bertscore"),
    Kind.RUBRIC: (),
    Kind.DIALOGUE: ("dialogue",),
}
"""Rooms by kind; where two know a name, the first one's rule is meant."""


def names(kind: Kind) -> tuple[str, ...]:
    """Every metric that items of the kind can be scored by, without a reader's variants."""
    return tuple(_rules(kind))


def score(metric: str, evidence: Evidence, key: Key) -> Score:
    """One item's score; value None where there is nothing to score, with the reason in `why`."""
    rule = _rule(metric, evidence.kind)
    if rule is None:
        raise UsageError(
            f"There is no metric {metric!r} for items of the kind {evidence.kind.value!r}. Known there: "
            f"{', '.join(sorted(names(evidence.kind))) or 'none, a judge scores them'}."
        )
    failure = evidence.response.failure
    if failure is not None:
        return Score(metric, None, f"missing: no answer came ({failure.kind})")
    value, why, parts = rule(evidence, key)
    return Score(metric, value, why, parts)


def summarise(
    metric: str, scores: Sequence[Scored], *, kind: Kind = Kind.CHOICE, level: float = 0.95
) -> Summary:
    """The figure of many items with its interval; scores without a value are counted, not averaged."""
    from evalcore.metrics import choice, judged

    if base_name(metric) in JUDGED:
        return judged.summarise(metric, scores, level=level)
    for name in _ROOMS[kind]:
        room = _room(name)
        is_known = metric in room.METRICS or metric.split("@")[0] in room.METRICS
        if is_known and hasattr(room, "summarise"):
            found: Summary = room.summarise(metric, scores, level=level)
            return found
    return choice.summarise(metric, scores, level=level)


def is_share(metric: str) -> bool:
    """Whether a figure is shown in percent; turns and lengths are not."""
    return base_name(metric) not in COUNTS


def _rule(metric: str, kind: Kind) -> Rule | None:
    """The rule of this very name, else of the name that a reader's variant is added to."""
    rules = _rules(kind)
    return rules.get(metric) or rules.get(metric.split("@")[0])


def outcome_of(scores: Sequence[Score]) -> Outcome:
    """How the headline metric sees an item; a task without a rule to score it is unscored, not wrong."""
    value = scores[0].value if scores else None
    if value is None:
        return Outcome.UNSCORED
    if value >= 1:
        return Outcome.RIGHT
    return Outcome.PARTLY if value > 0 else Outcome.WRONG


@cache
def _rules(kind: Kind) -> Mapping[str, Rule]:
    found: dict[str, Rule] = {}
    for name in reversed(_ROOMS[kind]):
        found.update(_room(name).METRICS)
    return found


def _room(name: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a module
    return import_module(f"evalcore.metrics.{name}")

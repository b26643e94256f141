"""What a metric is given: for one item its evidence, for many items the columns that a store keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from evalcore.types import Answer, Item, Kind, Response

WRITTEN = frozenset({Kind.TEXT, Kind.ENTITIES, Kind.STRUCTURED, Kind.RUBRIC, Kind.DIALOGUE})
"""Kinds whose answer is the text itself: no option is read from it."""

Result = tuple[float | None, str, dict[str, float]]
"""What a rule makes of one item: value, why, parts."""


@dataclass(frozen=True)
class Evidence:
    """One answered item, before its key. targets: what was ranked, in the item's option order.

    turns: (role, text) of a consultation, the tested model's words among them.
    """

    item: Item
    response: Response
    answer: Answer
    targets: tuple[str, ...] = ()
    kind: Kind = Kind.CHOICE
    turns: tuple[tuple[str, str], ...] = ()

    @property
    def said(self) -> str:
        """The reply without its thinking part, where its reader has marked it; free text is read whole."""
        if self.answer.span is None or self.kind not in WRITTEN:
            return self.response.text
        return self.response.text[slice(*self.answer.span)]


YES_NO = "yes_no"
"""Part of a judge's score that was made of yes/no verdicts alone."""


@dataclass(frozen=True)
class Scored:
    """One score as a summary needs it; every field is a column of the store.

    value: Score.value. parts: Score.parts. predicted: Answer.value, () when nothing was read.
    gold: Key.acceptable. cluster: Entry.group, "" when the item stands alone.
    """

    value: float | None
    parts: Mapping[str, float] = field(default_factory=dict)
    predicted: tuple[str, ...] = ()
    gold: tuple[tuple[str, ...], ...] = ()
    cluster: str = ""


def base_name(metric: str) -> str:
    """`acc` of `acc@strict_template/judge`: the variant names the reader, not another formula."""
    return metric.split("@")[0].split("/")[0]


UNCLIPPED = "/unclipped"  # ends the name of a mean of points that may lie outside 0..1


def figure_names(metric: str) -> tuple[str, ...]:
    """The figures that a metric's scores make: of points the mean before it is clipped, too."""
    return (metric, metric + UNCLIPPED) if base_name(metric) == "rubric" else (metric,)


def settled_gold(predicted: tuple[str, ...], gold: tuple[tuple[str, ...], ...]) -> frozenset[str]:
    """The acceptable answer to count against: the one that was given if any was, else the first."""
    given = frozenset(predicted)
    return given if any(given == frozenset(one) for one in gold) else frozenset(gold[0])

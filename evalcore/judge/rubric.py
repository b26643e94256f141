"""What a judge is asked: criteria with their scales, under a name and version. Knows no model."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from evalcore.types import content_hash

Texts = Mapping[str, str]
"""One text by language code; English is always there."""


class Mode(StrEnum):
    RATING = "rating"
    RUBRIC = "rubric"
    PAIRWISE = "pairwise"
    TOPIC = "topic"
    COUNTERFACTUAL = "counterfactual"
    EXTRACTION = "extraction"


class ScaleKind(StrEnum):
    NUMBERS = "numbers"
    YES_NO = "yes_no"
    LABELS = "labels"
    OPTIONS = "options"  # the item's own option labels, or none


class Reference(StrEnum):
    """Whether the judge sees the true answer."""

    HIDDEN = "hidden"
    SHOWN = "shown"  # where the item has one
    NEEDED = "needed"  # items without one cannot be judged


NONE = "none"
"""The verdict of an extraction that finds no option."""

TIE = "tie"


@dataclass(frozen=True)
class Scale:
    """The verdicts that are allowed.

    values: numbers upwards; no, yes; labels as listed; () for an item's options until the item is known.
    anchors: what a verdict means, by value.
    """

    kind: ScaleKind
    values: tuple[str, ...] = ()
    anchors: Mapping[str, Texts] = field(default_factory=dict)

    def number(self, value: str) -> float | None:
        """A verdict as a number: itself, or 1 for yes and 0 for no; labels have none."""
        if self.kind is ScaleKind.NUMBERS:
            return float(value)
        return float(value == "yes") if self.kind is ScaleKind.YES_NO else None

    def share(self, value: str) -> float | None:
        """A verdict as its place on the scale, 0 (lowest) to 1 (highest): what stands as a score."""
        number = self.number(value)
        if number is None or self.kind is ScaleKind.YES_NO:
            return number
        low, high = float(self.values[0]), float(self.values[-1])
        return (number - low) / (high - low)


@dataclass(frozen=True)
class Cell:
    """One thing asked about one subject: one call.

    points, tags: of a criterion that belongs to an item. pattern: finds the verdict in a reply whose form is
    the rubric's own; "" reads the usual forms.
    """

    name: str
    text: Texts
    scale: Scale
    points: float = 1.0
    tags: tuple[str, ...] = ()
    pattern: str = ""


@dataclass(frozen=True)
class Rubric:
    """Criteria that belong together, under one name and version.

    criteria: () when each item brings its own (Key.rubric). language: "item" asks in the item's language
    where every text is there in it, "en" always in English. prompt, pattern: of a judge that was trained on
    its own form: the text it reads, with {question}, {answer}, ... in it, and the regular expression whose
    one group is the verdict; such a judge is asked once, also where others explain first and are ranked.
    """

    id: str
    version: int
    mode: Mode
    title: Texts
    criteria: tuple[Cell, ...]
    reference: Reference = Reference.SHOWN
    language: str = "item"
    source: str = ""
    prompt: Texts = field(default_factory=dict)
    pattern: str = ""

    @property
    def name(self) -> str:
        """As it stands in a score's name: `mmedbench-1`."""
        return f"{self.id}-{self.version}"

    @property
    def answers(self) -> int:
        """How many answers a subject of it holds: 2 side by side, 1, or 0 when the item itself is judged."""
        return {Mode.PAIRWISE: 2, Mode.TOPIC: 0}.get(self.mode, 1)

    @cached_property
    def sha(self) -> str:
        """Of everything in it: two rubrics of one name that differ in a word are told apart by this."""
        return content_hash(asdict(self))

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Rubric":
        """Back from `asdict` and JSON."""
        kinds = {"mode": Mode(stored["mode"]), "reference": Reference(stored["reference"])}
        return cls(**{**stored, **kinds, "criteria": tuple(map(_cell_from, stored["criteria"]))})


def _cell_from(stored: Mapping[str, Any]) -> Cell:
    scale = stored["scale"]
    found = Scale(ScaleKind(scale["kind"]), tuple(scale["values"]), scale["anchors"])
    return Cell(**{**stored, "scale": found, "tags": tuple(stored["tags"])})

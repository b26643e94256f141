"""The truth about a question. Backends and readers never see it; a test walks their imports."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Criterion:
    """One thing an answer is judged by. points: -10 to 10; below 0, meeting it is bad. tags: its slices."""

    text: str
    points: float
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Key:
    """The true answer of one item, kept apart from it.

    acceptable: alternatives, each a set of labels in option order, or a one-tuple with a reference text.
    (("B",),) one letter; (("A", "C"),) both; (("A",), ("D",)) either; (("free text",),) a reference;
    (("aspirin", "ibuprofen"),) entities; () where only a rubric says what is right.
    name: who publishes it (a benchmark's id, or "adjudicated"); version 1 is the published one.
    """

    acceptable: tuple[tuple[str, ...], ...]
    name: str
    version: int = 1
    rationale: str = ""
    source: str = ""
    rubric: tuple[Criterion, ...] = ()

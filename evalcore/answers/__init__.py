"""From what a model wrote, or how it ranked, to the options it meant. Knows no key, file, clock or network.

`robust` is ours; the three others repeat released scorers, warts included, for comparison with published
figures. A reader's version goes up with any change that could read a stored reply otherwise.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from evalcore.answers import compat
from evalcore.answers.labels import all_labels, one_label
from evalcore.answers.reading import Reading
from evalcore.answers.robust import read as read_robust
from evalcore.errors import UsageError
from evalcore.types import Answer, AnswerState, Finish, Item, Kind

__all__ = ["READERS", "Reader", "pick", "read"]


@dataclass(frozen=True)
class Reader:
    """A named rule for reading replies. read: (text, item, kind, finish) -> Reading."""

    name: str
    version: int
    read: Callable[[str, Item, Kind, Finish], Reading]
    what: str


def _robust(text: str, item: Item, kind: Kind, finish: Finish) -> Reading:
    if kind is Kind.LABEL:
        return one_label(text, item)
    return all_labels(text, item) if kind is Kind.LABELS else read_robust(text, item, kind, finish)


READERS: dict[str, Reader] = {
    reader.name: reader
    for reader in (
        Reader("robust", 1, _robust, "explicit statements first, the last one wins; six languages"),
        Reader("strict_template", 1, compat.strict_template, "UniMedicalEval: the fixed template or nothing"),
        Reader("medsbench_compat", 1, compat.medsbench, "MedS-Bench: the first character, a to d or y, n"),
        Reader("mmedbench_compat", 1, compat.mmedbench, "MMedBench: OPTION X IS CORRECT, to the letter"),
    )
}


_OF_OPTIONS = (Kind.CHOICE, Kind.SEVERAL, Kind.YES_NO_MAYBE)


def read(
    text: str, item: Item, kind: Kind, *, finish: Finish = Finish.STOP, reader: str = "robust"
) -> Answer:
    """What the reply says, and by which rule; never raises for any text.

    Labels and texts have one reader, whatever the run's is. The span counts characters of `text` as given,
    thinking part and markup included. Free text has no options to read: the whole reply is the answer, with
    the value ().
    """
    chosen = READERS.get(reader if kind in _OF_OPTIONS else "robust")
    if chosen is None:
        raise UsageError(f"There is no reader {reader!r}. Known: {', '.join(READERS)}.")
    reading = chosen.read(text, item, kind, finish)
    ordered = tuple(label for label in item.labels if label in reading.labels)
    return Answer(ordered, reading.state, reading.rule, chosen.name, chosen.version, reading.span)


def pick(option_logprobs: Mapping[str, float], item: Item) -> Answer:
    """The likeliest option; among equals the first in option order, as argmax does.

    Unreadable when an option has no log-likelihood or one that is not a finite number.
    """
    values = [option_logprobs.get(label, math.nan) for label in item.labels]
    if not values or not all(map(math.isfinite, values)):
        return Answer((), AnswerState.UNREADABLE, "rank", "rank", 1)
    return Answer((item.labels[values.index(max(values))],), AnswerState.READ, "rank", "rank", 1)

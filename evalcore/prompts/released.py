"""Prompts of released evaluators, to compare with published figures; a task names its own by `written`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evalcore.prompts import medsbench, mmedbench, unimedicaleval
from evalcore.types import Entry, Item, Part, Task

Write = Callable[[Task, Item, Sequence[Entry], bool], tuple[Part, ...]]
"""(task, item, examples, chat) -> what the model reads."""


@dataclass(frozen=True)
class Released:
    """fits: whether the prompt is meant for a task."""

    fits: Callable[[Task], bool]
    parts: Write


RELEASED: dict[str, Released] = {
    "medsbench_compat": Released(medsbench.fits, medsbench.parts),
    "mmedbench_compat": Released(mmedbench.fits, mmedbench.parts),
    "unimedicaleval": Released(unimedicaleval.fits, unimedicaleval.parts),
}
"""By template name; one module a system adds its own here."""

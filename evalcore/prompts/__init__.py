"""An item becomes exactly what the model reads. This room knows templates, examples and chat turns; no model.

Two ways of asking. Rank: the prompt ends before the answer, and each option's label is a target whose
log-likelihood is compared. Generate: the prompt asks for a short reasoning and a last line with the answer,
or it is one of the released evaluators' own (templates/).

Parts are shared: description and examples are the same parts for every item that is shown the same examples.
An example is one part, so that a backend with too little room leaves whole examples out.
"""

import difflib
from collections.abc import Sequence

from evalcore.errors import UsageError
from evalcore.prompts import harness, plain, written
from evalcore.prompts.released import RELEASED
from evalcore.prompts.shape import Shape
from evalcore.prompts.shots import FEWSHOT_SEED, SAMPLERS, choose_shots, shots_in_order
from evalcore.types import RANKABLE, Entry, Item, Key, Part, Prompt, Task, Way

__all__ = [
    "FEWSHOT_SEED",
    "SAMPLERS",
    "VERSION",
    "choose_shots",
    "render",
    "shots_in_order",
    "template_names",
]

VERSION = 2
"""Rises with any change of what a template writes, or how it is cut into parts."""


def template_names(task: Task, way: Way) -> tuple[str, ...]:
    """Templates that fit, the default first; () where such items cannot be asked in this way.

    "harness" besides needs one of the tasks that the reference harness has.
    """
    if way is Way.GENERATE:
        names = ("written", *(name for name, one in RELEASED.items() if one.fits(task)))
        return _first(task.written, names)
    if task.kind not in RANKABLE:
        return ()
    return _first(task.template, ("plain", "harness") if task.language == "en" else ("plain",))


def _first(own: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((own, *names))) if own else names


def render(
    item: Item,
    *,
    task: Task,
    way: Way,
    shots: Sequence[Entry] = (),
    template: str = "",
    chat: bool = False,
) -> Prompt:
    """The prompt of one item; template "" is the task's own one, else the built-in one of its kind.

    chat: parts carry roles, examples are user and assistant turns (as the reference harness does with a chat
    template), and rank targets lose their leading blank, because the assistant's turn starts with them.
    """
    name = _template(task, way, template)
    ids = tuple(shot.item_id for shot in shots)
    if way is Way.GENERATE:
        write = RELEASED[name].parts if name in RELEASED else written.parts
        return Prompt(write(task, item, shots, chat), name, VERSION, ids, item.labels)
    shape = harness.shape(task) if name == "harness" else plain.shape(task.language)
    parts = _chat(shape, item, shots) if chat else _text(shape, item, shots)
    targets = tuple(shape.target(label, chat=chat) for label in item.labels)
    return Prompt(parts, name, VERSION, ids, item.labels, targets)


def _template(task: Task, way: Way, asked: str) -> str:
    names = template_names(task, way)
    if not names:
        raise UsageError(
            f"{task.id} cannot be asked by ranking options: its answers are of the kind {task.kind.value!r}. "
            "Use --ask generate."
        )
    name = asked or names[0]
    if name in names:
        return name
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.0)
    raise UsageError(
        f"There is no template {name!r} for {task.id} when asked by {way.value}. Use --template {near[0]}."
    )


def _text(shape: Shape, item: Item, shots: Sequence[Entry]) -> tuple[Part, ...]:
    description = (Part(shape.description),) if shape.description else ()
    examples = (Part(f"{shape.ask(shot.item)}{shape.target(_label(shot.key))}\n\n") for shot in shots)
    return (*description, *examples, Part(shape.ask(item)))


def _chat(shape: Shape, item: Item, shots: Sequence[Entry]) -> tuple[Part, ...]:
    system = (Part(shape.description, "system"),) if shape.description else ()
    turns = (
        Part(text, role)
        for shot in shots
        for role, text in (("user", shape.ask(shot.item)), ("assistant", _label(shot.key)))
    )
    return (*system, *turns, Part(shape.ask(item), "user"))


def _label(key: Key) -> str:
    return key.acceptable[0][0]

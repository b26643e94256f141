"""An item becomes exactly what the model reads. This room knows templates, examples and chat turns; no model.

Two ways of asking. Rank: the prompt ends before the answer, and each option's label is a target whose
log-likelihood is compared. Generate: the prompt asks for a short reasoning and a last line with the answer.

Parts are shared: description and few-shot block are one part for every item that is shown the same examples.
"""

import difflib
from collections.abc import Sequence

from evalcore.errors import UsageError
from evalcore.prompts import harness, plain
from evalcore.prompts.shape import Shape
from evalcore.prompts.shots import FEWSHOT_SEED, SAMPLERS, choose_shots, shots_in_order
from evalcore.prompts.wording import Wording, wording
from evalcore.types import Entry, Item, Key, Kind, Part, Prompt, Task, Way

__all__ = [
    "FEWSHOT_SEED",
    "SAMPLERS",
    "VERSION",
    "choose_shots",
    "render",
    "shots_in_order",
    "template_names",
]

VERSION = 1
"""Rises with any change of what a template writes."""

_RANKABLE = (Kind.CHOICE, Kind.YES_NO_MAYBE)


def template_names(kind: Kind, way: Way, language: str) -> tuple[str, ...]:
    """Templates that fit, the default first; () where such items cannot be asked in this way.

    "harness" besides needs one of the tasks that the reference harness has.
    """
    if way is Way.GENERATE:
        return ("written",)
    if kind not in _RANKABLE:
        return ()
    return ("plain", "harness") if language == "en" else ("plain",)


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
    if way is Way.RANK:
        shape = harness.shape(task) if name == "harness" else plain.shape(task.language)
        parts = _chat(shape, item, shots) if chat else _text(shape, item, shots)
        targets = tuple(shape.target(label, chat=chat) for label in item.labels)
    else:
        parts, targets = _written(task, item, shots, chat=chat), ()
    ids = tuple(shot.item_id for shot in shots)
    return Prompt(parts, name, VERSION, ids, item.labels, targets)


def _template(task: Task, way: Way, asked: str) -> str:
    names = template_names(task.kind, way, task.language)
    if not names:
        raise UsageError(
            f"{task.id} cannot be asked by ranking options: its answers are "
            f"{'free text' if task.kind is Kind.TEXT else 'sets of options'}. Use --ask generate."
        )
    name = asked or (task.template if way is Way.RANK and task.template else names[0])
    if name in names:
        return name
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.0)
    raise UsageError(
        f"There is no template {name!r} for {task.id} when asked by {way.value}. Use --template {near[0]}."
    )


def _text(shape: Shape, item: Item, shots: Sequence[Entry]) -> tuple[Part, ...]:
    block = shape.description + "".join(
        f"{shape.ask(shot.item)}{shape.target(_label(shot.key))}\n\n" for shot in shots
    )
    return (*((Part(block),) if block else ()), Part(shape.ask(item)))


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


def _written(task: Task, item: Item, shots: Sequence[Entry], *, chat: bool) -> tuple[Part, ...]:
    words = wording(task.language)
    instruction = words.instruction(task.kind) + "\n\n"
    asked = plain.question(item, words)
    examples = [(plain.question(shot.item, words), _reply(task.kind, shot.key, words)) for shot in shots]
    if not chat:
        block = "".join(f"{question}\n\n{reply}\n\n" for question, reply in examples)
        return Part(instruction + block), Part(f"{asked}\n\n")
    turns = (
        Part(text, role)
        for example in examples
        for role, text in zip(("user", "assistant"), example, strict=True)
    )
    return (Part(instruction, "user"), *turns, Part(asked, "user"))


def _reply(kind: Kind, key: Key, words: Wording) -> str:
    """An example's reply in the form that is asked for: its rationale, then the statement."""
    if kind is Kind.TEXT:
        return key.acceptable[0][0]
    statement = words.statement(key.acceptable[0])
    return f"{key.rationale.strip()}\n{statement}" if key.rationale.strip() else statement

"""The built-in prompt for a written answer, in the item's language: what to do, examples, the item."""

from collections.abc import Sequence

from evalcore.prompts import plain
from evalcore.prompts.wording import Wording, wording
from evalcore.types import Entry, Item, Key, Kind, Part, Task

_IN_WORDS = (Kind.LABEL, Kind.LABELS, Kind.ENTITIES)


def parts(task: Task, item: Item, shots: Sequence[Entry], chat: bool) -> tuple[Part, ...]:
    """A task's own instruction goes before ours; turns of a conversation are kept as turns of the chat."""
    words = wording(task.language)
    instruction = "\n".join(filter(None, (task.instruction, words.instruction(task.kind)))) + "\n\n"
    examples = [(plain.question(shot.item, words), _reply(task.kind, shot.key, words)) for shot in shots]
    asked = plain.question(item, words)
    if item.turns or task.kind is Kind.RUBRIC:
        return _conversation(item, chat=chat)
    if not chat:
        shown = (Part(f"{question}\n\n{reply}\n\n") for question, reply in examples)
        return (Part(instruction), *shown, Part(f"{asked}\n\n"))
    turns = (
        Part(text, role)
        for example in examples
        for role, text in zip(("user", "assistant"), example, strict=True)
    )
    return (Part(instruction, "user"), *turns, Part(asked, "user"))


def _conversation(item: Item, *, chat: bool) -> tuple[Part, ...]:
    """The turns as they were, the question last; a model without chat reads them as a transcript."""
    turns = (*item.turns, ("user", item.question))
    if chat:
        return tuple(Part(text, role) for role, text in turns)
    lines = "".join(f"{role}: {text}\n\n" for role, text in turns)
    return (Part(f"{lines}assistant:"),)


def _reply(kind: Kind, key: Key, words: Wording) -> str:
    """An example's reply in the form that is asked for: its rationale, then the statement."""
    if kind in (Kind.TEXT, Kind.STRUCTURED, Kind.DIALOGUE, Kind.RUBRIC):
        return key.acceptable[0][0]
    if kind in _IN_WORDS:
        return ", ".join(key.acceptable[0]) or "none"
    statement = words.statement(key.acceptable[0])
    return f"{key.rationale.strip()}\n{statement}" if key.rationale.strip() else statement

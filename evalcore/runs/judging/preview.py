"""What a judge will read, word for word, on an answer that is there; before anything is asked."""

from dataclasses import dataclass

from evalcore import judge
from evalcore.runs.judging.planning import JudgePlan, Wanted
from evalcore.store import Store, Transaction, content, judging
from evalcore.types import Entry, Prompt

ELLIPSIS = "…"


@dataclass(frozen=True)
class Preview:
    """One cell as it goes to the judge. prompts: one, or for a judge of this machine two: the explanation
    is asked for first, then (with it in place of the ellipsis) the verdict.

    answers: how many subjects the plan holds; criteria: of this subject.
    """

    task: str
    item: str
    criterion: str
    criteria: tuple[str, ...]
    answers: int
    prompts: tuple[Prompt, ...]


def preview_judging(store: Store, planned: JudgePlan, place: int = 0, criterion: str = "") -> Preview:
    """place: which of the plan's subjects, the last one where there are fewer; criterion: "" is the first."""
    wanted = [(task, one) for task, found in planned.tasks for one in found]
    task, one = wanted[min(place, len(wanted) - 1)]
    names = tuple(dict.fromkeys(name for name, _, _ in one.places))
    chosen = criterion if criterion in names else names[0]
    with store.read() as transaction:
        entry, answers = _matter(transaction, one)
    cell = next(cell for cell in judge.cells(planned.rubric, entry.item, entry.key) if cell.name == chosen)
    prompts = _prompts(planned, entry, cell, answers)
    return Preview(task.task_id, entry.item_id, chosen, names, len(wanted), prompts)


def _matter(transaction: Transaction, wanted: Wanted) -> tuple[Entry, tuple[str, ...]]:
    version_id, position = wanted.judged.task_version_id, wanted.judged.position
    texts = judging.texts_of(transaction, wanted.response_ids)
    entry = content.get_entries(transaction, version_id, [position])[position]
    return entry, tuple(texts[response_id] for response_id in wanted.response_ids)


def _prompts(
    planned: JudgePlan, entry: Entry, cell: judge.Cell, answers: tuple[str, ...]
) -> tuple[Prompt, ...]:
    about = (planned.rubric, cell, entry.item, entry.key, answers)
    language = judge.language_of(planned.rubric, entry.item)
    chat = not planned.spec.is_local or bool(planned.check.chat_template)
    if not planned.spec.is_local or planned.rubric.prompt:
        return (judge.prompt(*about, language=language, structured=True, chat=chat),)
    first = judge.explanation_prompt(*about, language=language, chat=chat)
    return first, judge.verdict_prompt(*about, explanation=ELLIPSIS, language=language, chat=chat)

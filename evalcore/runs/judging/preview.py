"""What a judge will read, word for word, on an answer that is there; before anything is asked."""

from collections.abc import Iterator
from dataclasses import dataclass

from evalcore import benchmarks, judge
from evalcore.errors import DataError
from evalcore.judge import Rubric
from evalcore.runs.judging.planning import JudgePlan, Wanted
from evalcore.store import Store, Transaction, content, judging
from evalcore.store import runs as run_rows
from evalcore.types import Entry, Prompt

ELLIPSIS = "…"
BUNDLED = ("demo/en_open", "rubric/demo", "demo/en_choice")  # items that a rubric is shown on


@dataclass(frozen=True)
class Preview:
    """One call as it goes to the judge. prompts: one, or for a judge of this machine two: the explanation
    is asked for first, then (with it in place of the ellipsis) the verdict.

    answers: how many subjects the plan holds; criteria: of this subject, or its batches of them.
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
    cells = judge.cells_in(chosen, judge.cells(planned.rubric, entry.item, entry.key))
    prompts = _prompts(planned, entry, cells, answers)
    return Preview(task.task_id, entry.item_id, chosen, names, len(wanted), prompts)


def preview_rubric(store: Store, rubric: Rubric, run: str = "") -> Preview | None:
    """What a rubric, kept or not, asks of a judge behind an endpoint: on the first answer of a run that it
    fits; without one, or where it fits none, on a bundled item with its reference as the answer.

    None where it fits neither. A comparison sees the same answer twice.
    """
    for task, entry, answer in (*_answered(store, run), *_bundled()):
        try:
            cells = judge.cells(rubric, entry.item, entry.key)
        except DataError:
            continue
        about = (rubric, cells[0], entry.item, entry.key, (answer,) * rubric.answers)
        prompt = judge.prompt(*about, language=judge.language_of(rubric, entry.item), structured=True)
        names = tuple(cell.name for cell in cells)
        return Preview(task, entry.item_id, names[0], names, 1, (prompt,))
    return None


def _answered(store: Store, run: str) -> list[tuple[str, Entry, str]]:
    """The first answers of each task of a run."""
    if not run:
        return []
    found = []
    with store.read() as transaction:
        row = run_rows.get_run(transaction, run)
        for task in run_rows.tasks_of(transaction, row.id):
            rows = judging.judged_records(transaction, row.id, task.task_version_id)[:5]
            entries = content.get_entries(transaction, task.task_version_id, [one.position for one in rows])
            texts = judging.texts_of(transaction, [one.response_id for one in rows])
            found += [(task.task_id, entries[one.position], texts[one.response_id]) for one in rows]
    return found


def _bundled() -> Iterator[tuple[str, Entry, str]]:
    for name in BUNDLED:
        for entry in benchmarks.load(name, with_examples=False).entries[:5]:
            yield name, entry, ", ".join(entry.key.acceptable[0]) if entry.key.acceptable else ELLIPSIS


def _matter(transaction: Transaction, wanted: Wanted) -> tuple[Entry, tuple[str, ...]]:
    version_id, position = wanted.judged.task_version_id, wanted.judged.position
    texts = judging.texts_of(transaction, wanted.response_ids)
    entry = content.get_entries(transaction, version_id, [position])[position]
    return entry, tuple(texts[response_id] for response_id in wanted.response_ids)


def _prompts(
    planned: JudgePlan, entry: Entry, cells: tuple[judge.Cell, ...], answers: tuple[str, ...]
) -> tuple[Prompt, ...]:
    language = judge.language_of(planned.rubric, entry.item)
    if planned.spec.batch > 1:
        whole = (planned.rubric, cells, entry.item, entry.key, answers)
        return (judge.batch_prompt(*whole, language=language),)
    about = (planned.rubric, cells[0], entry.item, entry.key, answers)
    chat = not planned.spec.is_local or bool(planned.check.chat_template)
    if not planned.spec.is_local or planned.rubric.prompt:
        return (judge.prompt(*about, language=language, structured=True, chat=chat),)
    first = judge.explanation_prompt(*about, language=language, chat=chat)
    return first, judge.verdict_prompt(*about, explanation=ELLIPSIS, language=language, chat=chat)

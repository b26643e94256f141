"""Cells as they go to the judge, with everything they are about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evalcore import judge
from evalcore.judge import Rubric
from evalcore.judge.spec import JudgeSpec, from_json, rubric_of
from evalcore.runs.asking import ask_key
from evalcore.store import Transaction, content, judging, registry
from evalcore.store.runs import RunRow
from evalcore.store.work import Claimed
from evalcore.types import Entry, ModelIdentity, Prompt, Response, Way


@dataclass(frozen=True)
class Question:
    """One cell as it goes to the judge."""

    claimed: Claimed
    prompt: Prompt
    way: Way
    schema: str = ""


@dataclass(frozen=True)
class Bench:
    """A judge's run as a worker has it in hand."""

    run_id: int
    spec: JudgeSpec
    rubric: Rubric
    model: ModelIdentity
    chat: bool

    @classmethod
    def of(cls, transaction: Transaction, run: RunRow, *, has_chat_template: bool) -> "Bench":
        rubric = rubric_of(run.spec, judging.rubric_folder())
        model = registry.get_model(transaction, run.model_id)
        return cls(run.id, from_json(run.spec), rubric, model, has_chat_template)

    @property
    def judge_name(self) -> str:
        return self.spec.name_with(self.model.precision)

    @property
    def is_two_steps(self) -> bool:
        """A judge of this machine explains first; one that was trained on its own form is asked once."""
        return self.spec.is_local and not self.rubric.prompt

    def ask_key(self, one: Question) -> str:
        """A cell that is asked again, or in the other order, is another question."""
        return ask_key(self.model, one.prompt, one.way, self.spec.call, one.claimed.repeat, 1)

    def questions(self, transaction: Transaction, claimed: Sequence[Claimed]) -> list[Question]:
        matter = Matter.of(transaction, self.rubric, claimed)
        said = judging.explanations(transaction, [one for one in claimed if one.turn])
        return [
            self._question(matter, one, said.get(judging.cell_of(one), Response()).text) for one in claimed
        ]

    def _question(self, matter: "Matter", one: Claimed, explanation: str) -> Question:
        entry, cells = matter.entry(one), matter.cells(one)
        language = judge.language_of(self.rubric, entry.item)
        if self.spec.batch > 1:
            asked = (self.rubric, cells, entry.item, entry.key, matter.answers(one))
            return Question(
                one,
                judge.batch_prompt(*asked, language=language),
                Way.GENERATE,
                judge.batch_schema(cells),
            )
        (cell,) = cells
        about = (self.rubric, cell, entry.item, entry.key, matter.answers(one))
        if not self.is_two_steps:
            chat = self.chat or not self.spec.is_local
            prompt = judge.prompt(*about, language=language, structured=True, chat=chat)
            return Question(one, prompt, Way.GENERATE, judge.schema(cell))
        if not one.turn:
            prompt = judge.explanation_prompt(*about, language=language, chat=self.chat)
            return Question(one, prompt, Way.GENERATE)
        prompt = judge.verdict_prompt(*about, explanation=explanation, language=language, chat=self.chat)
        return Question(one, prompt, Way.RANK)


@dataclass(frozen=True)
class Matter:
    """Everything that some cells are about, read at once."""

    rubric: Rubric
    entries: Mapping[tuple[int, int], Entry]
    about: Mapping[int, tuple[int, ...]]
    texts: Mapping[int, str]

    @classmethod
    def of(cls, transaction: Transaction, rubric: Rubric, places: Sequence[Any]) -> "Matter":
        """places: anything with task_version_id, position, subject_id (claimed items, rows of work)."""
        entries: dict[tuple[int, int], Entry] = {}
        for version_id in {one.task_version_id for one in places}:
            mine = {one.position for one in places if one.task_version_id == version_id}
            found = content.get_entries(transaction, version_id, sorted(mine))
            entries |= {(version_id, position): entry for position, entry in found.items()}
        about = judging.responses_of(transaction, [one.subject_id for one in places])
        texts = judging.texts_of(transaction, [one for ids in about.values() for one in ids])
        return cls(rubric, entries, about, texts)

    def entry(self, one: Any) -> Entry:
        return self.entries[one.task_version_id, one.position]

    def cells(self, one: Any) -> tuple[judge.Cell, ...]:
        """What a call asks for: one cell, or a batch."""
        entry = self.entry(one)
        return judge.cells_in(one.criterion, judge.cells(self.rubric, entry.item, entry.key))

    def answers(self, one: Any) -> tuple[str, ...]:
        """What is judged, in the order in which the judge sees it."""
        texts = tuple(self.texts[response_id] for response_id in self.about[one.subject_id])
        return texts[::-1] if one.option_order else texts

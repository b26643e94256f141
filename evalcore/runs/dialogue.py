"""Dialogues: the tested model and a partner take turns; every turn is a work item of the run that speaks.

The partner's turns belong to a run of their own (kind `partner`), so that its model, lane, budget and retries
are those of any run. When a turn is read, the next one is planned in the same transaction: a kill between two
turns loses neither. The record stands on the tested model's last turn.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from evalcore import metrics
from evalcore.prompts import dialogue
from evalcore.prompts.dialogue import Role
from evalcore.runs.spec import RunSpec
from evalcore.store import Transaction, dialogues, scored
from evalcore.store.dialogues import Said, Turn
from evalcore.store.runs import RunRow
from evalcore.store.scored import Stored
from evalcore.types import Answer, AnswerState, Entry, Finish, Prompt, Task


@dataclass(frozen=True)
class Talk:
    """The two runs of a run's dialogues. tested: the role that the tested model plays."""

    run_id: int
    partner_id: int
    tested: Role
    max_turns: int
    partner: str

    @classmethod
    def of(cls, run: RunRow, partner: RunRow, spec: RunSpec) -> "Talk":
        return cls(run.id, partner.id, Role(spec.role), spec.max_turns, spec.partner or spec.model)

    def whose(self, turn: int) -> int:
        """The run that says this turn."""
        return self.run_id if dialogue.speaker(turn) is self.tested else self.partner_id

    @property
    def variant(self) -> str:
        """Who played whom belongs to the figure's name."""
        return f"{self.tested},{self.tested.other}={self.partner}"


def prompt(entry: Entry, said: Sequence[Said], turn: int, *, chat: bool) -> Prompt:
    """What the speaker of `turn` reads."""
    return dialogue.render(entry.item, [one.text for one in said if one.turn < turn], chat=chat)


def is_over(talk: Talk, said: Sequence[Said], language: str) -> bool:
    """Ends with the tested model's turn, once the doctor has ended it or has had max_turns turns."""
    last = said[-1].turn
    doctors = [one for one in said if dialogue.speaker(one.turn) is Role.DOCTOR]
    is_ended = any(dialogue.is_ended(one.text, language) for one in doctors) or len(doctors) >= talk.max_turns
    return is_ended and dialogue.speaker(last) is talk.tested


@dataclass(frozen=True)
class Step:
    """What reading a turn leads to: a reading where the dialogue is over, else the next turn."""

    stored: Stored
    talk: Talk
    next_turn: Turn | None = None
    reading: scored.Reading | None = None


def steps(
    transaction: Transaction, talk: Talk, task: Task, piece: Sequence[tuple[Stored, Entry]]
) -> list[Step]:
    said = dialogues.said(transaction, talk.run_id, [stored.place.ordinal for stored, _ in piece])
    return [_step(talk, task, stored, entry, said[stored.place.ordinal]) for stored, entry in piece]


def _step(talk: Talk, task: Task, stored: Stored, entry: Entry, said: Sequence[Said]) -> Step:
    so_far = [one for one in said if one.turn <= stored.place.turn]
    if is_over(talk, so_far, entry.item.language):
        return Step(stored, talk, reading=reading(talk, task, stored, entry, so_far))
    place = stored.place
    turn = place.turn + 1
    where = (place.task_version_id, place.ordinal, place.position, place.sample)
    return Step(stored, talk, next_turn=Turn(talk.whose(turn), *where, turn))


def reading(talk: Talk, task: Task, stored: Stored, entry: Entry, said: Sequence[Said]) -> scored.Reading:
    """The whole dialogue scored, on the response of its last turn."""
    is_cut = stored.response.finish is Finish.LENGTH
    state = AnswerState.TRUNCATED if is_cut else AnswerState.READ
    answer = Answer((), state if stored.response.text.strip() else AnswerState.EMPTY, "dialogue", "robust", 1)
    turns = tuple((str(dialogue.speaker(one.turn)), one.text) for one in said)
    evidence = metrics.Evidence(entry.item, stored.response, answer, kind=task.kind, turns=turns)
    scores = tuple(metrics.score(f"{name}@{talk.variant}", evidence, entry.key) for name in task.metrics)
    outcome = metrics.outcome_of(scores)
    return scored.Reading(stored, answer, scores, entry.key.name, entry.key.version, outcome)


def settle(transaction: Transaction, made: Sequence[Step]) -> None:
    """Keeps finished dialogues and plans the next turns of the others."""
    scored.put_readings(transaction, [one.reading for one in made if one.reading])
    going_on = [one for one in made if one.next_turn]
    for run_id in {one.talk.run_id for one in going_on}:
        scored.close(transaction, [one.stored for one in going_on if one.talk.run_id == run_id], run_id)
    dialogues.plan_turns(transaction, [one.next_turn for one in going_on if one.next_turn])

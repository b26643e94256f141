"""Runs as a lane has them in hand: what is remembered of each, and how its claimed items become requests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from evalcore.runs import dialogue, judging
from evalcore.runs.asking import Asking, ask_key
from evalcore.runs.scoring import talk_of
from evalcore.runs.spec import RunSpec, from_json
from evalcore.store import Store, Transaction, content, dialogues, registry
from evalcore.store import runs as run_rows
from evalcore.store.work import Claimed
from evalcore.types import Entry, Kind, ModelIdentity, Prompt, Request, Way
from evalcore.worker.desk import Asked


class InHand(Protocol):
    """A run that claims are made from."""

    @property
    def id(self) -> int: ...

    def affordable(self, transaction: Transaction, most: int) -> int:
        """How many items may be claimed now; fewer than `most` where a budget says so."""
        ...

    def asked(self, transaction: Transaction, claimed: Sequence[Claimed]) -> list[Asked]:
        """The claimed items as they go to the model."""
        ...


def take_in_hand(store: Store, code: str, *, has_chat_template: bool) -> InHand:
    with store.read() as transaction:
        run = run_rows.get_run(transaction, code)
        if run.kind == judging.KIND:
            return JudgeInHand(judging.Bench.of(transaction, run, has_chat_template=has_chat_template))
        model = registry.get_model(transaction, run.model_id)
        ways = {task.task_version_id: task.way for task in run_rows.tasks_of(transaction, run.id)}
    return RunInHand(run.id, from_json(run.spec), run.repeat, model, ways, has_chat_template)


@dataclass
class RunInHand:
    """A run that asks questions, or a side of its dialogues."""

    id: int
    spec: RunSpec
    repeat: int
    model: ModelIdentity
    ways: dict[int, Way]
    has_chat_template: bool
    asking: dict[int, Asking] = field(default_factory=dict)

    def affordable(self, transaction: Transaction, most: int) -> int:
        return most

    def asked(self, transaction: Transaction, claimed: Sequence[Claimed]) -> list[Asked]:
        made: list[Asked] = []
        for version_id in dict.fromkeys(one.task_version_id for one in claimed):
            mine = [one for one in claimed if one.task_version_id == version_id]
            entries = content.get_entries(transaction, version_id, [one.position for one in mine])
            asking = self._asking(transaction, version_id)
            prompts = self._prompts(transaction, asking, mine, entries)
            made += [self._asked(asking, one, prompts[one.work_id]) for one in mine]
        return made

    def _asking(self, transaction: Transaction, version_id: int) -> Asking:
        if version_id not in self.asking:
            task = content.get_task(transaction, version_id)
            pool = tuple(content.get_entries(transaction, version_id, pool=True).values())
            way = self.ways[version_id]
            self.asking[version_id] = Asking.of(self.spec, task, pool, way, self.has_chat_template)
        return self.asking[version_id]

    def _prompts(
        self,
        transaction: Transaction,
        asking: Asking,
        claimed: Sequence[Claimed],
        entries: Mapping[int, Entry],
    ) -> dict[int, Prompt]:
        """By work id. A turn of a dialogue is asked with what was said so far."""
        if asking.task.kind is not Kind.DIALOGUE:
            return {one.work_id: asking.prompt(entries[one.position], one.position) for one in claimed}
        talk = talk_of(transaction, self.id)
        said = dialogues.said(transaction, talk.run_id, [one.ordinal for one in claimed])
        return {
            one.work_id: dialogue.prompt(
                entries[one.position], said.get(one.ordinal, ()), one.turn, chat=asking.chat
            )
            for one in claimed
        }

    def _asked(self, asking: Asking, claimed: Claimed, prompt: Prompt) -> Asked:
        key = ask_key(self.model, prompt, asking.way, self.spec.sampling, claimed.sample, self.repeat)
        request = Request(claimed.work_id, prompt, self.spec.sampling, claimed.sample)
        return Asked(claimed, prompt, key, asking.way, request)


@dataclass
class JudgeInHand:
    """A judge's run: every claimed item is a cell."""

    bench: judging.Bench

    @property
    def id(self) -> int:
        return self.bench.run_id

    def affordable(self, transaction: Transaction, most: int) -> int:
        return judging.affordable(transaction, self.id, most)

    def asked(self, transaction: Transaction, claimed: Sequence[Claimed]) -> list[Asked]:
        return [
            Asked(
                one.claimed,
                one.prompt,
                self.bench.ask_key(one),
                one.way,
                Request(
                    one.claimed.work_id,
                    one.prompt,
                    self.bench.spec.call,
                    one.claimed.repeat,
                    schema=one.schema,
                ),
            )
            for one in self.bench.questions(transaction, claimed)
        ]

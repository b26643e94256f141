"""What a backend pulls from: claims in small numbers, from all runs of its model in turn.

Before it gives out the next item, everything that came back is in the database; so a kill costs at most what
was in flight.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from evalcore.runs import dialogue
from evalcore.runs.asking import Asking, ask_key
from evalcore.runs.scoring import talk_of
from evalcore.runs.spec import RunSpec, from_json
from evalcore.store import Store, Transaction, content, dialogues, registry, work
from evalcore.store import runs as run_rows
from evalcore.store.work import Claimed
from evalcore.types import Entry, Kind, ModelIdentity, Prompt, Request, Way
from evalcore.worker.desk import Asked, Desk, Result

CHUNK = 32  # items claimed at once, at most
LOOK_S = 1.0  # a pause is seen at the latest after so long, also by items that are claimed already


@dataclass
class RunInHand:
    """What a lane remembers of a run, so that claiming reads only items."""

    id: int
    spec: RunSpec
    repeat: int
    model: ModelIdentity
    ways: dict[int, Way]
    has_chat_template: bool
    asking: dict[int, Asking] = field(default_factory=dict)


def take_in_hand(store: Store, code: str, *, has_chat_template: bool) -> RunInHand:
    with store.read() as transaction:
        run = run_rows.get_run(transaction, code)
        ways = {task.task_version_id: task.way for task in run_rows.tasks_of(transaction, run.id)}
        model = registry.get_model(transaction, run.model_id)
    return RunInHand(run.id, from_json(run.spec), run.repeat, model, ways, has_chat_template)


class Feed:
    """Requests of one way of asking, for as long as the lane's slice lasts and something is due."""

    def __init__(self, store: Store, worker_id: int, desk: Desk, carried: deque[Asked]) -> None:
        self._store = store
        self._worker_id = worker_id
        self._desk = desk
        self._carried = carried
        self.asked: dict[int, Asked] = {}
        self.is_over: Callable[[], bool] = lambda: False
        self.runs: deque[RunInHand] = deque()
        self.quota = CHUNK
        self._looked_at = 0.0

    def requests(self, way: Way) -> Iterator[Request]:
        """Ends when the slice is over, nothing is due, the quota is used up, or another way comes next."""
        given = 0
        while given < self.quota and not self.is_over():
            self._desk.settle()
            self._drop_unwanted()
            if not self._carried and not self._claim(self.quota - given):
                return
            if self._carried and self._carried[0].way is not way:
                return
            if self._carried:
                one = self._carried.popleft()
                self.asked[one.claimed.work_id] = one
                given += 1
                yield one.request

    def next_way(self) -> Way | None:
        """How the next item is to be asked; None when nothing is due."""
        while not self._carried:
            if not self._claim(CHUNK):
                return None
        return self._carried[0].way

    def give_back(self) -> None:
        """Returns what was claimed and not handed out."""
        self._release(list(self._carried))

    def _drop_unwanted(self) -> None:
        """Gives back what was claimed for runs that somebody has paused or cancelled since."""
        if not self._carried or time.monotonic() < self._looked_at + LOOK_S:
            return
        self._looked_at = time.monotonic()
        with self._store.read() as transaction:
            wanted = run_rows.still_wanted(transaction, {one.claimed.run_id for one in self._carried})
        self._release([one for one in self._carried if one.claimed.run_id not in wanted])

    def _release(self, left: list[Asked]) -> None:
        for one in left:
            self._carried.remove(one)
        if left:
            with self._store.write() as transaction:
                work.release(transaction, [one.claimed for one in left])

    def _claim(self, most: int) -> bool:
        """Claims from the next run that has something; False when none has. Stored answers are not asked
        again.
        """
        for _ in range(len(self.runs)):
            run = self.runs[0]
            self.runs.rotate(-1)
            with self._store.write() as transaction:
                claimed = work.claim(transaction, run.id, self._worker_id, min(CHUNK, most))
            if claimed:
                self._carried.extend(self._without_known(self._prepare(run, claimed)))
                return True
        return False

    def _prepare(self, run: RunInHand, claimed: list[Claimed]) -> list[Asked]:
        asked: list[Asked] = []
        with self._store.read() as transaction:
            for version_id in dict.fromkeys(one.task_version_id for one in claimed):
                mine = [one for one in claimed if one.task_version_id == version_id]
                entries = content.get_entries(transaction, version_id, [one.position for one in mine])
                asking = self._asking(transaction, run, version_id)
                prompts = self._prompts(transaction, asking, mine, entries)
                asked += [_asked(run, asking, one, prompts[one.work_id]) for one in mine]
        return asked

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
        talk = talk_of(transaction, claimed[0].run_id)
        said = dialogues.said(transaction, talk.run_id, [one.ordinal for one in claimed])
        return {
            one.work_id: dialogue.prompt(
                entries[one.position], said.get(one.ordinal, ()), one.turn, chat=asking.chat
            )
            for one in claimed
        }

    def _asking(self, transaction: Transaction, run: RunInHand, version_id: int) -> Asking:
        if version_id not in run.asking:
            task = content.get_task(transaction, version_id)
            pool = tuple(content.get_entries(transaction, version_id, pool=True).values())
            run.asking[version_id] = Asking.of(
                run.spec, task, pool, run.ways[version_id], run.has_chat_template
            )
        return run.asking[version_id]

    def _without_known(self, asked: list[Asked]) -> list[Asked]:
        with self._store.read() as transaction:
            known = work.reusable(transaction, [one.ask_key for one in asked])
        fresh: list[Asked] = []
        for one in asked:
            if one.ask_key in known:
                response_id, response = known[one.ask_key]
                self._desk.put(Result(one, response, response_id))
            else:
                fresh.append(one)
        return fresh


def _asked(run: RunInHand, asking: Asking, claimed: Claimed, prompt: Prompt) -> Asked:
    key = ask_key(run.model, prompt, asking.way, run.spec, claimed.sample, run.repeat)
    request = Request(claimed.work_id, prompt, run.spec.sampling, claimed.sample)
    return Asked(claimed, prompt, key, asking.way, request)

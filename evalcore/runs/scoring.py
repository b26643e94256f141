"""From stored responses to answers, scores and records; asks no model, so it can be done again at any
time.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from evalcore import answers, metrics
from evalcore.errors import UsageError
from evalcore.runs import dialogue, judging
from evalcore.runs.dialogue import Step, Talk
from evalcore.runs.spec import from_json
from evalcore.store import Store, Transaction, board, content, dialogues, scored
from evalcore.store import runs as run_rows
from evalcore.store.scored import Reading, Stored
from evalcore.types import Answer, Entry, Kind, Prompt, Score, Task

PIECE = 200
FRESH = 50  # fewer of those just answered: while they are written, no further answer can be kept on SQLite
RANKED = "rank"  # the reader of answers that were ranked, not written


@dataclass(frozen=True)
class Bench:
    """What reading one task's responses needs, kept between pieces. more: metrics beside the task's own."""

    task: Task
    reader: str
    more: tuple[str, ...] = ()

    @property
    def metrics(self) -> tuple[str, ...]:
        """The task's own first: its headline decides the outcome; then those that fit its kind."""
        known = metrics.names(self.task.kind)
        fitting = (name for name in self.more if name in known or name.split("@")[0] in known)
        return tuple(dict.fromkeys((*self.task.metrics, *fitting)))


def read(stored: Stored, entry: Entry, bench: Bench, reader: str) -> Answer:
    """The answer in a response: the best-ranked option, or what the reader finds in the text."""
    response = stored.response
    if response.option_logprobs is not None:
        return answers.pick(response.option_logprobs, entry.item)
    return answers.read(response.text, entry.item, bench.task.kind, finish=response.finish, reader=reader)


def reading_of(stored: Stored, entry: Entry, prompt: Prompt | None, bench: Bench) -> Reading:
    answer = read(stored, entry, bench, bench.reader)
    targets = prompt.targets if prompt else ()
    evidence = metrics.Evidence(entry.item, stored.response, answer, targets, bench.task.kind)
    names = [name for name in bench.metrics if answer.reader == RANKED or name not in metrics.FOR_RANKED]
    scores = tuple(metrics.score(_named(name, answer.reader), evidence, entry.key) for name in names)
    others = tuple(_other_readings(stored, entry, bench, evidence))
    more = tuple(score for _, score in others)
    readers = tuple(other for other, _ in others)
    outcome = metrics.outcome_of(scores)
    return Reading(stored, answer, scores + more, entry.key.name, entry.key.version, outcome, readers)


def _other_readings(
    stored: Stored, entry: Entry, bench: Bench, evidence: metrics.Evidence
) -> Iterator[tuple[Answer, Score]]:
    """The headline once more by each reader that the task names, for what was written."""
    if evidence.answer.reader == RANKED:
        return
    for reader in bench.task.readers:
        if reader != bench.reader:
            answer = read(stored, entry, bench, reader)
            name = _named(bench.task.metrics[0], answer.reader)
            yield answer, metrics.score(name, replace(evidence, answer=answer), entry.key)


def _named(metric: str, reader: str) -> str:
    """A figure read by another reader than ours says so in its name; ranked options need no reader."""
    return metric if reader in ("robust", RANKED) or "@" in metric else f"{metric}@{reader}"


def readings(
    transaction: Transaction, piece: Sequence[Stored], reader: str, more: tuple[str, ...] = ()
) -> list[Reading]:
    """Reads and scores responses of any tasks. more: metrics beside the tasks' own."""
    prompts = content.get_prompts(transaction, [stored.prompt_key for stored in piece])
    found: list[Reading] = []
    for task, mine in _by_task(transaction, piece):
        bench = Bench(task, reader, more)
        if task.kind is Kind.DIALOGUE:
            found += _dialogues_again(transaction, task, mine)
        else:
            found += [reading_of(s, entry, prompts.get(s.prompt_key), bench) for s, entry in mine]
    return found


Placed = tuple[Stored, Entry]


def _by_task(transaction: Transaction, piece: Sequence[Stored]) -> Iterator[tuple[Task, list[Placed]]]:
    for version_id in {stored.task_version_id for stored in piece}:
        mine = [stored for stored in piece if stored.task_version_id == version_id]
        entries = content.get_entries(transaction, version_id, [stored.position for stored in mine])
        task = content.get_task(transaction, version_id)
        yield task, [(stored, entries[stored.position]) for stored in mine]


def _dialogues_again(transaction: Transaction, task: Task, mine: Sequence[Placed]) -> list[Reading]:
    talk = talk_of(transaction, mine[0][0].run_id)
    said = dialogues.said(transaction, talk.run_id, [stored.place.ordinal for stored, _ in mine])
    return [dialogue.reading(talk, task, stored, entry, said[stored.place.ordinal]) for stored, entry in mine]


def talk_of(transaction: Transaction, run_id: int) -> Talk:
    """The dialogues that a run, or a partner in them, belongs to."""
    run = run_rows.run_by_id(transaction, run_id)
    if run.parent_id is not None:
        run = run_rows.run_by_id(transaction, run.parent_id)
    partner = run_rows.partner_of(transaction, run.id)
    if partner is None:
        raise RuntimeError(f"run {run.code} has dialogues and no partner")
    return Talk.of(run, partner, from_json(run.spec))


def score_waiting(store: Store, run_id: int) -> int:
    """Reads and scores what was answered and not yet read, and plans what follows from it (a dialogue's next
    turn); returns how many. Safe to run from several workers.
    """
    with store.read() as transaction:
        run = run_rows.run_by_id(transaction, run_id)
    total, is_more = 0, True
    while is_more:
        with store.read() as transaction:
            piece = scored.unscored(transaction, run_id, FRESH)
            keep = _read_piece(transaction, run, piece)
        with store.write() as transaction:
            keep(transaction)
        total += len(piece)
        is_more = len(piece) == FRESH
    return total


def _read_piece(
    transaction: Transaction, run: run_rows.RunRow, piece: Sequence[Stored]
) -> Callable[[Transaction], None]:
    """Reads what was answered; what it returns keeps what came of it."""
    if run.kind == judging.KIND:
        return partial(judging.settle, settled=judging.read(transaction, run, piece))
    steps: list[Step] = []
    for task, mine in _by_task(transaction, piece):
        if task.kind is Kind.DIALOGUE:
            steps += dialogue.steps(transaction, talk_of(transaction, run.id), task, mine)
    talked = {step.stored.work_id for step in steps}
    rest = [stored for stored in piece if stored.work_id not in talked]
    made = readings(transaction, rest, str(run.spec["reader"]))

    def keep(transaction: Transaction) -> None:
        scored.put_readings(transaction, made)
        dialogue.settle(transaction, steps)

    return keep


def score_again(
    store: Store,
    code: str,
    *,
    reader: str | None = None,
    metrics: Sequence[str] = (),
    key: str = "",
    tell: Callable[[int, int | None], None] = lambda done, total: None,
) -> int:
    """Reads every stored response of a run again with the code as it is now; returns how many.

    Adds answers and scores of new readers and versions beside the old ones; records follow the newest.
    metrics: more than the tasks' own. key: the published one ("mmlu", "mmlu/1"), the only one so far.
    """
    _require_metrics(metrics)
    with store.read() as transaction:
        run = run_rows.get_run(transaction, code)
        tasks = run_rows.tasks_of(transaction, run.id)
        if key:
            _require_key(transaction, tasks, key)
    chosen = reader or str(run.spec["reader"])
    total = 0
    for task in tasks:
        total += _again(store, run.id, task.task_version_id, (chosen, tuple(metrics)))
        tell(total, sum(one.planned for one in tasks))
    return total


def _require_metrics(names: Sequence[str]) -> None:
    known = {one for kind in Kind for one in metrics.names(kind)}
    for name in names:
        if name not in known and name.split("@")[0] not in known:
            raise UsageError(
                f"There is no metric {name!r}. Known are {', '.join(sorted(known))}; "
                "a variant such as acc@strict_template comes with its reader."
            )


def _require_key(transaction: Transaction, tasks: Sequence[run_rows.RunTask], key: str) -> None:
    known = set()
    for task in tasks:
        entries = content.get_entries(transaction, task.task_version_id)
        known |= {(entry.key.name, f"{entry.key.name}/{entry.key.version}") for entry in entries.values()}
    if not any(key in names for names in known):
        raise UsageError(
            f"There is no key {key!r} for this run; known are {', '.join(sorted(full for _, full in known))}."
        )


def _again(store: Store, run_id: int, version_id: int, how: tuple[str, tuple[str, ...]]) -> int:
    total = after = 0
    while True:
        with store.read() as transaction:
            piece = scored.scored_after(transaction, run_id, version_id, after, PIECE)
            made = readings(transaction, piece, *how) if piece else []
        if not made:
            return total
        with store.write() as transaction:
            scored.put_answers(transaction, made)
            scored.put_scores(transaction, made)
            scored.update_outcomes(transaction, made)
            board.note_rescored(transaction, run_id)
        after = piece[-1].response_id
        total += len(made)

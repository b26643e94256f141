"""From stored responses to answers, scores and records; asks no model, so it can be done again at any
time.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from evalcore import answers, metrics
from evalcore.errors import UsageError
from evalcore.store import Store, Transaction, content, scored
from evalcore.store import runs as run_rows
from evalcore.store.scored import Reading, Stored
from evalcore.types import Answer, Entry, Kind, Outcome, Prompt, Score, Task

PIECE = 200
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


def outcome_of(scores: Sequence[Score]) -> Outcome:
    """How the headline metric sees an item; a task without a rule to score it is unscored, not wrong."""
    value = scores[0].value if scores else None
    if value is None:
        return Outcome.UNSCORED
    if value >= 1:
        return Outcome.RIGHT
    return Outcome.PARTLY if value > 0 else Outcome.WRONG


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
    outcome = outcome_of(scores)
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
    for version_id in {stored.task_version_id for stored in piece}:
        mine = [stored for stored in piece if stored.task_version_id == version_id]
        entries = content.get_entries(transaction, version_id, [stored.position for stored in mine])
        bench = Bench(content.get_task(transaction, version_id), reader, more)
        found += [reading_of(s, entries[s.position], prompts.get(s.prompt_key), bench) for s in mine]
    return found


def score_waiting(store: Store, run_id: int, reader: str) -> int:
    """Reads and scores what was answered and not yet read; returns how many. Safe to run from several
    workers.
    """
    total = 0
    while True:
        with store.read() as transaction:
            piece = scored.unscored(transaction, run_id, PIECE)
            made = readings(transaction, piece, reader) if piece else []
        if not made:
            return total
        with store.write() as transaction:
            scored.put_readings(transaction, made)
        total += len(made)


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
        after = piece[-1].response_id
        total += len(made)

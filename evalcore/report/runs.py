"""Where runs stand and what they came to; status is counted from rows, never a stored flag."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evalcore.errors import RoundsError
from evalcore.judge import ADJUSTED, Mode, edition_of
from evalcore.judge.spec import from_json, rubric_of
from evalcore.metrics import Scored, chance_level, figure_names, summarise
from evalcore.stats import wilson_interval
from evalcore.store import Store, Transaction, content, judging, overview
from evalcore.store import runs as run_rows
from evalcore.store.overview import RunPlace, Sums, TaskPlace
from evalcore.types import AnswerState, Entry, Kind, Outcome

MISSING = str(Outcome.MISSING)


@dataclass(frozen=True)
class Headline:
    """A task's first metric in one run, as far as it has come. right: items with full value.

    value, low, high: share right of the scored items and its Wilson interval; None before the first. Only
    for metrics that are right or wrong; partly: items between, for which the value stays None.
    """

    task: str
    version: str
    metric: str
    way: str
    right: int
    n: int
    partly: int
    unscored: int
    missing: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class RunRow:
    """One run on a list. waiting_key: name of the environment variable that no living worker holds."""

    code: str
    name: str
    kind: str
    model: str
    precision: str
    status: str
    waiting_for: str
    waiting_key: str
    pause_reason: str
    planned: int
    done: int
    failed: int
    created_at: float
    origin: Mapping[str, Any]
    tasks: tuple[str, ...]
    headlines: tuple[Headline, ...]


@dataclass(frozen=True)
class TaskStatus:
    """How far one task has come."""

    planned: int
    done: int
    failed: int


@dataclass(frozen=True)
class RunStatus:
    """As the command `status` prints it."""

    run: str
    status: str
    planned: int
    done: int
    failed: int
    waiting_for: str
    by_task: Mapping[str, TaskStatus]
    errors: Mapping[str, int]


@dataclass(frozen=True)
class Figure:
    """A metric's figure; unscored counts items without an answer too."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    unscored: int


@dataclass(frozen=True)
class TaskResult:
    """One task of a run; n: items that were answered, answers: their replies by what could be read."""

    version: str
    n: int
    chance: float | None
    metrics: Mapping[str, Figure]
    answers: Mapping[str, int]


@dataclass(frozen=True)
class RunResult:
    """As the command `run` prints it. seconds: from the first send to the last answer."""

    run: str
    status: str
    seconds: float
    items: int
    tokens_in: int
    tokens_out: int
    cost_usd: float | None
    tasks: Mapping[str, TaskResult]


@dataclass(frozen=True)
class Standing:
    """One run with everything its status is counted from."""

    place: RunPlace
    tasks: tuple[TaskPlace, ...]
    sums: tuple[Sums, ...]
    in_hand: int
    waiting_for: str
    waiting_key: str

    @property
    def samples(self) -> int:
        return int(self.place.spec.get("samples", 1))

    @property
    def planned(self) -> int:
        return sum(task.planned for task in self.tasks) * self.samples

    @property
    def done(self) -> int:
        return sum(cell.n for cell in self.sums if cell.outcome != MISSING)

    @property
    def failed(self) -> int:
        return sum(cell.n for cell in self.sums if cell.outcome == MISSING)

    @property
    def is_over(self) -> bool:
        return self.planned > 0 and self.done + self.failed >= self.planned

    @property
    def status(self) -> str:
        if self.is_over:
            return "finished_with_failures" if self.failed else "finished"
        if self.place.wanted in {"pause", "cancel"}:
            return {"pause": "paused", "cancel": "cancelled"}[self.place.wanted]
        has_begun = bool(self.done or self.failed or self.in_hand)
        return "running" if has_begun and (self.in_hand or not self.waiting_for) else "waiting"

    def of_task(self, task: TaskPlace) -> list[Sums]:
        return [cell for cell in self.sums if cell.task_version_id == task.task_version_id]


def standings(transaction: Transaction, places: Sequence[RunPlace]) -> list[Standing]:
    """Where these runs stand, in their order; one pass whatever their number."""
    run_ids = [place.id for place in places]
    tasks = _by_run(overview.task_places(transaction, run_ids))
    cells = _by_run(overview.sums(transaction, run_ids))
    hands, workers = overview.in_hand(transaction), overview.living_environments(transaction)
    return [_standing(place, tasks, cells, hands.get(place.id, 0), workers) for place in places]


def _by_run(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.run_id, []).append(row)
    return found


def _standing(
    place: RunPlace,
    tasks: Mapping[int, Sequence[TaskPlace]],
    cells: Mapping[int, Sequence[Sums]],
    in_hand: int,
    workers: Sequence[frozenset[str]],
) -> Standing:
    bare = Standing(place, tuple(tasks.get(place.id, ())), tuple(cells.get(place.id, ())), in_hand, "", "")
    if bare.is_over or place.wanted != "run" or _is_served(place, workers):
        return bare
    needed = f"a worker with {place.key_env}" if place.key_env else "a worker"
    return Standing(place, bare.tasks, bare.sums, in_hand, needed, place.key_env)


def _is_served(place: RunPlace, workers: Sequence[frozenset[str]]) -> bool:
    return any(not place.key_env or place.key_env in names for names in workers)


def runs_overview(store: Store, *, limit: int = 500) -> tuple[RunRow, ...]:
    """All runs that are not deleted, newest first."""
    with store.read() as transaction:
        places = overview.run_places(transaction, limit=limit)
        return tuple(map(_run_row, standings(transaction, places)))


def _run_row(standing: Standing) -> RunRow:
    place = standing.place
    return RunRow(
        code=place.code,
        name=place.name,
        kind=place.kind,
        model=place.model,
        precision=place.precision,
        status=standing.status,
        waiting_for=standing.waiting_for,
        waiting_key=standing.waiting_key,
        pause_reason=place.pause_reason,
        planned=standing.planned,
        done=standing.done,
        failed=standing.failed,
        created_at=place.created_at,
        origin=place.origin,
        tasks=tuple(task.task for task in standing.tasks),
        headlines=tuple(headline(task, standing.of_task(task)) for task in standing.tasks),
    )


def headline(task: TaskPlace, cells: Sequence[Sums]) -> Headline:
    """From the counts alone: no score is read."""
    by_outcome = {outcome: sum(c.n for c in cells if c.outcome == outcome) for outcome in Outcome}
    right, partly = by_outcome[Outcome.RIGHT], by_outcome[Outcome.PARTLY]
    n = right + partly + by_outcome[Outcome.WRONG]
    has_value = n > 0 and not partly
    low, high = wilson_interval(right, n) if has_value else (None, None)
    return Headline(
        *(task.task, task.version, task.metric, task.way, right, n, partly),
        *(by_outcome[Outcome.UNSCORED], by_outcome[Outcome.MISSING]),
        *(right / n if has_value else None, low, high),
    )


def find_standing(transaction: Transaction, code: str) -> Standing:
    """One run by its code; UsageError where it is not there."""
    run = run_rows.get_run(transaction, code)
    return standings(transaction, overview.run_places(transaction, [run.id]))[0]


def run_status(store: Store, code: str) -> RunStatus:
    """What `status RUN` prints."""
    with store.read() as transaction:
        standing = find_standing(transaction, code)
        errors = overview.errors_by_kind(transaction, standing.place.id)
    return RunStatus(
        run=standing.place.code,
        status=standing.status,
        planned=standing.planned,
        done=standing.done,
        failed=standing.failed,
        waiting_for=standing.waiting_for,
        by_task={task.task: task_status(standing, task) for task in standing.tasks},
        errors=dict(errors),
    )


def task_status(standing: Standing, task: TaskPlace) -> TaskStatus:
    cells = standing.of_task(task)
    failed = sum(cell.n for cell in cells if cell.outcome == MISSING)
    return TaskStatus(task.planned * standing.samples, sum(cell.n for cell in cells) - failed, failed)


def run_result(store: Store, code: str) -> RunResult:
    """What `run` prints: every metric from its scores, with its interval."""
    with store.read() as transaction:
        standing = find_standing(transaction, code)
        return RunResult(
            run=standing.place.code,
            status=standing.status,
            seconds=overview.asking_seconds(transaction, standing.place.id),
            items=standing.done,
            tokens_in=sum(cell.tokens_in for cell in standing.sums),
            tokens_out=sum(cell.tokens_out for cell in standing.sums),
            cost_usd=cost_of(standing.sums),
            tasks={task.task: _task_result(transaction, standing, task) for task in standing.tasks},
        )


def cost_of(cells: Iterable[Sums]) -> float | None:
    """None where the price of any answer is unknown: a part of a sum is no sum."""
    cells = list(cells)
    return None if any(cell.costless for cell in cells) else sum(cell.cost_usd for cell in cells)


def _task_result(transaction: Transaction, standing: Standing, task: TaskPlace) -> TaskResult:
    status, cells = task_status(standing, task), standing.of_task(task)
    kind = content.get_task(transaction, task.task_version_id).kind
    entries = content.get_entries(transaction, task.task_version_id)
    asked = overview.asked_positions(transaction, standing.place.id, task.task_version_id)
    rows = overview.scored_rows(transaction, standing.place.id, task.task_version_id)
    wanted = judged_metrics(transaction, standing.place.id, task.task_version_id)
    return TaskResult(
        version=task.version,
        n=status.done,
        chance=chance_level((entries[position] for position in sorted(asked)), kind),
        metrics=figures(rows, entries, kind, failed=status.failed, wanted=wanted),
        answers={
            str(state): sum(cell.n for cell in cells if cell.answer_state == state) for state in AnswerState
        },
    )


def judged_metrics(transaction: Transaction, run_id: int, task_version_id: int) -> dict[str, int]:
    """How many answers judges of the run are to look at, by metric that they make: `rating/JUDGE/RUBRIC`,
    `acc/JUDGE/extraction-1`. Without those whose rubric nobody here knows any more.
    """
    found: dict[str, int] = {}
    for row in judging.sittings(transaction, run_id, task_version_id):
        spec = from_json(row.spec)
        try:
            rubric = rubric_of(row.spec, judging.rubric_folder())
        except RoundsError:
            continue
        declared = content.get_task(transaction, task_version_id)
        heads = {
            Mode.RATING: ("rating",),
            Mode.RUBRIC: ("rubric", ADJUSTED + edition_of(declared.id)),
            Mode.EXTRACTION: declared.metrics[:1],
        }
        for head in heads.get(rubric.mode, ()):
            name = f"{head}/{spec.name_with(row.precision)}/{rubric.name}"
            found[name] = max(row.n, found.get(name, 0))
    return found


def figures(
    rows: Sequence[overview.ScoredRow],
    entries: Mapping[int, Entry],
    kind: Kind,
    *,
    failed: int,
    wanted: Mapping[str, int],
) -> dict[str, Figure]:
    """By metric, from the newest scores against the task's own key; items without an answer stay unscored.

    wanted: by a judge's metric the answers that it is to look at; those without its score stay unscored, or
    keep the rules' own where it only reads what no rule could (`acc/JUDGE/extraction-1`).
    """
    latest: dict[str, dict[int, Scored]] = {}
    for row in rows:
        entry = entries[row.position]
        if row.key == (entry.key.name, entry.key.version):
            one = Scored(row.value, row.parts, row.picked, entry.key.acceptable, entry.group)
            latest.setdefault(row.metric, {})[row.response_id] = one
    for metric in wanted:
        latest[metric] = latest.get(metric.partition("/")[0], {}) | latest.get(metric, {})
    return {
        name: _figure(name, list(one.values()), failed + max(0, wanted.get(metric, 0) - len(one)), kind)
        for metric, one in latest.items()
        for name in figure_names(metric)
    }


def _figure(metric: str, scored: Sequence[Scored], missing: int, kind: Kind) -> Figure:
    found = summarise(metric, scored, kind=kind)
    return Figure(found.value, found.low, found.high, found.n, found.unscored + missing)

"""What judges said of a run: figures of one judge and of a jury, and how much of it could be read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evalcore import judge as judges
from evalcore.judge import Mode, Rubric, ScaleKind
from evalcore.judge.pairs import Pair, compare
from evalcore.judge.points import JudgedItem, Marked, by_tag
from evalcore.judge.ratings import Jury, Mark, by_criterion, jury, self_agreement
from evalcore.judge.spec import JudgeSpec, rubric_of
from evalcore.judge.spec import from_json as spec_of
from evalcore.report.runs import (
    Figure,
    Standing,
    cost_of,
    figures,
    find_standing,
    judged_metrics,
    task_status,
)
from evalcore.store import Store, Transaction, content, judging, overview, registry
from evalcore.store import runs as run_rows
from evalcore.store.judging import CellState
from evalcore.types import Entry, Summary

COVERAGE_WARNING = 0.98  # a mean over a smaller share of readable verdicts is shown with a warning
STATES = ("ok", "unreadable", "refused", "truncated", "failed")


@dataclass(frozen=True)
class JudgedTask:
    """One task as a judge sees it. metrics: overall, by criterion, by tag; names tell judge and rubric."""

    version: str
    n: int
    metrics: Mapping[str, Figure]


@dataclass(frozen=True)
class JudgeResult:
    """As the command `judge` prints it.

    run: the judge's; judged, against: the runs whose answers it looked at. judgements: cells by what came of
    them; open: those still to ask. batch: criteria of one call. coverage: verdicts by cells that came to an
    end, None before the first. self_agreement: of the cells asked twice.
    is_same_family: the judge and a model that it judges come from one maker, who may prefer its own.
    """

    run: str
    judged: str
    against: str
    judge: str
    rubric: str
    mode: str
    status: str
    seconds: float
    items: int
    tokens_in: int
    tokens_out: int
    cost_usd: float | None
    tasks: Mapping[str, JudgedTask]
    judgements: Mapping[str, int]
    open: int
    batch: int
    coverage: float | None
    self_agreement: Figure | None
    is_same_family: bool


@dataclass(frozen=True)
class _Told:
    """A judge's run with all its cells."""

    run: run_rows.RunRow
    spec: JudgeSpec
    rubric: Rubric
    cells: Sequence[CellState]
    name: str  # the judge's, as its verdicts have it

    @property
    def judge(self) -> str:
        """Judge and rubric, as they stand in a figure's name."""
        return f"{self.name}/{self.rubric.name}"

    @property
    def once(self) -> list[CellState]:
        return [cell for cell in self.cells if not cell.repeat]


def judge_result(store: Store, code: str) -> JudgeResult:
    """Everything about one judge's run. Raises UsageError for a run of another kind."""
    with store.read() as transaction:
        told = _told(transaction, code)
        standing = find_standing(transaction, code)
        judged = run_rows.run_by_id(transaction, told.run.parent_id or 0)
        about = find_standing(transaction, judged.code)
        tasks = {
            task.task_id: _task(transaction, told, task, about)
            for task in run_rows.tasks_of(transaction, told.run.id)
            if any(cell.task_version_id == task.task_version_id for cell in told.cells)
        }
        seconds = overview.asking_seconds(transaction, told.run.id)
        others = [run_rows.get_run(transaction, told.spec.against)] if told.spec.against else []
    models = [str(run.spec.get("model", "")) for run in (judged, *others)]
    counts = {state: sum(cell.state == state for cell in told.cells) for state in STATES}
    over = sum(counts.values())
    return JudgeResult(
        run=standing.place.code,
        judged=judged.code,
        against=told.spec.against,
        judge=told.name,
        rubric=told.rubric.name,
        mode=str(told.rubric.mode),
        status=standing.status,
        seconds=seconds,
        items=standing.done,
        tokens_in=sum(cell.tokens_in for cell in standing.sums),
        tokens_out=sum(cell.tokens_out for cell in standing.sums),
        cost_usd=cost_of(standing.sums),
        tasks=tasks,
        judgements=counts,
        open=len(told.cells) - over,
        batch=told.spec.batch,
        coverage=counts["ok"] / over if over else None,
        self_agreement=_agreement(told),
        is_same_family=any(judges.same_family(told.spec.model, model) for model in models),
    )


def _told(transaction: Transaction, code: str) -> _Told:
    run = run_rows.get_run(transaction, code)
    spec = spec_of(run.spec)
    rubric = rubric_of(run.spec, judging.rubric_folder())
    name = spec.name_with(registry.get_model(transaction, run.model_id).precision)
    asked = _asked(transaction, run, rubric) if spec.batch > 1 else None
    cells = judging.cell_states(transaction, run.id, (name, rubric.id, rubric.version), asked)
    return _Told(run, spec, rubric, cells, name)


def _asked(transaction: Transaction, run: run_rows.RunRow, rubric: Rubric) -> Callable[[Any], list[str]]:
    """The criteria that a call asks for."""
    found = {
        task.task_version_id: content.get_entries(transaction, task.task_version_id)
        for task in run_rows.tasks_of(transaction, run.id)
    }

    def asked(row: Any) -> list[str]:
        entry = found[row.task_version_id][row.position]
        cells = judges.cells(rubric, entry.item, entry.key)
        return [cell.name for cell in judges.cells_in(row.criterion, cells)]

    return asked


def _task(transaction: Transaction, told: _Told, task: run_rows.RunTask, about: Standing) -> JudgedTask:
    mine = [cell for cell in told.once if cell.task_version_id == task.task_version_id]
    entries = content.get_entries(transaction, task.task_version_id)
    mode, base = told.rubric.mode, f"{told.rubric.mode}/{told.judge}"
    parts: Mapping[str, Summary]
    if mode is Mode.PAIRWISE:
        parts = _pairwise(mine, judging.texts_of(transaction, {one for c in mine for one in c.response_ids}))
    elif mode is Mode.RUBRIC:
        parts = _tags(told, mine, entries)
    elif mode in (Mode.TOPIC, Mode.EXTRACTION):
        parts = _labels(mine)
    else:
        parts = by_criterion(_marks(told, mine, entries))
    names = {part: f"{base}/{part}" for part in parts} | {"": f"win_rate/{told.judge}"}
    metrics = {names[part]: _figure(summary) for part, summary in parts.items()}
    whole = _in_run(transaction, told, about, task=task, entries=entries) if mode in _SCORED else {}
    return JudgedTask(task.version, len({cell.subject_id for cell in mine}), {**whole, **metrics})


_SCORED = (Mode.RATING, Mode.RUBRIC, Mode.EXTRACTION)  # whose verdicts make scores of the answers


def _in_run(
    transaction: Transaction,
    told: _Told,
    about: Standing,
    *,
    task: run_rows.RunTask,
    entries: Mapping[int, Entry],
) -> dict[str, Figure]:
    """What this judge made of the run's answers, as it stands in the run's own table. Of one that reads: the
    task's headline by rules alone, and by the judge where no rule could: both, because it can only rescue.
    """
    declared = content.get_task(transaction, task.task_version_id)
    headline = next(iter(declared.metrics), "")
    rows = overview.scored_rows(transaction, about.place.id, task.task_version_id)
    wanted = judged_metrics(transaction, about.place.id, task.task_version_id)
    place = next(one for one in about.tasks if one.task_version_id == task.task_version_id)
    found = figures(
        [row for row in rows if row.metric == headline or _made_by(row.metric, told)],
        entries,
        declared.kind,
        failed=task_status(about, place).failed,
        wanted={metric: n for metric, n in wanted.items() if _made_by(metric, told)},
    )
    if told.rubric.mode is Mode.EXTRACTION:
        base = f"{told.rubric.mode}/{told.judge}/{headline}"
        words = {headline: "by rules", f"{headline}/{told.judge}": "by rules, then judge"}
        return {f"{base} {words[name]}": figure for name, figure in found.items()}
    return {metric: figure for metric, figure in found.items() if metric != headline}


def _made_by(metric: str, told: _Told) -> bool:
    return metric.partition("/")[2] == told.judge


def _figure(summary: Summary) -> Figure:
    return Figure(summary.value, summary.low, summary.high, summary.n, summary.unscored)


def _marks(told: _Told, cells: Sequence[CellState], entries: Mapping[int, Entry]) -> list[Mark]:
    return [_mark(told, cell, entries[cell.position]) for cell in cells]


def _mark(told: _Told, cell: CellState, entry: Entry) -> Mark:
    """The verdict as its place on the criterion's scale."""
    asked = {one.name: one for one in judges.cells(told.rubric, entry.item, entry.key)}
    scale = asked[cell.criterion].scale
    value = None if cell.value is None else scale.share(cell.value)
    is_yes_no = scale.kind is ScaleKind.YES_NO
    return Mark(str(cell.subject_id), told.name, cell.criterion, value, is_yes_no, entry.group)


def _labels(cells: Sequence[CellState]) -> dict[str, Summary]:
    from evalcore.stats import wilson_interval

    said = [cell.value for cell in cells if cell.value is not None]
    found: dict[str, Summary] = {}
    for value in sorted(set(said)):
        hits = said.count(value)
        found[value] = Summary(
            hits / len(said), *wilson_interval(hits, len(said)), len(said), len(cells) - len(said)
        )
    return found


def _tags(told: _Told, cells: Sequence[CellState], entries: Mapping[int, Entry]) -> Mapping[str, Summary]:
    """HealthBench: the clipped mean of each tag."""
    items = [_judged_item(told, found, entries) for found in _by_subject(cells).values()]
    return {f"tag:{tag}": figure for tag, figure in by_tag(items).items()}


def _judged_item(told: _Told, cells: Sequence[CellState], entries: Mapping[int, Entry]) -> JudgedItem:
    entry = entries[cells[0].position]
    said = {cell.criterion: cell.value for cell in cells}
    asked = judges.cells(told.rubric, entry.item, entry.key)
    marked = tuple(
        Marked(criterion, None if said.get(cell.name) is None else said[cell.name] == "yes")
        for cell, criterion in zip(asked, entry.key.rubric, strict=True)
    )
    return JudgedItem(marked, tuple(str(tag) for tag in entry.item.meta.get("tags", ())))


def _pairwise(cells: Sequence[CellState], texts: Mapping[int, str]) -> dict[str, Summary]:
    pairs = []
    for found in _by_subject(cells).values():
        said = {cell.order: cell.value for cell in found}
        ours, other = (len(judges.as_shown(texts.get(one, ""))) for one in found[0].response_ids)
        pairs.append(Pair(said.get(0), said.get(1), ours, other))
    compared = compare(pairs)
    n = compared.win_rate.n
    counts = {"wins": compared.wins, "ties": compared.ties, "losses": compared.losses}
    shares = {name: Summary(count / n, None, None, n) for name, count in counts.items() if n}
    tau = compared.length_tau
    return {
        "": compared.win_rate,
        **shares,
        "flip_rate": compared.flip_rate,
        "first_rate": compared.first_rate,
        "longer_rate": compared.longer_rate,
        "length_tau": Summary(tau.value, tau.low, tau.high, tau.n),
    }


def _by_subject(cells: Iterable[CellState]) -> dict[int, list[CellState]]:
    found: dict[int, list[CellState]] = {}
    for cell in cells:
        found.setdefault(cell.subject_id, []).append(cell)
    return found


def _agreement(told: _Told) -> Figure | None:
    """Of the cells asked twice."""
    first = {(c.subject_id, c.criterion, c.order): c for c in told.once}
    twice = [(first[c.subject_id, c.criterion, c.order].value, c.value) for c in told.cells if c.repeat]
    if not twice:
        return None
    state = judges.State.OK
    verdicts = [(judges.Verdict(state, one), judges.Verdict(state, two)) for one, two in twice]
    return _figure(self_agreement(verdicts))


def judges_of(store: Store, code: str) -> tuple[str, ...]:
    """Codes of the judges' runs over a run, oldest first."""
    with store.read() as transaction:
        run = run_rows.get_run(transaction, code)
        return tuple(row.code for row in judging.judge_runs(transaction, run.id))


@dataclass(frozen=True)
class JuryResult:
    """Several judges as the command `judge` prints them. jury: by task its figures. quorum: judges with a
    verdict on every criterion of an answer without whom it does not count; 0 where there is no jury.
    """

    runs: tuple[str, ...]
    judges: tuple[JudgeResult, ...]
    jury: Mapping[str, Mapping[str, Figure]]
    quorum: int = 0


def jury_result(store: Store, codes: Sequence[str], quorum: int = 0) -> JuryResult:
    """Each judge, and by task the jury's figure (`jury`), and it without each judge (`without:JUDGE`).

    quorum: 0 is more than half. No jury of one judge asked anew with another seed, nor of judges that were
    asked differently many criteria a call: such figures are not mixed. Raises ValueError for a quorum that
    cannot be had.
    """
    results = tuple(judge_result(store, code) for code in codes)
    is_of_one_batch = len({one.batch for one in results}) == 1
    is_jury = results[0].mode == Mode.RATING and is_of_one_batch and len({one.judge for one in results}) > 1
    found = _juries(store, codes, quorum) if is_jury else {}
    figures = {
        task: {"jury": _figure(one.figure)}
        | {f"without:{judge}": _figure(figure) for judge, figure in one.without.items()}
        for task, one in found.items()
    }
    return JuryResult(tuple(codes), results, figures, max((one.quorum for one in found.values()), default=0))


def _juries(store: Store, codes: Sequence[str], quorum: int) -> dict[str, Jury]:
    """By task. Of a judge asked twice the cells stand in each of its runs: one of them counts."""
    marks: dict[str, list[Mark]] = {}
    with store.read() as transaction:
        told = {one.name: one for one in (_told(transaction, code) for code in codes)}.values()
        for task in run_rows.tasks_of(transaction, next(iter(told)).run.id):
            entries = content.get_entries(transaction, task.task_version_id)
            for one in told:
                mine = [cell for cell in one.once if cell.task_version_id == task.task_version_id]
                marks.setdefault(task.task_id, []).extend(_marks(one, mine, entries))
    return {task: jury(found, quorum=quorum) for task, found in marks.items() if found}

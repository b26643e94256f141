"""From a run and a rubric to the cells that a judge is asked; a plan stores nothing until it is begun."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace

from evalcore import judge, models
from evalcore.errors import DataError, UsageError
from evalcore.judge import Mode, Rubric
from evalcore.judge.spec import KIND, JudgeSpec, from_json, is_kept_whole, rubric_of, with_rubric
from evalcore.runs.judging.budget import require_payable
from evalcore.runs.planning import (
    check_of,
    cost_of,
    endpoint_in,
    endpoint_of,
    refuse_patient_text,
    require_limit,
    who_asks,
)
from evalcore.store import Store, Transaction, content, judging
from evalcore.store import runs as run_rows
from evalcore.store.judging import Cell, Judged
from evalcore.types import AnswerState, Endpoint, Entry, ModelIdentity, Way, content_hash


@dataclass(frozen=True)
class JudgePlan:
    """What a judge would be asked; nothing is stored yet. tokens_in: estimated from characters."""

    spec: JudgeSpec
    rubric: Rubric
    model: ModelIdentity
    check: models.Check
    endpoint: Endpoint | None
    judged: run_rows.RunRow
    tasks: tuple[tuple[run_rows.RunTask, tuple["Wanted", ...]], ...]
    tokens_in: int

    @property
    def identity(self) -> str:
        told = {
            name: value
            for name, value in asdict(self.spec).items()
            if name not in ("budget_usd", "model") and (name, value) != ("batch", 1)
        }
        return content_hash([KIND, self.model.sha, self.rubric.sha, told])

    @property
    def calls(self) -> int:
        return sum(len(wanted.places) for _, task in self.tasks for wanted in task)

    @property
    def cells(self) -> int:
        """Verdicts that are asked for: as many as calls, or more where a call asks several."""
        names = (name for _, task in self.tasks for wanted in task for name, _, _ in wanted.places)
        return sum(map(judge.in_call, names))

    @property
    def tokens_out_most(self) -> int:
        return self.calls * self.spec.call.max_tokens

    @property
    def cost_usd_most(self) -> float | None:
        """0 for a judge of this machine; None where the endpoint's prices are unknown."""
        return cost_of(self.endpoint, self.tokens_in, self.tokens_out_most)


@dataclass(frozen=True)
class Wanted:
    """What is asked about one subject: (criterion or batch of them, order, repeat) of each call."""

    judged: Judged
    response_ids: tuple[int, ...]
    places: tuple[tuple[str, int, int], ...]


def plan_judging(store: Store, spec: JudgeSpec, limit: int | None = None) -> JudgePlan:
    """Settles the judge, the rubric and the cells; stores nothing.

    limit: records per task, the first of the run's order. Raises UsageError, DataError, ModelError.
    """
    require_limit(limit)
    rubric = judge.load_rubric(spec.rubric, judging.rubric_folder())
    spec = spec.fitting(rubric)
    endpoint = endpoint_of(store, spec.model)
    require_payable(spec, endpoint)
    check = check_of(spec.model, spec.precision, endpoint)
    with store.read() as transaction:
        judged = run_rows.get_run(transaction, spec.run)
        other = run_rows.get_run(transaction, spec.against) if spec.against else None
        _require_fitting(rubric, judged, other)
        _require_a_name_of_its_own(transaction, spec, rubric)
        spec = replace(spec, run=judged.code, against=other.code if other else "")
        tasks = run_rows.tasks_of(transaction, judged.id)
        refuse_patient_text([content.get_task(transaction, one.task_version_id) for one in tasks], endpoint)
        gathered = [_gather(transaction, spec, rubric, (judged, other), task, limit) for task in tasks]
    identity = models.identify(spec.model, spec.precision)
    found = tuple((task, wanted) for task, (wanted, _) in zip(tasks, gathered, strict=True) if wanted)
    tokens = sum(each for _, each in gathered)
    planned = JudgePlan(spec, rubric, identity, check, endpoint, judged, found, tokens)
    if not planned.cells:
        raise UsageError(_nothing(rubric, judged))
    return planned


def _require_fitting(rubric: Rubric, judged: run_rows.RunRow, other: run_rows.RunRow | None) -> None:
    if judged.kind != "ask":
        raise UsageError(
            f"Run {judged.code} is a judge's own run. Name the run whose answers are to be judged."
        )
    if (rubric.mode is Mode.PAIRWISE) != (other is not None):
        raise UsageError(
            f"Rubric {rubric.id!r} compares the answers of two runs: name the other one with --against RUN."
            if other is None
            else f"Rubric {rubric.id!r} looks at one run. Leave --against out, or use --rubric pairwise."
        )
    if other is not None and other.id == judged.id:
        raise UsageError(
            f"Run {judged.code} cannot be compared with itself. Name another run with --against."
        )


def _require_a_name_of_its_own(transaction: Transaction, spec: JudgeSpec, rubric: Rubric) -> None:
    """A score is named by judge and rubric: neither name may have stood for something else before."""
    for run in judging.all_judge_runs(transaction):
        before = from_json(run.spec)
        if (before.rubric, before.rubric_version) != (rubric.id, rubric.version):
            continue
        if is_kept_whole(run.spec) and rubric_of(run.spec, judging.rubric_folder()).sha != rubric.sha:
            raise UsageError(
                f"{rubric.name} had other words when run {run.code} judged by it, and scores are named by "
                "it. Raise the version in the rubric's file."
            )
        if before.model != spec.model and before.name_with("") == spec.name_with(""):
            raise UsageError(
                f"{spec.model} would be the same judge by name as {before.model}, which has judged by "
                f"{rubric.name} in run {run.code}. Ask that endpoint, or name both servers as base URLs of "
                "one endpoint."
            )


def _nothing(rubric: Rubric, judged: run_rows.RunRow) -> str:
    reasons = {
        Mode.RUBRIC: "none of its items brings criteria of its own",
        Mode.PAIRWISE: "the two runs have no answered item in common",
        Mode.EXTRACTION: "no reply was left ambiguous or unreadable by the rules, or none offers options",
    }
    why = reasons.get(rubric.mode, "it has no answer yet that the rubric can be applied to")
    return f"There is nothing to judge in run {judged.code} by {rubric.id!r}: {why}."


def _gather(
    transaction: Transaction,
    spec: JudgeSpec,
    rubric: Rubric,
    runs: tuple[run_rows.RunRow, run_rows.RunRow | None],
    task: run_rows.RunTask,
    limit: int | None,
) -> tuple[tuple[Wanted, ...], int]:
    """The subjects of one task and a rough number of tokens that asking about them takes."""
    first, other = runs
    rows = judging.judged_records(transaction, first.id, task.task_version_id)
    partners: dict[tuple[int, int], int] = {}
    if other is not None:
        theirs = judging.judged_records(transaction, other.id, task.task_version_id)
        partners = {(row.position, row.sample): row.response_id for row in theirs}
        rows = [row for row in rows if (row.position, row.sample) in partners]
    entries = content.get_entries(transaction, task.task_version_id)
    found: list[Wanted] = []
    characters = 0
    for row in rows[:limit]:
        entry = entries[row.position]
        pair = (row.response_id, partners[row.position, row.sample]) if other is not None else ()
        about = pair or ((row.response_id,) if rubric.answers else ())
        places = tuple(_places(spec, rubric, row, entry))
        if places:
            found.append(Wanted(row, about, places))
            characters += characters_of(entry, [name for name, _, _ in places])
    return tuple(found), characters // 4


def characters_of(entry: Entry, calls: Sequence[str]) -> int:
    """A rough number that asking about one answer takes; a further criterion of a call adds its own words."""
    further = sum(judge.in_call(name) - 1 for name in calls)
    return len(calls) * (len(entry.item.question) + len(entry.item.context) + 2400) + further * 300


_EXTRACTED = (AnswerState.AMBIGUOUS, AnswerState.UNREADABLE)


def _places(spec: JudgeSpec, rubric: Rubric, row: Judged, entry: Entry) -> Iterator[tuple[str, int, int]]:
    """Calls about one subject: each criterion or batch, in both orders of a pair, some of them twice.

    None where the rubric does not fit the item (no reference, no criteria of its own), or there is nothing to
    extract from its reply.
    """
    if rubric.mode is Mode.EXTRACTION and row.answer_state not in _EXTRACTED:
        return
    try:
        cells = judge.cells(rubric, entry.item, entry.key)
    except DataError:
        return
    for name in judge.calls(cells, spec.batch):
        for order in (0, 1) if rubric.mode is Mode.PAIRWISE else (0,):
            yield name, order, 0
        if _is_asked_again(spec, row, name):
            yield name, 0, 1


def _is_asked_again(spec: JudgeSpec, row: Judged, criterion: str) -> bool:
    """A seeded share of the cells, the same however many are judged."""
    drawn = hashlib.sha256(f"{spec.seed}:{row.response_id}:{criterion}".encode()).digest()
    return int.from_bytes(drawn[:4], "big") < spec.again * 2**32


def judge_run(store: Store, spec: JudgeSpec, *, limit: int | None = None, name: str = "") -> str:
    """Plans a judge's run, or lets the same one go on; returns its code."""
    return begin_judging(store, plan_judging(store, spec, limit), name=name)


def begin_judging(store: Store, planned: JudgePlan, *, name: str = "") -> str:
    """Writes a plan down; cells that are there already stay as they are."""
    judge.keep_version(planned.rubric, judging.rubric_folder())
    with store.write() as transaction:
        run = run_rows.find_run(transaction, planned.identity, 1) or _add(transaction, planned, name)
        run_rows.set_wanted(transaction, run.id, "run")
        run_rows.set_deleted(transaction, run.id, False)
        run_rows.set_spec(transaction, run.id, with_rubric(planned.spec, planned.rubric))
        for task, wanted in planned.tasks:
            judging.plan_cells(transaction, run.id, _cells(transaction, wanted))
            count = judging.planned_cells(transaction, run.id, task.task_version_id)
            run_rows.set_planned(transaction, run.id, _ordinal(transaction, run.id, task), count)
    return run.code


def set_budget(store: Store, code: str, budget_usd: float | None) -> None:
    """Another budget (None: no limit) for a judge's run, which then goes on. Raises UsageError."""
    with store.write() as transaction:
        run = run_rows.get_run(transaction, code)
        if run.kind != KIND:
            raise UsageError(f"Run {run.code} has no budget: only judges' runs have.")
        spec = replace(from_json(run.spec), budget_usd=budget_usd)
        require_payable(spec, endpoint_in(transaction, spec.model))
        run_rows.set_spec(transaction, run.id, {**run.spec, "budget_usd": budget_usd})
        run_rows.set_wanted(transaction, run.id, "run")


def _ordinal(transaction: Transaction, run_id: int, task: run_rows.RunTask) -> int:
    """The task's place in the judge's run; added at the end where the judged run has grown by a task."""
    mine = {one.task_version_id: one.ordinal for one in run_rows.tasks_of(transaction, run_id)}
    if task.task_version_id not in mine:
        raise RuntimeError("a judge's run knows every task of the run that it judges")
    return mine[task.task_version_id]


def _add(transaction: Transaction, planned: JudgePlan, name: str) -> run_rows.RunRow:
    code = planned.identity[:8]
    row = who_asks(transaction, planned.model, planned.check, planned.endpoint) | {
        "code": code,
        "identity": planned.identity,
        "repeat": 1,
        "kind": KIND,
        "name": name or f"{planned.rubric.name}: {planned.judged.name}",
        "spec": with_rubric(planned.spec, planned.rubric),
        "parent_id": planned.judged.id,
    }
    run_rows.add_run(transaction, row)
    run = run_rows.get_run(transaction, code)
    tasks = run_rows.tasks_of(transaction, planned.judged.id)
    run_rows.add_run_tasks(transaction, run.id, [(task.task_version_id, Way.GENERATE) for task in tasks])
    return run


def _cells(transaction: Transaction, wanted: Sequence[Wanted]) -> list[Cell]:
    about = [(one.judged.item_id, one.response_ids) for one in wanted]
    subject_ids = judging.put_subjects(transaction, about)
    return [
        Cell(one.judged, subject_id, criterion, order, repeat)
        for one, subject_id in zip(wanted, subject_ids, strict=True)
        for criterion, order, repeat in one.places
    ]

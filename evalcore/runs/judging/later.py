"""Judges chosen together with a run: estimated before it, started by a job once it is over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evalcore import judge
from evalcore.errors import DataError, UsageError
from evalcore.judge import Mode
from evalcore.judge.spec import JudgeSpec, from_json, to_json
from evalcore.runs.judging.budget import require_payable
from evalcore.runs.judging.planning import begin_judging, characters_of, plan_judging
from evalcore.runs.planning import Plan, check_of, cost_of, endpoint_of, refuse_patient_text
from evalcore.store import Store, jobs, judging
from evalcore.store import runs as run_rows

JUDGE_LATER = "judge_when_done"


@dataclass(frozen=True)
class JudgeEstimate:
    """What a judge will be asked once a run is over, if every item is answered.

    unfit: items that the rubric cannot judge. cells: verdicts; calls: as many, or fewer where a call asks
    several. What is asked twice is counted by its share.
    """

    items: int
    unfit: int
    cells: int
    calls: int
    tokens_in: int
    tokens_out_most: int
    cost_usd_most: float | None


def estimate_judging(store: Store, planned: Plan, spec: JudgeSpec) -> JudgeEstimate:
    """Raises UsageError, DataError, ModelError where the judge or the rubric cannot be used for this run."""
    rubric = judge.load_rubric(spec.rubric, judging.rubric_folder())
    if (rubric.mode is Mode.PAIRWISE) != bool(spec.against):
        raise UsageError(
            f"Rubric {rubric.id!r} compares two runs: name the other one with --against RUN."
            if not spec.against
            else f"Rubric {rubric.id!r} looks at one run. Leave --against out, or use --rubric pairwise."
        )
    spec = spec.fitting(rubric)
    endpoint = endpoint_of(store, spec.model)
    require_payable(spec, endpoint)
    check_of(spec.model, spec.precision, endpoint)
    refuse_patient_text([loaded.task for loaded, _ in planned.tasks], endpoint)
    items = unfit = cells = calls = characters = 0
    for loaded, _ in planned.tasks:
        for entry in loaded.entries[: planned.wanted(loaded)]:
            try:
                found = judge.cells(rubric, entry.item, entry.key)
            except DataError:
                unfit += 1
                continue
            names = judge.calls(found, spec.batch)
            items, cells, calls = items + 1, cells + len(found), calls + len(names)
            characters += characters_of(entry, names)
    if not items:
        raise UsageError(
            f"Rubric {rubric.id!r} fits none of the chosen tasks: their items lack what it judges by "
            "(a reference answer, or criteria of their own). Choose another rubric."
        )
    times = (2 if rubric.mode is Mode.PAIRWISE else 1) * planned.spec.samples * (1 + spec.again)
    tokens_in, cells, calls = (round(times * n) for n in (characters / 4, cells, calls))
    tokens_out = calls * spec.call.max_tokens
    cost = cost_of(endpoint, tokens_in, tokens_out)
    return JudgeEstimate(items, unfit, cells, calls, tokens_in, tokens_out, cost)


def judge_when_done(store: Store, specs: Sequence[JudgeSpec], limit: int | None = None) -> int:
    """Leaves a note for the worker: these judges, once the run that they name is over. Returns the job's id.

    A run that is over already is judged at once.
    """
    with store.write() as transaction:
        run = run_rows.get_run(transaction, specs[0].run)
        wanted = [to_json(replace(spec, run=run.code)) for spec in specs]
        arguments = {"run": run.code, "after": run.code, "judges": wanted, "limit": limit}
        return jobs.add(transaction, JUDGE_LATER, arguments)


def begin_later(store: Store, arguments: Mapping[str, Any]) -> list[str]:
    """What such a job does: plans every judge, then starts them all; again is no harm."""
    limit = arguments["limit"]
    plans = [plan_judging(store, from_json(stored), limit) for stored in arguments["judges"]]
    return [begin_judging(store, planned) for planned in plans]


def judges_waiting(arguments: Mapping[str, Any]) -> list[JudgeSpec]:
    """The judges that such a job will start."""
    return [from_json(stored) for stored in arguments["judges"]]

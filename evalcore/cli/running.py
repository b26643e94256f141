"""`run`: plan, ask, score, here or by the worker; the same question again goes on."""

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from evalcore import benchmarks, report, runs
from evalcore.cli.judging import judge_here, judges_of, tell_asked_singly
from evalcore.cli.opening import open_store
from evalcore.cli.output import duration, money, show, table, tell
from evalcore.cli.results import finish
from evalcore.errors import UsageError
from evalcore.models.endpoints import key_of
from evalcore.runs.command import OPTIONS
from evalcore.store import Store
from evalcore.types import Sampling


def run(arguments: Namespace) -> int:
    """Exit 0, 1 (some items failed), 3 (stopped or paused); mistakes raise."""
    spec = spec_of(arguments)
    store = open_store(arguments)
    if missing := benchmarks.left_out(spec.tasks):
        tell(f"Left out, their data are not here: {', '.join(missing)}.")
    planned = runs.plan(store, spec, arguments.limit)
    tell_asked_singly(judges_of(arguments))
    judged = [runs.estimate_judging(store, planned, one) for one in judges_of(arguments)]
    if arguments.dry_run:
        return _estimate(arguments, planned, judged)
    if not arguments.detach:
        for model in (spec.model, *arguments.judge):
            _require_key(store, model)
    code = runs.begin(store, planned, name=arguments.name, fresh=arguments.fresh)
    if arguments.detach:
        if arguments.judge:
            runs.judge_when_done(store, judges_of(arguments, code))
        leave_to_worker(store, code)
        return finish(arguments, store, code, is_waited_for=False)
    from evalcore.cli.here import work_here

    work_here(store, code)
    return finish(arguments, store, code, judges=judge_here(store, judges_of(arguments, code)))


def spec_of(arguments: Namespace) -> runs.RunSpec:
    """What the options ask for. --seed seeds both the order and the sampling."""
    if not arguments.model or not arguments.tasks:
        raise UsageError(
            "Name a model and tasks: run --model demo:NAME --tasks 'demo/*'. `tasks` lists the tasks."
        )
    values = {name: getattr(arguments, name) for name in ("model", *OPTIONS)}
    sampling = Sampling(
        temperature=arguments.temperature,
        top_p=arguments.top_p,
        top_k=arguments.top_k,
        max_tokens=arguments.max_tokens,
        stop=tuple(arguments.stop),
        seed=arguments.seed,
    )
    return runs.RunSpec(tasks=tuple(arguments.tasks), sampling=sampling, **values)


def _require_key(store: Store, model: str) -> None:
    """The requests will be sent from here: without the key nothing is planned."""
    endpoint = runs.endpoint_of(store, model)
    if endpoint is not None:
        key_of(endpoint)


def leave_to_worker(store: Store, code: str) -> None:
    """Makes sure that a worker lives, where the run has something left to ask."""
    from evalcore.store import home
    from evalcore.worker.process import ensure_running

    if report.run_status(store, code).status not in ("waiting", "running"):
        return
    if ensure_running(store):
        tell(f"A worker was started; its log is {home() / 'logs' / 'worker.log'}.")
    tell(f"Run {code} is left to the worker. Where it stands: python -m evalcore status {code}")


def _estimate(arguments: Namespace, planned: runs.Plan, judged: Sequence[runs.JudgeEstimate]) -> int:
    tasks = {
        loaded.task.id: {"version": loaded.version, "items": planned.wanted(loaded), "ask": str(way)}
        for loaded, way in planned.tasks
    }
    estimate = runs.estimate(planned)
    document = {"model": planned.model.name, **asdict(estimate), "tasks": tasks}
    judges = [{"judge": name, **asdict(one)} for name, one in zip(arguments.judge, judged, strict=True)]
    document |= {"judges": judges} if judges else {}
    show(arguments, document, lambda: [*_estimate_lines(planned, estimate, tasks), *_judge_lines(judges)])
    return 0


def _judge_lines(judges: Sequence[dict[str, Any]]) -> list[str]:
    return [
        f"{one['judge']} judges: {one['cells']} calls, about {one['tokens_in']} tokens in, at most "
        f"{one['tokens_out_most']} out, cost at most {money(one['cost_usd_most'])}."
        for one in judges
    ]


def _estimate_lines(planned: runs.Plan, estimate: runs.Estimate, tasks: dict[str, Any]) -> list[str]:
    rows = [(task, facts["items"], facts["ask"], facts["version"]) for task, facts in tasks.items()]
    return [
        *table(("TASK", "ITEMS", "ASKED BY", "VERSION"), rows),
        f"{planned.model.name}: {estimate.items} items, about {estimate.tokens_in} tokens in, "
        f"at most {estimate.tokens_out_most} out, cost at most {money(estimate.cost_usd_most)}, "
        f"time {duration(estimate.seconds)}. Nothing was stored or asked.",
    ]

"""`judge`: judges over the stored answers of a run; several judges are a jury."""

from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from evalcore import judge as judges
from evalcore import report, runs
from evalcore.cli.opening import open_store
from evalcore.cli.output import money, show, table, tell
from evalcore.cli.results import EXIT, figure_rows, judge_lines, tell_why
from evalcore.errors import UsageError
from evalcore.judge.spec import asked_singly
from evalcore.models.endpoints import key_of
from evalcore.store import Store
from evalcore.store.judging import rubric_folder

DEFAULT_RUBRICS = {"rating": "mmedbench", "rubric": "healthbench", "pairwise": "pairwise"}


def judge(arguments: Namespace) -> int:
    """Plans every judge, asks, scores. Exit as `run`; the same command again resumes or goes on."""
    store = open_store(arguments)
    specs = judges_of(arguments, arguments.run)
    tell_asked_singly(specs)
    plans = [runs.plan_judging(store, spec, arguments.limit) for spec in specs]
    if arguments.dry_run:
        return _estimate(arguments, plans)
    if not arguments.detach:
        for planned in plans:
            _require_key(planned)
    codes = [runs.begin_judging(store, planned, name=arguments.name) for planned in plans]
    if arguments.detach:
        from evalcore.cli.running import leave_to_worker

        for code in codes:
            leave_to_worker(store, code)
    else:
        from evalcore.cli.here import work_here

        work_here(store, *codes)
    return _finish(arguments, store, codes)


def judges_of(arguments: Namespace, run: str = "") -> list[runs.JudgeSpec]:
    """What the options ask for; run: whose answers are judged, "" while that is not known."""
    return [_spec(arguments, model, run) for model in arguments.judge]


def tell_asked_singly(specs: Sequence[runs.JudgeSpec]) -> None:
    """One line where --batch changes nothing."""
    rubric = judges.load_rubric(specs[0].rubric, rubric_folder()) if specs else None
    names = asked_singly(specs, rubric) if rubric else []
    if names:
        tell(
            f"--batch {specs[0].batch} changes nothing for {', '.join(names)}: judges of this machine are "
            "asked one criterion a call, as all are by a rubric with one criterion or a prompt of its own."
        )


def judge_here(store: Store, specs: Sequence[runs.JudgeSpec]) -> list[str]:
    """Judges a run that was worked on in this process; none where it did not come to its end."""
    if not specs or report.run_status(store, specs[0].run).status not in EXIT:
        return []
    from evalcore.cli.here import work_here

    codes = [runs.judge_run(store, spec) for spec in specs]
    work_here(store, *codes)
    return codes


def _spec(arguments: Namespace, model: str, run: str) -> runs.JudgeSpec:
    rubric = arguments.rubric or DEFAULT_RUBRICS[arguments.mode or "rating"]
    found = judges.load_rubric(rubric, rubric_folder())
    if arguments.mode and found.mode != arguments.mode:
        raise UsageError(
            f"Rubric {found.id!r} is for the mode {found.mode.value!r}, not {arguments.mode!r}. "
            "Leave --mode out, or name a rubric of that mode."
        )
    return runs.JudgeSpec(
        model=model,
        run=run,
        rubric=found.id,
        against=arguments.against,
        precision=arguments.precision if arguments.command == "judge" else "auto",
        seed=arguments.seed,
        budget_usd=arguments.budget_usd,
        batch=arguments.batch,
    )


def _require_key(planned: runs.JudgePlan) -> None:
    if planned.endpoint is not None:
        key_of(planned.endpoint)


def _estimate(arguments: Namespace, plans: list[runs.JudgePlan]) -> int:
    rows = [
        {
            "judge": planned.spec.told,
            "rubric": planned.rubric.name,
            "cells": planned.cells,
            "calls": planned.calls,
            "tokens_in": planned.tokens_in,
            "tokens_out_most": planned.tokens_out_most,
            "cost_usd_most": planned.cost_usd_most,
        }
        for planned in plans
    ]

    def lines() -> Iterator[str]:
        head = ("JUDGE", "RUBRIC", "CELLS", "CALLS", "TOKENS IN", "TOKENS OUT, AT MOST", "COST, AT MOST")
        cost = [money(row["cost_usd_most"]) for row in rows]  # type: ignore[arg-type]
        yield from table(
            head, [(*list(row.values())[:6], spent) for row, spent in zip(rows, cost, strict=True)]
        )
        yield "Nothing was stored or asked."

    show(arguments, rows, lines)
    return 0


def _finish(arguments: Namespace, store: Store, codes: list[str]) -> int:
    jury = report.jury_result(store, codes)
    results = jury.judges
    document: Any = asdict(results[0] if len(results) == 1 else jury)
    show(arguments, document, lambda: (*(x for one in results for x in judge_lines(one)), *_jury_lines(jury)))
    if arguments.detach:
        return 0
    for result in results:
        if result.status not in EXIT:
            tell_why(store, result.run)
    return max(EXIT.get(result.status, 3) for result in results)


def _jury_lines(jury: report.JuryResult) -> Iterator[str]:
    rows = figure_rows(jury.jury)
    if len(jury.judges) > 1 and rows:
        yield from table(("TASK", "JURY", "VALUE", "95 % INTERVAL", "N", "NOT JUDGED"), rows)
        yield f"The jury counts an answer that {jury.quorum} judges or more have judged on every criterion."

"""What a run came to: its figures, and its exit code."""

from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from evalcore import report
from evalcore.cli.output import RESEARCH_ONLY, amount, duration, money, percent, show, table, tell
from evalcore.store import Store

NAMED_MOST = 20
EXIT = {"finished": 0, "finished_with_failures": 1}


def finish(
    arguments: Namespace,
    store: Store,
    code: str,
    *,
    is_waited_for: bool = True,
    judges: Sequence[str] = (),
) -> int:
    """Prints the result and what went wrong; 0, 1 (failed items are named) or 3 (can be resumed).

    judges: runs of judges over this one, told after it.
    """
    result = report.run_result(store, code)
    judged = [report.judge_result(store, one) for one in judges]
    document = asdict(result) | ({"judges": [asdict(one) for one in judged]} if judged else {})
    show(
        arguments,
        document,
        lambda: (*result_lines(result), *(line for one in judged for line in judge_lines(one))),
    )
    if not is_waited_for:
        return 0
    for one in judged:
        if one.status not in EXIT:
            tell_why(store, one.run)
    if result.status == "finished_with_failures":
        _name_failed(store, code)
    elif result.status != "finished":
        tell_why(store, code)
    return max(EXIT.get(status, 3) for status in (result.status, *(one.status for one in judged)))


def result_lines(result: report.RunResult) -> Iterator[str]:
    head = ("TASK", "METRIC", "VALUE", "95 % INTERVAL", "N", "NOT SCORED", "CHANCE", "NOT READ")
    rows = [row for task, found in result.tasks.items() for row in _rows(task, found)]
    yield from table(head, rows)
    yield (
        f"Run {result.run}: {result.status.replace('_', ' ')}. {result.items} items in "
        f"{duration(result.seconds)}, {result.tokens_in} tokens in, {result.tokens_out} out, "
        f"cost {money(result.cost_usd)}. {RESEARCH_ONLY}"
    )


def _rows(task: str, found: report.TaskResult) -> Iterator[tuple[object, ...]]:
    unread = sum(count for state, count in found.answers.items() if state != "read")
    end = (percent(found.chance), unread)
    for name, figure in found.metrics.items():
        yield task, name, amount(name, figure.value), _interval(name, figure), figure.n, figure.unscored, *end
    if not found.metrics:
        yield task, "-", "-", "-", found.n, found.n, *end


def _name_failed(store: Store, code: str) -> None:
    wanted = report.record_filter(store, runs=(code,), outcome="missing")
    page = report.records(store, wanted, limit=NAMED_MOST)
    for row in page.rows:
        error = report.record(store, row.work_id).error
        reason = f"{error.kind}: {error.message}" if error else "unknown"
        tell(f"No answer: {row.task} item {row.item}: {reason}")
    total = str(page.total)
    if page.total.n > len(page.rows):
        tell(f"... {total} items in all.")
    tell(f"Ask them again: python -m evalcore retry {code}")


def tell_why(store: Store, code: str) -> None:
    """Why a run stands still, and how it goes on."""
    now = report.live(store, code)
    reason = now.pause_reason or (f"it waits for {now.waiting_for}" if now.waiting_for else "work is left")
    tell(f"Run {code} is {now.status}: {reason}")
    way = f"python -m evalcore resume {code}, or the same command again"
    if now.is_out_of_budget:
        way = f"the same command with a --budget-usd of more than {now.budget_usd:g}"
    tell(f"What was answered is kept. Go on: {way}.")


def judge_lines(result: report.JudgeResult) -> Iterator[str]:
    """A judge's figures, and how much of what it said could be read."""
    head = ("TASK", "FIGURE", "VALUE", "95 % INTERVAL", "N", "NOT JUDGED")
    yield from table(head, figure_rows({task: found.metrics for task, found in result.tasks.items()}))
    states = {**result.judgements, "open": result.open}
    counts = ", ".join(f"{count} {state}" for state, count in states.items() if count)
    yield f"{result.judge} by {result.rubric}: {counts}."
    if result.coverage is not None and result.coverage < report.COVERAGE_WARNING:
        yield f"Careful: only {percent(result.coverage)} of the verdicts could be read."
    yield (
        f"Run {result.run}: {result.status.replace('_', ' ')}, in {duration(result.seconds)}, "
        f"{result.tokens_in} tokens in, {result.tokens_out} out, cost {money(result.cost_usd)}. "
        f"{RESEARCH_ONLY}"
    )


def figure_rows(tasks: Mapping[str, Mapping[str, report.Figure]]) -> list[tuple[object, ...]]:
    return [
        (task, name, amount(name, figure.value), _interval(name, figure), figure.n, figure.unscored)
        for task, figures in tasks.items()
        for name, figure in figures.items()
    ]


def _interval(name: str, figure: report.Figure) -> str:
    return "-" if figure.low is None else f"{amount(name, figure.low)} to {amount(name, figure.high)}"

"""What a run came to: its figures, and its exit code."""

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict

from evalcore import report
from evalcore.cli.output import RESEARCH_ONLY, amount, duration, money, percent, show, table, tell
from evalcore.store import Store

NAMED_MOST = 20
EXIT = {"finished": 0, "finished_with_failures": 1}


def finish(arguments: Namespace, store: Store, code: str, *, is_waited_for: bool = True) -> int:
    """Prints the result and what went wrong; 0, 1 (failed items are named) or 3 (can be resumed)."""
    result = report.run_result(store, code)
    show(arguments, asdict(result), lambda: result_lines(result))
    if not is_waited_for:
        return 0
    if result.status == "finished_with_failures":
        _name_failed(store, code)
    elif result.status != "finished":
        _tell_why(store, code)
    return EXIT.get(result.status, 3)


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
        interval = "-" if figure.low is None else f"{amount(name, figure.low)} to {amount(name, figure.high)}"
        yield task, name, amount(name, figure.value), interval, figure.n, figure.unscored, *end
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


def _tell_why(store: Store, code: str) -> None:
    now = report.live(store, code)
    reason = now.pause_reason or (f"it waits for {now.waiting_for}" if now.waiting_for else "work is left")
    tell(f"Run {code} is {now.status}: {reason}")
    tell(f"What was answered is kept. Go on: python -m evalcore resume {code}, or the same command again.")

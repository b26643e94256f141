"""Where runs stand, and a person's wishes for them: status, pause, resume, cancel, retry, delete."""

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict

from evalcore import report, runs
from evalcore.cli.opening import open_store
from evalcore.cli.output import say, show, table, tell
from evalcore.cli.running import leave_to_worker
from evalcore.store import Store


def status(arguments: Namespace) -> int:
    """One run, or a list of all."""
    store = open_store(arguments)
    if arguments.run:
        found = report.run_status(store, arguments.run)
        show(arguments, asdict(found), lambda: _status_lines(store, found))
        return 0
    rows = report.runs_overview(store)
    if arguments.json:
        show(arguments, [asdict(report.run_status(store, row.code)) for row in rows], list)
    else:
        _list(rows)
    return 0


def _list(rows: tuple[report.RunRow, ...]) -> None:
    head = ("RUN", "STATUS", "DONE", "FAILED", "MODEL", "NAME", "")
    cells = [
        (row.code, row.status, f"{row.done}/{row.planned}", row.failed, row.model, row.name, _note(row))
        for row in rows
    ]
    for line in (
        table(head, cells) if rows else ["No runs yet. Start one: run --model demo:NAME --tasks 'demo/*'"]
    ):
        say(line)


def _note(row: report.RunRow) -> str:
    return f"waiting for {row.waiting_for}" if row.waiting_for else row.pause_reason


def _status_lines(store: Store, found: report.RunStatus) -> Iterator[str]:
    yield f"Run {found.run}: {found.status}, {found.done} of {found.planned} answered, {found.failed} failed."
    now = report.live(store, found.run)
    if now.waiting_for:
        yield f"It waits for {now.waiting_for}."
    elif now.pause_reason and now.status in ("paused", "cancelled"):
        yield now.pause_reason
    rows = [(task, f"{one.done}/{one.planned}", one.failed) for task, one in found.by_task.items()]
    yield from table(("TASK", "DONE", "FAILED"), rows)
    yield from (f"{count} failed: {kind}" for kind, count in found.errors.items())


def pause(arguments: Namespace) -> int:
    store = open_store(arguments)
    runs.pause(store, arguments.run)
    return _told(arguments, store)


def resume(arguments: Namespace) -> int:
    """Brings a deleted run back, too. A worker is started where none lives."""
    store = open_store(arguments)
    runs.restore(store, arguments.run)
    runs.resume(store, arguments.run)
    leave_to_worker(store, _code(store, arguments))
    return _told(arguments, store)


def cancel(arguments: Namespace) -> int:
    store = open_store(arguments)
    runs.cancel(store, arguments.run)
    return _told(arguments, store)


def retry(arguments: Namespace) -> int:
    """A worker is started where none lives."""
    store = open_store(arguments)
    again = runs.retry(store, arguments.run)
    tell(f"{again} failed items will be asked again." if again else "No item of this run has failed.")
    leave_to_worker(store, _code(store, arguments))
    return _told(arguments, store)


def delete(arguments: Namespace) -> int:
    store = open_store(arguments)
    code = _code(store, arguments)
    runs.delete(store, code)
    show(
        arguments,
        {"run": code, "status": "deleted"},
        lambda: [f"Run {code} is deleted; its answers are kept."],
    )
    return 0


def _code(store: Store, arguments: Namespace) -> str:
    """The whole code of a run that may have been named by its beginning."""
    return report.run_status(store, arguments.run).run


def _told(arguments: Namespace, store: Store) -> int:
    found = report.run_status(store, arguments.run)
    show(arguments, {"run": found.run, "status": found.status}, lambda: [f"Run {found.run}: {found.status}."])
    return 0

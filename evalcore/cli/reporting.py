"""The leaderboard's tables as text, or as plain lines for scripts."""

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict

from evalcore import report
from evalcore.cli.opening import open_store
from evalcore.cli.output import RESEARCH_ONLY, percent, show, table, tell
from evalcore.report import leaderboard
from evalcore.report.leaderboard import Line, Table
from evalcore.store import Store


def tables(arguments: Namespace) -> int:
    """Every table on which something was measured; with --reference all that were published, too."""
    store = open_store(arguments)
    codes = [report.run_status(store, code).run for code in arguments.runs]
    if len(codes) == 2:
        tell("A paired comparison of two runs is not built yet; here are their tables side by side.")
    found = [one for one in _tables(store, codes) if one.blocks or (arguments.reference and one.published)]
    lines = {(one.board, one.section): _lines(one, arguments) for one in found}
    document = [
        {"board": board, "section": section, "rows": [asdict(line) for line in mine]}
        for (board, section), mine in lines.items()
    ]
    show(arguments, document, lambda: _text(lines))
    return 0


def _tables(store: Store, codes: list[str]) -> Iterator[Table]:
    for board in leaderboard.board_codes(store):
        first = leaderboard.leaderboard(store, board, runs=codes)
        yield first
        for section in first.sections[1:]:
            yield leaderboard.leaderboard(store, board, section, runs=codes)


def _lines(one: Table, arguments: Namespace) -> tuple[Line, ...]:
    return leaderboard.lines(one, with_published=arguments.reference)


def _text(lines: dict[tuple[str, str], tuple[Line, ...]]) -> Iterator[str]:
    head = ("MODEL", "ASKED", "TASK", "METRIC", "VALUE", "95 % INTERVAL", "N", "NOT READ", "CHANCE", "FROM")
    for (board, section), mine in lines.items():
        yield f"{board} / {section}"
        yield from table(head, [_cells(line) for line in mine])
        yield ""
    if not lines:
        yield "Nothing has been measured yet. `report --reference` shows what was published."
    yield f"Rows of different ways of asking, versions or variants are not to be compared. {RESEARCH_ONLY}"


def _cells(line: Line) -> tuple[object, ...]:
    model = " ".join(part for part in (line.model, line.precision) if part)
    interval = "-" if line.low is None else f"{percent(line.low)} to {percent(line.high)}"
    value = f"{line.has} of {line.of} tasks" if line.value is None else _value(line)
    n = "-" if line.n is None else line.n
    unread = "-" if line.unread is None else line.unread
    return (
        model,
        line.asked,
        line.task,
        line.metric,
        value,
        interval,
        n,
        unread,
        percent(line.chance),
        _from(line),
    )


def _value(line: Line) -> str:
    shown = percent(line.value) if line.is_share else f"{line.value:.2f}"
    return shown if line.is_possible else f"{shown} (cannot be)"


def _from(line: Line) -> str:
    return line.run if line.origin == "measured" else f"published: {line.source}"

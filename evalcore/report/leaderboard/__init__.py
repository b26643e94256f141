"""Models beside tasks, board by board: what we measured in blocks that may be compared, published rows apart.

Nothing is averaged or ordered over different task versions, ways of asking, readers or scorers: a version has
its own columns, everything else its own block of rows.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from evalcore import reference
from evalcore.report.leaderboard.boards import (
    OVERVIEW,
    SUMMED_UP,
    SYSTEMS,
    Board,
    Section,
    boards,
)
from evalcore.report.leaderboard.cells import Levels, added_up, levels
from evalcore.report.leaderboard.columns import Known, columns
from evalcore.report.leaderboard.lines import Line, lines
from evalcore.report.leaderboard.measured import Asked, blocks, found_in
from evalcore.report.leaderboard.published import published_rows
from evalcore.report.leaderboard.summed import overview_blocks
from evalcore.report.leaderboard.table import (
    AVERAGE,
    Block,
    Cell,
    Column,
    PublishedRow,
    Row,
    Table,
    ordered,
)
from evalcore.store import Store, Transaction, board
from evalcore.store.board import Version
from evalcore.types import Kind

__all__ = [
    "AVERAGE",
    "SYSTEMS",
    "Block",
    "Board",
    "Cell",
    "Column",
    "Line",
    "PublishedRow",
    "Row",
    "Section",
    "Table",
    "board_codes",
    "first_measured",
    "leaderboard",
    "lines",
    "ordered",
]


def board_codes(store: Store) -> tuple[str, ...]:
    """The four systems, then every other benchmark of which something was asked."""
    with store.read() as transaction:
        return tuple(one.code for one in boards(tuple(board.benchmarks_asked(transaction))))


def first_measured(store: Store) -> str:
    """The first board with an answer of ours; the first of all while there is none."""
    with store.read() as transaction:
        answered = board.benchmarks_asked(transaction, is_answered=True)
    known = boards(tuple(answered))
    return next((one.code for one in known if not set(answered).isdisjoint(one.benchmarks)), known[0].code)


def leaderboard(store: Store, code: str = "", section: str = "", runs: Sequence[str] = ()) -> Table:
    """One table; unknown codes give the first board or section. runs: only these, unless none is named."""
    with store.read() as transaction:
        known = boards(tuple(board.benchmarks_asked(transaction)))
        chosen = next((one for one in known if one.code == code), known[0])
        asked, fresh = _asked(transaction, chosen, runs)
    if fresh:
        with store.write() as transaction:
            board.put_figures(transaction, fresh)
    by_id = {one.version.id: one.version for one in asked}
    used = [by_id[key] for key in sorted(by_id)]
    beside = {one.id: levels(store, one.id, Kind(one.definition["kind"])) for one in used}
    whole = chosen.with_more(one.version.task for one in asked)
    return _table(whole, whole.section(section), asked, used, beside)


def _asked(
    transaction: Transaction, chosen: Board, codes: Sequence[str]
) -> tuple[list[Asked], Sequence[Mapping[str, Any]]]:
    """What the board's runs came to, and the figures that were added up for it and are not kept yet."""
    versions = {one.id: one for one in board.versions(transaction, chosen.benchmarks)}
    counts = board.counts(transaction, list(versions))
    runs = board.board_runs(transaction, sorted({one.run_id for one in counts}))
    wanted = [one for one in counts if not codes or runs[one.run_id].code in codes]
    added = added_up(
        transaction, wanted, {key: Kind(one.definition["kind"]) for key, one in versions.items()}
    )
    asked = [
        Asked(
            runs[one.run_id],
            one,
            versions[one.task_version_id],
            added.figures[one.run_id, one.task_version_id],
        )
        for one in wanted
    ]
    return asked, added.fresh


def _table(
    whole: Board,
    section: Section,
    asked: Sequence[Asked],
    versions: Sequence[Version],
    beside: Mapping[int, Levels],
) -> Table:
    figures = list(found_in(asked))
    place = (whole.code, section.code)
    printed = [one for one in reference.published() if (one.board, one.section) == place]
    shown = columns(section, Known(figures, versions, beside, printed))
    if section.code == OVERVIEW:
        made = overview_blocks({name: whole.section(of) for name, of in SUMMED_UP.items()}, figures)
    else:
        keys = {(one.task, one.version, one.metric): one.key for one in shown}
        made = blocks(figures, keys, section.means)
    return Table(
        *place,
        sections=tuple(one.code for one in whole.sections),
        columns=shown,
        averages=tuple(mean.metric for mean in section.means),
        blocks=made,
        published=published_rows(printed),
    )

"""Models beside tasks, board by board: what we measured in blocks that may be compared, published rows apart.

Nothing is averaged or ordered over different task versions, ways of asking, readers or scorers: a version has
its own columns, everything else its own block of rows.
"""

from collections.abc import Iterable, Mapping, Sequence

from evalcore import reference
from evalcore.report.leaderboard.boards import (
    OVERVIEW,
    SUMMED_UP,
    SYSTEMS,
    Board,
    Section,
    boards,
)
from evalcore.report.leaderboard.cells import Levels, Remembered
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
    "leaderboard",
    "lines",
    "ordered",
]

_REMEMBERED = Remembered()


def board_codes(store: Store) -> tuple[str, ...]:
    """The four systems, then every other benchmark of which something was asked."""
    with store.read() as transaction:
        return tuple(one.code for one in boards(tuple(board.benchmarks_asked(transaction))))


def leaderboard(store: Store, code: str = "", section: str = "", runs: Sequence[str] = ()) -> Table:
    """One table; unknown codes give the first board or section. runs: only these, unless none is named."""
    with store.read() as transaction:
        known = boards(tuple(board.benchmarks_asked(transaction)))
        chosen = next((one for one in known if one.code == code), known[0])
        versions = board.versions(transaction, chosen.benchmarks)
        asked = _asked(store, transaction, versions, runs)
        levels = _REMEMBERED.levels(store, transaction, _used(versions, asked))
    whole = chosen.with_more(one.version.task for one in asked)
    return _table(whole, whole.section(section), asked, _used(versions, asked), levels)


def _asked(
    store: Store, transaction: Transaction, versions: Sequence[Version], codes: Sequence[str]
) -> list[Asked]:
    by_id = {version.id: version for version in versions}
    kinds = {version.id: Kind(version.definition["kind"]) for version in versions}
    counts = board.counts(transaction, list(by_id))
    runs = board.board_runs(transaction, sorted({one.run_id for one in counts}))
    wanted = [one for one in counts if not codes or runs[one.run_id].code in codes]
    figures = _REMEMBERED.figures(store, transaction, wanted, kinds)
    return [
        Asked(
            runs[one.run_id],
            one,
            by_id[one.task_version_id],
            figures[one.run_id, one.task_version_id],
        )
        for one in wanted
    ]


def _used(versions: Sequence[Version], asked: Iterable[Asked]) -> list[Version]:
    ids = {one.version.id for one in asked}
    return [version for version in versions if version.id in ids]


def _table(
    whole: Board,
    section: Section,
    asked: Sequence[Asked],
    versions: Sequence[Version],
    levels: Mapping[int, Levels],
) -> Table:
    figures = list(found_in(asked))
    place = (whole.code, section.code)
    printed = [one for one in reference.published() if (one.board, one.section) == place]
    shown = columns(section, Known(figures, versions, levels, printed))
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

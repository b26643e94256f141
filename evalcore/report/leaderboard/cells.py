"""The figures of one task in one run, added up once for each state that the run is in, and kept."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import Any

from evalcore.metrics import chance_level, majority_level
from evalcore.report.runs import Figure, figures, judged_metrics
from evalcore.store import Store, Transaction, board, overview
from evalcore.store.board import Counts
from evalcore.types import Entry, Kind

FORMULAS = (
    3  # another number when a summary of `metrics` changes what it says: kept figures are then left aside
)
Place = tuple[int, int]  # run, task version
Figures = Mapping[str, Figure]


@dataclass(frozen=True)
class Levels:
    """What stands beside an accuracy: a uniform guess and the best constant answer; None where neither is."""

    chance: float | None
    majority: float | None


@dataclass(frozen=True)
class Added:
    """Figures by (run, task version); fresh: rows to be kept, for those that were not."""

    figures: Mapping[Place, Figures]
    fresh: Sequence[Mapping[str, Any]] = field(default=())


def added_up(transaction: Transaction, found: Sequence[Counts], kinds: Mapping[int, Kind]) -> Added:
    """Kept figures where the run has not moved since; others from its scores, one task after another."""
    kept = board.kept_figures(transaction, list(kinds))
    times, entries = board.rescored(transaction), _Entries(transaction)
    figures_of: dict[Place, Figures] = {}
    fresh = []
    for one in sorted(found, key=lambda one: one.task_version_id):
        place, state = (one.run_id, one.task_version_id), _state(one, times.get(one.run_id, 0))
        was, metrics = kept.get(place, ("", {}))
        if was != state:
            made = _figures(transaction, one, entries.of(one.task_version_id), kinds)
            metrics = {name: asdict(figure) for name, figure in made.items()}
            row = {"run_id": one.run_id, "task_version_id": one.task_version_id}
            fresh.append(row | {"state": state, "metrics": metrics})
        figures_of[place] = {name: Figure(**figure) for name, figure in metrics.items()}
    return Added(figures_of, fresh)


def _state(one: Counts, times: int) -> str:
    return ".".join(map(str, (FORMULAS, *one.state, times)))


class _Entries:
    """The entries of the version that was asked for last: versions come one after another."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._version, self._entries = 0, dict[int, Entry]()

    def of(self, version_id: int) -> dict[int, Entry]:
        if version_id != self._version:
            self._version = version_id
            self._entries = board.bare_entries(self._transaction, version_id)
        return self._entries


def _figures(
    transaction: Transaction, one: Counts, entries: Mapping[int, Entry], kinds: Mapping[int, Kind]
) -> Figures:
    rows = overview.scored_rows(transaction, one.run_id, one.task_version_id)
    wanted = judged_metrics(transaction, one.run_id, one.task_version_id)
    return figures(rows, entries, kinds[one.task_version_id], failed=one.missing, wanted=wanted)


@lru_cache(maxsize=2000)
def levels(store: Store, version: int, kind: Kind) -> Levels:
    """A version never changes, so neither do its levels."""
    with store.read() as transaction:
        entries = board.bare_entries(transaction, version).values()
    chance = chance_level(entries, kind)
    return Levels(chance, majority_level(entries) if chance is not None else None)

"""The figures of one task in one run, computed once for each state the run is in."""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evalcore.metrics import chance_level, majority_level
from evalcore.report.runs import Figure, figures
from evalcore.store import Store, Transaction, board, overview
from evalcore.store.board import Counts, Version
from evalcore.types import Entry, Kind

MOST = 20_000  # tasks of runs, and task versions, that are remembered
Figures = Mapping[str, Figure]


@dataclass(frozen=True)
class Levels:
    """What stands beside an accuracy: a uniform guess and the best constant answer; None where neither is."""

    chance: float | None
    majority: float | None


class Remembered:
    """Figures by run and task, each with the state it was computed in; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._figures: OrderedDict[tuple[str, int, int], tuple[tuple[int, ...], Figures]] = OrderedDict()
        self._levels: OrderedDict[tuple[str, int], Levels] = OrderedDict()

    def figures(
        self, store: Store, transaction: Transaction, found: Sequence[Counts], kinds: Mapping[int, Kind]
    ) -> dict[tuple[int, int], Figures]:
        """By (run, task version); what was not remembered is computed, one task version after another."""
        with self._lock:
            times = board.rescored(transaction)
            entries = _Entries(transaction)
            for one in sorted(found, key=lambda one: one.task_version_id):
                place, state = (store.url, one.run_id, one.task_version_id), (*one.state, times)
                if place not in self._figures or self._figures[place][0] != state:
                    made = _figures(transaction, one, entries.of(one.task_version_id), kinds)
                    self._figures[place] = (state, made)
                self._figures.move_to_end(place)
            results = {
                (one.run_id, one.task_version_id): self._figures[store.url, one.run_id, one.task_version_id][
                    1
                ]
                for one in found
            }
            while len(self._figures) > MOST:
                self._figures.popitem(last=False)
            return results

    def levels(self, store: Store, transaction: Transaction, wanted: Sequence[Version]) -> dict[int, Levels]:
        """By task version; a version never changes, so neither do its levels."""
        with self._lock:
            for one in wanted:
                if (store.url, one.id) not in self._levels:
                    self._levels[store.url, one.id] = _levels(transaction, one)
            return {one.id: self._levels[store.url, one.id] for one in wanted}


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
    return figures(rows, entries, one.missing, kinds[one.task_version_id])


def _levels(transaction: Transaction, version: Version) -> Levels:
    entries = board.bare_entries(transaction, version.id).values()
    chance = chance_level(entries, Kind(version.definition["kind"]))
    return Levels(chance, majority_level(entries) if chance is not None else None)

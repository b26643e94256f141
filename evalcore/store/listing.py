"""Paging through records under filters: counts, pages, neighbours, and what each filter value would leave.

Three ways to an answer, by what the filter asks. Counted: the cube says how many records each run holds, so
a page deep inside a million is an offset inside one run. Matched: a search that finds few texts is collected
whole and sorted here. Walked: everything else goes run by run until the page is full.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    TextClause,
    and_,
    func,
    or_,
    select,
    text,
    tuple_,
    union,
)

from evalcore.store.found import Found, find
from evalcore.store.schema import record_counts, records, responses, runs
from evalcore.store.sql import chunks

CAP = 10_000  # a count that is not in the cube stops here and shows "10,000+"
STRETCH = 20_000  # a search for a common word looks through so many records at a time
FEW_RUNS = 5  # so few runs are looked through instead of collecting what was found everywhere
NONE = "none"  # in a filter: the value that is stored as ""
_DIMENSIONS = ("subject", "language", "outcome", "answer_state")
_FACETS = ("run_id", "task_version_id", *_DIMENSIONS)
_FIELDS = {"run_id": "run_ids", "task_version_id": "task_version_ids"}


@dataclass(frozen=True)
class RecordFilter:
    """What the Items page is asked for; an empty field asks nothing. "none" finds what has no value.

    run_ids, task_version_ids: any of these. judged, reviewed: True or False. text: words that must all occur
    in the question, its context, its options, the reply, or a reviewer's note.
    """

    run_ids: tuple[int, ...] = ()
    task_version_ids: tuple[int, ...] = ()
    subject: str = ""
    language: str = ""
    outcome: str = ""
    answer_state: str = ""
    judged: bool | None = None
    reviewed: bool | None = None
    text: str = ""
    item_id: int | None = None

    @property
    def is_counted(self) -> bool:
        """The cube knows the numbers."""
        return (
            self.judged is None and self.reviewed is None and not self.text.strip() and self.item_id is None
        )


@dataclass(frozen=True)
class Count:
    """A number of records; is_capped: there are at least so many."""

    n: int
    is_capped: bool = False

    def __str__(self) -> str:
        return f"{self.n:,}" + ("+" if self.is_capped else "")


_PLACE = (records.c.run_id, records.c.ordinal, records.c.work_id)  # the order of every list


@dataclass(frozen=True)
class Stretch:
    """Neighbouring runs that one statement looks through; n: records in them under the cube's filter."""

    run_ids: tuple[int, ...]
    n: int


@dataclass(frozen=True)
class Listing:
    """One filter, looked at in one transaction; what several questions need is looked up once.

    cap: where counting ends for what the cube does not count, and how many texts a search collects.
    """

    transaction: Connection
    filter: RecordFilter
    cap: int = CAP

    def count(self) -> Count:
        """From the cube, or by counting no further than the cap."""
        if self.filter.is_counted:
            return Count(sum(n for _, n in self._runs))
        if self._found is not None and self._found.is_certainly(self.cap) and self._asks_only_text:
            return Count(self.cap, True)
        total = 0
        for stretch in self._stretches:
            total += self._size(self._places(stretch).limit(self.cap + 1 - total))
            if total > self.cap:
                return Count(self.cap, True)
        return Count(total)

    def page(self, offset: int, limit: int) -> list[int]:
        """Work ids by position in the list."""
        if self.filter.is_counted:
            return self._counted_page(offset, limit)
        found: list[int] = []
        for stretch in self._stretches:
            wanted = self._places(stretch).order_by(*_ordered()).limit(offset + limit - len(found))
            found += [row.work_id for row in self.transaction.execute(wanted)]
            if len(found) >= offset + limit:
                break
        return found[offset:]

    def neighbours(self, work_id: int) -> tuple[int | None, int | None]:
        """Work ids of the previous and the next record, seen from one that need not be in the list itself."""
        here = self.transaction.execute(select(*_PLACE).where(records.c.work_id == work_id)).one_or_none()
        if here is None:
            return None, None
        return self._beside(tuple(here), forward=False), self._beside(tuple(here), forward=True)

    @cached_property
    def _found(self) -> Found | None:
        return find(self.transaction, self.filter.text, self.cap) if self.filter.text.strip() else None

    @cached_property
    def _runs(self) -> list[tuple[int, int]]:
        """(run id, records under the cube's part of the filter), runs with none left out."""
        wanted = _cube_conditions(self.filter)
        query = (
            select(record_counts.c.run_id, func.sum(record_counts.c.n))
            .join(runs, runs.c.id == record_counts.c.run_id)
            .where(*_listed(self.filter), *wanted)
            .group_by(record_counts.c.run_id)
            .having(func.sum(record_counts.c.n) > 0)
            .order_by(record_counts.c.run_id)
        )
        return [(run_id, int(n)) for run_id, n in self.transaction.execute(query)]

    @cached_property
    def _has_gaps(self) -> bool:
        """Between the runs of this list lie others that do not belong to it."""
        left_out = select(runs.c.id).where(~and_(*_listed(self.filter))).limit(1)
        return bool(self.filter.run_ids) or self.transaction.execute(left_out).first() is not None

    @cached_property
    def _shown(self) -> tuple[int, ...]:
        """Runs that may be listed at all."""
        query = select(runs.c.id).where(*_listed(self.filter)).order_by(runs.c.id)
        chosen = query.where(runs.c.id.in_(self.filter.run_ids)) if self.filter.run_ids else query
        return tuple(self.transaction.execute(chosen).scalars())

    @property
    def _is_whole(self) -> bool:
        """One statement looks through all runs; else a search for words that occur in very many texts."""
        return self._found is None or self.filter.item_id is not None or self._is_collected

    @cached_property
    def _stretches(self) -> list[Stretch]:
        if not self._is_whole:
            return list(_pieces(self._runs))
        return [Stretch(self._shown, 0)] if self._shown else []

    @cached_property
    def _is_collected(self) -> bool:
        """The search found so few texts that their records are looked up from them."""
        found = self._found
        is_narrow = 0 < len(self.filter.run_ids) <= FEW_RUNS
        if found is None or is_narrow or not found.is_small:
            return False
        left = self.cap
        for chunk in chunks(found.item_ids):  # a few questions may stand in very many runs
            left -= self._size(select(records.c.work_id).where(records.c.item_id.in_(chunk)).limit(left + 1))
            if left < 0:
                return False
        return True

    def _places(self, stretch: Stretch, *beyond: ColumnElement[bool]) -> Select[Any]:
        """Places of the filter's records in these runs, in no order."""
        conditions = [*self._scope(stretch.run_ids, bool(beyond)), *_conditions(self.filter), *beyond]
        if self._found is None:
            return select(*_PLACE).where(*conditions)
        if self._is_collected and self.filter.item_id is None:
            by_text = [select(*_PLACE).where(one, *conditions) for one in self._found.conditions(None)]
            places = union(*by_text).subquery()
            return select(places.c.run_id, places.c.ordinal, places.c.work_id)
        bounds = _response_range(self.transaction, stretch.run_ids)
        return select(*_PLACE).where(*conditions, or_(*self._found.conditions(bounds)))

    def _scope(self, run_ids: Sequence[int], is_bounded: bool) -> list[ColumnElement[bool]]:
        """Written so that the order of the index is kept and the ids of runs only sift.

        is_bounded: a place bounds the list already; a second bound would mislead SQLite about where to begin.
        """
        if len(run_ids) == 1:
            return [records.c.run_id == run_ids[0]]
        found: list[ColumnElement[bool]] = []
        if not is_bounded:
            found.append(records.c.run_id.between(run_ids[0], run_ids[-1]))
        if self._has_gaps:
            found.append((records.c.run_id + 0).in_(run_ids))
        return found

    def _counted_page(self, offset: int, limit: int) -> list[int]:
        """Steps over whole runs by their counts; only the runs that the page touches are read."""
        touched: list[int] = []
        skipped = passed = 0
        for run_id, n in self._runs:
            if passed + n <= offset:
                skipped += n
            elif passed < offset + limit:
                touched.append(run_id)
            passed += n
        if not touched:
            return []
        where = records.c.run_id == touched[0] if len(touched) == 1 else records.c.run_id.in_(touched)
        page = select(*_PLACE).where(where, *_conditions(self.filter)).order_by(*_PLACE)
        rows = self.transaction.execute(page.limit(limit).offset(offset - skipped))
        return [row.work_id for row in rows]

    def _size(self, query: Select[Any]) -> int:
        counted = select(func.count()).select_from(query.subquery())
        return int(self.transaction.execute(counted).scalar_one())

    @property
    def _asks_only_text(self) -> bool:
        return self.filter == RecordFilter(text=self.filter.text)

    def _beside(self, place: tuple[int, ...], *, forward: bool) -> int | None:
        there = tuple_(*_PLACE) > tuple_(*place) if forward else tuple_(*_PLACE) < tuple_(*place)
        if self._is_whole and not self.filter.is_counted:
            return self._first(Stretch(self._shown, 0), forward, there) if self._shown else None
        own = [Stretch((run_id,), n) for run_id, n in self._runs if run_id == place[0]]
        others = [(r, n) for r, n in self._runs if (r > place[0] if forward else r < place[0])]
        if self.filter.is_counted:  # the nearest run that the cube names has one
            others = others[:1] if forward else others[-1:]
        inside = (self._first(stretch, forward, there) for stretch in own)
        outside = (self._first(stretch, forward) for stretch in _pieces(others, forward=forward))
        return next((work_id for work_id in chain(inside, outside) if work_id is not None), None)

    def _first(self, stretch: Stretch, forward: bool, *beyond: ColumnElement[bool]) -> int | None:
        query = self._places(stretch, *beyond).order_by(*_ordered(forward)).limit(1)
        row = self.transaction.execute(query).first()
        return None if row is None else int(row.work_id)


def _ordered(forward: bool = True) -> list[TextClause]:
    """By name: a list that was put together from several has no table."""
    return [text(column.name if forward else f"{column.name} DESC") for column in _PLACE]


def _pieces(counted: Sequence[tuple[int, int]], *, forward: bool = True) -> Iterator[Stretch]:
    """Neighbouring runs until they hold some thousand records; the first piece is the nearest."""
    ids: list[int] = []
    total = 0
    for run_id, n in counted if forward else reversed(counted):
        ids.append(run_id)
        total += n
        if total >= STRETCH:
            yield Stretch(tuple(sorted(ids)), total)
            ids, total = [], 0
    if ids:
        yield Stretch(tuple(sorted(ids)), total)


def _response_range(transaction: Connection, run_ids: Sequence[int]) -> tuple[int, int]:
    """Lowest and highest response id of some runs: what bounds a search for a common word."""
    ends = [
        select(of(responses.c.id)).where(responses.c.run_id == run_id).scalar_subquery()
        for of in (func.min, func.max)
        for run_id in run_ids
    ]
    half = len(run_ids)
    found: list[int | None] = []
    for chunk in chunks(ends, 100):
        found += transaction.execute(select(*chunk)).one()
    low = min((end for end in found[:half] if end is not None), default=0)
    high = max((end for end in found[half:] if end is not None), default=0)
    return low, high


def _stored(value: str) -> str:
    return "" if value == NONE else value


def _listed(asked: RecordFilter) -> list[ColumnElement[bool]]:
    """On `runs`: not deleted; judges' cells only where their run is named, there are many to each answer."""
    is_there = runs.c.deleted_at.is_(None)
    return [is_there] if asked.run_ids else [is_there, runs.c.kind != "judge"]


def _conditions(asked: RecordFilter) -> list[ColumnElement[bool]]:
    """On `records`, all but runs and text."""
    found: list[ColumnElement[bool]] = []
    if asked.task_version_ids:
        found.append(records.c.task_version_id.in_(asked.task_version_ids))
    found += [
        records.c[name] == _stored(getattr(asked, name)) for name in _DIMENSIONS if getattr(asked, name)
    ]
    if asked.judged is not None:
        found.append(records.c.is_judged if asked.judged else ~records.c.is_judged)
    if asked.reviewed is not None:
        found.append(records.c.is_reviewed if asked.reviewed else ~records.c.is_reviewed)
    if asked.item_id is not None:
        found.append(records.c.item_id == asked.item_id)
    return found


def _cube_conditions(asked: RecordFilter, but: str = "") -> list[ColumnElement[bool]]:
    """On `record_counts`: the part of the filter that the cube knows, without the dimension `but`."""
    found: list[ColumnElement[bool]] = []
    if asked.run_ids and but != "run_id":
        found.append(record_counts.c.run_id.in_(asked.run_ids))
    if asked.task_version_ids and but != "task_version_id":
        found.append(record_counts.c.task_version_id.in_(asked.task_version_ids))
    wanted = [name for name in _DIMENSIONS if name != but and getattr(asked, name)]
    return found + [record_counts.c[name] == _stored(getattr(asked, name)) for name in wanted]


def facet_counts(transaction: Connection, asked: RecordFilter) -> dict[str, list[tuple[Any, int]]]:
    """By dimension (value, records) under the rest of the filter, the most first."""
    active = [name for name in _FACETS if getattr(asked, _FIELDS.get(name, name))]
    passive = [name for name in _FACETS if name not in active and name != "run_id"]
    found = {name: _counted(transaction, asked, (name,), name) for name in {*active, "run_id"}}
    together = _counted(transaction, asked, tuple(passive), "") if passive else []
    sums: dict[str, Counter[Any]] = {name: Counter() for name in passive}
    for *values, n in together:
        for name, value in zip(passive, values, strict=True):
            sums[name][value] += n
    return {name: _most_first(found[name] if name in found else sums[name].items()) for name in _FACETS}


def _most_first(counted: Iterable[Any]) -> list[tuple[Any, int]]:
    return sorted(((value, n) for value, n in counted), key=lambda pair: (-pair[1], pair[0]))


def _counted(
    transaction: Connection, asked: RecordFilter, dimensions: Sequence[str], but: str
) -> list[tuple[Any, ...]]:
    """Rows of (a value for each dimension, records) under the filter without `but`, in one pass."""
    columns, total = [record_counts.c[name] for name in dimensions], func.sum(record_counts.c.n)
    query = (
        select(*columns, total)
        .join(runs, runs.c.id == record_counts.c.run_id)
        .where(*_listed(asked), *_cube_conditions(asked, but))
        .group_by(*columns)
        .having(total > 0)
    )
    return [(*row[:-1], int(row[-1])) for row in transaction.execute(query)]

"""Paging through records under filters: counts, pages, neighbours, and what each filter value would leave.

Three ways to an answer, by what the filter asks. Counted: the cube says how many records each run holds, so
a page deep inside a million is an offset inside one run. Matched: a search that finds few texts is collected
whole and sorted here. Walked: everything else goes run by run until the page is full.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select, tuple_

from evalcore.store.found import Found, find
from evalcore.store.schema import record_counts, records, responses, runs
from evalcore.store.sql import chunks

CAP = 10_000  # a count that is not in the cube stops here and shows "10,000+"
WALKED_RUNS = 60  # and after so many runs without a full count
WALKED_AT_ONCE = 5  # so few runs are searched one by one rather than all at once
NONE = "none"  # in a filter: the value that is stored as ""
_DIMENSIONS = ("subject", "language", "outcome", "answer_state")


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


Place = tuple[int, int, int]  # run id, ordinal, work id: the order of every list
_PLACE = (records.c.run_id, records.c.ordinal, records.c.work_id)


@dataclass(frozen=True)
class Listing:
    """One filter, looked at in one transaction; what several questions need is looked up once.

    cap: where counting ends for what the cube does not count, and how many texts a search collects.
    """

    transaction: Connection
    filter: RecordFilter
    cap: int = CAP

    def count(self) -> Count:
        if self._matched is not None:
            return Count(len(self._matched))
        if self.filter.is_counted:
            return Count(sum(n for _, n in self._runs))
        return self._walked_count()

    def page(self, offset: int, limit: int) -> list[int]:
        """Work ids by position in the list."""
        if self._matched is not None:
            return [place[2] for place in self._matched[offset : offset + limit]]
        if self.filter.is_counted:
            return self._counted_page(offset, limit)
        return [place[2] for place in islice(self._walk(offset + limit), offset, offset + limit)]

    def neighbours(self, work_id: int) -> tuple[int | None, int | None]:
        """Work ids of the previous and the next record, seen from one that need not be in the list itself."""
        here = self.transaction.execute(select(*_PLACE).where(records.c.work_id == work_id)).one_or_none()
        if here is None:
            return None, None
        place = (here.run_id, here.ordinal, here.work_id)
        return self._beside(place, forward=False), self._beside(place, forward=True)

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
            .where(runs.c.deleted_at.is_(None), *wanted)
            .group_by(record_counts.c.run_id)
            .having(func.sum(record_counts.c.n) > 0)
            .order_by(record_counts.c.run_id)
        )
        return [(run_id, int(n)) for run_id, n in self.transaction.execute(query)]

    @cached_property
    def _matched(self) -> list[Place] | None:
        """All places, sorted, where the filter names an item or words that occur in few texts."""
        found = self._found
        if self.filter.item_id is not None:
            return self._places([records.c.item_id == self.filter.item_id, *self._text_conditions()])
        is_narrow = 0 < len(self.filter.run_ids) <= WALKED_AT_ONCE
        if found is None or is_narrow or not found.is_small or not self._holds_few(found):
            return None
        places = set(self._places_in(records.c.response_id, found.response_ids))
        places.update(self._places_in(records.c.item_id, found.item_ids))
        return sorted(places)

    def _holds_few(self, found: Found) -> bool:
        """A few questions may stand in very many runs."""
        left = self.cap
        for chunk in chunks(found.item_ids):
            inner = select(records.c.work_id).where(records.c.item_id.in_(chunk)).limit(left + 1)
            left -= int(
                self.transaction.execute(select(func.count()).select_from(inner.subquery())).scalar_one()
            )
            if left < 0:
                return False
        return True

    def _text_conditions(self) -> list[ColumnElement[bool]]:
        return [] if self._found is None else [self._found.condition(None)]

    def _places_in(self, column: Any, ids: Sequence[int]) -> Iterator[Place]:
        for chunk in chunks(ids):
            yield from self._places([column.in_(chunk)])

    def _places(self, conditions: Sequence[ColumnElement[bool]]) -> list[Place]:
        shown = {run_id for run_id, _ in self._runs}
        query = select(*_PLACE).where(*conditions, *_conditions(self.filter))
        found = sorted((r.run_id, r.ordinal, r.work_id) for r in self.transaction.execute(query))
        return [place for place in found if place[0] in shown]

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
        page = self._in_runs(touched).order_by(*_PLACE).limit(limit).offset(offset - skipped)
        return [row.work_id for row in self.transaction.execute(page)]

    def _in_runs(self, run_ids: Sequence[int]) -> Select[Any]:
        where = records.c.run_id == run_ids[0] if len(run_ids) == 1 else records.c.run_id.in_(run_ids)
        return select(*_PLACE).where(where, *_conditions(self.filter))

    def _in_run(self, run_id: int) -> Select[Any]:
        query = self._in_runs([run_id])
        if self._found is not None:
            query = query.where(self._found.condition(_response_range(self.transaction, run_id)))
        return query

    def _walk(self, most: int) -> Iterator[Place]:
        """Places in order, run by run, at most so many from each."""
        for run_id, _ in self._runs:
            query = self._in_run(run_id).order_by(records.c.ordinal, records.c.work_id).limit(most)
            for row in self.transaction.execute(query).all():
                yield row.run_id, row.ordinal, row.work_id

    def _walked_count(self) -> Count:
        if self._found is not None and self._found.is_certainly(self.cap) and self._asks_only_text:
            return Count(self.cap, True)
        total = 0
        for walked, (run_id, _) in enumerate(self._runs):
            if total >= self.cap or walked >= WALKED_RUNS:
                return Count(min(total, self.cap), True)
            total += self._size(self._in_run(run_id).limit(self.cap + 1))
        return Count(min(total, self.cap), total > self.cap)

    def _size(self, query: Select[Any]) -> int:
        counted = select(func.count()).select_from(query.subquery())
        return int(self.transaction.execute(counted).scalar_one())

    @property
    def _asks_only_text(self) -> bool:
        return self.filter == RecordFilter(text=self.filter.text)

    def _beside(self, place: Place, *, forward: bool) -> int | None:
        if self._matched is not None:
            at = bisect_right(self._matched, place) if forward else bisect_left(self._matched, place) - 1
            return self._matched[at][2] if 0 <= at < len(self._matched) else None
        inside = self._nearest(place[0], forward, beyond=place) if place[0] in dict(self._runs) else None
        if inside is not None:
            return inside
        others = [run_id for run_id, _ in self._runs if (run_id > place[0] if forward else run_id < place[0])]
        found = (self._nearest(run_id, forward) for run_id in (others if forward else reversed(others)))
        return next((work_id for work_id in found if work_id is not None), None)

    def _nearest(self, run_id: int, forward: bool, beyond: Place | None = None) -> int | None:
        query = self._in_run(run_id)
        here = tuple_(records.c.ordinal, records.c.work_id)
        if beyond is not None:
            there = tuple_(beyond[1], beyond[2])
            query = query.where(here > there if forward else here < there)
        order = (records.c.ordinal, records.c.work_id)
        ordered = query.order_by(*(order if forward else (column.desc() for column in order)))
        row = self.transaction.execute(ordered.limit(1)).first()
        return None if row is None else int(row.work_id)


def _response_range(transaction: Connection, run_id: int) -> tuple[int, int]:
    """Lowest and highest response id of a run: what bounds a search for a common word."""

    def end(of: Any) -> int:
        return int(transaction.execute(select(of).where(responses.c.run_id == run_id)).scalar() or 0)

    return end(func.min(responses.c.id)), end(func.max(responses.c.id))


def _stored(value: str) -> str:
    return "" if value == NONE else value


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


def facet_counts(transaction: Connection, asked: RecordFilter, dimension: str) -> list[tuple[Any, int]]:
    """(value, records) of one dimension of the cube under the rest of the filter, the most first.

    dimension: run_id, task_version_id, subject, language, outcome or answer_state.
    """
    column, total = record_counts.c[dimension], func.sum(record_counts.c.n)
    query = (
        select(column, total)
        .join(runs, runs.c.id == record_counts.c.run_id)
        .where(runs.c.deleted_at.is_(None), *_cube_conditions(asked, dimension))
        .group_by(column)
        .having(total > 0)
        .order_by(total.desc(), column)
    )
    return [(value, int(n)) for value, n in transaction.execute(query)]

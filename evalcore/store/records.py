"""One record per work item and the cube of counts over them: derived, and always changed together."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, FromClause, Join, and_, delete, select

from evalcore.store.schema import items, members, record_counts, records, work
from evalcore.store.sql import chunks, insert_for, insert_new
from evalcore.types import Outcome, Response

MISSING = ""  # answer_state of a record that has no answer


@dataclass
class Sums:
    n: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    cost_usd: float = 0.0
    costless: int = 0


@dataclass(frozen=True)
class Change:
    """Signed changes of the cube, gathered and written in one sorted pass (sorted: no deadlock between
    workers).
    """

    cells: dict[tuple[Any, ...], Sums] = field(default_factory=dict)

    def add(self, cell: tuple[Any, ...], sign: int, response: Response | None) -> None:
        sums = self.cells.setdefault(cell, Sums())
        sums.n += sign
        if response is not None:
            self.spend(cell, sign, response)

    def spend(self, cell: tuple[Any, ...], sign: int, response: Response) -> None:
        """What a response took, without counting a record."""
        sums = self.cells.setdefault(cell, Sums())
        sums.tokens_in += sign * response.tokens_in
        sums.tokens_out += sign * response.tokens_out
        sums.seconds += sign * response.seconds
        sums.cost_usd += sign * (response.cost_usd or 0.0)
        sums.costless += sign * (response.cost_usd is None)


NOWHERE = ("", "", "", "")  # subject, language, outcome, state: what responses took that make no record
CELL = ("run_id", "task_version_id", "subject", "language", "outcome", "answer_state")
_SUMS = ("n", "tokens_in", "tokens_out", "seconds", "cost_usd", "costless")


def write_change(transaction: Connection, change: Change) -> None:
    rows = [
        dict(zip(CELL, cell, strict=True)) | {name: getattr(sums, name) for name in _SUMS}
        for cell, sums in sorted(change.cells.items())
    ]
    if not rows:
        return
    insert = insert_for(transaction, record_counts)
    grown = {name: record_counts.c[name] + insert.excluded[name] for name in _SUMS}
    transaction.execute(insert.on_conflict_do_update(index_elements=list(CELL), set_=grown), rows)


ABOUT_PLACE = (members.c.item_id, members.c.subject, items.c.language)


def with_place(of: FromClause) -> Join:
    """`of`, which holds `work`, joined with what stands at each place: see ABOUT_PLACE."""
    member = and_(
        members.c.task_version_id == work.c.task_version_id,
        members.c.position == work.c.position,
        members.c.pool.is_(False),
    )
    return of.join(members, member).join(items, items.c.id == members.c.item_id)


def places_of(transaction: Connection, work_ids: Iterable[int]) -> dict[int, Any]:
    """Where work items stand: run, order, item, subject, language."""
    found: dict[int, Any] = {}
    for chunk in chunks(work_ids):
        query = (
            select(work, work.c.id.label("work_id"), *ABOUT_PLACE)
            .select_from(with_place(work))
            .where(work.c.id.in_(chunk))
        )
        found.update((row.work_id, row) for row in transaction.execute(query))
    return found


def place_columns(place: Any) -> dict[str, Any]:
    return {
        "work_id": place.work_id,
        "run_id": place.run_id,
        "task_version_id": place.task_version_id,
        "ordinal": place.ordinal,
        "position": place.position,
        "item_id": place.item_id,
        "subject": place.subject,
        "language": place.language,
        "created_at": time.time(),
    }


def put_missing(transaction: Connection, work_ids: Sequence[int]) -> None:
    """Records for items that ended without an answer: missing, not wrong."""
    places = places_of(transaction, work_ids)
    change = Change()
    rows = []
    for place in places.values():
        row = place_columns(place) | {
            "response_id": None,
            "outcome": str(Outcome.MISSING),
            "answer_state": MISSING,
            "picked": "",
        }
        rows.append(row)
        change.add(tuple(row[name] for name in CELL), 1, None)
    insert_new(transaction, records, rows)
    write_change(transaction, change)


def drop_missing(transaction: Connection, work_ids: Sequence[int]) -> None:
    """Takes back the records of items that will be asked again."""
    change = Change()
    for chunk in chunks(work_ids):
        gone = (records.c.work_id.in_(chunk)) & (records.c.outcome == str(Outcome.MISSING))
        for row in transaction.execute(select(records).where(gone)):
            change.add(tuple(getattr(row, name) for name in CELL), -1, None)
        transaction.execute(delete(records).where(gone))
    write_change(transaction, change)

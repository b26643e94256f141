"""What the answers of a run have cost so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Integer, func, literal_column, select, union_all

from evalcore.store.schema import WorkState, record_counts, responses, runs, work
from evalcore.store.work import in_state
from evalcore.types import Outcome

USED_UP = "USD are spent"  # stands in the reason of a pause that a budget has made


@dataclass(frozen=True)
class Spending:
    """usd: what a run's answers have cost, as far as it is known; costless: those of which it is not."""

    usd: float
    answers: int
    costless: int
    tokens_in: int
    tokens_out: int
    in_flight: int


def hold(transaction: Connection, run_id: int) -> None:
    """Whoever else asks what this run may spend waits until this transaction has ended, and then sees what it
    claimed. SQLite has one writer at a time anyway.
    """
    transaction.execute(select(runs.c.id).where(runs.c.id == run_id).with_for_update(key_share=True))


def spending(transaction: Connection, run_id: int) -> Spending:
    """Cheap at any size: what is read stands in the counts, only what is not read yet is added up.

    One statement: between two an answer could move from one count to the next and be missed by both.
    """
    there, new, zero = record_counts.c, responses.c, literal_column("0", Integer)
    read = select(
        *map(func.sum, (there.cost_usd, there.n, there.costless, there.tokens_in, there.tokens_out)), zero
    ).where(there.run_id == run_id, there.outcome != Outcome.MISSING)
    costless = func.count() - func.count(new.cost_usd)
    unread = (
        select(
            *(func.sum(new.cost_usd), func.count(), costless),
            *(func.sum(new.tokens_in), func.sum(new.tokens_out), zero),
        )
        .join(work, work.c.id == new.work_id)
        .where(work.c.run_id == run_id, in_state(WorkState.ANSWERED))
    )
    leased = select(zero, zero, zero, zero, zero, func.count()).where(
        work.c.run_id == run_id, in_state(WorkState.LEASED)
    )
    rows: Sequence[Any] = transaction.execute(union_all(read, unread, leased)).all()
    usd, *counts = (sum(row[place] or 0 for row in rows) for place in range(6))
    answers, uncosted, tokens_in, tokens_out, in_flight = map(int, counts)
    return Spending(float(usd), answers, uncosted, tokens_in, tokens_out, in_flight)

"""Answers that came from elsewhere: work items that are answered the moment they are written down."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from evalcore.store import runs as run_rows
from evalcore.store import work as work_rows
from evalcore.store.runs import RunTask
from evalcore.store.schema import work
from evalcore.store.work import Claimed, Finished
from evalcore.types import Response

Reply = tuple[int, Response, str]
"""Position of the item in its task, what came back, and the key of its prompt ("": not recorded)."""


def put_replies(transaction: Connection, run_id: int, task: RunTask, replies: Sequence[Reply]) -> None:
    """Stores the replies of one task of a run, in the order given; each position once.

    They wait to be read and scored, by whoever comes first. No attempt is written: nothing was sent.
    """
    places = [(place, position, 0) for place, (position, _, _) in enumerate(replies)]
    work_rows.plan(transaction, run_id, task.ordinal, task.task_version_id, places)
    mine = (work.c.run_id == run_id) & (work.c.task_version_id == task.task_version_id)
    ids = {
        row.position: row.id for row in transaction.execute(select(work.c.id, work.c.position).where(mine))
    }
    finished = [
        Finished(_as_claimed(run_id, task, position, ids[position]), response, prompt_key, ask_key="")
        for position, response, prompt_key in replies
    ]
    work_rows.store_answered(transaction, finished)
    run_rows.set_planned(transaction, run_id, task.ordinal, len(replies))


def _as_claimed(run_id: int, task: RunTask, position: int, work_id: int) -> Claimed:
    return Claimed(work_id, run_id, task.task_version_id, position, sample=0, attempt=0)

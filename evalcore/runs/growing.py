"""Runs that are there already: what they were asked with, and letting them grow."""

from dataclasses import replace

from evalcore.errors import UsageError
from evalcore.runs.planning import Plan, grow, plan
from evalcore.runs.spec import RunSpec, from_json
from evalcore.store import Store
from evalcore.store import runs as run_rows


def spec_of(store: Store, code: str) -> RunSpec:
    """What a run was started with. Raises UsageError for an unknown code."""
    with store.read() as transaction:
        return from_json(run_rows.get_run(transaction, code).spec)


def sizes(store: Store, code: str) -> dict[str, tuple[int, int]]:
    """For each task of a run: items planned so far, items there are."""
    with store.read() as transaction:
        run = run_rows.get_run(transaction, code)
        return {
            task.task_id: (task.planned, task.item_count) for task in run_rows.tasks_of(transaction, run.id)
        }


def continued(store: Store, planned: Plan) -> str:
    """The code of the run that `begin` would let go on; "" when it would be a new one."""
    with store.read() as transaction:
        repeat = run_rows.last_repeat(transaction, planned.identity)
        run = run_rows.find_run(transaction, planned.identity, repeat) if repeat else None
    return run.code if run else ""


def extend(store: Store, code: str, limit: int | None) -> None:
    """Asks more items of each task, up to `limit` of its order (None: all); nothing is asked again.

    Raises UsageError where the model or the data are no longer what the run was started with.
    """
    with store.read() as transaction:
        run = run_rows.get_run(transaction, code)
        ways = {task.task_id: task.way for task in run_rows.tasks_of(transaction, run.id)}
    planned = plan(store, from_json(run.spec), limit)
    # as it was asked so far, whatever has been found since of what an endpoint can
    tasks = tuple((loaded, ways.get(loaded.task.id, way)) for loaded, way in planned.tasks)
    planned = replace(planned, tasks=tasks)
    with store.write() as transaction:
        same = run_rows.find_run(transaction, planned.identity, run.repeat)
        if same is None or same.id != run.id:
            raise UsageError(
                f"Run {code} cannot be extended: the model's files or the tasks' data have changed since it "
                "was started, so old and new answers would not belong together. Launch a new run."
            )
        grow(transaction, planned, run.id)
        run_rows.set_wanted(transaction, run.id, "run")

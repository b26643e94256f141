"""By hand: `python tests/benchmarks/worker_memory.py [ITEMS]`. A worker's memory does not grow with the plan.

A demo model ranks the first 900 items of a run of 1,000 and of one of a million (SQLite), each in a process
of its own; printed is the largest resident memory of each by then, and of the second after 4,000 answers.
"""

import os
import signal
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

os.environ |= {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

from kills import invented_task, start_worker  # noqa: E402
from sqlalchemy import func, select, text  # noqa: E402

from evalcore import models, runs  # noqa: E402
from evalcore.runs.planning import Plan, begin  # noqa: E402
from evalcore.store import Store  # noqa: E402
from evalcore.store import runs as run_rows  # noqa: E402
from evalcore.store.schema import responses  # noqa: E402
from evalcore.store.work import SAMPLE_STRIDE  # noqa: E402
from evalcore.types import Way  # noqa: E402

MODEL = "demo:weak"
WRITTEN = 5000  # different questions; the rest of a plan are these again, further on than is asked
SMALL, FEW, MANY = 1000, 900, 4000
NUMBERS = "WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < :copies) "
SAME = "item_id, group_name, parallel, key_name, key_version, subject, meta"
MEMBERS = (
    NUMBERS + f"INSERT INTO members (task_version_id, pool, position, item_name, {SAME}) "  # noqa: S608
    f"SELECT task_version_id, pool, position + k * :each, item_name || '-' || k, {SAME} FROM members, n"
)
WORK = (
    NUMBERS + "INSERT INTO work (run_id, task_version_id, ordinal, position, tries_left) "
    "SELECT run_id, task_version_id, ordinal + k * :each * :stride, position + k * :each, tries_left "
    "FROM work, n"
)


def plan(store: Store, items: int) -> None:
    """What is beyond WRITTEN is copied within the database: planning a million by hand would take minutes."""
    loaded = invented_task(min(items, WRITTEN))
    spec = runs.RunSpec(model=MODEL, tasks=(loaded.task.id,), ask="rank")
    check = models.Check(True, MODEL)
    code = begin(store, Plan(spec, models.identify(MODEL), check, None, ((loaded, Way.RANK),), None))
    copies = items // WRITTEN - 1
    if copies > 0:
        many = {"copies": copies, "each": WRITTEN}
        with store.write() as transaction:
            transaction.execute(text(MEMBERS), many)
            transaction.execute(text(WORK), many | {"stride": SAMPLE_STRIDE})
            run_rows.set_planned(transaction, run_rows.get_run(transaction, code).id, 0, items)


def peaks(items: int, stops: tuple[int, ...]) -> list[float]:
    """Largest resident memory in MB of a worker once so many answers are there, for each of `stops`."""
    with tempfile.TemporaryDirectory() as folder, closing(Store(f"sqlite:///{folder}/r.db")) as store:
        plan(store, items)
        worker = start_worker(store)
        try:
            return [_peak(worker.pid) for stop in stops if _wait(store, stop)]
        finally:
            worker.send_signal(signal.SIGKILL)
            worker.wait()


def _wait(store: Store, answers: int) -> bool:
    query = select(func.count()).select_from(responses)
    while True:
        with store.read() as transaction:
            if int(transaction.execute(query).scalar_one()) >= answers:
                return True
        time.sleep(0.05)


def _peak(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def main() -> None:
    large = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    (small,) = peaks(SMALL, (FEW,))
    first, later = peaks(large, (FEW, MANY))
    print(  # noqa: T201
        f"peak of a worker after {FEW} answers: {small:.0f} MB of {SMALL:,} planned, "
        f"{first:.0f} MB of {large:,} ({first / small:.3f}); after {MANY:,} answers {later:.0f} MB"
    )


if __name__ == "__main__":
    main()

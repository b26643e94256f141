"""By hand: `python tests/benchmarks/engine_product.py [ITEMS] [REPEATS]`. What store, commits and page cost.

The letters of engine.py (medqa_4options, 0-shot) through the whole product: a worker that is warm, SQLite,
every answer committed as it comes and scored, and another process that looks the run up every second as an
open page does. Beside it the bare engine on the same prompts; both in turn, wall time, medians. Goal: at
least 0.9 of the bare engine's speed. Needs ROUNDS_DATA_DIR; takes high priority where the system allows it.
"""

import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

os.environ |= {"TOKENIZERS_PARALLELISM": "false", "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

import torch  # noqa: E402
from engine_workloads import make_folder  # noqa: E402
from kills import count  # noqa: E402
from through_the_worker import process  # noqa: E402

from evalcore import models, runs  # noqa: E402
from evalcore.prompts import render  # noqa: E402
from evalcore.runs.planning import begin  # noqa: E402
from evalcore.runs.planning import plan as settle  # noqa: E402
from evalcore.store import Store  # noqa: E402
from evalcore.store.schema import WorkState  # noqa: E402
from evalcore.types import Request, Way  # noqa: E402
from evalcore.worker.loop import Worker  # noqa: E402

ITEMS, REPEATS, GOAL = 240, 5, 0.9
TASK = "medqa_4options"
LOOK_S = 0.02
WATCHER = """
import sys, time
from evalcore import report
from evalcore.errors import UsageError
from evalcore.store import Store
store = Store(sys.argv[1])
print("ready", flush=True)
while True:
    try:
        report.live(store, sys.argv[2])
    except UsageError:  # the run begins in a moment
        pass
    time.sleep(1.0)
"""


def timed(act: Callable[[], None]) -> tuple[float, float]:
    """(wall seconds, CPU seconds of this process with all its threads)."""
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - wall, time.process_time() - cpu


class Product:
    """A worker of this process, its store, and runs that each ask everything anew."""

    def __init__(self, folder: Path, items: int) -> None:
        self.store = Store(f"sqlite:///{folder}/rounds.db")
        spec = runs.RunSpec(model=f"hf:{folder}", tasks=(TASK,), ask="rank", precision="fp32")
        self._planned = settle(self.store, spec, items)
        self._repeat = 0
        self._worker = Worker(self.store)
        self._thread = threading.Thread(target=self._worker.run, daemon=True)
        self._thread.start()

    def _ask(self, code: str) -> None:
        """From the start of a run until its last answer is scored."""
        assert begin(self.store, self._planned, fresh=True) == code
        while count(self.store, WorkState.DONE) < self._planned.items * self._repeat:
            time.sleep(LOOK_S)

    def watched(self) -> tuple[float, float]:
        """Timed with an open page."""
        self._repeat += 1
        code = self._planned.identity[:8] + (f"-{self._repeat}" if self._repeat > 1 else "")
        with process(WATCHER, self.store.url, code) as page:
            assert page.stdout is not None and page.stdout.readline()
            return timed(lambda: self._ask(code))

    def stop(self) -> None:
        self._worker.stop()
        self._thread.join()
        self.store.close()

    def requests(self) -> list[Request]:
        ((loaded, _),) = self._planned.tasks
        entries = loaded.entries[: self._planned.items]
        prompts = (render(entry.item, task=loaded.task, way=Way.RANK) for entry in entries)
        return [Request(n, prompt, self._planned.spec.sampling) for n, prompt in enumerate(prompts)]


def main() -> None:
    given = [int(word) for word in sys.argv[1:]]
    items, repeats = (*given, *(ITEMS, REPEATS)[len(given) :])
    with suppress(PermissionError):
        os.nice(-15)
    with tempfile.TemporaryDirectory() as made:
        folder = make_folder(Path(made))
        product, bare = Product(folder, items), models.load(f"hf:{folder}", "fp32")
        torch.set_num_threads(1)
        requests = product.requests()
        rows = []
        with closing(bare):
            for turn in range(-1, repeats):  # the first turn loads and checks itself
                alone, whole = timed(lambda: [*bare.rank(requests)] and None), product.watched()
                if turn >= 0:
                    rows.append((*alone, *whole, alone[0] / whole[0], alone[1] / whole[1]))
        product.stop()
    medians = [statistics.median(column) for column in zip(*rows, strict=True)]
    names = ("bare s", "its CPU s", "product s", "its CPU s", "ratio", "of CPU")
    text = ", ".join(f"{name} {value:.2f}" for name, value in zip(names, medians, strict=True))
    print(f"{items} items, {repeats} repeats: {text} (goal >= {GOAL})")  # noqa: T201


if __name__ == "__main__":
    main()

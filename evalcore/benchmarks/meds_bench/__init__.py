"""MedS-Bench: 53 tasks in twelve folders, in English and, of examinations, in five more languages.

Source: Henrychur/MedS-Bench on the hub (no licence tag; the container's repository is CC BY-SA, each task has
its own source's). A task is one JSON file, `<folder>/task<number>_<words>.json` or `.jsonl`.
Tasks from MIMIC, MedNLI and SEER hold patients' text under a credential or an agreement: they are read from a
local folder only, never fetched.

Few-shot pool: the task's own items, leave one out (the released evaluator draws from the very same items
without leaving the asked one out, D23), or the items of a file `<folder>/pool/task<number>_*` beside it.
"""

from dataclasses import replace

from evalcore import data
from evalcore.benchmarks import task_file
from evalcore.benchmarks.meds_bench import table
from evalcore.benchmarks.meds_bench.reading import entry
from evalcore.benchmarks.meds_bench.table import Line
from evalcore.benchmarks.task_file import TaskFile
from evalcore.errors import DataError
from evalcore.types import Benchmark, Entry, LoadedTask, Source, Task

__all__ = ["benchmark", "entry", "every_line", "examples", "line_of", "load", "where"]

_BENCHMARK = Benchmark(
    id="meds_bench",
    title="MedS-Bench",
    tasks=tuple(line.task() for line in table.LINES),
    citation="""@article{wu2025towards,
  title={Towards evaluating and building versatile large language models for medicine},
  author={Wu, Chaoyi and Qiu, Pengcheng and Liu, Jinxin and Gu, Hongfei and Li, Na and Zhang, Ya and
      Wang, Yanfeng and Xie, Weidi},
  journal={npj Digital Medicine},
  year={2025}
}""",
    url="https://henrychur.github.io/MedS-Bench/",
    average="by category, the unweighted mean of its tasks; of the summaries only tasks 78, 110, 112 and "
    "114, CT and MRI are two columns of their own that pool their items",
    defects=(
        "Some test sets are very small: 43 items (PICO) and 23 (drug doses), so one item is 2 to 4 points.",
        "The released scorer of multiple choice compares first characters: E, maybe and every language but "
        "English are wrong whatever is answered.",
        "Its scorers of labels and extractions look for the gold anywhere in the reply: a reply that lists "
        "every label is right.",
        "Training sets of the same numbers share sources with these tests; MMedIns rows are in-domain.",
    ),
)


def benchmark() -> Benchmark:
    """Numbers that no public file has are tasks only where a file is at hand."""
    at_hand = tuple(task for task in (line.task() for line in table.UNSEEN) if _is_local(task))
    return replace(_BENCHMARK, tasks=_BENCHMARK.tasks + at_hand) if at_hand else _BENCHMARK


def every_line() -> tuple[Line, ...]:
    """All numbers, those without a public file too."""
    return (*table.LINES, *table.UNSEEN)


def line_of(task_id: str) -> Line:
    return next(line for line in every_line() if line.id == task_id)


def load(task: Task) -> LoadedTask:
    found, origin = _read(task, task.source)
    told = replace(task, instruction=found.definition)
    return LoadedTask(told, _entries(task, found), source=origin)


def examples(task: Task) -> tuple[Entry, ...]:
    folder, _, name = task.source.split.rpartition("/")
    pool = replace(task.source, split=f"{folder}/pool/{name}")
    source = pool if data.local_files(pool, pool.split) else task.source
    return _entries(task, _read(task, source)[0])


def where(task: Task) -> str:
    is_kept_here = task.credentialed or line_of(task.id) in table.UNSEEN
    return data.where(task.source) if not is_kept_here or _is_local(task) else "missing"


def _is_local(task: Task) -> bool:
    return bool(data.local_files(task.source, task.source.split))


def _read(task: Task, source: Source) -> tuple[TaskFile, str]:
    if task.credentialed and not _is_local(task):
        raise DataError(
            f"{task.id} holds patients' text under {task.licence!r} and is never fetched. Whoever has the "
            f"right to it puts the file at {source.hub_id}/{source.split}_*.json in a folder of "
            "ROUNDS_DATA_DIR."
        )
    rows, origin = data.rows(source, source.split)
    return task_file.read(rows, task.id.rpartition("/")[2]), origin


def _entries(task: Task, found: TaskFile) -> tuple[Entry, ...]:
    line = line_of(task.id)
    return task_file.apart(entry(line, row) for row in found.instances)

"""MedS-Bench submissions: one CSV a category and model, as its tutorial for submissions asks for.

Columns by position: task_id, input, GT, output. The model's name stands in the file's:
`eval_results_<Category>_<1|0>_context_<1|0>_oriINS_<model>.csv`. In the released evaluator's own files the
input is the whole prompt, examples included; then it is kept as the prompt, and what follows its last
"Input:" is the item.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evalcore import benchmarks
from evalcore.benchmarks import meds_bench, task_file
from evalcore.benchmarks.task_file import Instance
from evalcore.errors import DataError, UsageError
from evalcore.exchange.imported import ImportedTask, Reply, Skipped, Submission, digest_of
from evalcore.types import Entry, LoadedTask, Part, Prompt, Response, Way

FORMAT = "meds-bench"
HEADER = ["task_id", "input", "GT", "output"]
_NAME = re.compile(r"eval_results_.+_[01]_context_[01]_oriINS_(.+)")
_AFTER_OUTPUT = 200  # characters of a chat template behind the last "Output:", at most
_LONGEST_CELL = 10_000_000  # characters


@dataclass(frozen=True)
class Row:
    """One line of the file, read; `where` names it."""

    where: str
    task: str
    prompt: str
    input: str
    gold: str
    output: str


def is_submission(path: Path) -> bool:
    """Told by the file's name, or by its first line."""
    if path.suffix.lower() != ".csv":
        return False
    if _NAME.fullmatch(path.stem):
        return True
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        return next(csv.reader(file), []) == HEADER


def read(path: Path) -> Submission:
    """UsageError where nothing can be imported; single rows that cannot be read are in `skipped`."""
    digest, skipped = digest_of(path), list[Skipped]()
    rows = defaultdict[str, list[Row]](list)
    for one in _rows(path):
        if isinstance(one, Row):
            rows[one.task].append(one)
        else:
            skipped.append(one)
    tasks = [_task(task_id, found, digest, skipped) for task_id, found in rows.items()]
    kept = tuple(task for task in tasks if task.replies)
    if not kept:
        reasons = "; ".join(f"{one.where}: {one.why}" for one in skipped[:3]) or "it has no rows"
        raise UsageError(f"{path} holds nothing that could be imported: {reasons}.")
    return Submission(model_of(path), FORMAT, path.name, digest, kept, tuple(skipped))


def model_of(path: Path) -> str:
    """What stands behind `oriINS_`, else behind the last underscore, as the released scripts take it."""
    named = _NAME.fullmatch(path.stem)
    return named[1] if named else path.stem.rpartition("_")[2]


def _rows(path: Path) -> Iterator[Row | Skipped]:
    csv.field_size_limit(_LONGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            for cells in reader:
                if cells and cells != HEADER:
                    yield _row(cells, f"{path.name} line {reader.line_num}")
    except (csv.Error, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is no CSV file in UTF-8: {error}. Export it again.") from None


def _row(cells: Sequence[str], where: str) -> Row | Skipped:
    if len(cells) != len(HEADER):
        return Skipped(where, f"{len(cells)} columns, not {', '.join(HEADER)}")
    number, prompt, gold, output = cells
    task_id = f"meds_bench/{number.strip()}"
    if not any(line.id == task_id for line in meds_bench.every_line()):
        return Skipped(where, f"there is no task {number[:40]!r} in MedS-Bench")
    if not prompt.strip() or not gold.strip():
        return Skipped(where, f"no {'GT' if prompt.strip() else 'input'} is given")
    return Row(where, task_id, prompt, asked(prompt), gold, output)


def asked(prompt: str) -> str:
    """The item within a whole prompt: from its last line "Input:" to the "Output:" it ends with."""
    found, is_marked, end = f"\n{prompt}".rpartition("\nInput:\n")[2].rpartition("\nOutput:")
    return found if is_marked and len(end) <= _AFTER_OUTPUT else prompt


def _task(task_id: str, rows: Sequence[Row], digest: str, skipped: list[Skipped]) -> ImportedTask:
    """Items are those of the local file where it has every one of them with this gold, else the rows' own."""
    name = f"submission-{digest[:8]}"
    read_rows = list(_entries(task_id, rows, name, skipped))
    loaded = _local(task_id)
    positions = _positions(loaded, read_rows) if loaded else None
    if loaded is None or positions is None:
        loaded = _own(task_id, [entry for _, entry in read_rows])
        positions = list(range(len(read_rows)))
    replies = (
        Reply(position, Response(row.output), _prompt(row))
        for position, (row, _) in zip(positions, read_rows, strict=True)
    )
    return ImportedTask(loaded, Way.GENERATE, tuple(replies))


def _entries(
    task_id: str, rows: Sequence[Row], key_name: str, skipped: list[Skipped]
) -> Iterator[tuple[Row, Entry]]:
    line, seen = meds_bench.line_of(task_id), set[tuple[str, object]]()
    for row in rows:
        instance = next(
            iter(task_file.named([Instance("", row.input, row.gold)], task_id.rpartition("/")[2]))
        )
        try:
            entry = meds_bench.entry(line, instance, key_name=key_name)
        except DataError as error:
            skipped.append(Skipped(row.where, str(error)))
            continue
        if (entry.item.sha, entry.key.acceptable) in seen:
            skipped.append(Skipped(row.where, "this item stands in the file before; its first answer counts"))
            continue
        seen.add((entry.item.sha, entry.key.acceptable))
        yield row, entry


def _local(task_id: str) -> LoadedTask | None:
    task = benchmarks.tasks().get(task_id)
    if task is None or benchmarks.where(task) != "local":
        return None
    return benchmarks.load(task_id, with_examples=False)


def _positions(loaded: LoadedTask, rows: Sequence[tuple[Row, Entry]]) -> list[int] | None:
    known = {(one.item.sha, one.key.acceptable): place for place, one in enumerate(loaded.entries)}
    found = [known.get((entry.item.sha, entry.key.acceptable)) for _, entry in rows]
    whole = [place for place in found if place is not None]
    return whole if len(whole) == len(found) else None


def _own(task_id: str, entries: Sequence[Entry]) -> LoadedTask:
    """A version of its own: it is compared with no run on other items."""
    ids: defaultdict[str, int] = defaultdict(int)
    apart = []
    for entry in task_file.apart(entries):
        ids[entry.item_id] += 1
        again = ids[entry.item_id]
        apart.append(replace(entry, item_id=f"{entry.item_id}-{again}") if again > 1 else entry)
    return LoadedTask(meds_bench.line_of(task_id).task(), tuple(apart), source="imported")


def _prompt(row: Row) -> Prompt | None:
    """Recorded where the file has more than the item itself: then it is what the model read."""
    return Prompt((Part(row.prompt),), "imported") if row.prompt != row.input else None

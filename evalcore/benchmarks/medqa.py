"""MedQA (USMLE), four options: multiple-choice questions of the United States medical licensing examination.

Source: jind11/MedQA (MIT); hub copy GBaker/MedQA-USMLE-4-options-hf (cc-by-sa-4.0 tag), split `test`,
1,273 items. Read: id, sent1 (the question), ending0..ending3, label 0-3. Few-shot pool: split `train`,
where it is at hand. Known defects: see BENCHMARK.defects.
"""

from evalcore import data
from evalcore.benchmarks import gold
from evalcore.errors import DataError
from evalcore.types import Benchmark, Entry, Item, Key, Kind, LoadedTask, Source, Task

BENCHMARK = Benchmark(
    id="medqa",
    title="MedQA",
    tasks=(
        Task(
            id="medqa_4options",
            benchmark="medqa",
            title="MedQA (USMLE, 4 options)",
            kind=Kind.CHOICE,
            language="en",
            metrics=("acc", "acc_norm"),
            source=Source("GBaker/MedQA-USMLE-4-options-hf", split="test", fewshot_split="train"),
            licence="cc-by-sa-4.0 (hub copy); MIT (upstream)",
            size=1273,
            template="harness",
        ),
    ),
    citation="""@article{jin2021disease,
  title={What Disease Does This Patient Have? A Large-Scale Open Domain Question Answering Dataset from
    Medical Exams},
  author={Jin, Di and Pan, Eileen and Oufattole, Nassim and Weng, Wei-Hung and Fang, Hanyi and Szolovits,
    Peter},
  journal={Applied Sciences},
  volume={11},
  number={14},
  pages={6421},
  year={2021}
}""",
    url="https://github.com/jind11/MedQA",
    average="one task",
    defects=(
        "The 5-option edition has the same questions, but its letters differ for 600 of 1,273: never mix "
        "the files.",
        "Public since 2020: models may have been trained on these questions.",
    ),
)


def load(task: Task) -> LoadedTask:
    rows, origin = data.rows(task.source, task.source.split)
    return LoadedTask(task, _entries(rows), source=origin)


def examples(task: Task) -> tuple[Entry, ...]:
    return _entries(data.pool(task.source))


def _entries(rows: list[data.Row]) -> tuple[Entry, ...]:
    return tuple(_entry(number, row) for number, row in enumerate(rows))


def _entry(number: int, row: data.Row) -> Entry:
    place = f"medqa_4options row {number + 1} (id {row.get('id', 'none')})"
    if row.get("ending4") is not None:
        raise DataError(
            f"{place} has five options. This is the 5-option edition. Put the 4-option files there."
        )
    options = gold.lettered([data.text(data.field(row, f"ending{i}", place)) for i in range(4)])
    acceptable = gold.from_index(data.field(row, "label", place), options, place)
    item = Item(data.text(data.field(row, "sent1", place)), options)
    return Entry(data.text(row.get("id")) or str(number), item, Key(acceptable, "medqa"))

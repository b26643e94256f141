"""MedMCQA: Indian medical entrance examinations (AIIMS, NEET PG), single choice of four, 21 subjects.

Source: medmcqa/medmcqa (MIT); hub copy openlifescienceai/medmcqa (apache-2.0 tag). The published 4,183
items are the hub's split `validation`: the labels of its `test` are hidden (cop -1). Read: id, question,
opa..opd, cop (0-based here; the original files count from 1), exp, subject_name, topic_name. Pool: split
`train`.
"""

from evalcore import data, specialties
from evalcore.benchmarks import gold
from evalcore.types import Benchmark, Entry, Item, Key, Kind, LoadedTask, Source, Task

BENCHMARK = Benchmark(
    id="medmcqa",
    title="MedMCQA",
    tasks=(
        Task(
            id="medmcqa",
            benchmark="medmcqa",
            title="MedMCQA",
            kind=Kind.CHOICE,
            language="en",
            metrics=("acc", "acc_norm"),
            source=Source("openlifescienceai/medmcqa", split="validation", fewshot_split="train"),
            licence="apache-2.0 (hub copy); MIT (upstream)",
            size=4183,
            template="harness",
        ),
    ),
    citation="""@inproceedings{pal2022medmcqa,
  title={MedMCQA: A Large-scale Multi-Subject Multi-Choice Dataset for Medical domain Question Answering},
  author={Pal, Ankit and Umapathi, Logesh Kumar and Sankarasubbu, Malaikannan},
  booktitle={Proceedings of the Conference on Health, Inference, and Learning},
  series={Proceedings of Machine Learning Research},
  volume={174},
  pages={248--260},
  year={2022},
  publisher={PMLR}
}""",
    url="https://medmcqa.github.io",
    average="one task",
    defects=(
        "21 items have two options of one text (often 'Not Recalled'): where that text is the gold, both "
        "letters count.",
        "241 items have an option of the form '... above': shuffling their options breaks them.",
        "choice_type 'multi' does not mean several answers: each item has one gold letter.",
        "Gold is spread unevenly: A 32.2 %, D 19.7 %.",
    ),
)

_COLUMNS = ("opa", "opb", "opc", "opd")


def load(task: Task) -> LoadedTask:
    rows, origin = data.rows(task.source, task.source.split)
    return LoadedTask(task, _entries(rows), source=origin)


def examples(task: Task) -> tuple[Entry, ...]:
    return _entries(data.pool(task.source))


def _entries(rows: list[data.Row]) -> tuple[Entry, ...]:
    return tuple(_entry(number, row) for number, row in enumerate(rows))


def _entry(number: int, row: data.Row) -> Entry:
    place = f"medmcqa row {number + 1} (id {row.get('id', 'none')})"
    options = gold.lettered([data.text(data.field(row, name, place)) for name in _COLUMNS])
    acceptable = gold.from_index(data.field(row, "cop", place), options, place)
    item = Item(data.text(data.field(row, "question", place)), options, meta=_meta(row))
    key = Key(acceptable, "medmcqa", rationale=data.text(row.get("exp")))
    return Entry(data.text(row.get("id")) or str(number), item, key)


def _meta(row: data.Row) -> dict[str, str]:
    subject, topic = data.text(row.get("subject_name")), data.text(row.get("topic_name"))
    code = specialties.from_medmcqa(subject) if subject else ""
    return {name: value for name, value in (("subject", code), ("topic", topic)) if value}

"""FrenchMedMCQA: pharmacy examinations in French, five options, one or several of them right.

Source: qanastek/FrenchMedMCQA on GitHub (Apache-2.0 by its badge), corpus/test.json and corpus/dev.json; read
from a folder `qanastek/FrenchMedMCQA` with these files, because the hub's copy is a script that current
libraries refuse. Read: id, question, answers{a..e}, correct_answers. Letters are shown as capitals.
"""

from evalcore import data
from evalcore.benchmarks import gold, task_file
from evalcore.types import Benchmark, Entry, Item, Key, Kind, LoadedTask, Option, Source, Task

BENCHMARK = Benchmark(
    id="frenchmedmcqa",
    title="FrenchMedMCQA",
    tasks=(
        Task(
            id="frenchmedmcqa",
            benchmark="frenchmedmcqa",
            title="FrenchMedMCQA",
            kind=Kind.SEVERAL,
            language="fr",
            metrics=("acc", "option_f1"),
            source=Source("qanastek/FrenchMedMCQA", split="test", fewshot_split="dev"),
            licence="apache-2.0",
            size=622,
        ),
    ),
    citation="""@inproceedings{labrak2022frenchmedmcqa,
  title={FrenchMedMCQA: A French Multiple-Choice Question Answering Dataset for Medical domain},
  author={Labrak, Yanis and Bazoge, Adrien and Dufour, Richard and Daille, Béatrice and Gourraud,
      Pierre-Antoine and Morin, Emmanuel and Rouvier, Mickael},
  booktitle={Proceedings of the 13th International Workshop on Health Text Mining and Information Analysis},
  year={2022}
}""",
    url="https://github.com/qanastek/FrenchMedMCQA",
    average="one task; its paper calls the same accuracy exact match ratio",
    defects=(
        "Of the 301 items with several right answers 82 ask for 'the one that is exact': their wording "
        "misleads.",
    ),
)


def load(task: Task) -> LoadedTask:
    rows, origin = data.rows(task.source, task.source.split)
    return LoadedTask(task, _entries(task, rows), source=origin)


def examples(task: Task) -> tuple[Entry, ...]:
    return _entries(task, data.pool(task.source))


def where(task: Task) -> str:
    return "local" if data.local_files(task.source, task.source.split) else "missing"


def _entries(task: Task, rows: list[data.Row]) -> tuple[Entry, ...]:
    return task_file.apart(_entry(task, row, number) for number, row in enumerate(rows, 1))


def _entry(task: Task, row: data.Row, number: int) -> Entry:
    item_id = data.text(data.field(row, "id", f"{task.id} row {number}"))
    place = f"{task.id} item {item_id}"
    answers = data.field(row, "answers", place)
    options = tuple(Option(label.upper(), data.text(text)) for label, text in answers.items())
    item = Item(
        data.text(data.field(row, "question", place)),
        options,
        language="fr",
        meta={"subject": "pharmacology"},
    )
    letters = ",".join(letter.upper() for letter in data.field(row, "correct_answers", place))
    return Entry(item_id, item, Key(gold.resolve(letters, options, place), task.id))

"""MMLU, the six medical subjects: single choice of four, from examinations and textbooks in English.

Source: hendrycks/test (MIT); hub copy cais/mmlu (mit), one config a subject, split `test`; few-shot pool:
`dev` (five items, shown in file order as the reference harness does). Read: question, choices, answer (0-3).
Item ids are row numbers from 0 (few-shot examples: dev-0 to dev-4). Known defects: see BENCHMARK.defects.
"""

from evalcore import data, specialties
from evalcore.benchmarks import gold
from evalcore.errors import DataError
from evalcore.types import Benchmark, Entry, Item, Key, Kind, LoadedTask, Option, Source, Task

_SUBJECTS = (
    ("anatomy", "Anatomy", 135),
    ("clinical_knowledge", "Clinical Knowledge", 265),
    ("college_biology", "College Biology", 144),
    ("college_medicine", "College Medicine", 173),
    ("medical_genetics", "Medical Genetics", 100),
    ("professional_medicine", "Professional Medicine", 272),
)


def _task(subject: str, title: str, size: int) -> Task:
    return Task(
        id=f"mmlu_{subject}",
        benchmark="mmlu",
        title=f"MMLU {title}",
        kind=Kind.CHOICE,
        language="en",
        metrics=("acc",),
        source=Source("cais/mmlu", config=subject, split="test", fewshot_split="dev"),
        licence="mit",
        size=size,
        subject=subject,
        template="harness",
    )


BENCHMARK = Benchmark(
    id="mmlu",
    title="MMLU (medical subjects)",
    tasks=tuple(_task(*subject) for subject in _SUBJECTS),
    citation="""@inproceedings{hendrycks2021measuring,
  title={Measuring Massive Multitask Language Understanding},
  author={Hendrycks, Dan and Burns, Collin and Basart, Steven and Zou, Andy and Mazeika, Mantas and Song,
      Dawn and
    Steinhardt, Jacob},
  booktitle={International Conference on Learning Representations},
  year={2021}
}""",
    url="https://github.com/hendrycks/test",
    average="unweighted mean of the subjects",
    defects=(
        "78 questions stand in both clinical_knowledge and college_medicine (45 % of the latter), "
        "5 more among one's few-shot examples and the other's test.",
        "One stem ('Which of the following statements is false?') stands twice in each of these two with "
        "other options.",
        "clinical_knowledge has an option set that a spreadsheet turned into times: 2:25, 15:02, 1:05, "
        "30:02:00.",
        "professional_medicine: gold is D in 122 of 272, so that always answering D scores 45 %. "
        "A pre-release had 282 items.",
    ),
)


def load(task: Task) -> LoadedTask:
    rows, origin = data.rows(task.source, task.source.split)
    return LoadedTask(task, _entries(task, rows), source=origin)


def examples(task: Task) -> tuple[Entry, ...]:
    return _entries(task, data.pool(task.source), "dev-")


def _entries(task: Task, rows: list[data.Row], prefix: str = "") -> tuple[Entry, ...]:
    return tuple(_entry(task, row, f"{prefix}{number}") for number, row in enumerate(rows))


def _entry(task: Task, row: data.Row, item_id: str) -> Entry:
    place = f"{task.id} item {item_id}"
    choices = data.field(row, "choices", place)
    if not isinstance(choices, list) or len(choices) != 4 or None in choices:
        raise DataError(
            f"{place}: choices is {str(choices)[:80]!r}, not a list of four. Put the published file there."
        )
    options = gold.lettered([data.text(choice) for choice in choices])
    acceptable = _acceptable(data.field(row, "answer", place), options, place)
    meta = {"subject": specialties.from_mmlu(task.id)}
    item = Item(data.text(data.field(row, "question", place)), options, meta=meta)
    return Entry(item_id, item, Key(acceptable, "mmlu"))


def _acceptable(answer: object, options: tuple[Option, ...], place: str) -> gold.Acceptable:
    if isinstance(answer, str) and answer.strip() in tuple("ABCD"):  # as in the original CSV files
        return gold.resolve(answer, options, place)
    return gold.from_index(answer, options, place)

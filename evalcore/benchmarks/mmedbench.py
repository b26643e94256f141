"""MMedBench: medical examinations in six languages, the answers and the rationales, each a task of its own.

Source: MAGIC-AI4Med/MMedLM; hub copy Henrychur/MMedBench (cc-by-nc-4.0): one MMedBench.zip with Train/ and
Test/, read as it is or unpacked. Read: question, options, answer_idx ("B", "A,C", or a list), rationale (by
GPT-4), human_checked, human_check_passed. Item ids are row numbers from 0, the same in both tasks.

Japanese and French mix items with one and with several right answers, so all of theirs are asked for all that
is right; the others have one. An edition of another language that holds several anywhere is asked that way
too (D7). `acc` is the published accuracy: the whole set, no partial credit.
A rationale is scored only where its check by a person was passed; accuracy is over all items.
"""

from collections.abc import Sequence
from dataclasses import replace

from evalcore import data
from evalcore.benchmarks import gold, task_file
from evalcore.errors import DataError
from evalcore.types import Benchmark, Entry, Item, Key, Kind, LoadedTask, Option, Source, Task

_HUB, _LICENCE = "Henrychur/MMedBench", "cc-by-nc-4.0"
_LANGUAGES = {
    "en": ("English", 1273),
    "zh": ("Chinese", 3426),
    "ja": ("Japanese", 199),
    "fr": ("French", 622),
    "ru": ("Russian", 256),
    "es": ("Spanish", 2742),
}
_SEVERAL = ("ja", "fr")
_EXPLAIN = {
    "en": "Say which option is right, and explain why it is and why the others are not.",
    "zh": "请指出哪个选项正确，并解释它为什么正确、其他选项为什么不正确。",
    "ja": "どの選択肢が正しいかを示し、それが正しい理由と他の選択肢が誤りである理由を説明してください。",
    "fr": "Indiquez quelle proposition est exacte et expliquez pourquoi elle l'est et pourquoi les autres "
    "ne le sont pas.",
    "ru": "Укажите верный вариант и объясните, почему он верен, а остальные нет.",
    "es": "Indique qué opción es correcta y explique por qué lo es y por qué las demás no lo son.",
}
_COMPAT = tuple(f"{name}@mmedbench_compat" for name in ("bleu1", "bleu4", "rouge1", "rougeL"))


def _answers(language: str) -> Task:
    name, size = _LANGUAGES[language]
    is_several = language in _SEVERAL
    return Task(
        id=f"mmedbench/{language}",
        benchmark="mmedbench",
        title=f"MMedBench, {name}",
        kind=Kind.SEVERAL if is_several else Kind.CHOICE,
        language=language,
        metrics=("acc", "option_f1") if is_several else ("acc",),
        source=Source(_HUB, split=f"Test/{name}", fewshot_split=f"Train/{name}"),
        licence=_LICENCE,
        size=size,
        readers=("mmedbench_compat",),
    )


def _rationales(language: str) -> Task:
    return replace(
        _answers(language),
        id=f"mmedbench_rationale/{language}",
        title=f"MMedBench, {_LANGUAGES[language][0]}, rationales",
        kind=Kind.TEXT,
        metrics=("bleu1", "rouge1", "rougeL", *_COMPAT),
        size=None,
        instruction=_EXPLAIN[language],
        readers=(),
    )


BENCHMARK = Benchmark(
    id="mmedbench",
    title="MMedBench",
    tasks=(*map(_answers, _LANGUAGES), *map(_rationales, _LANGUAGES)),
    citation="""@article{qiu2024towards,
  title={Towards building multilingual language model for medicine},
  author={Qiu, Pengcheng and Wu, Chaoyi and Zhang, Xiaoman and Lin, Weixiong and Wang, Haicheng and Zhang, Ya
      and Wang, Yanfeng and Xie, Weidi},
  journal={Nature Communications},
  volume={15},
  pages={8384},
  year={2024}
}""",
    url="https://github.com/MAGIC-AI4Med/MMedLM",
    average="unweighted mean of the six languages, answers and rationales apart",
    defects=(
        "Russian is yes or no about a text that was taken away: guessing is right in 50 %.",
        "The reported share of several-answer items (9.6 % of the test) fits no count of the files.",
        "Rationales are by GPT-4: figures against them, and judges of its family, favour its style.",
        "The released prompt asks for 'the best treatment' whatever the question is; only the template "
        "mmedbench_compat repeats that.",
    ),
)


def load(task: Task) -> LoadedTask:
    rows, origin = data.rows(task.source, task.source.split)
    entries = _entries(task, rows)
    if task.kind is Kind.TEXT:
        return LoadedTask(task, _checked(task, rows, entries), source=origin)
    is_several = any(len(answer) > 1 for entry in entries for answer in entry.key.acceptable)
    kind = Kind.SEVERAL if is_several else task.kind
    return LoadedTask(replace(task, kind=kind), entries, source=origin)


def examples(task: Task) -> tuple[Entry, ...]:
    """The training rows where they are at hand; of rationales those that have one."""
    entries = _entries(task, data.pool(task.source), "train-")
    return tuple(entry for entry in entries if entry.key.acceptable[0][0].strip())


def _checked(task: Task, rows: Sequence[data.Row], entries: Sequence[Entry]) -> tuple[Entry, ...]:
    if not any("human_check_passed" in row for row in rows):
        raise DataError(
            f"{task.id}: the file does not say which rationales passed their check (human_check_passed). "
            "It is another edition. Put the published one there."
        )
    checked = zip(rows, entries, strict=True)
    return tuple(entry for row, entry in checked if row.get("human_check_passed") is True)


def _entries(task: Task, rows: Sequence[data.Row], prefix: str = "") -> tuple[Entry, ...]:
    found = (_entry(task, row, f"{prefix}{place}") for place, row in enumerate(rows))
    return task_file.apart(found)


def _entry(task: Task, row: data.Row, item_id: str) -> Entry:
    place = f"{task.id} item {item_id}"
    meta = {"human_checked": row.get("human_checked") is True}
    question = data.text(data.field(row, "question", place))
    item = Item(question, _options(row, place), language=task.language, meta=meta)
    rationale = data.text(row.get("rationale"))
    if task.kind is Kind.TEXT:
        return Entry(item_id, item, Key(((rationale,),), "mmedbench_rationale"))
    acceptable = gold.resolve(_letters(row, place), item.options, place)
    return Entry(item_id, item, Key(acceptable, "mmedbench", rationale=rationale))


def _options(row: data.Row, place: str) -> tuple[Option, ...]:
    written = data.field(row, "options", place)
    if not isinstance(written, dict):
        raise DataError(f"{place}: options is {str(written)[:80]!r}, not an object of letters and texts.")
    return tuple(Option(label, data.text(text)) for label, text in written.items() if text is not None)


def _letters(row: data.Row, place: str) -> str:
    answer = data.field(row, "answer_idx", place)
    return ",".join(map(data.text, answer)) if isinstance(answer, list) else data.text(answer)

"""UniMedicalEval (GenMedicalEval): Chinese exams, clinical situations and safety norms.

Source: MediaBrain-SJTU/UniMedicalEval. The full set is not public; eight samples are printed, and no licence
is stated. Its clinical items stem from hospital records, so a local copy counts as patient text as a whole.

Two sources, never mixed in one task: a local copy in ROUNDS_DATA_DIR, one file a task, named by the task's
code or its Chinese title,
    MediaBrain-SJTU/UniMedicalEval/report_diagnosis.json (or .jsonl, .parquet; 报告诊断.json,
    报告解读_报告诊断.json), its few-shot pool beside it as report_diagnosis_fewshot.json;
or, where there is no such file, items that we wrote for it (evalcore/demo/items/unimedicaleval, Apache-2.0).
Printed JSON is broken in places: what was mended stands in each item's meta (`repairs`).
A clinical situation whose local file has options is asked as choice, whatever the form of our own items.
"""

import re
from collections import defaultdict
from functools import cache
from pathlib import Path

from evalcore import data
from evalcore.benchmarks import repair
from evalcore.benchmarks.unimedicaleval import rows
from evalcore.benchmarks.unimedicaleval.situations import METRICS, SITUATIONS, Situation
from evalcore.types import Benchmark, Entry, Kind, LoadedTask, Source, Task

HUB_ID = "MediaBrain-SJTU/UniMedicalEval"
_FOLDER = Path(__file__).parents[2] / "demo" / "items" / "unimedicaleval"
_BY_CODE = {situation.code: situation for situation in SITUATIONS}


def benchmark() -> Benchmark:
    return Benchmark(
        id="unimedicaleval",
        title="UniMedicalEval",
        tasks=tuple(_task(situation) for situation in SITUATIONS),
        citation="UniMedicalEval: Towards Unified Medical Evaluation of Large Language Models. "
        "MediaBrain-SJTU, https://github.com/MediaBrain-SJTU/GenMedicalEval",
        url="https://github.com/MediaBrain-SJTU/GenMedicalEval",
        average="none is defined over its three parts; its tables average within each",
        defects=(
            "The published set cannot be downloaded. Without a local copy these are a few items of our own: "
            "they show the forms, and their figures stand beside no published one.",
            "Its printed samples are broken JSON; what was mended is noted on the item.",
            "Counterfactual items as choices show only whether the error was noticed, not whether the model "
            "answered all the same.",
        ),
    )


def load(task: Task) -> LoadedTask:
    situation = _situation(task)
    if not task.source.hub_id:
        return LoadedTask(task, _bundled(task, situation), source="bundled")
    return LoadedTask(task, _local(task, situation, task.source.split), source="local")


def examples(task: Task) -> tuple[Entry, ...]:
    """Local: the pool file beside the task's. Bundled: our items of the same form in the same part, of which
    the item itself and its stem are never shown.
    """
    situation = _situation(task)
    if task.source.hub_id:
        return _local(task, situation, task.source.fewshot_split)
    if task.kind is Kind.DIALOGUE:
        return ()
    own = _bundled(task, situation)
    others = (one for one in SITUATIONS if one is not situation and _is_akin(one, situation))
    more = (entry for one in others for entry in _bundled(_synthetic(one), one))
    return (*own, *more)


def _situation(task: Task) -> Situation:
    return _BY_CODE[task.id.removeprefix("unimedicaleval/")]


def _is_akin(one: Situation, other: Situation) -> bool:
    return one.kind is other.kind and one.part == other.part


def _task(situation: Situation) -> Task:
    """The task over its local file if there is one, else over our own items."""
    names = (situation.code,) if situation.is_exam else (situation.code, situation.chinese)
    for name in names:
        source = Source(HUB_ID, split=name, fewshot_split=f"{name}_fewshot")
        files = data.local_files(source, name)
        if files:
            return _of(situation, _form(files[0], situation), source, is_local=True)
    return _synthetic(situation)


def _synthetic(situation: Situation) -> Task:
    has_pool = situation.kind is not Kind.DIALOGUE
    source = Source(split=situation.code, fewshot_split=situation.code if has_pool else "")
    return _of(situation, situation.kind, source, is_local=False)


def _of(situation: Situation, kind: Kind, source: Source, *, is_local: bool) -> Task:
    has_options = kind in (Kind.CHOICE, Kind.SEVERAL)
    mark = "" if is_local else " [synthetic]"
    return Task(
        id=f"unimedicaleval/{situation.code}",
        benchmark="unimedicaleval",
        title=f"{situation.chinese} ({situation.english}){mark}",
        kind=kind,
        language="zh",
        metrics=METRICS[kind],
        source=source,
        licence="none stated" if is_local else "apache-2.0",
        patient_text=is_local,
        readers=("strict_template",) if has_options else (),
    )


def _form(file: Path, situation: Situation) -> Kind:
    """The form of a local file, told from its start; exams have theirs."""
    start = "" if situation.is_exam else _start(file, file.stat().st_mtime_ns)
    if not re.search(r'"option"\s*:\s*\{\s*"', start) or situation.kind is Kind.SEVERAL:
        return situation.kind
    return Kind.SEVERAL if "多项选择题" in start else Kind.CHOICE


@cache
def _start(file: Path, changed_ns: int) -> str:
    """The first items of a file as text; a changed file is read anew."""
    return data.beginning(file, 16_384) if changed_ns else ""


def _bundled(task: Task, situation: Situation) -> tuple[Entry, ...]:
    found = data.read_file(_FOLDER / f"{situation.code}.jsonl")
    return tuple(rows.entry(task, situation, row) for row in found)


def _local(task: Task, situation: Situation, split: str) -> tuple[Entry, ...]:
    files = data.local_files(task.source, split)
    found: list[data.Row] = []
    for file in files:
        read, repairs = repair.read_file(file)
        told: dict[int, list[str]] = defaultdict(list)
        for one in repairs:
            told[one.row].append(str(one))
        found += (
            {**row, "_repairs": told[place]} if place in told else row for place, row in enumerate(read)
        )
    return tuple(rows.published(task, situation, row, number) for number, row in enumerate(found, 1))

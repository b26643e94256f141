"""Free-text evidence for the tests of text metrics, and the published outputs they are held against."""

import csv
from pathlib import Path

from evalcore.metrics.evidence import Evidence, Result
from evalcore.metrics.text import METRICS
from evalcore.types import Answer, AnswerState, Item, Key, Kind, Response

PUBLISHED = "upstream/meds_bench_submission/eval_results_Rationale_1_context_1_oriINS_MMedS-Llama3.csv"
LANGUAGES = {"task51": "zh", "task52": "en", "task53": "fr", "task54": "ja", "task55": "ru", "task56": "es"}


def evidence(
    said: str, language: str = "en", *, span: tuple[int, int] | None = None, **meta: str
) -> Evidence:
    answer = Answer((), AnswerState.READ, "whole", "robust", 1, span)
    return Evidence(Item("Why?", language=language, meta=meta), Response(said), answer, kind=Kind.TEXT)


def key(*references: str) -> Key:
    return Key(tuple((text,) for text in references), "test")


def scored(metric: str, said: str, *references: str, language: str = "en", **meta: str) -> Result:
    return METRICS[metric](evidence(said, language, **meta), key(*references))


def value(metric: str, said: str, *references: str, language: str = "en", **meta: str) -> float | None:
    return scored(metric, said, *references, language=language, **meta)[0]


def published(data_dir: Path) -> dict[str, list[tuple[str, str]]]:
    """The 300 rationales that a model wrote in six languages, each with its reference, by language."""
    found: dict[str, list[tuple[str, str]]] = {language: [] for language in LANGUAGES.values()}
    with (data_dir / PUBLISHED).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[LANGUAGES[row["task_id"]]].append((row["output"], row["GT"]))
    return found

"""PubMedQA's baselines, computed with our own metrics from the published annotations, to four digits."""

import json

import pytest

from evalcore import metrics, reference
from evalcore.metrics import Evidence, Scored
from evalcore.types import Answer, AnswerState, Item, Key, Option, Response

OPTIONS = tuple(Option(word, word) for word in ("yes", "no", "maybe"))


def figures(said: list[str], gold: list[str]) -> dict[str, str]:
    found = {}
    for metric in ("acc", "macro_f1"):
        scored = [one(metric, word, truth) for word, truth in zip(said, gold, strict=True)]
        summary = metrics.summarise(metric, scored)
        assert (summary.n, summary.unscored) == (500, 0)
        found[metric] = f"{summary.value:.4f}"
    return found


def one(metric: str, word: str, truth: str) -> Scored:
    key = Key(((truth,),), "pubmedqa")
    answer = Answer((word,), AnswerState.READ, "said", "robust", 1)
    score = metrics.score(metric, Evidence(Item("?", OPTIONS), Response(word), answer), key)
    return Scored(score.value, score.parts, (word,), key.acceptable)


@pytest.fixture
def annotated(data_dir):
    """Gold and what a person who read the abstract said, on the 500 official test items."""
    folder = data_dir / "upstream" / "pubmedqa"
    rows = json.loads((folder / "ori_pqal.json").read_text("utf-8"))
    gold = json.loads((folder / "test_ground_truth.json").read_text("utf-8"))
    return [(truth, rows[pmid]) for pmid, truth in gold.items()]


def published(model: str) -> dict[str, str]:
    rows = [row for row in reference.published() if row.kind == "own" and row.model == model]
    return {row.metric: f"{row.value:.4f}" for row in rows}


def test_the_human_baseline_that_reads_the_abstract(annotated):
    said = [row["reasoning_required_pred"] for _, row in annotated]
    found = figures(said, [truth for truth, _ in annotated])
    assert found == {"acc": "0.7800", "macro_f1": "0.7219"} == published("human (reasoning-required)")


def test_the_human_baseline_that_reads_the_conclusion_too(annotated):
    said = [row["reasoning_free_pred"] for _, row in annotated]
    found = figures(said, [truth for truth, _ in annotated])
    assert found == {"acc": "0.9040", "macro_f1": "0.8418"} == published("human (reasoning-free)")


def test_d18_always_yes_scores_the_majority_class(annotated):
    found = figures(["yes"] * 500, [truth for truth, _ in annotated])
    assert found == {"acc": "0.5520", "macro_f1": "0.2371"} == published("majority class (yes)")

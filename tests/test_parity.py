"""Prompts, continuations and golds are those of lm-evaluation-harness 0.4.13, run on the same real files."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from evalcore import benchmarks
from evalcore.prompts import render, shots_in_order
from evalcore.types import Way

SCRIPT = Path(__file__).with_name("harness_requests.py")
MMLU = [name for name in benchmarks.LEADERBOARD if name.startswith("mmlu_")]
ITEMS = {
    "medmcqa": 4183,
    "medqa_4options": 1273,
    "mmlu_anatomy": 135,
    "mmlu_clinical_knowledge": 265,
    "mmlu_college_biology": 144,
    "mmlu_college_medicine": 173,
    "mmlu_medical_genetics": 100,
    "mmlu_professional_medicine": 272,
    "pubmedqa": 500,
}


def harness(jobs: list[dict], folder: Path) -> list[dict]:
    out = folder / "requests.jsonl"
    offline = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HOME": str(folder / "home")}
    command = [sys.executable, str(SCRIPT), json.dumps(jobs), str(out)]
    done = subprocess.run(command, env={**os.environ, **offline}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def mmlu_job(hub: Path, task: str, *, shots: int = 0, chat: bool = False) -> dict:
    folder = hub / "cais/mmlu" / task.removeprefix("mmlu_")
    files = {split: str(folder / f"{split}-00000-of-00001.parquet") for split in ("test", "dev")}
    return {
        "task": task, "yaml": f"mmlu/default/{task}.yaml", "format": "parquet",
        "files": files, "shots": shots, "chat": chat,
    }  # fmt: skip


def other_jobs(hub: Path, *, chat: bool = False) -> list[dict]:
    medqa = hub / "GBaker/MedQA-USMLE-4-options-hf/test.json"
    medmcqa = hub / "openlifescienceai/medmcqa/data/validation-00000-of-00001.parquet"
    pubmedqa = hub / "bigbio/pubmed_qa/pubmed_qa_labeled_fold0_source/test-00000-of-00001.parquet"
    rows = [
        ("medqa_4options", "medqa/medqa.yaml", "json", {"test": str(medqa)}),
        ("medmcqa", "medmcqa/medmcqa.yaml", "parquet", {"validation": str(medmcqa)}),
        ("pubmedqa", "pubmedqa/pubmedqa.yaml", "parquet", {"test": str(pubmedqa)}),
    ]
    names = ("task", "yaml", "format", "files")
    return [{**dict(zip(names, row, strict=True)), "shots": 0, "chat": chat} for row in rows]


def ours(task_id: str, *, shots: int = 0, chat: bool = False, sampler: str = "first_n") -> list[dict]:
    loaded = benchmarks.load(task_id)
    shown = shots_in_order(loaded, shots, sampler)
    lines = []
    for entry, examples in zip(loaded.entries, shown, strict=True):
        prompt = render(entry.item, task=loaded.task, way=Way.RANK, shots=examples, chat=chat)
        lines.append({
            "task": task_id,
            "shots": shots,
            "chat": chat,
            "context": json.dumps(prompt.messages) if chat else prompt.text,
            "continuations": list(prompt.targets),
            "gold": entry.key.acceptable[0][0],
        })  # fmt: skip
    return lines


@pytest.fixture(scope="module")
def hub(data_dir, tmp_path_factory):
    folder = data_dir / "hub"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROUNDS_DATA_DIR", str(folder))
        yield folder


@pytest.fixture(scope="module")
def peer(hub, tmp_path_factory):
    """Every request of the harness: nine tasks 0-shot, plain and chat; MMLU also 5-shot, plain and chat."""
    jobs = [job for chat in (False, True) for job in other_jobs(hub, chat=chat)]
    jobs += [
        mmlu_job(hub, task, shots=k, chat=chat) for task in MMLU for k in (0, 5) for chat in (False, True)
    ]
    found: dict[tuple, list[dict]] = {}
    for line in harness(jobs, tmp_path_factory.mktemp("harness")):
        found.setdefault((line["task"], line["shots"], line["chat"]), []).append(line)
    return found


@pytest.mark.parametrize("chat", [False, True], ids=["plain", "chat"])
@pytest.mark.parametrize("task_id", benchmarks.LEADERBOARD)
def test_every_item_without_examples_is_asked_as_the_harness_asks_it(task_id, chat, peer):
    expected = peer[task_id, 0, chat]
    assert len(expected) == ITEMS[task_id]
    assert ours(task_id, chat=chat) == expected


@pytest.mark.parametrize("chat", [False, True], ids=["plain", "chat"])
@pytest.mark.parametrize("task_id", MMLU)
def test_every_mmlu_item_with_five_examples_is_asked_as_the_harness_asks_it(task_id, chat, peer):
    expected = peer[task_id, 5, chat]
    assert len(expected) == ITEMS[task_id]
    assert ours(task_id, shots=5, chat=chat) == expected


def test_the_nine_tasks_hold_7045_items():
    assert sum(ITEMS.values()) == 7045
    assert {task.id: task.size for task in benchmarks.select(benchmarks.LEADERBOARD)} == ITEMS


def test_the_pubmedqa_rows_of_both_hub_datasets_are_the_same_items_in_the_same_order(
    hub, tmp_path, monkeypatch
):
    from_qiaojin = benchmarks.load("pubmedqa")
    (tmp_path / "bigbio").symlink_to(hub / "bigbio")
    monkeypatch.setenv("ROUNDS_DATA_DIR", str(tmp_path))
    from_bigbio = benchmarks.load("pubmedqa")
    assert from_bigbio.entries == from_qiaojin.entries
    assert from_bigbio.version == from_qiaojin.version
    assert len(from_qiaojin.fewshot) == 500
    assert not {e.item_id for e in from_qiaojin.fewshot} & {e.item_id for e in from_qiaojin.entries}


def test_pubmedqa_golds_are_the_published_ground_truth(hub, data_dir):
    truth = json.loads((data_dir / "upstream/pubmedqa/test_ground_truth.json").read_text("utf-8"))
    golds = {entry.item_id: entry.key.acceptable for entry in benchmarks.load("pubmedqa").entries}
    assert golds == {pmid: ((word,),) for pmid, word in truth.items()}


def test_no_test_item_of_a_task_is_among_its_own_examples_but_five_are_among_its_neighbours(hub):
    """benchmarks.md D20; why first_n may pass over the item itself and still equal the harness."""

    def same(item):
        return item.question.strip(), frozenset(option.text for option in item.options)

    loaded = {task_id: benchmarks.load(task_id) for task_id in MMLU}
    tests = {task_id: Counter(same(e.item) for e in task.entries) for task_id, task in loaded.items()}
    shared = [
        (pool, test)
        for pool in MMLU for entry in loaded[pool].fewshot for test in MMLU if tests[test][same(entry.item)]
    ]  # fmt: skip
    pair = {"mmlu_clinical_knowledge", "mmlu_college_medicine"}
    assert len(shared) == 5
    assert all({pool, test} == pair for pool, test in shared)


def test_examples_drawn_at_random_are_those_the_harness_draws(tmp_path, monkeypatch):
    folder = tmp_path / "GBaker/MedQA-USMLE-4-options-hf"
    folder.mkdir(parents=True)
    for split, size in (("train", 12), ("test", 30)):
        rows = [
            {"id": f"{split}-{i}", "sent1": f"{split} question {i}?", "sent2": "", "label": i % 4,
             **{f"ending{k}": f"option {i}.{k}" for k in range(4)}}
            for i in range(size)
        ]  # fmt: skip
        (folder / f"{split}.json").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    files = {split: str(folder / f"{split}.json") for split in ("train", "test")}
    job = {"task": "medqa_4options", "yaml": "medqa/medqa.yaml", "format": "json",
           "files": files, "shots": 3, "chat": False}  # fmt: skip
    monkeypatch.setenv("ROUNDS_DATA_DIR", str(tmp_path))
    expected = harness([job], tmp_path)
    assert len({line["context"].split("\n")[0] for line in expected}) > 1
    assert ours("medqa_4options", shots=3, sampler="harness_random") == expected

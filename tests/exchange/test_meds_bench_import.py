"""MedS-Bench submissions: the published example in full, and small written ones with what goes wrong."""

import csv
import shutil

import pytest

from evalcore import report, runs
from evalcore.errors import UsageError
from evalcore.exchange import imported, meds_bench
from evalcore.exchange.records import iterate
from evalcore.store import runs as run_rows
from evalcore.types import Way

NAME = "eval_results_MCQA_1_context_1_oriINS_my_model.csv"
CHOICE = "Question: Which drug?\nOptions: A: aspirin\tB: heparin\t"
PUBLISHED = {
    "en": (52, 38.22, 46.44), "fr": (53, 39.24, 45.73), "ja": (54, 36.83, 53.31),
    "ru": (55, 23.71, 32.04), "es": (56, 36.42, 45.24), "zh": (51, 35.35, 51.50),
}  # fmt: skip
"""Task, ROUGE-L and BLEU-1 of the 300 published outputs, computed with the released scorers (x 100)."""


@pytest.fixture
def hub(data_dir, monkeypatch):
    monkeypatch.setenv("ROUNDS_DATA_DIR", str(data_dir / "hub"))
    return data_dir / "hub"


@pytest.fixture
def nothing_here(tmp_path, monkeypatch):
    monkeypatch.setenv("ROUNDS_DATA_DIR", str(tmp_path / "none"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))


@pytest.fixture
def example(data_dir):
    (file,) = (data_dir / "upstream/meds_bench_submission").glob("eval_results_*.csv")
    return file


def write(tmp_path, *rows, name=NAME, header=meds_bench.HEADER):
    path = tmp_path / name
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows] if header else rows)
    return path


def scored(store, submission):
    code = imported.put(store, submission)
    with store.read() as transaction:
        run_id = run_rows.get_run(transaction, code).id
    runs.score_waiting(store, run_id)
    return code


def test_the_300_published_outputs_give_the_released_figures(store, hub, example):
    code = scored(store, meds_bench.read(example))
    result = report.run_result(store, code)
    assert (result.status, result.items) == ("finished", 300)
    for number, rouge, bleu in PUBLISHED.values():
        metrics = result.tasks[f"meds_bench/task{number}"].metrics
        assert 100 * metrics["rougeL@medsbench_compat"].value == pytest.approx(rouge, abs=0.01)
        assert 100 * metrics["bleu1@medsbench_compat"].value == pytest.approx(bleu, abs=0.05)
        assert metrics["rougeL"].n == 50


def test_an_imported_run_says_where_it_came_from_and_what_was_read(store, hub, example):
    code = scored(store, meds_bench.read(example))
    (row,) = report.runs_overview(store)
    assert (row.code, row.model, row.status) == (code, "MMedS-Llama3", "finished")
    assert row.origin["kind"] == "imported" and row.origin["format"] == "meds-bench"
    assert len(row.origin["sha256"]) == 64
    first = next(iterate(store, code))
    assert first.item == "task52-0" and first.response.text.startswith(
        "The patient's symptoms and laboratory"
    )
    assert first.prompt.text.startswith("<|begin_of_text|>")  # the file holds what the model read
    assert first.gold[0][0].startswith("The most likely cause")


def test_items_of_the_local_file_stand_in_the_same_version_as_our_own_runs(hub, example):
    for task in meds_bench.read(example).tasks:
        assert (task.loaded.source, task.way) == ("local", Way.GENERATE)
        assert len({reply.position for reply in task.replies}) == 50


def test_without_the_data_the_rows_make_a_version_of_their_own(nothing_here, example):
    (task, *others) = meds_bench.read(example).tasks
    assert len(others) == 5 and task.loaded.source == "imported"
    entry = task.loaded.entries[0]
    assert entry.item.question.startswith("Question: Two weeks after undergoing")
    assert entry.key.name.startswith("submission-")


def test_the_same_file_twice_is_the_same_run_whatever_it_is_called(store, hub, example, tmp_path):
    code = imported.put(store, meds_bench.read(example))
    other = tmp_path / "eval_results_Rationale_1_context_1_oriINS_Renamed.csv"
    shutil.copy(example, other)
    assert imported.put(store, meds_bench.read(other)) == code
    assert len(report.runs_overview(store)) == 1


def test_a_deleted_run_comes_back_when_its_file_is_imported_again(store, hub, example):
    code = scored(store, meds_bench.read(example))
    runs.delete(store, code)
    assert report.runs_overview(store) == ()
    assert scored(store, meds_bench.read(example)) == code
    assert len(report.runs_overview(store)) == 1


def test_choices_are_read_and_scored_by_ours_and_by_the_released_rule(store, nothing_here, tmp_path):
    path = write(
        tmp_path,
        ("task57", CHOICE, "The right answer is B: heparin", "Because of A I choose.\nThe answer is B."),
        ("task57", CHOICE.replace("drug", "one"), "The right answer is A: aspirin", ""),
        name=NAME,
    )
    tasks = report.run_result(store, scored(store, meds_bench.read(path))).tasks
    metrics = tasks["meds_bench/task57"].metrics
    assert (metrics["acc"].value, metrics["acc"].n) == (0.5, 2)
    assert metrics["acc@medsbench_compat"].value == 0.5  # the B of "Because"
    assert tasks["meds_bench/task57"].answers["empty"] == 1


def test_bad_rows_are_named_and_the_good_ones_kept(nothing_here, tmp_path):
    good = ("task57", CHOICE, "B", "B")
    path = write(
        tmp_path,
        good,
        ("task57", CHOICE, "B"),
        ("task999", CHOICE, "B", "B"),
        ("task57", CHOICE.replace("drug", "one"), "Z", "B"),
        ("task57", "no options", "B", "B"),
        ("task57", "", "B", "B"),
        ("task57", CHOICE, "", "B"),
        good,
    )
    read = meds_bench.read(path)
    assert [len(task.replies) for task in read.tasks] == [1]
    reasons = [one.why for one in read.skipped]
    assert [
        part in why
        for part, why in zip(
            (
                "3 columns",
                "'task999'",
                "no input",
                "no GT",
                "gold is 'Z'",
                "no options A, B",
                "stands in the file before",
            ),
            reasons,
            strict=True,
        )
    ] == [True] * 7
    assert read.skipped[0].where == f"{NAME} line 5"  # lines, not rows: an input spans several


def test_a_file_without_its_header_is_read_by_position(nothing_here, tmp_path):
    assert len(meds_bench.read(write(tmp_path, ("task57", CHOICE, "B", "B"), header=None)).tasks) == 1


@pytest.mark.parametrize(
    ("name", "model"),
    [
        (NAME, "my_model"),
        ("eval_results_NER_0_context_1_oriINS_GPT-4.csv", "GPT-4"),
        ("answers_of_Llama.csv", "Llama"),
    ],
)
def test_the_model_is_named_by_the_file(tmp_path, name, model):
    assert meds_bench.model_of(tmp_path / name) == model


def test_a_submission_is_told_by_its_name_or_its_header(tmp_path):
    assert meds_bench.is_submission(tmp_path / NAME)
    assert meds_bench.is_submission(write(tmp_path, name="a.csv"))
    assert not meds_bench.is_submission(write(tmp_path, name="b.csv", header=["question", "answer"]))
    assert not meds_bench.is_submission(tmp_path / "c.json")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"task_id,input,GT,output\n", b"a,b\n1,2\n"])
def test_a_file_with_nothing_to_import_is_the_users_mistake(nothing_here, tmp_path, content):
    path = tmp_path / NAME
    path.write_bytes(content)
    with pytest.raises(UsageError):
        meds_bench.read(path)


@pytest.mark.parametrize(
    ("prompt", "item"),
    [
        ("Input:\nq\nOutput:\n", "q"),
        (
            "Input:\na\n\nOutput:\nb\n\n\nDo so.<|user|>\n\nInput:\nq\nOutput:\nr\nOutput:<|end|>\n\n",
            "q\nOutput:\nr",
        ),
        ("Question: q", "Question: q"),
        ("Input:\nq", "Input:\nq"),
    ],
)
def test_the_item_is_what_follows_the_last_input(prompt, item):
    assert meds_bench.asked(prompt) == item

import pytest

from evalcore import benchmarks, specialties
from evalcore.errors import DataError, UsageError
from evalcore.types import Kind


def ids(*patterns):
    return [task.id for task in benchmarks.select(patterns)]


def test_the_leaderboard_tasks_come_in_its_order():
    """Order of the leaderboard's result files: benchmarks.md A1."""
    assert benchmarks.LEADERBOARD == (
        "medmcqa", "medqa_4options", "mmlu_anatomy", "mmlu_clinical_knowledge", "mmlu_college_biology",
        "mmlu_college_medicine", "mmlu_medical_genetics", "mmlu_professional_medicine", "pubmedqa",
    )  # fmt: skip
    assert ids(*benchmarks.LEADERBOARD) == list(benchmarks.LEADERBOARD)


def test_globs_choose_tasks_in_the_order_asked_and_each_once():
    chosen = ids("pubmedqa", "mmlu_college_*", "mmlu_*")
    assert chosen[:3] == ["pubmedqa", "mmlu_college_biology", "mmlu_college_medicine"]
    assert len(chosen) == len(set(chosen)) == 7


def test_an_unknown_task_is_told_with_the_nearest_names():
    with pytest.raises(UsageError, match=r"no task 'medqa_4option'. Did you mean medqa_4options"):
        benchmarks.select(["medqa_4option"])
    with pytest.raises(UsageError, match="`python -m evalcore tasks` lists all"):
        benchmarks.load("zzzzzz/###")
    with pytest.raises(UsageError, match="No task was named"):
        benchmarks.select([])


def test_every_task_belongs_to_its_benchmark_and_names_licence_and_citation():
    for benchmark in benchmarks.benchmarks():
        assert benchmark.citation and benchmark.defects
        assert benchmark.tasks or benchmark.id == "mine"  # what people bring
        assert all(task.benchmark == benchmark.id and task.licence for task in benchmark.tasks)


def test_a_task_without_data_says_so_and_its_load_says_how_to_get_them(copies):
    found = {name: benchmarks.where(task) for name, task in benchmarks.tasks().items()}
    assert {found[name] for name in benchmarks.LEADERBOARD} == {"missing"}
    assert {place for name, place in found.items() if name.startswith("demo/")} == {"bundled"}
    with pytest.raises(DataError, match="hf download qiaojin/PubMedQA --repo-type dataset"):
        benchmarks.load("pubmedqa")


def test_a_bigbio_copy_alone_makes_pubmedqa_local(tmp_path, monkeypatch):
    folder = tmp_path / "bigbio/pubmed_qa/pubmed_qa_labeled_fold0_source"
    folder.mkdir(parents=True)
    (folder / "test.parquet").touch()
    monkeypatch.setenv("ROUNDS_DATA_DIR", str(tmp_path))
    assert benchmarks.where(benchmarks.tasks()["pubmedqa"]) == "local"


def test_every_demo_item_loads_with_a_key_a_source_and_a_known_specialty():
    for task in benchmarks.select(["demo/*"]):
        for entry in benchmarks.load(task.id).entries:
            assert entry.key.acceptable and entry.key.source, entry.item_id
            assert entry.item.meta["subject"] in specialties.CODES, entry.item_id
            assert entry.item.language == task.language


@pytest.mark.parametrize(
    ("task_id", "kind", "metrics"),
    [
        ("demo/en_choice", Kind.CHOICE, ("acc", "acc_norm")),
        ("demo/zh_several", Kind.SEVERAL, ("exact_set", "option_f1")),
        ("demo/zh_safety_right_to_know", Kind.SEVERAL, ("exact_set", "option_f1")),
        ("demo/zh_safety_counterfactual", Kind.CHOICE, ("acc", "acc_norm")),
        ("demo/en_abstract", Kind.YES_NO_MAYBE, ("acc", "macro_f1")),
        ("demo/en_open", Kind.TEXT, ()),
        ("pubmedqa", Kind.YES_NO_MAYBE, ("acc", "macro_f1")),
        ("mmlu_anatomy", Kind.CHOICE, ("acc",)),
        ("medmcqa", Kind.CHOICE, ("acc", "acc_norm")),
    ],
)
def test_kind_and_metrics_of_a_task(task_id, kind, metrics):
    task = benchmarks.tasks()[task_id]
    assert (task.kind, task.metrics) == (kind, metrics)


def test_questions_about_one_patient_share_their_group_and_their_text():
    groups: dict[str, set[str]] = {}
    for entry in benchmarks.load("demo/zh_case").entries:
        groups.setdefault(entry.group, set()).add(entry.item.context)
    assert len(groups) > 1
    assert "" not in groups
    assert all(len(texts) == 1 for texts in groups.values())


def test_what_the_demo_models_were_taught_is_nowhere_in_an_item_or_key():
    entry = benchmarks.load("demo/en_choice").entries[0]
    assert set(entry.item.meta) == {"subject"}

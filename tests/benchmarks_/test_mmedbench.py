"""MMedBench from the real files and from small written ones in its published forms."""

import json
import zipfile
from collections import Counter
from math import isclose

import pytest

from evalcore import benchmarks, metrics
from evalcore.answers import read
from evalcore.errors import DataError
from evalcore.types import Finish, Kind, Response

LANGUAGES = ("en", "zh", "ja", "fr", "ru", "es")
NAMES = {"en": "English", "zh": "Chinese", "ja": "Japanese", "fr": "French", "ru": "Russian", "es": "Spanish"}


@pytest.fixture
def copy(copies):
    """An empty local copy of the dataset, and no hub."""
    folder = copies / "Henrychur/MMedBench"
    folder.mkdir(parents=True)
    return folder


def row(**changes):
    return {
        "question": "Which?",
        "options": {"A": "w", "B": "x", "C": "y"},
        "answer_idx": "B",
        "rationale": "Because.",
        "human_checked": True,
        "human_check_passed": True,
        **changes,
    }


def put(folder, rows, language="en", part="Test"):
    path = folder / part / f"{NAMES[language]}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in rows), "utf-8")


def score(task_id, reply, metric, reader="robust"):
    """The first item's score of a written reply."""
    loaded = benchmarks.load(task_id)
    entry = loaded.entries[0]
    answer = read(reply, entry.item, loaded.task.kind, reader=reader)
    evidence = metrics.Evidence(entry.item, Response(reply, finish=Finish.STOP), answer, (), loaded.task.kind)
    return metrics.score(metric, evidence, entry.key).value


def test_the_real_files_give_fifty_items_a_language_and_a_rationale_for_each(hub):
    for language in LANGUAGES:
        answers, rationales = (
            benchmarks.load(f"{name}/{language}") for name in ("mmedbench", "mmedbench_rationale")
        )
        assert len(answers.entries) == len(rationales.entries) == 50
        assert all(entry.item.language == language for entry in answers.entries)
        pairs = zip(answers.entries, rationales.entries, strict=True)
        assert all(a.item.sha == b.item.sha and a.key.name != b.key.name for a, b in pairs)
    first = benchmarks.load("mmedbench/zh").entries[0]
    assert first.item.text_of("B") == "12～48小时" and first.key.acceptable == (("B",),)


def test_d7_items_with_several_answers_are_counted_not_believed(hub):
    """The reported share is 9.6 %; these 300 items hold six, all Japanese."""
    sizes = {
        language: Counter(len(e.key.acceptable[0]) for e in benchmarks.load(f"mmedbench/{language}").entries)
        for language in LANGUAGES
    }
    assert sizes["ja"] == {1: 44, 2: 5, 3: 1}
    assert all(sizes[language] == {1: 50} for language in LANGUAGES if language != "ja")
    kinds = {language: benchmarks.load(f"mmedbench/{language}").task.kind for language in LANGUAGES}
    assert {language for language, kind in kinds.items() if kind is Kind.SEVERAL} == {"ja", "fr"}


def test_d7_an_edition_with_several_answers_elsewhere_is_asked_for_all_of_them(copy):
    put(copy, [row(), row(question="And?", answer_idx="A,C")], "zh")
    loaded = benchmarks.load("mmedbench/zh")
    assert loaded.task.kind is Kind.SEVERAL
    assert loaded.entries[1].key.acceptable == (("A", "C"),)


@pytest.mark.parametrize("gold", ["A,C", "A, C", "AC", ["A", "C"], ["C", "A"], "C,A"])
def test_d13_letters_are_a_set_however_they_are_written(copy, gold):
    put(copy, [row(answer_idx=gold)], "fr")
    assert benchmarks.load("mmedbench/fr").entries[0].key.acceptable == (("A", "C"),)


@pytest.mark.parametrize(
    ("reply", "ours", "released"),
    [
        ("###Answer: OPTION A,C IS CORRECT.", 1.0, 1.0),
        ("OPTION A, C IS CORRECT.", 1.0, 0.0),  # its second part is " C"
        ("Réponse : A, C", 1.0, 0.0),  # no fixed phrase
        ("###Answer: OPTION A IS CORRECT.", 0.0, 0.0),  # no partial credit
        ("###Answer: OPTION A,C IS CORRECT", 1.0, 0.0),  # without its period the phrase stays
    ],
)
def test_d13_where_the_released_accuracy_differs_from_ours(copy, reply, ours, released):
    put(copy, [row(answer_idx="A,C")], "fr")
    assert score("mmedbench/fr", reply, "acc") == ours
    assert score("mmedbench/fr", reply, "acc@mmedbench_compat", "mmedbench_compat") == released


def test_a_rationale_is_scored_only_where_its_check_by_a_person_was_passed(copy):
    put(
        copy, [row(), row(question="b", human_check_passed=False), row(question="c", human_check_passed=True)]
    )
    assert [entry.item_id for entry in benchmarks.load("mmedbench_rationale/en").entries] == ["0", "2"]
    assert len(benchmarks.load("mmedbench/en").entries) == 3


def test_a_file_that_says_nothing_of_the_check_is_refused_for_rationales(copy):
    put(copy, [{name: value for name, value in row().items() if not name.startswith("human")}])
    assert benchmarks.load("mmedbench/en").entries
    with pytest.raises(DataError, match=r"mmedbench_rationale/en: the file does not say which rationales"):
        benchmarks.load("mmedbench_rationale/en")


def test_a_gold_outside_the_options_is_refused_by_name(copy):
    put(copy, [row(), row(answer_idx="E")])
    with pytest.raises(DataError, match=r"mmedbench/en item 1: gold is 'E', but there are 3 options"):
        benchmarks.load("mmedbench/en")


def test_one_question_with_two_golds_is_two_items_with_keys_apart(copy):
    put(copy, [row(), row(answer_idx="C"), row()])
    entries = benchmarks.load("mmedbench/en").entries
    assert [entry.key.name for entry in entries] == ["mmedbench", "mmedbench#2", "mmedbench"]


def test_d18_the_chance_of_yes_or_no_is_a_half_and_of_several_answers_far_less(hub):
    chance = {
        language: metrics.chance_level(
            (loaded := benchmarks.load(f"mmedbench/{language}")).entries, loaded.task.kind
        )
        for language in LANGUAGES
    }
    assert chance["ru"] == 0.5
    assert isclose(chance["fr"], 1 / 31)  # sets of five options, the empty one left out
    assert isclose(chance["en"], 0.25)


def test_the_zip_as_published_gives_what_its_files_give_unpacked(copy, tmp_path):
    put(tmp_path / "loose", [row(), row(question="Größe?")])
    put(tmp_path / "loose", [row(question="train")], part="Train")
    with zipfile.ZipFile(copy / "MMedBench.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("__MACOSX/MMedBench/Test/._English.jsonl", b"\x00")
        for part in ("Test", "Train"):
            archive.write(tmp_path / f"loose/{part}/English.jsonl", f"MMedBench/{part}/English.jsonl")
    zipped = benchmarks.load("mmedbench/en")
    assert [entry.item.question for entry in zipped.entries] == ["Which?", "Größe?"]
    assert [entry.item_id for entry in zipped.fewshot] == ["train-0"]
    (copy / "MMedBench.zip").unlink()
    put(copy, [row(), row(question="Größe?")])
    assert benchmarks.load("mmedbench/en").version == zipped.version


def test_the_hubs_zip_is_read_from_the_cache_of_this_machine(copy, tmp_path):
    repository = tmp_path / "hf/hub/datasets--Henrychur--MMedBench"
    snapshot = repository / "snapshots/0123456789abcdef0123456789abcdef01234567"
    snapshot.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs/main").write_text(snapshot.name)
    with zipfile.ZipFile(snapshot / "MMedBench.zip", "w") as archive:
        archive.writestr("MMedBench/Test/English.jsonl", json.dumps(row()))
        archive.writestr("MMedBench/Train/English.jsonl", json.dumps(row(question="t")))
    loaded = benchmarks.load("mmedbench/en")
    assert (len(loaded.entries), len(loaded.fewshot), loaded.source) == (1, 1, "hub")


def test_a_damaged_zip_is_named(copy):
    (copy / "MMedBench.zip").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(DataError, match=r"MMedBench.zip is no whole zip file"):
        benchmarks.load("mmedbench/en")


def test_without_training_rows_there_are_no_examples_and_with_them_only_those_that_have_a_rationale(copy):
    put(copy, [row()])
    assert benchmarks.load("mmedbench_rationale/en").fewshot == ()
    put(copy, [row(question="t", rationale=""), row(question="u")], part="Train")
    assert [entry.item_id for entry in benchmarks.load("mmedbench_rationale/en").fewshot] == ["train-1"]
    assert len(benchmarks.load("mmedbench/en").fewshot) == 2

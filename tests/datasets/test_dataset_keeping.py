"""Stored whole, seen at once as a task, replaced and removed so that it can be undone."""

import json
from dataclasses import replace

import pytest
from tables_of import checked

from evalcore import benchmarks, data, datasets, tables
from evalcore.datasets import About, Layout
from evalcore.errors import DataError, UsageError
from evalcore.types import Kind

ROWS = [("Which?", "x", "y", "A"), ("Who?", "1.0", "007", "B")]
LAYOUT = Layout(Kind.CHOICE, {"question": ("question",)})


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("ROUNDS_HOME", str(tmp_path))
    return tmp_path


def add(name: str = "ward", rows=ROWS, **about):
    found = checked("question A B answer", *rows, kind=Kind.CHOICE)
    return datasets.add(About(name=name, **about), LAYOUT, found)


def test_what_was_added_is_a_task_at_once_with_the_very_items():
    kept = add(title="Ward round", licence="own work", patient_text=False, file="ward.csv")
    task = benchmarks.tasks()["mine/ward"]
    assert (task.title, task.licence, task.patient_text, task.size) == ("Ward round", "own work", False, 2)
    assert (task.kind, task.metrics[0], benchmarks.where(task)) == (Kind.CHOICE, "acc", "local")
    loaded = benchmarks.load("mine/ward")
    assert loaded.version == kept.version
    assert [option.text for option in loaded.entries[1].item.options] == ["1.0", "007"]
    assert loaded.entries == checked("question A B answer", *ROWS, kind=Kind.CHOICE).entries


@pytest.mark.parametrize("kind", datasets.KINDS)
def test_every_kind_comes_back_as_it_was_stored(kind):
    found = tables.read(datasets.template(kind), name="template.csv")
    layout = datasets.guess(found, kind)
    made = datasets.check(found, layout)
    kept = datasets.add(About(name=f"of-{kind}"), layout, made)
    loaded = benchmarks.load(kept.task)
    assert (loaded.entries, loaded.version, loaded.task.kind) == (made.entries, kept.version, kind)


def test_patient_text_is_assumed_unless_it_was_denied():
    add()
    assert benchmarks.tasks()["mine/ward"].patient_text is True


def test_the_same_name_again_is_a_new_version_and_the_same_rows_are_the_same_one():
    first = add()
    assert add().version == first.version
    second = add(rows=ROWS[:1])
    assert (second.replaced, second.version != first.version) == (first.version, True)
    assert benchmarks.load("mine/ward").version == second.version
    datasets.remove("ward")
    datasets.restore(datasets.removed("ward"))
    assert benchmarks.load("mine/ward").version == second.version


def test_a_removal_can_be_undone_and_only_once():
    add()
    mark = datasets.remove("ward")
    assert "mine/ward" not in benchmarks.tasks()
    assert datasets.restore(mark) == "ward"
    assert "mine/ward" in benchmarks.tasks()
    with pytest.raises(UsageError, match="not in the trash"):
        datasets.restore(mark)


def test_a_restored_dataset_does_not_push_another_one_out():
    add()
    mark = datasets.remove("ward")
    add(rows=ROWS[:1])
    with pytest.raises(UsageError, match="already"):
        datasets.restore(mark)


def test_nothing_is_stored_where_no_row_is_good(home):
    with pytest.raises(DataError, match="row 1, there is no answer"):
        add(rows=[("Which?", "x", "y", "")])
    assert "mine/ward" not in benchmarks.tasks() and not (home / "datasets").exists()


def test_what_fails_while_it_is_written_leaves_nothing_behind_and_the_old_one_in_place(home):
    first = add()
    found = checked("question A B answer", *ROWS, kind=Kind.CHOICE)
    unstorable = replace(found.entries[0], item_id=b"bytes")  # no JSON
    with pytest.raises(TypeError):
        datasets.add(About(name="ward"), LAYOUT, replace(found, entries=(unstorable,), rows=(1,)))
    assert [path.name for path in (home / "datasets").iterdir()] == ["ward"]
    assert benchmarks.load("mine/ward").version == first.version


@pytest.mark.parametrize("name", ["", "Ward", "../ward", "a/b", ".trash", "-x", "x" * 65, "病房", "a b"])
def test_a_name_that_cannot_be_is_a_mistake(name):
    with pytest.raises(UsageError, match="cannot be used"):
        add(name)


@pytest.mark.parametrize("mark", ["../ward~1", "ward~1/../../x", "", ".trash"])
def test_a_mark_cannot_lead_out_of_the_trash(mark):
    add()
    with pytest.raises(UsageError):
        datasets.restore(mark)


def test_a_name_is_suggested_from_the_files():
    assert datasets.suggested_name("My Ward (2024).xlsx") == "my-ward-2024"
    assert datasets.suggested_name("病房.csv") == ""
    assert datasets.suggested_name("../../etc/passwd") == "passwd"


def test_a_folder_that_was_changed_by_hand_hides_no_other(home):
    add()
    broken = home / "datasets" / "broken"
    broken.mkdir()
    (broken / "card.json").write_text("{}")
    (home / "datasets" / "empty").mkdir()
    assert [name for name in benchmarks.tasks() if name.startswith("mine/")] == ["mine/ward"]


def test_a_line_that_was_changed_by_hand_is_named(home):
    add()
    path = home / "datasets" / "ward" / "items.jsonl"
    path.write_text(path.read_text().replace('"options"', '"opts"', 1))
    with pytest.raises(DataError, match="mine/ward item 1"):
        benchmarks.load("mine/ward")


def test_the_card_says_where_it_came_from(home):
    add(file="ward.csv", instruction="Name it.")
    card = json.loads((home / "datasets" / "ward" / "card.json").read_text())
    assert (card["file"], card["items"], card["left_out"], card["columns"]) == (
        "ward.csv",
        2,
        0,
        {"question": ["question"]},
    )
    assert benchmarks.tasks()["mine/ward"].instruction == "Name it."
    assert data.own_datasets() == home / "datasets"

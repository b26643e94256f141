"""Rows become items, or faults with their numbers."""

import json
from collections import Counter

import pytest
from broken_rows import broken_table, cells
from tables_of import checked, codes, golds, table

from evalcore import datasets, tables
from evalcore.datasets import WHY
from evalcore.errors import UsageError
from evalcore.types import Criterion, Kind


def test_a_thousand_rows_broken_in_23_ways_are_each_named_and_the_rest_go_in():
    content, reasons = broken_table()
    found = tables.read(content, name="x.csv")
    made = datasets.check(found, datasets.guess(found))
    assert codes(made) == reasons and len(set(reasons.values())) == 23
    assert list(made.rows) == [row for row in range(2, 1002) if row not in reasons]
    for row, entry in zip(made.rows, made.entries, strict=True):
        given = cells(row)
        assert (entry.item.question, entry.key.acceptable) == (given["question"], ((given["answer"],),))
        assert (entry.item.language, entry.item.meta["subject"]) == (given["language"], "cardiology")


def test_every_reason_can_be_said():
    content, _ = broken_table()
    found = tables.read(content, name="x.csv")
    made = datasets.check(found, datasets.guess(found))
    said = {fault.row: datasets.why(fault) for fault in made.faults}
    assert said[360] == "the same question and options stand in row 9 with another answer"
    assert said[220] == "the answer 'F' is none of the options A-D"
    assert all("{" not in words for words in said.values())


@pytest.mark.parametrize(
    ("cell", "texts"),
    [
        ('["x", "y"]', ["x", "y"]),
        ("['x', 'y']", ["x", "y"]),
        ('{"B": "y", "A": "x"}', ["x", "y"]),
        ("{'A': 'x', 'B': 'y'}", ["x", "y"]),
        ("A. x\nB. y", ["x", "y"]),
        ("A: x\tB: y\t", ["x", "y"]),
        ("A、x B、y", ["x", "y"]),
        ("x|y", ["x", "y"]),
        ("x\ny", ["x", "y"]),
        ('[{"key": "A", "value": "x"}, {"key": "B", "value": "y"}]', ["x", "y"]),
        ('{"text": ["x", "y"], "label": ["A", "B"]}', ["x", "y"]),
        ('["1.0", 2.50]', ["1.0", "2.50"]),
    ],
)
def test_options_in_one_cell(cell, texts):
    found = checked("question options answer", ("q", cell, "A"), kind=Kind.CHOICE)
    assert [option.text for option in found.entries[0].item.options] == texts


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ('["x", "y"', "options_unreadable"),
        ("__import__('os').system('true')", "options_unreadable"),
        ('{"first": "x", "second": "y"}', "options_unreadable"),
        ('["x"]', "one_option"),
        ("", "no_options"),
        ('["x", "", "z"]', "option_gap"),
        ('{"A": "x", "C": "z"}', "option_gap"),
        ('["x", " x "]', "same_options"),
        (json.dumps([str(n) for n in range(27)]), "many_options"),
        (json.dumps(["x" * 10_001, "y"]), "too_long"),
    ],
)
def test_options_that_cannot_be_are_named(cell, code):
    assert codes(checked("question options answer", ("q", cell, "A"), kind=Kind.CHOICE)) == {1: code}


def test_a_rubric_is_lines_or_a_list_of_criteria():
    lines = "8: calls an ambulance\n-6: advises to wait"
    objects = json.dumps([{"criterion": "calls", "points": 8, "tags": ["axis:accuracy"]}])
    found = checked("question rubric", ("q1", lines), ("q2", objects), kind=Kind.RUBRIC)
    assert [entry.key.rubric for entry in found.entries] == [
        (Criterion("calls an ambulance", 8.0), Criterion("advises to wait", -6.0)),
        (Criterion("calls", 8.0, ("axis:accuracy",)),),
    ]
    assert golds(found) == [(), ()]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "no_rubric"),
        ("calls an ambulance", "rubric_unreadable"),
        ('[{"criterion": "calls"}]', "rubric_unreadable"),
        ('[{"points": 3}]', "rubric_unreadable"),
        ("11: calls", "points_outside"),
        ("-3: waits", "points_zero"),
    ],
)
def test_a_rubric_that_cannot_be_is_named(cell, code):
    assert codes(checked("question rubric", ("q", cell), kind=Kind.RUBRIC)) == {1: code}


def test_a_conversation_ends_with_its_question():
    turns = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]
    last = [{"role": "user", "content": "c"}]
    found = checked(
        "prompt rubric", (json.dumps(turns + last), "1: x"), (json.dumps(turns), "1: x"), kind=Kind.RUBRIC
    )
    assert codes(found) == {2: "turns"}
    item = found.entries[0].item
    assert (item.turns, item.question) == ((("user", "a"), ("assistant", "b")), "c")


def test_other_kinds_read_their_answers():
    free = checked("question answer", ("q1", "Because."), ("q2", "?!"), kind=Kind.TEXT)
    assert golds(free) == [(("Because.",),)] and codes(free) == {2: "no_text"}
    points = checked("question answer", ("q1", "诊断：肺炎"), ("q2", "pneumonia"), kind=Kind.STRUCTURED)
    assert golds(points) == [(("诊断：肺炎",),)] and codes(points) == {2: "no_points"}
    entities = checked(
        "question answer", ("q1", "aspirin, N,N-dimethyl"), ("q2", '["a", "b"]'), kind=Kind.ENTITIES
    )
    assert golds(entities) == [(("aspirin", "N,N-dimethyl"),), (("a", "b"),)]
    labels = checked("question label", ("q1", "flu|cold"), ("q2", "gout"), kind=Kind.LABELS)
    assert golds(labels) == [(("flu", "cold"),), (("gout",),)]
    assert labels.entries[0].item.labels == ("cold", "flu", "gout")
    label = checked("question label", ("q1", "flu"), ("q2", "x" * 201), kind=Kind.LABEL)
    assert golds(label) == [(("flu",),)] and codes(label) == {2: "label_too_long"}


def test_d27_items_without_an_id_get_the_same_one_every_time():
    rows = [("Which?", "x", "y", "A"), ("Who?", "x", "y", "B")]
    first = checked("question A B answer", *rows, kind=Kind.CHOICE)
    again = checked("question A B answer", *reversed(rows), kind=Kind.CHOICE)
    ids = [entry.item_id for entry in first.entries]
    assert len(set(ids)) == 2 and ids == [entry.item_id for entry in reversed(again.entries)]


def test_d20_an_item_is_its_question_with_its_options():
    rows = [("Which?", "x", "y", "A"), ("Which?", "x", "z", "A"), ("Which? ", "x", "y", "A")]
    assert codes(checked("question A B answer", *rows, kind=Kind.CHOICE)) == {3: "same_item"}


def test_a_layout_that_lacks_a_column_is_a_mistake():
    found = table("question A B answer", ("q", "x", "y", "A"))
    layout = datasets.guess(found)
    assert datasets.checked(layout, found) == layout
    with pytest.raises(UsageError, match="there is no such column"):
        datasets.checked(datasets.Layout(Kind.TEXT, {"question": ("stem",)}), found)
    with pytest.raises(UsageError, match="No column was named for the options"):
        datasets.checked(datasets.Layout(Kind.CHOICE, {"question": ("question",)}), found)


def test_published_pubmedqa_is_taken_whole_with_its_joined_abstracts(data_dir):
    found = tables.read(data_dir / "upstream" / "pubmedqa" / "ori_pqal.json")
    layout = datasets.guess(found)
    assert layout.kind is Kind.YES_NO_MAYBE
    made = datasets.check(found, layout)
    counts = Counter(gold[0][0] for gold in golds(made))
    assert counts == {"yes": 552, "no": 338, "maybe": 110}  # Jin et al. 2019, table 2
    assert made.entries[0].item.context.startswith("Programmed cell death (PCD)")


def test_every_fault_that_can_be_has_a_sentence_of_its_own():
    assert len(set(WHY.values())) == len(WHY)

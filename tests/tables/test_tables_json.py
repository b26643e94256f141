"""JSON in its forms: lines, arrays, one object; MedS-Ins' own layout."""

import json

import pytest

from evalcore import tables
from evalcore.errors import DataError


def read(content: str, name: str = "x.jsonl") -> tables.Table:
    return tables.read(content.encode(), name=name)


def test_lines_are_rows_and_each_bad_line_is_named():
    table = read('{"q": "a", "n": 1}\nnot json\n[1]\n\n{"q": "b", "q": "c"}\n{"q": "d", "n": 1.0}\n')
    assert [(row.number, row.cells) for row in table.rows] == [(1, ("a", "1")), (6, ("d", "1.0"))]
    assert {fault.row: fault.code for fault in table.faults} == {
        2: "no_json",
        3: "no_object",
        4: "empty_row",
        5: "field_twice",
    }


def test_an_option_named_twice_inside_a_row_is_found():
    table = read('{"q": "a", "options": {"A": "x", "A": "y"}}\n')
    assert [fault.code for fault in table.faults] == ["field_twice"]


def test_d4_numbers_keep_their_spelling_and_lists_are_json():
    table = read('{"q": 1.0, "o": ["1.50", 007.1, null]}\n{"q": 1.50, "o": [2, "x"]}\n')
    assert [fault.row for fault in table.faults] == [1]  # 007.1 is not JSON
    assert table.rows[0].cells == ("1.50", '["2", "x"]')


def test_d27_one_object_in_a_jsonl_file_is_a_table_of_its_instances():
    document = {
        "Contributors": ["x"],
        "Source": "PubMed",
        "Definition": ["Name the disease."],
        "Instances": [
            {"id": "1", "input": "Fever.", "output": ["malaria"]},
            {"input": "Cough.", "output": "pneumonia"},
        ],
    }
    table = read(json.dumps(document, indent=4))
    assert table.columns == ("id", "input", "output")
    assert [row.cells for row in table.rows] == [("1", "Fever.", "malaria"), ("", "Cough.", "pneumonia")]
    assert dict(table.head.card) == {
        "Contributors": "x",
        "Source": "PubMed",
        "Definition": "Name the disease.",
    }


@pytest.mark.parametrize(
    "document",
    [
        [{"id": "7", "q": "a"}],
        {"7": {"q": "a"}},
        {"version": "1", "rows": [{"id": "7", "q": "a"}]},
        {"id": ["7"], "q": ["a"]},
    ],
)
def test_an_array_and_objects_that_hold_rows_are_the_same_table(document):
    table = read(json.dumps(document), name="x.json")
    assert (table.columns, [row.cells for row in table.rows]) == (("id", "q"), [("7", "a")])


def test_a_cut_array_is_refused_with_its_line():
    with pytest.raises(DataError, match="Line 2"):
        read('[{"q": "a"},\n{"q": "b', name="x.json")


def test_deep_nesting_ends_in_a_sentence():
    with pytest.raises(DataError):
        read("[" * 100_000, name="x.json")


def test_published_files_are_read_whole(data_dir):
    upstream = data_dir / "upstream"
    french = tables.read(upstream / "frenchmedmcqa" / "test.json")
    assert (len(french.rows), french.faults) == (622, ())
    pubmed = tables.read(upstream / "pubmedqa" / "ori_pqal.json")  # keyed by PMID
    assert (len(pubmed.rows), pubmed.columns[0], pubmed.rows[0].cells[0]) == (1000, "id", "21645374")

"""Workbooks and Parquet: values as text, what Excel changed is told, and bombs end the child only."""

import datetime
import io
import zipfile

import openpyxl
import pyarrow
import pyarrow.parquet
import pytest

from evalcore import tables
from evalcore.errors import DataError


def workbook(*rows, title="Sheet", **formats) -> bytes:
    """formats: cell name -> number format."""
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    for name, shown in formats.items():
        book.active[name].number_format = shown
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parquet(columns: dict) -> bytes:
    out = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(columns), out)
    return out.getvalue()


def test_d4_a_workbooks_cells_are_what_a_person_sees():
    row = ["Which?", "007", 7, 1, 1.5, "None", "NA", True, "2:25", 0.1]
    table = tables.read(workbook(list("abcdefghij"), row, C2="000", D2="0.0"))
    assert table.rows[0].cells == ("Which?", "007", "007", "1.0", "1.5", "None", "NA", "TRUE", "2:25", "0.1")


def test_d4_what_excel_turned_into_a_time_is_listed():
    table = tables.read(workbook(["q", "a"], ["x", datetime.time(2, 25)], ["y", datetime.date(2024, 4, 3)]))
    (note,) = [note for note in table.notes if note.code == "dates"]
    assert note.facts == {"n": 2, "cells": "B2, B3"}


def test_a_formula_counts_by_its_stored_value_and_without_one_the_file_is_refused():
    book = openpyxl.Workbook()
    book.active.append(["q", "a"])
    book.active.append(["x", "=1+1"])
    content = saved(book)  # openpyxl stores no values
    with pytest.raises(DataError, match="B2: a formula without its value"):
        tables.read(content)
    table = tables.read(with_value(content))
    assert table.rows[0].cells == ("x", "2")


def with_value(content: bytes) -> bytes:
    """The same workbook as a spreadsheet program would save it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            if name.endswith("sheet1.xml"):
                body = body.replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")
                body = body.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")
            new.writestr(name, body)
    return out.getvalue()


def test_merged_cells_are_told_and_gaps_between_rows_are_named():
    book = openpyxl.Workbook()
    for row in (["q", "a"], ["x", "A"], [None, None], ["y", "B"]):
        book.active.append(row)
    book.active.merge_cells("A4:A6")
    table = tables.read(saved(book))
    assert {note.code: note.facts for note in table.notes}["merged"] == {"n": 1}
    assert [(fault.row, fault.code) for fault in table.faults] == [(3, "empty_row")]


def test_d27_the_excel_form_of_meds_ins_is_its_instances_with_the_card():
    book = openpyxl.Workbook()
    book.active.title = "Basic Information"
    for row in (("Contributors", "x"), ("Source", "PubMed"), ("Definition", "Name the disease.")):
        book.active.append(row)
    sheet = book.create_sheet("Instances")
    sheet.append(("Input", "Output"))
    sheet.append(("Fever.", "malaria"))
    table = tables.read(saved(book))
    assert (table.columns, table.rows[0].cells) == (("Input", "Output"), ("Fever.", "malaria"))
    assert table.head.card["Definition"] == "Name the disease."
    assert table.head.sheets == ("Basic Information", "Instances")


def test_another_sheet_is_read_when_it_is_named():
    book = openpyxl.Workbook()
    book.active.append(("q",))
    book.create_sheet("Two").append(("z",))
    book["Two"].append(("2",))
    assert tables.read(saved(book), sheet="Two").columns == ("z",)
    with pytest.raises(DataError, match="no sheet 'Three'"):
        tables.read(saved(book), sheet="Three")


def test_a_zip_bomb_and_a_plain_zip_are_refused():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * 450_000_000)
    assert len(bomb.getvalue()) < 1_000_000
    with pytest.raises(DataError, match="unpacks to 450 MB"):
        tables.read(bomb.getvalue())
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as packed:
        packed.writestr("../../evil.csv", "q,a")
    with pytest.raises(DataError, match="no workbook"):
        tables.read(plain.getvalue())


def test_a_damaged_workbook_is_refused_in_a_sentence():
    with pytest.raises(DataError, match="cannot be opened"):
        tables.read(workbook(["q"], ["x"])[:-200])


def test_d4_parquet_cells_are_text_and_lists_are_json():
    table = tables.read(parquet({"q": ["a", "b"], "n": [1, 2], "o": [["x", "y"], None], "f": [1.0, 2.5]}))
    assert [row.cells for row in table.rows] == [("a", "1", '["x", "y"]', "1.0"), ("b", "2", "", "2.5")]


def test_a_parquet_file_that_unpacks_to_far_more_than_its_size_is_refused():
    same = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0] * 20_000, "int32"), ["x" * 100_000])
    content = parquet({"q": same})
    assert len(content) < 10_000  # and two billion characters inside
    with pytest.raises(DataError, match="more than 200 million characters"):
        tables.read(content)


def test_a_batch_of_huge_cells_meets_the_childs_memory_and_not_ours():
    huge = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0] * 60, "int32"), ["x" * 100_000_000])
    content = parquet({"q": huge})
    assert len(content) < 10_000_000  # and 6 GB once a batch is unpacked
    with pytest.raises(DataError, match="memory|Error"):
        tables.read(content)


def test_published_files_are_read_whole(data_dir):
    medmcqa = data_dir / "hub/openlifescienceai/medmcqa/data/validation-00000-of-00001.parquet"
    assert len(tables.read(medmcqa).rows) == 4183
    terms = data_dir / "upstream/term_libraries/手术操作术语.xlsx"  # formatted to row 664,483
    assert len(tables.read(terms, sheet="3.0（2022版）").rows) == 13_734

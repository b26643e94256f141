"""CSV and TSV: encodings, delimiters, quotes, headers; nothing is re-spelled."""

import pytest

from evalcore import tables
from evalcore.errors import DataError

CHINESE = """题目,选项A,选项B,答案
患者发热三天，应首选哪项检查？,血常规,心电图,A
高血压的诊断标准是什么？,140/90,120/80,A
"""


def read(content: bytes, name: str = "x.csv") -> tables.Table:
    return tables.read(content, name=name)


def cells(table: tables.Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


def faults(table: tables.Table) -> dict[int, str]:
    return {fault.row: fault.code for fault in table.faults}


def encoding(table: tables.Table) -> str:
    return next(str(note.facts["name"]) for note in table.notes if note.code == "encoding")


@pytest.mark.parametrize(
    ("codec", "mark", "name"),
    [
        ("utf-8", b"", "UTF-8"),
        ("utf-8", b"\xef\xbb\xbf", "UTF-8"),
        ("utf-16-le", b"\xff\xfe", "UTF-16"),
        ("utf-16-be", b"\xfe\xff", "UTF-16"),
        ("gb18030", b"", "GB18030"),
    ],
)
def test_chinese_text_is_the_same_in_every_encoding_that_excel_writes(codec, mark, name):
    table = read(mark + CHINESE.encode(codec))
    assert encoding(table) == name
    assert table.columns == ("题目", "选项A", "选项B", "答案")
    assert cells(table)[1] == ("高血压的诊断标准是什么？", "140/90", "120/80", "A")


def test_utf16_without_its_mark_is_recognised():
    assert cells(read("q,a\nWhich?,x\n".encode("utf-16-le"))) == [("Which?", "x")]


@pytest.mark.parametrize(
    ("codec", "text"),
    [("cp1252", "Ménière, où, après, fièvre élevée, œdème"), ("cp1251", "боль, кашель, одышка, лихорадка")],
)
def test_one_byte_encodings_are_refused_and_never_read_as_chinese(codec, text):
    rows = "".join(f"q{n},{text.replace(',', ' ')}\n" for n in range(20))
    with pytest.raises(DataError, match="Save the file as UTF-8"):
        read(f"id,question\n{rows}".encode(codec))


def test_one_row_in_another_encoding_is_named_and_the_others_are_read():
    good = "".join(f"q{n},Quelle fièvre ?\n" for n in range(20)).encode()
    table = read(b"id,question\n" + good + "odd,Ménière\n".encode("cp1252"))
    assert len(table.rows) == 21
    assert table.rows[-1].cells == ("odd", "M\udce9ni\udce8re")


def test_d4_no_cell_is_respelled():
    odd = ("2:25", "1.0", "None", "NA", "007", "30:02:00", "1e5", "TRUE", " x ")
    table = read(("q,a,b,c,d,e,f,g,h,i\nq1," + ",".join(odd) + "\n").encode())
    assert table.rows[0].cells[1:] == odd


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter):
    lines = [("id", "question", "answer"), ("1", "Fever, cough; rash?", "A"), ("2", "Pain?", "B")]
    text = "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    assert cells(read(text.encode())) == lines[1:]


def test_commas_in_the_text_of_a_tab_file_part_nothing():
    table = read(b"question\tanswer\na, b, c, d\tA\ne, f\tB\n", name="x.tsv")
    assert cells(table) == [("a, b, c, d", "A"), ("e, f", "B")]


def test_a_quoted_line_break_belongs_to_its_cell_and_rows_count_as_in_a_spreadsheet():
    table = read(b'q,a\n"one\ntwo ""three""",A\nfour,B\n')
    assert [(row.number, row.cells) for row in table.rows] == [
        (2, ('one\ntwo "three"', "A")),
        (3, ("four", "B")),
    ]


def test_a_quote_that_never_closes_costs_its_own_row_only():
    table = read(b'q,a\n"open,A\n"good, one",B\nlast,C\n')
    assert faults(table) == {2: "quotes"}
    assert cells(table) == [("good, one", "B"), ("last", "C")]


def test_rows_of_another_width_and_empty_rows_are_named_but_not_those_at_the_end():
    table = read(b"a,b,c\n1,2\n\n1,2,3,4\n1,2,3,,\n,,\n1,2,3\n\n,,\n")
    assert faults(table) == {2: "columns", 3: "empty_row", 4: "columns", 6: "empty_row"}
    assert cells(table) == [("1", "2", "3"), ("1", "2", "3")]


def test_headers_that_are_empty_or_repeated_get_a_name_and_a_note():
    table = read(b"question,,answer,answer,\nq,x,A,B,\n")
    assert table.columns == ("question", "(B)", "answer", "answer (2)")
    assert {note.code for note in table.notes} >= {"header_empty", "header_twice"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b",,\n,,\n", "no header"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1", "Git LFS pointer"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old .xls"),
        (b"%PDF-1.7", "PDF"),
        (b"\x80\x04\x95", "pickle"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(content, words):
    with pytest.raises(DataError, match=words):
        read(content)


def test_too_many_columns_are_refused():
    with pytest.raises(DataError, match="at most 200"):
        read(",".join(f"c{n}" for n in range(300)).encode())


def test_a_cell_beyond_the_limit_costs_its_row():
    table = read(b"q,a\n" + b"x" * 200_001 + b",A\ny,B\n")
    assert faults(table) == {2: "cell_too_long"} and cells(table) == [("y", "B")]


def test_a_published_submission_is_read_whole(data_dir):
    path = next((data_dir / "upstream" / "meds_bench_submission").glob("*.csv"))
    table = tables.read(path)
    assert table.columns == ("task_id", "input", "GT", "output")
    assert (len(table.rows), table.faults) == (300, ())

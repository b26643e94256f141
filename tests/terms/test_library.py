import zipfile

import openpyxl
import pytest

from evalcore.errors import DataError
from evalcore.terms import library as rules
from evalcore.terms import load, of_terms


def workbook(path, *sheets):
    """Writes sheets (title, rows) and returns the path."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_d19_the_published_libraries_have_their_known_numbers_of_distinct_terms(published):
    assert len(published["疾病诊断术语"].terms) == 37_108
    assert len(published["手术操作术语"].terms) == 13_734


def test_d19_commas_stay_inside_published_terms(published):
    library = published["疾病诊断术语"]
    assert library.terms[0] == "霍乱，由于O1群霍乱弧菌，霍乱生物型所致"
    assert sum("," in term or "，" in term for term in library.terms) == 2_202


def test_headings_and_notes_of_the_price_list_are_no_terms(published):
    library = published["医疗操作术语"]
    assert len(library.terms) == 12_080
    assert "心脏彩色多普勒超声" in library.terms
    assert not {"6.心脏超声", "(四)超声诊断", "项目名称"} & set(library.terms)


def test_d19_duplicates_are_kept_once_and_exact_matching_ignores_case_width_and_blanks():
    library = of_terms("own", [" ＣＴ 检查", "CT检查", "Heart  failure", "", "heart failure"])
    assert library.terms == ("ＣＴ 检查", "CT检查", "Heart failure", "heart failure")
    assert library.exact("ct检查") == "ＣＴ 检查"
    assert library.exact("HEART FAILURE") == "Heart failure"
    assert library.exact("heart") is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("own.txt", "急性阑尾炎\n霍乱，由于O1群\n\n急性阑尾炎\n"),
        ("own.csv", 'term,code\n急性阑尾炎,K35\n"霍乱，由于O1群",A00\n'),
    ],
)
def test_a_users_list_has_one_term_a_line(tmp_path, name, content):
    file = tmp_path / name
    file.write_text(content, encoding="utf-8-sig")
    assert load(file).terms == ("急性阑尾炎", "霍乱，由于O1群")


def test_a_users_workbook_is_its_first_sheets_first_column_as_text(tmp_path):
    file = workbook(
        tmp_path / "own.xlsx", ("mine", [["名称"], ["a, b", 1], [7], [None, "x"]]), ("x", [["y"]])
    )
    assert load(file).terms == ("a, b", "7")


def test_only_the_2022_sheet_of_a_published_table_is_read(tmp_path):
    new = ("2.0（2022版）", [["note"], ["主要编码", "附加编码", "疾病 名称"], ["A", None, "new"]])
    file = workbook(
        tmp_path / "x.xlsx", ("2.0", [["主要编码", "附加编码", "疾病名称"], ["A", None, "old"]]), new
    )
    assert load(file).terms == ("new",)


def test_a_list_read_once_is_kept_under_its_files_hash(tmp_path):
    file, folder = tmp_path / "own.txt", tmp_path / "kept"
    file.write_text("a b\nc, d\n")
    assert load(file, folder) == load(file, folder) == load(file)
    (kept,) = folder.iterdir()
    kept.write_text("from the kept list")
    assert load(file, folder).terms == ("from the kept list",)
    file.write_text("another\n")
    assert load(file, folder).terms == ("another",)


def broken(tmp_path, name, content):
    file = tmp_path / name
    file.write_bytes(content)
    return file


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.txt", b"\xff\xfe", "line 1: not UTF-8"),
        ("x.txt", b"\n \n", "holds no term"),
        ("x.txt", b"a\n" + b"b" * 301, r"line 2: 'bbbbb.*301 characters"),
        ("x.docx", b"a", "no term list: give .xlsx, .csv, .txt"),
        ("x.xlsx", b"PK\x03\x04 cut", "no XLSX workbook"),
        ("x.xlsx", b"a,b", "no XLSX workbook"),
    ],
)
def test_what_is_no_term_list_says_why(tmp_path, name, content, message):
    with pytest.raises(DataError, match=message):
        load(broken(tmp_path, name, content))


def test_a_missing_file_and_another_edition_say_why(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        load(tmp_path / "missing.txt")
    with pytest.raises(DataError, match="no column '疾病名称'"):
        load(workbook(tmp_path / "x.xlsx", ("2.0（2022版）", [["a", "b"]])))


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_read(tmp_path):
    file = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * (rules.MOST_UNPACKED + 1))
    with pytest.raises(DataError, match="unpacks to 200,000,001 bytes"):
        load(file)


def test_more_terms_than_a_list_may_have_are_refused(tmp_path):
    (tmp_path / "x.txt").write_text("\n".join(map(str, range(rules.MOST_TERMS + 1))))
    with pytest.raises(DataError, match="more than 200,000 terms"):
        load(tmp_path / "x.txt")

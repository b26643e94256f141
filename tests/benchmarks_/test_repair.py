"""Broken JSON: the printed samples of UniMedicalEval, their slips found by eye, and what is not mended."""

import json

import pytest

from evalcore.benchmarks import repair
from evalcore.errors import DataError


def kinds(repairs):
    return [(one.line, one.kind) for one in repairs]


COMMA, NEWLINE = "trailing_comma", "raw_newline"


@pytest.mark.parametrize(
    ("name", "slips"),
    [
        ("raw_1.txt", [(7, COMMA), (10, COMMA)]),
        ("raw_2.txt", [(3, NEWLINE), (8, COMMA), (11, COMMA)]),
        ("raw_3.txt", [(3, NEWLINE), (8, COMMA), (11, COMMA)]),
        ("raw_4.txt", [(3, NEWLINE), (15, COMMA)]),
    ],
)
def test_d2_a_printed_sample_is_refused_as_it_stands_and_read_with_each_slip_told(name, slips, data_dir):
    text = (data_dir / "upstream/unimedicaleval" / name).read_text("utf-8")
    with pytest.raises(DataError, match=rf"{name} line {slips[0][0]}: .* \({len(slips)} such slips\)"):
        repair.read(text, name)
    (row,), repairs = repair.read(text, name, tolerant=True)
    assert kinds(repairs) == slips
    number = int(name[4]) - 1
    mended = json.loads(
        (data_dir / "upstream/unimedicaleval/safety_samples_repaired.json").read_text("utf-8")
    )
    assert row == mended[number]


def test_d2_the_four_samples_mended_by_hand_need_no_mending(data_dir):
    text = (data_dir / "upstream/unimedicaleval/safety_samples_repaired.json").read_text("utf-8")
    rows, repairs = repair.read(text, "repaired")
    assert (rows, repairs) == (json.loads(text), [])


def test_d2_a_missing_comma_between_two_fields_is_mended_and_told_with_its_line():
    """The slip of the printed pre-consultation sample."""
    text = '{"case_type": "便捷问诊_预问诊",\n "question": "患者咳嗽"\n "answer": "肺炎"}'
    (row,), repairs = repair.read(text, "sample", tolerant=True)
    assert row == {"case_type": "便捷问诊_预问诊", "question": "患者咳嗽", "answer": "肺炎"}
    assert kinds(repairs) == [(3, "missing_comma")]


def test_each_slip_names_the_object_it_was_in():
    text = '{"a": "1"}\n{"a": "2",}\n{"a": "3"},\n{"a": "4\n5"}'
    rows, repairs = repair.read(text, "rows", tolerant=True)
    assert [row["a"] for row in rows] == ["1", "2", "3", "4\n5"]
    assert [(one.row, one.kind) for one in repairs] == [(1, COMMA), (2, COMMA), (3, NEWLINE)]


@pytest.mark.parametrize("form", ["[{},{}]", "{}\n{}", "[{}\n,\n{}]"])
def test_arrays_lines_and_single_objects_are_read(form):
    form = form.replace("{}", '{"a": ["x", {"b": null}], "c": true, "d": "\\u6587\\n"}')
    rows, repairs = repair.read(form, "rows")
    assert rows == [{"a": ["x", {"b": None}], "c": True, "d": "文\n"}] * 2
    assert repairs == []


def test_numbers_keep_the_text_they_were_written_with():
    (row,), _ = repair.read('{"a": 1.0, "b": -2e3, "c": 10000000000000000001}', "row")
    assert row == {"a": "1.0", "b": "-2e3", "c": "10000000000000000001"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"a": "he said "no" twice"}', "line 1: a comma or '}' was expected"),
        ('{"a": "no end}', "line 1: a string without its closing quote"),
        ('{\n"a": "x",\n"b" "y"}', "line 3: a colon was expected"),
        ("{'a': 'x'}", "a field's name in double quotes was expected"),
        ('{"a": "x", "a": "y"}', "the field 'a' stands twice"),
        ('{"a": NaN}', "a value was expected"),
        ('{"a": 007}', "a value was expected"),
        ('{"a": }', "a value was expected"),
        ('{"a": ,}', "a value was expected"),
        ('["a"]', "an object with named fields was expected"),
        ("<!DOCTYPE html>", "an object with named fields was expected"),
        ('{"a": "\\x"}', "a string that cannot be read"),
        ('{"a": [1, 2}', "a comma or ']' was expected"),
        ('{"a": ' + "[" * 60 + "]" * 60 + "}", "nested too deeply"),
    ],
)
def test_what_would_have_to_be_guessed_stays_an_error_with_its_line(text, why):
    with pytest.raises(DataError) as error:
        repair.read(text, "file", tolerant=True)
    assert why in str(error.value)


def test_a_file_that_is_whole_is_read_as_any_other_and_a_broken_one_is_mended(tmp_path):
    whole, broken = tmp_path / "whole.jsonl", tmp_path / "broken.json"
    whole.write_text('{"a": "1"}\n{"a": "2"}\n', "utf-8")
    broken.write_text('[\n{"a": "1",}\n]', "utf-8")
    assert repair.read_file(whole) == ([{"a": "1"}, {"a": "2"}], [])
    rows, repairs = repair.read_file(broken)
    assert (rows, kinds(repairs)) == ([{"a": "1"}], [(2, COMMA)])


@pytest.mark.parametrize("content", ["", "   \n"])
def test_an_empty_file_is_an_error_and_not_an_empty_task(content, tmp_path):
    (tmp_path / "empty.json").write_text(content, "utf-8")
    with pytest.raises(DataError, match="the file is empty"):
        repair.read_file(tmp_path / "empty.json")

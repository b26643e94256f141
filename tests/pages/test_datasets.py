"""Own datasets on the Benchmarks page: what is asked, what is shown, what cannot be skipped."""

import csv
import io
import json

import pytest
import streamlit as st
from broken_rows import broken_table
from reference import opened, words

from evalcore import benchmarks, datasets, tables
from evalcore.types import Kind
from pages.ui import dataset_rows, en, zh

TABLE = b"question,A,B,answer\nWhich?,x,y,A\nWho?,x,y,C\n"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    st.cache_resource.clear()
    st.cache_data.clear()
    monkeypatch.setenv("ROUNDS_HOME", str(tmp_path))
    monkeypatch.delenv("ROUNDS_DATA_DIR", raising=False)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    return tmp_path


def uploaded(name: str, content: bytes, **query: str):
    app = opened("benchmarks", own="new", **query)
    app.file_uploader(key="dataset_upload").set_value((name, content, "text/csv")).run()
    assert not app.exception
    return app


def figures(app) -> list[str]:
    return [metric.value for metric in app.metric]


def keep(app, patient_text: str = "no"):
    app.text_input(key="dataset_licence").set_value("own work").run()
    app.radio(key="dataset_patient_text").set_value(patient_text).run()
    return app.button(key="dataset_add").click().run()


def test_the_list_leads_to_it_and_offers_a_template():
    app = opened("benchmarks")
    app.button(key="dataset_bring").click().run()
    assert app.query_params["own"] == "new" and not app.exception
    assert app.selectbox(key="dataset_template").value is Kind.CHOICE


def test_good_and_bad_rows_are_counted_and_the_good_ones_become_a_task():
    app = uploaded("Ward Round.csv", TABLE)
    assert figures(app) == ["1", "1", "0"]
    assert app.text_input(key="dataset_name").value == "ward-round"
    assert app.button(key="dataset_add").disabled
    keep(app)
    assert app.query_params["task"] == "mine/ward-round" and not app.exception
    assert benchmarks.tasks()["mine/ward-round"].patient_text is False
    assert "Which?" in words(app)


def test_neither_licence_nor_patient_text_can_be_skipped():
    app = uploaded("ward.csv", TABLE)
    app.text_input(key="dataset_licence").set_value("own work").run()
    assert app.button(key="dataset_add").disabled and app.radio(key="dataset_patient_text").value is None
    app.radio(key="dataset_patient_text").set_value("yes").run()
    assert not app.button(key="dataset_add").disabled
    app.text_input(key="dataset_name").set_value("../evil").run()
    assert app.button(key="dataset_add").disabled and not app.exception


def test_columns_are_corrected_by_picking():
    app = uploaded("x.csv", b"vraag,first,second,cop\nWhich?,x,y,1\nWho?,x,z,2\n")
    assert "Pick a column for: Question" in words(app)
    app.selectbox(key="dataset_of_question").set_value("vraag").run()
    app.selectbox(key="dataset_of_kind").set_value(Kind.CHOICE).run()
    app.multiselect(key="dataset_of_options").set_value(["first", "second"]).run()
    assert figures(app) == ["0", "2", "0"]  # 1 and 2 may count from 0 or from 1
    app.selectbox(key="dataset_of_answers").set_value("from1").run()
    assert figures(app) == ["2", "0", "0"] and not app.exception


def test_another_file_begins_with_its_own_guess():
    app = uploaded("x.csv", TABLE)
    app.selectbox(key="dataset_of_kind").set_value(Kind.TEXT).run()
    app.file_uploader(key="dataset_upload").set_value(("y.csv", datasets.template(Kind.RUBRIC), "text/csv"))
    app.run()
    assert app.selectbox(key="dataset_of_kind").value is Kind.RUBRIC and figures(app)[0] == "2"


@pytest.mark.parametrize("kind", datasets.KINDS)
def test_every_kind_is_previewed_with_its_prompts_and_kept(kind):
    app = uploaded("x.csv", datasets.template(kind))
    app.selectbox(key="dataset_of_kind").set_value(kind).run()
    assert figures(app)[:2] == ["2", "0"] and not app.exception
    keep(app, "yes")
    assert app.query_params["task"] == "mine/x" and not app.exception


def test_every_reason_is_told_in_chinese_too():
    content, reasons = broken_table()
    table = tables.read(content, name="x.csv")
    faults = datasets.check(table, datasets.guess(table)).faults
    lines = list(csv.reader(io.StringIO(dataset_rows.as_csv(faults, zh.TEXTS).decode("utf-8-sig"))))
    assert {int(row): code for row, code, _ in lines[1:]} == reasons
    assert ["360", "contradiction", "题目和选项与第 9 行相同，答案却不同"] in lines


def test_a_reason_that_begins_like_a_formula_is_made_harmless():
    fault = tables.Fault(2, "control", {"column": "=1+1", "sign": "U+0007"})
    assert b",'=1+1: the control character" in dataset_rows.as_csv((fault,), en.TEXTS)


def test_what_looks_like_a_person_is_shown_with_its_row_and_questions_a_no():
    content = "question,answer\n姓名：王小明，男，发热三天。诊断？,肺炎\n".encode("gb18030")
    app = uploaded("x.csv", content)
    assert figures(app) == ["1", "0", "1"] and "Encoding: GB18030" in words(app)
    app.radio(key="dataset_patient_text").set_value("no").run()
    assert "Look at them first" in words(app)


def test_a_file_that_is_no_table_is_told_without_a_traceback():
    app = uploaded("x.csv", b"<html>Sign in</html>")
    assert "web page" in words(app) and not figures(app)


def test_text_of_a_file_is_shown_and_never_run():
    hostile = b"question,**bold**,![x](http://203.0.113.1/x.png),answer\n<script>1</script>,x,y,x\n"
    app = uploaded("<img src=x>.csv", hostile)
    app.selectbox(key="dataset_of_kind").set_value(Kind.CHOICE).run()
    app.multiselect(key="dataset_of_options").set_value(["**bold**", "![x](http://203.0.113.1/x.png)"]).run()
    assert "&lt;script&gt;" in words(app) and "<script>" not in words(app)
    assert "![x]" not in "".join(block.value for block in app.markdown)


def test_meds_ins_is_read_with_its_definition_in_the_prompt():
    document = {"Definition": ["Name the disease."], "Instances": [{"input": "Fever.", "output": "malaria"}]}
    app = uploaded("task9.json", json.dumps(document).encode())
    assert figures(app)[0] == "1" and "Name the disease." in words(app)


def test_a_dataset_is_removed_and_brought_back():
    app = keep(uploaded("ward.csv", TABLE))
    app.button(key="dataset_remove_now").click().run()
    assert "mine/ward" not in benchmarks.tasks() and not app.exception
    app.button(key="dataset_undo").click().run()
    assert "mine/ward" in benchmarks.tasks() and app.query_params["task"] == "mine/ward"


def test_launch_offers_it_at_once():
    opened("launch")
    keep(uploaded("ward.csv", TABLE))
    app = opened("launch", task="mine/ward")
    assert not app.exception
    assert any("mine/ward" in pills.value for pills in app.button_group)

"""Benchmarks: the list, one task opened, and what stands there when its data are elsewhere."""

from html import unescape

import pytest
import streamlit as st
from reference import opened, words

from evalcore import benchmarks


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    st.cache_resource.clear()
    monkeypatch.setenv("ROUNDS_HOME", str(tmp_path))
    monkeypatch.delenv("ROUNDS_DATA_DIR", raising=False)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))


def test_every_task_is_listed_and_opens():
    app = opened("benchmarks")
    keys = {button.key for button in app.button}
    assert {f"open_{task}" for task in benchmarks.tasks()} <= keys
    app.button(key="open_demo/en_choice").click().run()
    assert app.query_params["task"] == "demo/en_choice" and not app.exception


def test_what_we_wrote_is_named_in_the_language_of_the_screen():
    labels = {unescape(button.label) for button in opened("benchmarks", lang="zh").button}
    assert {"**英语，共用题干**", "**中文，安全：知情权**"} <= labels
    assert not any("Demo: " in label for label in labels)


@pytest.mark.parametrize("task", sorted(task for task in benchmarks.tasks() if task.startswith("demo/")))
def test_a_bundled_task_shows_a_real_item_and_its_prompts(task):
    app = opened("benchmarks", task=task)
    assert not app.exception
    entry = benchmarks.load(task).entries[0]
    assert entry.item.question.split("\n")[0][:40] in words(app).replace("&#x27;", "'").replace("&quot;", '"')


def test_an_absent_dataset_says_how_to_fetch_it_and_reads_nothing():
    app = opened("benchmarks", task="mmlu_anatomy")
    assert not app.exception
    assert any("hf download cais/mmlu --repo-type dataset" in block.value for block in app.code)


def test_an_unknown_task_is_answered_with_the_nearest():
    app = opened("benchmarks", task="mmlu_anatomi")
    assert not app.exception
    assert "mmlu_anatomy" in words(app)


def test_a_filter_without_a_match_offers_all_tasks():
    app = opened("benchmarks", q="nothing of this name")
    assert any("No task fits" in block.value for block in app.markdown)


def test_a_damaged_local_copy_is_told_without_a_traceback(tmp_path, monkeypatch):
    folder = tmp_path / "data" / "cais" / "mmlu" / "anatomy"
    folder.mkdir(parents=True)
    (folder / "test.jsonl").write_text('{"question": "cut off')
    monkeypatch.setenv("ROUNDS_DATA_DIR", str(tmp_path / "data"))
    app = opened("benchmarks", task="mmlu_anatomy")
    assert not app.exception
    assert "not JSON" in words(app)


def test_a_local_copy_shows_chance_and_the_best_constant_answer(data_dir, monkeypatch):
    monkeypatch.setenv("ROUNDS_DATA_DIR", str(data_dir / "hub"))
    app = opened("benchmarks", task="mmlu_professional_medicine")
    assert not app.exception
    # 272 items; gold is D in 122 of them (benchmarks.md D18): 44.9 %
    assert [metric.value for metric in app.metric][:3] == ["272", "25.0%", "44.9%"]


def test_d20_the_page_tells_which_questions_also_stand_in_another_task(data_dir, monkeypatch):
    monkeypatch.setenv("ROUNDS_DATA_DIR", str(data_dir / "hub"))
    page = opened("benchmarks", task="mmlu_college_medicine")
    (button,) = [one for one in page.button if one.key == "repeats_mmlu_clinical_knowledge"]
    assert button.label.startswith("78 also stand in")
    button.click().run()
    assert page.query_params["task"] == "mmlu_clinical_knowledge"

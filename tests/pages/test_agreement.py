"""Agreement and the list of rubrics: empty, filled, filtered; files brought and refused."""

import csv
import io
import json

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from test_judging import MAIN, ROOT, over, words

from evalcore import judge, runs
from evalcore.exchange import ratings
from evalcore.judge import add_rubric
from evalcore.store import Store, judging
from evalcore.store import runs as run_rows

pytestmark = pytest.mark.usefixtures("worker_elsewhere")
AGREEMENT = ROOT / "pages" / "agreement.py"
BENCHMARKS = ROOT / "pages" / "benchmarks.py"
TONE = {
    "id": "tone",
    "version": 1,
    "mode": "rating",
    "title": {"en": "Tone", "zh": "语气"},
    "criteria": [{"name": "calm", "text": "Is **it** calm?", "scale": {"kind": "yes_no"}}],
}


def page(file, **query) -> AppTest:
    st.cache_data.clear()
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    app.run().switch_page(str(file))
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def rated(store: Store, run: str, values: str, reviewer: str = "ann") -> None:
    """By the template that the page offers, with the accuracy of each answer filled in."""
    lines = list(csv.reader(io.StringIO(ratings.template(store, run, "mmedbench", reviewer=reviewer))))
    given = iter(values)
    rows = [lines[0], *([*line[:-1], next(given)] for line in lines[1:] if line[5] == "accuracy")]
    file = io.StringIO(newline="")
    csv.writer(file).writerows(rows)
    assert ratings.put(store, file.getvalue().encode(), name="x.csv").skipped == ()


def judged(store: Store, run: str, values: str) -> None:
    with store.write() as transaction:
        row = run_rows.get_run(transaction, run)
        (place,) = run_rows.tasks_of(transaction, row.id)
        rows = judging.judged_records(transaction, row.id, place.task_version_id)
        ids = judging.put_subjects(transaction, [(one.item_id, (one.response_id,)) for one in rows])
        made = [
            judging.Verdict(
                *(subject, one.response_id, "gpt-x", "mmedbench", 1, "accuracy", 0, 0),
                *("ok", {"value": value}),
            )
            for subject, one, value in zip(ids, rows, values, strict=True)
        ]
        judging.put_verdicts(transaction, made)


def frames(app: AppTest, column: str):
    return [frame.value for frame in app.dataframe if column in frame.value.columns]


def test_without_ratings_the_page_says_how_to_bring_them_and_offers_a_table(store):
    assert "There are no ratings by people yet" in words(page(AGREEMENT))
    over(store)
    app = page(AGREEMENT)
    assert "python -m evalcore ratings import FILE" in words(app)
    assert [one.label for one in app.get("download_button")] == ["Download the table"]


def test_a_judge_stands_against_people_with_n_intervals_and_a_note_on_few(store):
    """Three pairs, two alike; bias (0 + 0 + 2) / 4 / 3 = 16.7% of the scale."""
    run = over(store)
    rated(store, run, "123")
    judged(store, run, "125")
    app = page(AGREEMENT)
    (line,) = frames(app, "Kappa")[0].to_dict("records")
    assert (line["Judge"], line["Rubric"], line["n"]) == ("gpt-x", "mmedbench-1", "3")
    assert line["Same verdict"].startswith("66.7% (")
    assert line["Bias"].startswith("+16.7% (")
    assert line["Note"] == "few"
    assert "as HealthBench defines it" in words(app)


def test_a_criterion_that_people_rated_on_another_scale_is_told(store):
    run = over(store)
    table = f"run,item,reviewer,criterion,value\n{run},q1,ann,accuracy,9\n"
    assert ratings.put(store, table.encode(), name="x.csv").skipped == ()
    judged(store, run, "125")
    assert "left out here. People rated it (ratings) on another scale" in words(page(AGREEMENT))


def test_published_figures_stand_apart_with_their_source_and_secondary_ones_are_marked(store):
    run = over(store)
    rated(store, run, "123")
    (table,) = frames(page(AGREEMENT), "Source")
    assert len(table) == len(judge.ANCHORS)
    first = table.iloc[0]
    assert first["Value"] == "0.709" and "secondary source" in first["Note"]


def test_reviewers_are_compared_with_each_other(store):
    run = over(store)
    rated(store, run, "123")
    rated(store, run, "124", "bob")
    table, together = frames(page(AGREEMENT), "Reviewers")
    assert together.iloc[0]["Krippendorff's alpha"].startswith("0.95"), "1 - 5 * 2 / 198, by rank"
    assert (together.iloc[0]["n"], together.iloc[0]["Scale"]) == ("3", "by rank")
    assert table.iloc[0]["Reviewers"] == "ann – bob" and table.iloc[0]["Same verdict"].startswith("66.7%")


def test_the_address_names_run_and_task(store):
    run, other = over(store), over(store, "def12345", "demo:y")
    rated(store, run, "123")
    rated(store, other, "555")
    assert [one.value for one in page(AGREEMENT).metric[:2]] == ["6", "6"]
    assert [one.value for one in page(AGREEMENT, run=other).metric[:2]] == ["3", "3"]


def test_every_rubric_is_listed_with_its_words_and_own_ones_can_go_and_come_back(store, tmp_path):
    add_rubric(json.dumps(TONE).encode(), "tone.json", tmp_path / "rubrics")
    app = page(BENCHMARKS, view="rubrics")
    labels = [one.label for one in app.expander]
    assert len(labels) == len(judge.rubrics()) + 1 and any("Tone" in label for label in labels)
    assert "Is **it** calm?" in words(app), "shown as it is, not as Markdown"
    app.button(key="rubric_remove_tone").click().run()
    assert "Rubric tone was removed" in words(app)
    assert "tone" not in judge.rubrics(tmp_path / "rubrics")
    app.button(key="rubric_undo").click().run()
    assert "tone" in judge.rubrics(tmp_path / "rubrics")


def test_a_broken_file_in_the_folder_is_named_and_the_bundled_rubrics_stay(store, tmp_path):
    folder = tmp_path / "rubrics"
    folder.mkdir()
    (folder / "broken.json").write_text('{"id": "x"')
    app = page(BENCHMARKS, view="rubrics")
    assert "broken&#46;json" in words(app) or "broken.json" in words(app)
    assert len(app.expander) >= len(judge.rubrics())


@pytest.mark.parametrize("has_run", [True, False])
def test_a_new_rubric_is_previewed_on_a_real_item(store, has_run):
    rubric = judge.read_rubric(json.dumps(TONE).encode(), "tone.json")
    shown = runs.preview_rubric(store, rubric, over(store) if has_run else "")
    assert shown is not None and shown.criterion == "calm"
    expected = "It helps because of q0" if has_run else "Is **it** calm?"
    assert expected in shown.prompts[0].text

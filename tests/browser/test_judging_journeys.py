"""Judges in a real browser: a model of this machine, an endpoint that errs on schedule, and people."""

import csv
import io
import re
import time
from urllib.parse import quote

import pytest
from browser import screenshot
from judge_server import judging
from playwright.sync_api import expect

from evalcore import report, runs
from evalcore.exchange import ratings
from evalcore.models.names import DEMO_FOLDER
from evalcore.store import registry
from evalcore.worker.loop import Worker

pytestmark = pytest.mark.browser
PATIENT_MS = 120_000
LOOKS = [("en", False), ("en", True), ("zh", False), ("zh", True)]
IDS = ["en-light", "en-dark", "zh-light", "zh-dark"]
WORDS = {
    "en": {"judges": "Judges", "start": "Start judging", "launch": "Judge (optional)"},
    "zh": {"judges": "评审模型", "start": "开始评审", "launch": "评审（可选）"},
}
LOCALES = {"en": "en-US", "zh": "zh-CN"}


@pytest.fixture
def judge(store):
    with judging() as server:
        row = {"name": "judges", "base_urls": [server.base_url], "key_env": "", "rpm": 0, "tpm": 0}
        more = {"in_flight": 4, "price_in": 2.0, "price_out": 8.0, "is_local": True}
        with store.write() as transaction:
            registry.put_endpoint(transaction, row | more)
        yield server


@pytest.fixture
def answered(store) -> str:
    """Six open questions, answered before the browser comes."""
    if not (DEMO_FOLDER / "strong").is_dir():
        pytest.skip("the demo models are not in this copy")
    code = runs.start(store, runs.RunSpec(model="demo:strong", tasks=("demo/en_open",)), limit=6)
    Worker(store, once=True).run()
    return code


def badge(seen, words: str) -> None:
    found = seen.page.locator(".stMarkdownBadge", has_text=words).first
    expect(found).to_be_visible(timeout=PATIENT_MS)


def press(seen, words: str) -> None:
    seen.page.get_by_role("button", name=words, exact=True).click()
    seen.settled()


def add_judge(seen, name: str) -> None:
    seen.page.get_by_role("textbox", name="Another model").fill(name)
    press(seen, "Add")
    seen.page.get_by_text("≈").first.wait_for(timeout=PATIENT_MS)


def test_answers_are_judged_by_a_demo_model_from_the_runs_page(visit, store, answered):
    seen = visit(f"live?run={answered}")
    press(seen, "Judge these answers")
    seen.page.wait_for_url("**judge=new**")
    seen.page.get_by_role("combobox", name="Judges (several are a jury)").click()
    seen.page.get_by_role("option", name="demo:weak").click()
    seen.page.keyboard.press("Escape")
    seen.page.get_by_text("≈").first.wait_for(timeout=PATIENT_MS)
    expect(seen.page.get_by_text("same family").first).to_be_visible()
    seen.page.get_by_text("Exactly what the judge reads").click()
    expect(seen.page.get_by_text(re.compile(r"\[\[ANSWER ")).first).to_be_visible()
    screenshot(seen.page, "judge_form")
    press(seen, "Start judging")
    seen.page.wait_for_url(lambda url: f"run={answered}" not in url)
    badge(seen, "Finished")
    screenshot(seen.page, "judge_run_demo")
    (code,) = report.judges_of(store, answered)
    end = time.monotonic() + PATIENT_MS / 1000
    while (found := report.judge_result(store, code)).status != "finished":  # the badge may be the old page's
        assert time.monotonic() < end, found
        time.sleep(0.2)
    assert found.judgements["ok"] >= 18 and found.is_same_family
    seen.page.get_by_role("button", name=re.compile("judges run")).click()
    seen.page.wait_for_url(f"**run={answered}**")
    expect(seen.settled().page.get_by_text("mmedbench-1").first).to_be_visible()
    screenshot(seen.page, "judge_section_demo")
    assert seen.outside == []


def test_an_endpoint_that_errs_on_schedule_shows_every_state(visit, store, judge, answered):
    seen = visit(f"live?run={answered}&judge=new&rubric=mmedbench")
    for name in ("honest", "mixed", "truncated", "refuses", "broken"):
        add_judge(seen, f"api:judges/judge-{name}")
    expect(seen.page.get_by_text("at most $").first).to_be_visible()
    press(seen, "Start 5 judges")
    seen.page.wait_for_url(lambda url: "judge=new" not in url)
    for words in ("cut off", "refused", "unreadable", "verdicts"):
        badge(seen, words)
    badge(seen, "only 0.0% of the calls gave a verdict")
    screenshot(seen.page, "judge_states")
    results = [report.judge_result(store, code) for code in report.judges_of(store, answered)]
    states = {name for one in results for name, n in one.judgements.items() if n}
    assert {"ok", "unreadable", "refused", "truncated"} <= states
    assert seen.outside == []


@pytest.mark.parametrize(("tongue", "is_dark"), LOOKS, ids=IDS)
def test_judges_and_people_side_by_side(visit, store, judge, answered, tongue, is_dark):
    other = runs.start(store, runs.RunSpec(model="demo:weak", tasks=("demo/en_open",)), limit=6)
    specs = [
        runs.JudgeSpec(f"api:judges/judge-{name}", answered, "mmedbench")
        for name in ("honest", "mixed", "first")
    ]
    for spec in specs:
        runs.judge_run(store, spec)
    Worker(store, once=True).run()
    pair = runs.JudgeSpec("api:judges/judge-honest", answered, "pairwise", against=other)
    code = runs.judge_run(store, pair)
    Worker(store, once=True).run()
    people(store, answered)
    look = {"dark": is_dark, "locale": LOCALES[tongue]}
    name = f"{tongue}_{'dark' if is_dark else 'light'}"
    seen = visit(f"live?run={answered}&lang={tongue}", **look)
    heading = seen.page.get_by_role("heading", name=WORDS[tongue]["judges"], exact=True)
    heading.scroll_into_view_if_needed()
    screenshot(seen.page, f"judge_section_{name}")
    seen.page.mouse.move(800, 500)
    seen.page.mouse.wheel(0, 900)
    screenshot(seen.page, f"judge_section_{name}_2")
    seen.open(f"live?run={code}&lang={tongue}")
    screenshot(seen.page, f"judge_pairs_{name}")
    seen.open(f"live?run={answered}&judge=new&rubric=mmedbench&lang={tongue}")
    screenshot(seen.page, f"judge_form_{name}")
    seen.open(f"agreement?lang={tongue}")
    screenshot(seen.page, f"agreement_{name}")
    for n in (2, 3):
        seen.page.mouse.wheel(0, 850)
        screenshot(seen.page, f"agreement_{name}_{n}")
    seen.open(f"benchmarks?view=rubrics&lang={tongue}")
    seen.page.get_by_text("mmedbench-1").click()
    screenshot(seen.page, f"rubrics_{name}")
    task = quote("unimedicaleval/pre_consultation")
    seen.open(f"launch?model=demo:strong&task={task}&judge=demo:weak&lang={tongue}")
    seen.page.get_by_role("heading", name=WORDS[tongue]["launch"]).scroll_into_view_if_needed()
    screenshot(seen.page, f"launch_judge_{name}")
    assert seen.outside == []


def people(store, run: str) -> None:
    """Two reviewers by the page's own table, seeded by the place of a line."""
    for n, reviewer in enumerate(("Dr A", "Dr B")):
        text = ratings.template(store, run, "mmedbench", reviewer=reviewer)
        lines = list(csv.reader(io.StringIO(text)))
        rows = [
            [*line[:-1], str(1 + (3 * place + n * (place % 3)) % 5)] for place, line in enumerate(lines[1:])
        ]
        file = io.StringIO(newline="")
        csv.writer(file).writerows([lines[0], *rows])
        assert ratings.put(store, file.getvalue().encode(), name="x.csv").skipped == ()


def test_a_rubric_and_ratings_are_brought_as_files(visit, store, answered, tmp_path):
    seen = visit("benchmarks?view=rubrics")
    bad = tmp_path / "bad.json"
    bad.write_text('{"id": "tone", "version": 0}')
    seen.page.locator("input[type=file]").set_input_files(bad)
    badge(seen, "This did not work")
    good = tmp_path / "tone.json"
    good.write_text(
        '{"id": "tone", "version": 1, "mode": "rating", "title": "Tone", "criteria": [{"name": "calm", '
        '"text": "Is the answer calm?", "scale": {"kind": "yes_no"}}]}'
    )
    seen.page.locator("input[type=file]").set_input_files(good)
    expect(seen.page.get_by_text(re.compile(r"\[\[ANSWER ")).first).to_be_visible(timeout=PATIENT_MS)
    screenshot(seen.page, "rubric_preview")
    press(seen, "Add this rubric")
    expect(seen.page.get_by_text("tone-1 is on the list")).to_be_visible(timeout=PATIENT_MS)
    seen.open("agreement")
    table = tmp_path / "ratings.csv"
    item = report.records(store, report.record_filter(store, runs=(answered,))).rows[0].item
    table.write_text(
        f"run,item,reviewer,criterion,value\n{answered},{item},Ann,accuracy,4\n{answered},no,Ann,accuracy,4\n"
    )
    screenshot(seen.page, "agreement_empty")
    seen.page.locator("input[type=file]").set_input_files(table)
    press(seen, "Take these ratings")
    expect(seen.page.get_by_text("1 row was left out")).to_be_visible(timeout=PATIENT_MS)
    found = report.records(store, report.record_filter(store, reviewed=True))
    assert [row.item for row in found.rows] == [item]

"""Judges in a real browser: a model of this machine, an endpoint that errs on schedule, and people."""

import csv
import io
import re
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from browser import LOCALES, App, each_look, screenshot, serving
from judge_server import judging
from playwright.sync_api import expect

from evalcore import report, runs
from evalcore.exchange import ratings
from evalcore.models.names import DEMO_FOLDER
from evalcore.store import Store, registry
from evalcore.worker.loop import Worker

pytestmark = pytest.mark.browser
PATIENT_MS = 120_000
WORDS = {
    "en": {"judges": "Judges", "start": "Start judging", "launch": "Judge (optional)"},
    "zh": {"judges": "评审模型", "start": "开始评审", "launch": "评审（可选）"},
}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Iterator[tuple[Store, str]]:
    """Six open questions, answered once before any browser comes; each server takes a copy."""
    if not (DEMO_FOLDER / "strong").is_dir():
        pytest.skip("the demo models are not in this copy")
    with closing(Store(f"sqlite:///{tmp_path_factory.mktemp('made') / 'rounds.db'}")) as store:
        code = runs.start(store, runs.RunSpec(model="demo:strong", tasks=("demo/en_open",)), limit=6)
        Worker(store, once=True).run()
        yield store, code


@pytest.fixture(scope="module")
def open_app(tmp_path_factory, made) -> Iterator[App]:
    """A server that finds the answers."""
    with serving_on(tmp_path_factory.mktemp("open"), made[0]) as running:
        yield running


@pytest.fixture(scope="module")
def judged_app(tmp_path_factory, judged) -> Iterator[App]:
    """A server that finds the answers and their judges."""
    with serving_on(tmp_path_factory.mktemp("seen"), judged[0]) as running:
        yield running


@pytest.fixture
def app(request) -> App:
    """One for the tests that judge, another for those that look at what is judged."""
    return request.getfixturevalue("judged_app" if "judged" in request.fixturenames else "open_app")


@contextmanager
def serving_on(folder: Path, filled: Store) -> Iterator[App]:
    (folder / "home").mkdir()
    with closing(Store(f"sqlite:///{folder / 'home' / 'rounds.db'}")) as here:
        copy(filled, here)
    with serving(folder) as running:
        yield running


@pytest.fixture
def answered(made) -> str:
    return made[1]


@pytest.fixture
def judge(store):
    with judging() as server:
        add_endpoint(store, server)
        yield server


@pytest.fixture(scope="module")
def judged(tmp_path_factory, made) -> Iterator[tuple[Store, str, str]]:
    """Store, run and pairwise run: answers judged by three judges and two people, beside a second model's."""
    answered, code = made
    with closing(Store(f"sqlite:///{tmp_path_factory.mktemp('judged') / 'rounds.db'}")) as store:
        copy(answered, store)
        other = runs.start(store, runs.RunSpec(model="demo:weak", tasks=("demo/en_open",)), limit=6)
        with judging() as server:
            add_endpoint(store, server)
            for name in ("honest", "mixed", "first"):
                runs.judge_run(store, runs.JudgeSpec(f"api:judges/judge-{name}", code, "mmedbench"))
            Worker(store, once=True).run()
            spec = runs.JudgeSpec("api:judges/judge-honest", code, "pairwise", against=other)
            pair = runs.judge_run(store, spec)
            Worker(store, once=True).run()
        people(store, code)
        yield store, code, pair


def copy(source: Store, target: Store) -> None:
    with closing(source.engine.raw_connection()) as old, closing(target.engine.raw_connection()) as new:
        old.driver_connection.backup(new.driver_connection)


def add_endpoint(store: Store, server) -> None:
    row = {"name": "judges", "base_urls": [server.base_url], "key_env": "", "rpm": 0, "tpm": 0}
    more = {"in_flight": 4, "price_in": 2.0, "price_out": 8.0, "is_local": True}
    with store.write() as transaction:
        registry.put_endpoint(transaction, row | more)


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
    before = report.judges_of(store, answered)
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
    (code,) = set(report.judges_of(store, answered)) - set(before)
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
    before = report.judges_of(store, answered)
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
    started = set(report.judges_of(store, answered)) - set(before)
    results = [report.judge_result(store, code) for code in started]
    states = {name for one in results for name, n in one.judgements.items() if n}
    assert {"ok", "unreadable", "refused", "truncated"} <= states
    assert seen.outside == []


@each_look
def test_judges_and_people_side_by_side(visit, judged, tongue, is_dark):
    _, code, pair = judged
    look = {"dark": is_dark, "locale": LOCALES[tongue]}
    name = f"{tongue}_{'dark' if is_dark else 'light'}"
    seen = visit(f"live?run={code}&lang={tongue}", **look)
    heading = seen.page.get_by_role("heading", name=WORDS[tongue]["judges"], exact=True)
    heading.scroll_into_view_if_needed()
    screenshot(seen.page, f"judge_section_{name}")
    seen.page.mouse.move(800, 500)
    seen.page.mouse.wheel(0, 900)
    screenshot(seen.page, f"judge_section_{name}_2")
    seen.open(f"live?run={pair}&lang={tongue}")
    screenshot(seen.page, f"judge_pairs_{name}")
    seen.open(f"live?run={code}&judge=new&rubric=mmedbench&lang={tongue}")
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

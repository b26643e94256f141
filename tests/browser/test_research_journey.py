"""Journey 2 in a real browser, both languages, light and dark: a folder, real questions, more of them."""

import shutil

import pytest
from browser import LOCALES, LOOKS, screenshot
from playwright.sync_api import expect

from evalcore import report
from evalcore.models.names import DEMO_FOLDER

pytestmark = pytest.mark.browser
PATIENT_MS = 120_000
WORDS = {
    "en": {"start": "Start", "more": "More items", "n": "Items per task", "extend": "Extend"},
    "zh": {"start": "开始", "more": "增加题数", "n": "每项任务的题数", "extend": "增加"},
}


@pytest.fixture
def real_questions(data_dir, monkeypatch) -> None:
    """The app, started after this, finds local copies of the datasets."""
    monkeypatch.setenv("ROUNDS_DATA_DIR", str(data_dir / "hub"))


@pytest.mark.usefixtures("real_questions")
def test_a_researcher_runs_a_folder_on_real_questions_and_asks_more(visit, store, tmp_path):
    """One asks for more; all see the form, the run and how to ask for more, each in a look of their own."""
    folder = shutil.copytree(DEMO_FOLDER / "strong", tmp_path / "own")
    tasks = "&".join(f"task={name}" for name in ("medqa_4options", "pubmedqa", "mmlu_anatomy"))
    path = f"launch?model=hf:{folder}&{tasks}&n=3"
    everybody = [visit(path, dark=is_dark, locale=LOCALES[tongue]) for tongue, is_dark in LOOKS]
    for seen, (tongue, _) in zip(everybody, LOOKS, strict=True):
        expect(seen.page.get_by_role("button", name=WORDS[tongue]["start"], exact=True)).to_be_enabled()
    first, *others = everybody
    words = WORDS[LOOKS[0][0]]
    first.page.get_by_role("button", name=words["start"], exact=True).click()
    first.page.wait_for_url("**/live?*")
    first.settled().page.get_by_text("9 / 9").wait_for(timeout=PATIENT_MS)
    before = asked(store)
    ask_more(first, words).press("Enter")
    first.page.get_by_role("button", name=words["extend"], exact=True).click()
    first.page.get_by_text("15 / 15").wait_for(timeout=PATIENT_MS)
    for other in others:
        other.open(first.page.url.removeprefix(f"{first.app.url}/"))
    for seen, (tongue, is_dark) in zip(everybody, LOOKS, strict=True):
        expect(seen.page.get_by_text("15 / 15")).to_be_visible(timeout=PATIENT_MS)
        screenshot(seen.settled().page, f"research_{tongue}_{'dark' if is_dark else 'light'}")
        assert seen.outside == []
    after = asked(store)
    assert len(before) == 9 and len(after) == 15
    assert {item: after[item] for item in before} == before
    for other, (tongue, _) in zip(others, LOOKS[1:], strict=True):
        ask_more(other, WORDS[tongue])
        button = other.page.get_by_role("button", name=WORDS[tongue]["extend"], exact=True)
        expect(button).to_be_visible()


def ask_more(seen, words: dict[str, str]):
    """The field, filled in."""
    seen.settled().page.get_by_test_id("stPopover").get_by_text(words["more"]).click()
    field = seen.page.get_by_label(words["n"])
    field.fill("5")
    return field


def asked(store) -> dict[tuple[str, str], float]:
    """When each item was asked."""
    rows = report.records(store, report.record_filter(store)).rows
    return {(row.task, row.item): report.record(store, row.work_id).asked_at for row in rows}

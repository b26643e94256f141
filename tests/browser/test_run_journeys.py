"""Journeys 1 to 3 in a real browser on one server: the demo on an empty home, one's own model, an API."""

import shutil
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from browser import LOCALES, LOOKS, screenshot
from browser import shared_app as app
from misbehaving_server import answer, error, running, slow
from playwright.sync_api import expect

from evalcore import report, runs
from evalcore.models.names import DEMO_FOLDER
from evalcore.store import registry

__all__ = ["app"]
pytestmark = pytest.mark.browser
PATIENT_MS = 120_000  # a worker has to start and load a model, beside everything else that runs here
WORDS = {
    "en": {
        "demo": "Start the demo",
        "own": "Launch your own",
        "latest": "Latest answers",
        "takes": "What it takes",
    },
    "zh": {"demo": "开始演示", "own": "新建自己的评测", "latest": "最新回答", "takes": "所需用量"},
}


def needs_demo() -> None:
    if not (DEMO_FOLDER / "strong").is_dir():
        pytest.skip("the demo models are not in this copy")


def add_endpoint(store, server, name: str, **more) -> None:
    row = {"name": name, "base_urls": [server.base_url], "key_env": "", "rpm": 0, "tpm": 0, "in_flight": 2}
    prices = {"price_in": 2.0, "price_out": 8.0, "is_local": True}
    with store.write() as transaction:
        registry.put_endpoint(transaction, row | prices | more)


def launch(visit, model: str, task: str, n: str):
    seen = visit(f"launch?model={quote(model)}&task={quote(task)}&n={n}")
    seen.page.get_by_role("button", name="Start", exact=True).click()
    seen.page.wait_for_url("**/live?*")
    return seen.settled()


def badge(seen, words: str) -> None:
    found = seen.page.locator(".stMarkdownBadge", has_text=words).first
    expect(found).to_be_visible(timeout=PATIENT_MS)


def press(seen, words: str) -> None:
    seen.page.get_by_role("button", name=words, exact=True).click()


def run_of(seen) -> str:
    (code,) = parse_qs(urlsplit(seen.page.url).query)["run"]
    return code


def test_a_newcomer_watches_the_demo_with_one_click_and_opens_an_answer(visit, store):
    """Everybody meets the empty home; one starts the demo, and all watch it in their own look."""
    needs_demo()
    everybody = [visit(dark=is_dark, locale=LOCALES[tongue]) for tongue, is_dark in LOOKS]
    for seen, (tongue, _) in zip(everybody, LOOKS, strict=True):
        expect(seen.page.get_by_role("button", name=WORDS[tongue]["demo"], exact=True)).to_be_enabled()
        screenshot(seen.page, f"home_first_{tongue}")
    first, *others = everybody
    press(first, WORDS[LOOKS[0][0]]["demo"])
    first.page.wait_for_url("**/live?run=*")
    for seen in others:
        seen.open(f"live?run={run_of(first)}")
    for seen, (tongue, _) in zip(everybody, LOOKS, strict=True):
        seen.page.get_by_text(WORDS[tongue]["latest"], exact=True).wait_for(timeout=PATIENT_MS)
        arrived(seen).wait_for(timeout=PATIENT_MS)
        screenshot(seen.page, f"live_demo_{tongue}")
    for row in report.runs_overview(store):
        runs.cancel(store, row.code)  # the rest needs no model at work
    for seen, (tongue, _) in zip(everybody, LOOKS, strict=True):
        open_an_answer_and_go_on(seen, WORDS[tongue])


def arrived(seen):
    return seen.page.locator("a[href*='item=']").first


def open_an_answer_and_go_on(seen, words: dict[str, str]) -> None:
    arrived(seen).click()
    seen.page.wait_for_url("**/items?*item=*")
    seen.settled()
    seen.page.go_back()
    seen.page.wait_for_url("**/live?run=*")
    press(seen.settled(), words["own"])
    seen.page.get_by_text(words["takes"], exact=True).wait_for(timeout=PATIENT_MS)
    assert seen.outside == []


def test_a_folder_runs_on_two_items_and_grows_without_asking_them_again(visit, store, tmp_path):
    needs_demo()
    folder = shutil.copytree(DEMO_FOLDER / "strong", tmp_path / "own")
    seen = launch(visit, f"hf:{folder}", "demo/fr", "2")
    badge(seen, "Finished")
    code, known = run_of(seen), report.runs_overview(store)
    before = {row.item: report.record(store, row.work_id).asked_at for row in rows(store, code)}
    assert len(before) == 2
    seen.settled().page.get_by_test_id("stPopover").get_by_text("More items").click()
    seen.page.get_by_label("Items per task").fill("4")
    seen.page.get_by_label("Items per task").press("Enter")
    press(seen, "Extend")
    seen.page.get_by_text("4 / 4").wait_for(timeout=PATIENT_MS)
    after = {row.item: report.record(store, row.work_id).asked_at for row in rows(store, code)}
    assert len(after) == 4
    assert {item: after[item] for item in before} == before
    assert [row.code for row in report.runs_overview(store)] == [row.code for row in known]


def rows(store, code: str):
    return report.records(store, report.record_filter(store, runs=(code,))).rows


def test_an_api_is_asked_and_its_tokens_and_cost_are_shown(visit, store):
    with running() as server:
        add_endpoint(store, server, "near")
        seen = launch(visit, "api:near/some-model", "demo/fr", "6")
        badge(seen, "Finished")
        screenshot(seen.page, "live_api")
    # six replies of 10 tokens in and 4 out: 84 tokens; 60 * 2 + 24 * 8 USD per million = 0.000312
    for figure in ("84", "$0.0003"):
        expect(seen.page.locator("body")).to_contain_text(figure, timeout=PATIENT_MS)
    assert len(server.received) == 6


def test_a_wrong_key_pauses_the_run_and_says_so(visit, store):
    with running() as server:
        server.otherwise = error("401 Unauthorized", "invalid_api_key", "Incorrect API key provided")
        add_endpoint(store, server, "strict")
        seen = launch(visit, "api:strict/some-model", "demo/fr", "all")
        badge(seen, "Paused")
        badge(seen, "Stopped by an error that every item would meet")
        screenshot(seen.page, "live_wrong_key")
        server.otherwise = answer()
        press(seen, "Resume")
        badge(seen, "Finished")


def test_a_run_is_paused_resumed_and_cancelled_while_one_watches(visit, store):
    with running() as server:
        server.otherwise = slow(1.0, answer())
        add_endpoint(store, server, "slow", in_flight=1)
        seen = launch(visit, "api:slow/some-model", "demo/en_choice", "all")
        badge(seen, "Running")
        press(seen, "Pause")
        badge(seen, "Paused")
        press(seen, "Resume")
        badge(seen, "Running")
        seen.page.get_by_test_id("stPopover").get_by_text("Cancel").click()
        press(seen, "Cancel this run")
        badge(seen, "Cancelled")
        screenshot(seen.page, "live_cancelled")
    assert 0 < len(server.received) < 28

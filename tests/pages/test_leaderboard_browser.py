"""The leaderboard in real Chromium: a click opens the items, a link carries the view, in both languages."""

from dataclasses import replace

import pytest
from browser import Visit, each_look, screenshot
from browser import shared_app as app
from filled import answer_all, entry, plan, task

from evalcore import benchmarks
from evalcore.store import Store

__all__ = ["app"]
pytestmark = pytest.mark.browser

GRID = "[data-testid=stDataFrame]"
HEAD, ROW = 36, 28  # pixels
OWNER = {one.id: benchmark.id for benchmark in benchmarks.benchmarks() for one in benchmark.tasks}
WORDS = {
    "en": {
        "published": "Published scores, not ranked with ours",
        "dots": "Intervals",
        "heat": "Heat map",
        "seen": "models may have seen them",
        "impossible": "no whole number of 1,273 items gives this figure",
        "research": "For research, not for clinical use",
    },
    "zh": {
        "published": "已发表的分数，不与本地结果排名",
        "dots": "区间图",
        "heat": "热力图",
        "seen": "模型可能见过",
        "impossible": "1,273 题中没有任何整数能得出该数值",
        "research": "仅供科研使用",
    },
}


@pytest.fixture(scope="module")
def filled(app):
    """Three models on two of the nine tasks, one of them by its own way of asking."""
    store = Store(f"sqlite:///{app.home}/rounds.db")
    tasks = [nine("medqa_4options"), nine("pubmedqa")]
    for n, (model, letters) in enumerate((("hf:org/llama", "AAAAAB?A"), ("api:near/gpt-4", "AAAAAAAA"))):
        answer_all(store, plan(store, *tasks, code=f"run-{n}", model=model), list(letters * 2))
    five = plan(store, tasks[0], code="run-5", model="api:near/gpt-4", spec={"fewshot": 5})
    answer_all(store, five, list("AAAAAAAB"))
    yield store
    store.close()


def nine(name: str):
    made = task([entry(f"{n}", f"{name}: question {n}?", "A") for n in range(8)], name)
    return replace(made, task=replace(made.task, benchmark=OWNER[name], title=benchmarks.tasks()[name].title))


def click_last(seen: Visit, grid: int, row: int) -> None:
    """On the last column's figure."""
    box = seen.page.locator(GRID).nth(grid).bounding_box()
    place = (box["x"] + box["width"] - 40, box["y"] + HEAD + ROW * (row + 0.5))
    seen.page.mouse.move(*place)
    seen.page.wait_for_timeout(300)  # the grid has to notice the mouse, as it does with a hand
    seen.page.mouse.click(*place)


@each_look
def test_a_researcher_reads_the_board_and_opens_the_items_behind_a_figure(filled, visit, tongue, is_dark):
    words = WORDS[tongue]
    seen = visit(f"leaderboard?lang={tongue}", dark=is_dark)
    page = seen.page
    page.get_by_text(words["published"]).wait_for()
    page.get_by_text(words["seen"]).wait_for()
    page.get_by_text(words["research"]).wait_for()
    page.locator("strong", has_text="5-shot").wait_for()
    screenshot(page, f"leaderboard_{tongue}_{'dark' if is_dark else 'light'}")
    for view in ("dots", "heat"):
        page.get_by_role("radio", name=words[view]).click()
        page.locator("[data-testid=stVegaLiteChart] :is(canvas, svg)").first.wait_for()
        screenshot(seen.settled().page, f"leaderboard_{view}_{tongue}_{'dark' if is_dark else 'light'}")
        page.wait_for_url(f"**view={view}**")
    assert seen.outside == []
    opened = visit(f"leaderboard?lang={tongue}&col=medqa_4options:acc", dark=is_dark)
    click_last(opened, 0, 0)
    opened.page.wait_for_url("**/items?**")
    assert "run=run-1" in opened.page.url and "task=medqa_4options" in opened.page.url
    assert f"lang={tongue}" in opened.page.url
    opened.page.get_by_text("1–8").wait_for()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_click_on_a_published_figure_tells_where_it_comes_from(filled, visit, language):
    seen = visit(f"leaderboard?board=mmedbench&lang={language}&col=mmedbench/en:acc")
    click_last(seen, 0, 1)  # GPT-3.5, the second row
    box = seen.page.locator(".st-key-board_told_box")
    box.get_by_text(WORDS[language]["impossible"]).wait_for()
    assert "MMedLM README" in box.inner_text()


def test_filters_live_in_the_address(filled, visit):
    seen = visit("leaderboard?published=off")
    page = seen.page
    page.get_by_role("combobox", name="Local or API").click()
    page.get_by_role("option", name="local").click()
    page.wait_for_url("**place=local**")
    assert seen.settled().page.locator(GRID).count() == 1
    again = visit(page.url.split("/", 3)[3])
    assert again.page.locator(GRID).count() == 1
    again.page.get_by_role("radio", name="MedS-Bench").click()
    again.page.wait_for_url("**board=meds_bench**")
    again.page.get_by_text("Nothing has been measured on this board yet.").wait_for()
    assert again.complaints == [] or all("404" in line for line in again.complaints)

"""Journey 4 in real Chromium: filter, walk by key, send the link; and a reply that would like to be code."""

import statistics
import sys

import pytest
from asked import ask, entry, task, written
from browser import READY, Visit, each_look, screenshot, start
from browser import shared_app as app

from evalcore import report
from evalcore.store import Store
from evalcore.types import LoadedTask, Way

__all__ = ["app"]
pytestmark = pytest.mark.browser

ROW, HEAD = 28, 36  # pixels of the list
WORDS = {
    "en": {"q": "heparin", "next": "Next", "link": "Link to this view", "gold": "✓ right answer"},
    "zh": {"q": "心肌梗死", "next": "下一题", "link": "复制当前页面链接", "gold": "✓ 标准答案"},
}
CHOICES = {
    "en": (("Specialty", "Cardiology"), ("Outcome", "Wrong")),
    "zh": (("专科", "心血管内科"), ("结果", "错误")),
}
HOSTILE = (
    "<script>window.pwned = 1</script><img src=x onerror='window.pwned = 2'>"
    "![x](http://203.0.113.1/x.png) <iframe src='http://203.0.113.1/'></iframe> **bold** $x^2$ :red[red] "
    "\u202ereversed\u202c \x00 \ud800 https://203.0.113.1/ \nAnswer: B\n"
)


def entries():
    """Sixty wrong and right answers; every third is cardiology and names heparin and 心肌梗死."""
    for n in range(60):
        heart = n % 3 == 0
        question = f"Case {n}: chest pain. 急性心肌梗死? Is heparin given?" if heart else f"Case {n}: a rash."
        options = {"A": "yes, at once", "B": "no", "C": "only later", "D": "never"}
        subject = "cardiology" if heart else "dermatology"
        yield entry(f"item-{n:02}", question, options, "AB"[n % 2], subject=subject, rationale="As agreed.")


@pytest.fixture(scope="module")
def filled(app):
    """A run of 60 items, answered with A, half of them rightly; the first reply is hostile and long."""
    store = Store(f"sqlite:///{app.home}/rounds.db")
    one = LoadedTask(task("demo/cases"), tuple(entries()))

    def said(asked):
        words = HOSTILE + "filler " * 150_000 if asked.item_id == "item-00" else "I would. Answer: A"
        return written(words)

    ask(store, [one], said, code="browser1", model="demo:strong", way=Way.GENERATE, chat=True)
    yield store
    store.close()


def name(seen: Visit) -> str:
    return seen.page.locator(".st-key-items_header strong").inner_text()


def waits_for(seen: Visit, item: str) -> None:
    seen.page.locator(".st-key-items_header strong", has_text=item).wait_for()
    seen.settled()


def click_row(seen: Visit, row: int) -> None:
    box = seen.page.get_by_test_id("stDataFrame").bounding_box()
    place = (box["x"] + 150, box["y"] + HEAD + ROW * (row + 0.5))
    seen.page.mouse.move(*place)
    seen.page.wait_for_timeout(300)  # the grid has to notice the mouse, as it does with a hand
    seen.page.mouse.click(*place)


def choose(seen: Visit, label: str, option: str) -> None:
    seen.page.get_by_role("combobox", name=label).click()
    seen.page.get_by_role("option", name=option).click()
    seen.settled()


@each_look
def test_a_clinician_filters_walks_by_key_and_sends_the_link(filled, visit, chromium, app, tongue, is_dark):
    words = WORDS[tongue]
    seen = visit(f"items?lang={tongue}", dark=is_dark)
    page = seen.page
    for label, option in CHOICES[tongue]:
        choose(seen, label, option)
    page.locator(".st-key-items_filters input[type=text]").first.fill(words["q"])
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")
    page.get_by_text("1–11").wait_for()  # wrong are the hostile one and the odd ones: 3, 9, 15, ... 57
    screenshot(seen.settled().page, f"items_list_{tongue}_{'dark' if is_dark else 'light'}")
    click_row(seen, 1)
    waits_for(seen, "item-03")
    page.get_by_text(words["gold"]).wait_for()
    for item in ("item-09", "item-15"):
        page.locator("h1").click()  # out of the list: letters walk from anywhere but a text field
        page.keyboard.press("j")
        waits_for(seen, item)
    page.keyboard.press("k")
    waits_for(seen, "item-09")
    screenshot(page, f"items_case_{tongue}_{'dark' if is_dark else 'light'}")
    page.get_by_role("button", name=words["link"]).click()
    link = page.get_by_test_id("stCode").inner_text().strip()
    assert seen.outside == []
    follow(link, app, chromium, f"item-09 {words['next']} {words['q']}".split())


def follow(link: str, app, chromium, expected: list[str]) -> None:
    """The same link on a fresh server over the same database, in a browser that was never here."""
    server, fresh = start(app.home, app.home / "second.log")
    try:
        context = chromium.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        page.goto(link.replace(app.url, fresh.url))
        page.wait_for_function(READY, timeout=20_000)
        page.locator(".st-key-items_header strong", has_text=expected[0]).wait_for()
        page.get_by_role("button", name=expected[1]).wait_for()
        assert page.locator(f"input[value='{expected[2]}']").count() == 1
        page.get_by_text("1–11").wait_for()
        context.close()
    finally:
        server.terminate()
        server.wait(timeout=10)


def test_a_hostile_reply_is_shown_as_text_and_does_nothing(filled, visit):
    work_id = report.record_at(filled, "browser1", "demo/cases", "item-00").work_id
    seen = visit(f"items?item={work_id}")
    page = seen.page
    waits_for(seen, "item-00")
    reply = page.locator(".st-key-items_case .rd-text", has_text="window.pwned")
    assert "<script>window.pwned = 1</script>" in reply.inner_text()
    assert "**bold** $x^2$ :red[red]" in reply.inner_text()
    assert "U+202E" in reply.inner_text()
    assert page.evaluate("window.pwned") is None
    assert page.locator(".st-key-items_case img, .st-key-items_case iframe").count() == 0
    assert len(reply.inner_text()) < 30_000, "a million characters were not all put on the page"
    screenshot(page, "items_hostile")
    page.get_by_role("button", name="Show all").click()
    page.get_by_role("button", name="Show all").wait_for(state="detached")
    seen.settled()
    assert page.evaluate("window.pwned") is None
    assert seen.outside == []


def test_arrow_keys_inside_the_list_open_items_and_escape_closes(filled, visit):
    seen = visit("items")
    for row in (0, 1):  # the first click opens; the list beside the item is another one
        click_row(seen, row)
        waits_for(seen, f"item-0{row}")
    seen.page.keyboard.press("ArrowDown")
    waits_for(seen, "item-02")
    seen.page.keyboard.press("Escape")
    seen.page.locator(".st-key-items_header").wait_for(state="detached")


def test_the_walk_turns_the_page_of_the_list(filled, visit):
    work_id = report.record_at(filled, "browser1", "demo/cases", "item-24").work_id
    seen = visit(f"items?item={work_id}")
    seen.page.locator("h1").click()
    seen.page.keyboard.press("j")
    waits_for(seen, "item-25")
    seen.page.get_by_text("26–50 of 60").wait_for()


def test_a_narrow_screen_shows_the_opened_item_alone(filled, visit):
    work_id = report.record_at(filled, "browser1", "demo/cases", "item-03").work_id
    seen = visit(f"items?item={work_id}", width=700)
    assert not seen.page.get_by_test_id("stDataFrame").is_visible()
    assert seen.page.get_by_text("chest pain").first.is_visible()
    screenshot(seen.page, "items_narrow")


def test_key_to_next_item_painted(filled, visit):
    """The promise is a median of 120 ms on a quiet machine; this prints it and only catches a fall."""
    work_id = report.record_at(filled, "browser1", "demo/cases", "item-01").work_id
    seen = visit(f"items?item={work_id}")
    seen.page.locator("h1").click()
    times = [one_step(seen) for _ in range(20)]
    median = statistics.median(times)
    said = f"key to next item painted: median {median:.0f} ms, slowest {max(times):.0f} ms"
    sys.stdout.write(said + "\n")
    assert median < 1500, said


def one_step(seen: Visit) -> float:
    before = name(seen)
    seen.page.evaluate(PAINTED, before)
    seen.page.keyboard.press("j")
    took = float(seen.page.evaluate("window.painted"))
    seen.settled()
    return took


PAINTED = """before => { window.painted = new Promise(done => {
    addEventListener('keydown', () => {
        const begin = performance.now();
        const look = () => {
            const now = document.querySelector('.st-key-items_header strong');
            if (now && now.innerText !== before)
                requestAnimationFrame(() => setTimeout(() => done(performance.now() - begin), 0));
            else requestAnimationFrame(look);
        };
        look();
    }, { once: true, capture: true });
}); }"""

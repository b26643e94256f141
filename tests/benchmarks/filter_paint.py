"""From changing a filter to the painted page, with 100,000 records in the store.

By hand: python tests/benchmarks/filter_paint.py [--records 100000] [--keep FOLDER]
A real server and Chromium. Goal: below 300 ms. The second figure is the key to the next item, goal 120 ms.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from browser import READY, App  # noqa: E402
from million_records import build  # noqa: E402
from paint import line, measure, opened  # noqa: E402
from playwright.sync_api import Page  # noqa: E402

from evalcore import report  # noqa: E402
from evalcore.store import Store  # noqa: E402

# Each: the control, the option that is taken; the page has changed when the figures over the list have.
STEPS = (
    ("Outcome", "Wrong"),
    ("Language of the item", "Chinese"),
    ("Outcome", "Right"),
    ("Language of the item", "All languages"),
    ("Reading of the reply", "Refused"),
    ("Outcome", "All outcomes"),
    ("Reading of the reply", "All readings"),
)
SHOWN = ".st-key-items_bar [data-testid=stCaptionContainer]"
NAME = ".st-key-items_header strong"
PAINTED = """([event, selector]) => {
    const now = () => (document.querySelector(selector) || {}).innerText;
    const before = now();
    window.painted = new Promise(done => addEventListener(event, () => {
        const begin = performance.now();
        const look = () => now() && now() !== before
            ? requestAnimationFrame(() => setTimeout(() => done(performance.now() - begin), 0))
            : requestAnimationFrame(look);
        look();
    }, { once: true, capture: true }));
}"""


def change(page: Page, label: str, option: str) -> float:
    """Milliseconds from the click on an option until other figures are painted."""
    page.get_by_role("combobox", name=label).click()
    target = page.get_by_role("option", name=option).first
    target.wait_for()
    page.evaluate(PAINTED, ["mouseup", SHOWN])
    target.click()
    return painted(page)


def search(page: Page, words: str) -> float:
    page.locator(".st-key-items_filters input[type=text]").first.fill(words)
    page.evaluate(PAINTED, ["keydown", SHOWN])
    page.keyboard.press("Enter")
    return painted(page)


def step(page: Page) -> float:
    page.evaluate(PAINTED, ["keydown", NAME])
    page.keyboard.press("j")
    return painted(page)


def painted(page: Page) -> float:
    took = float(page.evaluate("window.painted"))
    page.wait_for_function(READY)
    page.wait_for_timeout(200)
    return took


def open_page(page: Page, app: App, path: str) -> None:
    page.goto(f"{app.url}/{path}")
    page.wait_for_function(READY, timeout=60_000)
    page.wait_for_timeout(1500)


def drive(app: App) -> None:
    with opened() as page:
        open_page(page, app, "items")
        line("filter changed", [change(page, *one) for _ in range(3) for one in STEPS], 300)
        line("words searched", [search(page, words) for words in ("heparin", "心肌梗死", "fever", "")], 300)
        open_page(page, app, "items?outcome=wrong&item=" + first_wrong(app))
        page.locator("h1").click()
        line("key to next item", [step(page) for _ in range(30)], 120)


def first_wrong(app: App) -> str:
    store = Store(f"sqlite:///{app.home}/rounds.db")
    found = report.records(store, report.RecordFilter(outcome="wrong"), limit=1).rows[0].work_id
    store.close()
    return str(found)


if __name__ == "__main__":
    measure(__doc__, size="--records", default=100_000, build=build, drive=drive)

"""The leaderboard of 40 models by 60 tasks, from the click to the painted page.

By hand: python tests/benchmarks/leaderboard_paint.py [--items 50] [--keep FOLDER]
A real server and Chromium. Goal: below 1 s. The first look after a start of the server adds all scores up;
what it costs is told apart.
"""

import random
import sys
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import filled  # noqa: E402
from browser import READY, App  # noqa: E402
from paint import line, measure, opened, say  # noqa: E402
from playwright.sync_api import Locator, Page  # noqa: E402

from evalcore.report import leaderboard as boards  # noqa: E402
from evalcore.store import Store, scored, work  # noqa: E402
from evalcore.store.work import Finished  # noqa: E402

MODELS, TASKS, PIECE = 40, 60, 500
GOAL_MS = 1000
FIRST = "gpt-13"  # among the first rows by name
FAMILIES = ("hf:org/Llama-3-{}B", "api:near/gpt-{}", "hf:org/BioMistral-{}B", "hf:org/Qwen2-{}B")
GRID = "[data-testid=data-grid-canvas]"  # holds what is on the canvas once more, for screen readers
PAINTED = """([wanted]) => {
    const now = () => [...document.querySelectorAll('[data-testid=data-grid-canvas]')]
        .map(grid => grid.textContent).join(' ');
    const before = now();
    const is_there = () => wanted === 'chart'
        ? document.querySelector('[data-testid=stVegaLiteChart] :is(canvas, svg)')
        : now() !== before && now().includes(wanted);
    window.painted = new Promise(done => addEventListener('mouseup', () => {
        const begin = performance.now();
        const look = () => is_there()
            ? requestAnimationFrame(() => setTimeout(() => done(performance.now() - begin), 0))
            : requestAnimationFrame(look);
        look();
    }, { once: true, capture: true }));
}"""


def build(store: Store, items: int) -> None:
    """Every model asked every task; who is right is drawn by chance, models differ in skill."""
    dice = random.Random(1)
    tasks = [_task(n, items, dice) for n in range(TASKS)]
    for n in range(MODELS):
        model = FAMILIES[n % len(FAMILIES)].format(n)
        run = filled.plan(store, *tasks, code=f"run-{n:03d}", model=model)
        _answer(store, run, dice, skill=0.3 + 0.6 * n / MODELS)


def _task(n: int, items: int, dice: random.Random) -> "filled.LoadedTask":
    entries = [
        filled.entry(f"{n}-{k}", f"Question {k} of task {n}?", dice.choice("ABCD")) for k in range(items)
    ]
    made = filled.task(entries, f"bench/task{n:02d}")
    return replace(made, task=replace(made.task, title=f"Task {n:02d}"))


def _answer(store: Store, run: filled.Planned, dice: random.Random, *, skill: float) -> None:
    while claimed := filled.claim(store, run, PIECE):
        with store.write() as t:
            entries = {v: filled.content.get_entries(t, v) for v in {one.task_version_id for one in claimed}}
            finished = []
            for one in claimed:
                entry = entries[one.task_version_id][one.position]
                gold = entry.key.acceptable[0][0]
                letter = gold if dice.random() < skill else dice.choice("ABCD?")
                prompt = filled.prompt_of(entry)
                finished.append(Finished(one, filled.says(letter), prompt.key, f"ask-{one.work_id}"))
            filled.content.put_prompts(
                t, [filled.prompt_of(e) for e in entries[claimed[0].task_version_id].values()]
            )
            work.store_answered(t, finished)
        _read(store, run)


def _read(store: Store, run: filled.Planned) -> None:
    with store.write() as t:
        waiting = scored.unscored(t, run.run_id, PIECE)
        entries = {v: filled.content.get_entries(t, v) for v in {one.task_version_id for one in waiting}}
        made = [
            filled.reading(one, entries[one.task_version_id][one.position].key.acceptable[0][0])
            for one in waiting
        ]
        scored.put_readings(t, made)


def drive(app: App) -> None:
    cold_and_warm(app.home)
    with opened() as page:
        settle(page, app, "leaderboard")
        began = time.perf_counter()
        settle(page, app, "leaderboard?board=bench")
        say(f"the server's first look at all scores: {time.perf_counter() - began:.2f} s")
        line("board chosen", [board_chosen(page) for _ in range(8)], GOAL_MS)
        line("order changed", [order_changed(page, n) for n in range(1, 9)], GOAL_MS)
        line("heat map chosen", [view_chosen(page, "Heat map", "chart") for _ in range(5)], GOAL_MS)


def settle(page: Page, app: App, path: str) -> None:
    page.goto(f"{app.url}/{path}")
    page.locator(GRID).first.wait_for(timeout=120_000)
    rest(page)


def rest(page: Page) -> None:
    page.wait_for_function(READY, timeout=60_000)
    page.wait_for_timeout(500)


def board_chosen(page: Page) -> float:
    """From the click on the benchmark's name, seen from another board, to its rows on screen."""
    page.get_by_role("radio", name="MMedBench").click()
    page.wait_for_url("**board=mmedbench**")
    rest(page)
    return timed(page, page.get_by_role("radio", name="bench", exact=True), FIRST)


def order_changed(page: Page, n: int) -> float:
    """From the click on a column's name until another model stands first."""
    page.get_by_role("combobox", name="Order by").click()
    option = page.get_by_role("option").nth(n)
    option.wait_for()
    return timed(page, option, "hf:org")


def view_chosen(page: Page, view: str, wanted: str) -> float:
    page.get_by_role("radio", name="Table").click()
    page.locator(GRID).first.wait_for()
    rest(page)
    return timed(page, page.get_by_role("radio", name=view), wanted)


def timed(page: Page, target: Locator, wanted: str) -> float:
    page.evaluate(PAINTED, [wanted])
    target.click()
    took = float(page.evaluate("window.painted"))
    rest(page)
    return took


def cold_and_warm(home: Path) -> None:
    """What the table costs without drawing, first and afterwards."""
    store = Store(f"sqlite:///{home}/rounds.db")
    for name in ("cold", "warm", "warm"):
        began = time.perf_counter()
        table = boards.leaderboard(store, "bench")
        cells = sum(len(row.cells) for block in table.blocks for row in block.rows)
        say(f"table of {cells} cells, {name}: {time.perf_counter() - began:.2f} s")
    store.close()


if __name__ == "__main__":
    measure(__doc__, size="--items", default=50, build=build, drive=drive)

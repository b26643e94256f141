"""What measurements of painting share: a filled store, a real server, Chromium, and how times are told."""

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from browser import ARGUMENTS, CHROMIUM, App, start, stop  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402

from evalcore.store import Store  # noqa: E402


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - this is a program


def line(name: str, times: list[float], goal: float) -> None:
    """times, goal: milliseconds."""
    median, most = statistics.median(times), max(times)
    verdict = "ok" if median < goal else "MISSED"
    figures = f"median {median:.0f} ms, slowest {most:.0f} ms, n {len(times)}"
    say(f"{name}: {figures} (goal {goal:.0f} ms: {verdict})")


@contextmanager
def opened() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=list(ARGUMENTS))
        yield browser.new_page(viewport={"width": 1440, "height": 900}, locale="en-US")
        browser.close()


def measure(
    about: str | None,
    *,
    size: str,
    default: int,
    build: Callable[[Store, int], object],
    drive: Callable[[App], None],
) -> None:
    """size: the option that says how much `build` puts into the store."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument(size, dest="size", type=int, default=default)
    parser.add_argument("--keep", type=Path, help="folder of the store; used again when it is there")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        home = arguments.keep or Path(scratch)
        home.mkdir(exist_ok=True)
        if not (home / "rounds.db").exists():
            store = Store(f"sqlite:///{home}/rounds.db")
            build(store, arguments.size)
            store.close()
        server, app = start(home, home / "server.log")
        say(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        try:
            drive(app)
        finally:
            stop(server, home)

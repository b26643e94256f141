"""A real Chromium on the real app, each with a home of its own. Fixtures: `app`, `chromium`, `visit`."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
# Debian's build without windows is the same engine at four fifths of the processor time.
CHROMIUM = os.environ.get("ROUNDS_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium-headless-shell", "chromium"))), "/usr/bin/chromium"
)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Both languages and both themes; ROUNDS_ALL_LOOKS=1, by hand, walks all four pairs.
LOOKS = [("en", False), ("zh", True)]
if os.environ.get("ROUNDS_ALL_LOOKS") == "1":
    LOOKS += [("en", True), ("zh", False)]
LOCALES = {"en": "en-US", "zh": "zh-CN"}
each_look = pytest.mark.parametrize(
    ("tongue", "is_dark"), LOOKS, ids=[f"{tongue}-{'dark' if dark else 'light'}" for tongue, dark in LOOKS]
)
LOOK_MS = 50  # looking at every frame would draw every frame
READY = """() => {
    const app = document.querySelector('[data-testid=stApp]');
    const isDone = app && app.dataset.testScriptState === 'notRunning';
    return isDone && !document.querySelector('[data-stale=true], [data-testid=stSkeleton]');
}"""
# What was just pressed takes a moment to reach the server: the page is settled when it stays ready.
SETTLED = f"""call => {{
    const isReady = ({READY})();
    if (!isReady || window.settling?.call !== call) window.settling = {{ call, since: performance.now() }};
    return isReady && performance.now() - window.settling.since >= 200;
}}"""


@dataclass
class App:
    """A running server; started_s: from the command to the first answer of /health."""

    url: str
    home: Path
    pid: int
    started_s: float

    @property
    def cpu_s(self) -> float:
        """Processor time of the server so far: what it costs, however busy the machine is."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass
class Visit:
    """A page of the app, with what it asked for and what it complained about."""

    page: Page
    app: App
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str = "") -> "Visit":
        self.page.goto(f"{self.app.url}/{path}")
        return self.settled()

    def settled(self) -> "Visit":
        """Waits until the script is done and nothing on the page is older than its last run."""
        self.page.wait_for_function(SETTLED, arg=time.monotonic_ns(), polling=LOOK_MS, timeout=60_000)
        return self

    @property
    def outside(self) -> list[str]:
        """Requests that left the machine, once the page last opened has all it asked for."""
        self.page.wait_for_load_state("networkidle")
        local = (self.app.url, self.app.url.replace("http", "ws"), "data:", "blob:")
        return [url for url in self.requests if not url.startswith(local)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(home: Path, log: Path, **more: str) -> tuple[subprocess.Popen[bytes], App]:
    """The app as a person starts it, on a free port; waits until it answers."""
    port, began = free_port(), time.perf_counter()
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.port", str(port)]
    env = {**os.environ, "ROUNDS_HOME": str(home), "HF_HUB_OFFLINE": "1", **more}
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=output, stderr=subprocess.STDOUT)
    url = f"http://127.0.0.1:{port}"
    while not answers(f"{url}/health"):
        if server.poll() is not None or time.perf_counter() - began > 30:
            raise RuntimeError(f"the app did not start: {log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.02)
    return server, App(url, home, server.pid, time.perf_counter() - began)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as reply:
            return bool(reply.status == 200)
    except OSError:
        return False


def stop(server: subprocess.Popen[bytes], home: Path) -> None:
    """Ends the server and what it started for this home: workers live in a session of their own."""
    server.terminate()
    server.wait(timeout=10)
    for pid in working_in(home):
        os.kill(pid, signal.SIGKILL)


def working_in(home: Path) -> list[int]:
    """Processes whose environment names this home; it is a fresh folder, so they are ours."""
    wanted = f"ROUNDS_HOME={home}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            variables = (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            continue  # ended meanwhile, or another user's
        if wanted in variables:
            found.append(int(folder.name))
    return [pid for pid in found if pid != os.getpid()]


def screenshot(page: Page, name: str) -> None:
    """With ROUNDS_SCREENSHOTS=1 writes build/screenshots/NAME.png, to be looked at; git ignores it."""
    if os.environ.get("ROUNDS_SCREENSHOTS") == "1":
        page.wait_for_timeout(400)  # charts fade in
        page.screenshot(path=ROOT / "build" / "screenshots" / f"{name}.png")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        reason = f"no Chromium at {CHROMIUM}: install Debian's chromium, or name one in ROUNDS_CHROMIUM"
        if os.environ.get("ROUNDS_FORBID_SKIPS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=list(ARGUMENTS))
        yield browser
        browser.close()


@contextmanager
def serving(folder: Path) -> Iterator[App]:
    """A fresh server on the folder's home, which is empty unless somebody filled it."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    server, running = start(home, folder / "server.log")
    yield running
    stop(server, home)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with serving(tmp_path) as running:
        yield running


@pytest.fixture(scope="module")
def shared_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """One server for a file whose tests change nothing: `from browser import shared_app as app`."""
    with serving(tmp_path_factory.mktemp("shared")) as running:
        yield running


@pytest.fixture
def visit(chromium: Browser, app: App) -> Iterator[Callable[..., Visit]]:
    """Opens visitors: `visit("items?lang=zh", dark=True, locale="zh-CN")`; each has its own session."""
    contexts = []

    def new(path: str = "", *, dark: bool = False, locale: str = "en-US", width: int = 1440) -> Visit:
        scheme = "dark" if dark else "light"
        size = {"width": width, "height": 900}
        context = chromium.new_context(color_scheme=scheme, locale=locale, viewport=size)
        contexts.append(context)
        page = context.new_page()
        seen = Visit(page, app)
        page.on("request", lambda request: seen.requests.append(request.url))
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        page.on("console", lambda line: seen.complaints.append(line.text) if line.type == "error" else None)
        return seen.open(path)

    yield new
    for context in contexts:
        context.close()

"""The frame around every screen, in AppTest (what is drawn) and in a real browser (what is seen)."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import App, screenshot, serving, shared_app
from streamlit.testing.v1 import AppTest

__all__ = ["shared_app"]
ROOT = Path(__file__).resolve().parents[2]
MAIN = ROOT / "pages" / "ui" / "main.py"
SCREENS = sorted(file for file in (ROOT / "pages").glob("*.py") if file.name != "__init__.py")
RESEARCH = {"en": "For research, not for clinical use", "zh": "仅供科研使用，不得用于临床诊疗"}

WEB_PROCESS = f"""
import json, sys
import streamlit_app
from streamlit.testing.v1 import AppTest
app = AppTest.from_file({str(MAIN)!r}, default_timeout=30).run()
for screen in {[str(file) for file in SCREENS]!r}:
    assert not app.switch_page(screen).run().exception, screen
print(json.dumps([name for name in ("torch", "transformers", "datasets", "openai") if name in sys.modules]))
"""


@pytest.fixture
def fresh_app(tmp_path) -> Iterator[App]:
    """Nobody has opened a page of it yet."""
    with serving(tmp_path) as running:
        yield running


@pytest.fixture
def app(request) -> App:
    """One server for all tests but those that ask for a fresh one."""
    return request.getfixturevalue("fresh_app" if "fresh_app" in request.fixturenames else "shared_app")


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("ROUNDS_HOME", str(tmp_path))
    return tmp_path


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(MAIN), default_timeout=20)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("screen", SCREENS, ids=lambda file: file.stem)
def test_every_screen_draws_on_an_empty_store_in_both_languages(home, screen, language):
    app = opened(lang=language).switch_page(str(screen)).run()
    assert not app.exception
    assert app.title, "a screen without its one title"
    assert any(RESEARCH[language] in block.value for block in app.html)


def test_the_language_comes_from_the_url_and_stays_for_the_session(home):
    app = opened(lang="zh")
    assert app.session_state["language"] == "zh"
    del app.query_params["lang"]
    app.run()
    assert app.session_state["language"] == "zh"
    assert app.query_params["lang"] == "zh"


def test_an_unknown_language_in_the_url_is_english(home):
    app = opened(lang="xx")
    assert not app.exception
    assert app.session_state["language"] == "en"


def test_a_chinese_browser_starts_in_chinese_and_keeps_its_url_clean(home):
    app = AppTest.from_file(str(MAIN), default_timeout=20)
    app.context = {"locale": "zh-CN"}
    app.run()
    assert app.session_state["language"] == "zh"
    assert "lang" not in app.query_params


def test_the_web_process_loads_no_model_library(tmp_path):
    script = [sys.executable, "-c", WEB_PROCESS]
    env = {"PATH": "/usr/bin:/bin", "ROUNDS_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(script, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout.splitlines()[-1]) == []


@pytest.mark.browser
@pytest.mark.usefixtures("fresh_app")
def test_a_deep_link_on_a_fresh_server_goes_through_the_shell(visit):
    seen = visit("items?lang=zh")
    page = seen.page
    page.get_by_text(RESEARCH["zh"]).wait_for()
    assert page.get_by_test_id("stSidebarNav").get_by_text("首页").is_visible()
    assert page.get_by_test_id("stSidebar").get_by_text("中文").is_visible()


@pytest.mark.browser
def test_no_request_leaves_the_machine_and_nothing_is_blocked(visit):
    seen = visit()
    links = seen.page.get_by_test_id("stSidebarNavLink")
    assert links.count() == len(SCREENS)
    for place in range(links.count()):
        links.nth(place).click()
        seen.page.wait_for_timeout(300)
        seen.settled()
    assert seen.outside == []
    assert seen.complaints == []


@pytest.mark.browser
@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_light_and_dark_follow_the_system(visit, is_dark):
    seen = visit(dark=is_dark)
    colour = seen.page.evaluate(
        "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    )
    assert colour == ("rgb(18, 24, 29)" if is_dark else "rgb(255, 255, 255)")
    screenshot(seen.page, f"home_{'dark' if is_dark else 'light'}")


@pytest.mark.browser
def test_the_language_switch_changes_the_page_and_the_link(visit):
    seen = visit()
    seen.page.get_by_test_id("stSidebar").get_by_text("中文").click()
    seen.page.get_by_text(RESEARCH["zh"]).wait_for()
    seen.page.wait_for_url("**/?lang=zh")
    seen.page.get_by_test_id("stSidebarNavLink").get_by_text("设置").click()
    seen.page.wait_for_url("**/settings?lang=zh")
    seen.page.get_by_role("heading", name="设置").wait_for()
    screenshot(seen.settled().page, "settings_zh")
    seen.page.get_by_test_id("stSidebar").get_by_text("English").click()
    seen.page.get_by_text(RESEARCH["en"]).wait_for()
    seen.page.wait_for_url("**/settings?lang=en")


@pytest.mark.browser
def test_the_first_page_of_a_fresh_server_costs_it_few_seconds_of_processor(visit, fresh_app):
    """The promise is 3 s by the clock on a quiet machine; a busy one stretches processor time, too."""
    visit()
    assert fresh_app.cpu_s < 6


@pytest.mark.browser
def test_every_answer_of_the_server_carries_the_security_headers(app):
    for path in ("/", "/health", "/_stcore/health"):
        with urllib.request.urlopen(app.url + path, timeout=5) as reply:
            headers = reply.headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe-eval" not in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"

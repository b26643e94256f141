"""Models, endpoints, benchmarks and settings as a person uses them: registering an API, checking, asking."""

import re

import pytest
from browser import screenshot, serving
from misbehaving_server import as_json, error, running
from playwright.sync_api import expect

from evalcore.models.names import DEMO_FOLDER

pytestmark = pytest.mark.browser
PATIENT_MS = 120_000  # a worker has to start, beside everything else that runs here
SECRET = "sk-test-4711-0815-never-shown"
LIST = as_json({"object": "list", "data": [{"id": "house-model"}]})


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """Holds two keys; the worker that starts with the app does not, because nobody named them yet."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOUSE_KEY", SECRET)
        patch.setenv("STRICT_KEY", SECRET)
        with serving(tmp_path_factory.mktemp("house")) as running_app:
            yield running_app


def fill_in(page, url: str, name: str) -> None:
    key = f"{name.upper()}_KEY"
    page.get_by_role("textbox", name="Name", exact=True).fill(name)
    page.get_by_role("textbox", name="Name of the key's environment variable").fill(key)
    page.get_by_role("textbox", name="Base URLs, one a line").fill(url)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"{key} is set for the app")).to_be_visible()


def check_it(seen) -> None:
    """One step after the other, as a person does: what is shown while the page still works may be renewed."""
    seen.settled().page.get_by_test_id("stPopover").get_by_role("button", name="Check").last.click()
    start = seen.settled().page.get_by_role("button", name="Check now")
    start.click()
    expect(start).to_be_hidden(timeout=PATIENT_MS)


def test_an_endpoint_is_registered_checked_with_its_key_and_asked(visit):
    with running() as server:
        server.will(LIST)
        seen = visit("models?view=endpoints")
        fill_in(seen.page, server.base_url, "house")
        check_it(seen)
        found = seen.page.get_by_role("link", name="house-model")
        expect(found).to_be_visible(timeout=PATIENT_MS)
        assert server.received[0].headers["authorization"] == f"Bearer {SECRET}"
        screenshot(seen.page, "endpoints_checked")
        found.click()
        seen.page.wait_for_url("**/launch?*house-model*")
        seen.open("launch?model=api%3Ahouse%2Fhouse-model&task=demo%2Ffr&n=4")
        seen.page.get_by_role("button", name="Start", exact=True).click()
        seen.page.wait_for_url("**/live?*")
        finished = seen.page.locator(".stMarkdownBadge", has_text="Finished").first
        expect(finished).to_be_visible(timeout=PATIENT_MS)
        seen.open("models?model=api%3Ahouse%2Fhouse-model")
        seen.page.get_by_text("Repeat it from the command line").click()
        expect(seen.page.get_by_text(re.compile("--model api:house/house-model"))).to_be_visible()
        assert SECRET not in seen.page.content() and seen.outside == []
        screenshot(seen.page, "model_api")


def test_an_endpoint_that_refuses_its_key_is_told_in_words(visit):
    with running() as server:
        server.otherwise = error("401 Unauthorized", "invalid_api_key", f"Incorrect key {SECRET}")
        seen = visit("models?view=endpoints", dark=True)
        fill_in(seen.page, server.base_url, "strict")
        check_it(seen)
        expect(seen.page.get_by_text("not accepted")).to_be_visible(timeout=PATIENT_MS)
        assert SECRET not in seen.page.content()
        screenshot(seen.page, "endpoints_refused_dark")


def test_a_demo_model_is_loaded_for_real_by_a_worker(visit):
    if not (DEMO_FOLDER / "strong").is_dir():
        pytest.skip("the demo models are not in this copy")
    seen = visit("models?model=demo%3Astrong&precision=fp32&lang=zh")
    seen.page.get_by_role("button", name="实际加载测试").click()
    expect(seen.page.get_by_text("已成功加载")).to_be_visible(timeout=PATIENT_MS)
    screenshot(seen.page, "model_loaded_zh")


def test_a_task_is_opened_walked_and_sent_as_a_link(visit, app):
    seen = visit("benchmarks?q=safety")
    seen.page.get_by_role("button", name=re.compile("safety:.*harm and ethics")).click()
    seen.page.wait_for_url("**/benchmarks?*task=demo*")
    seen.settled().page.get_by_text("Exact prompt when the model writes").click()
    expect(seen.page.get_by_text("User message")).to_be_visible()
    seen.page.get_by_test_id("stNumberInputStepUp").click()
    seen.page.wait_for_url("**at=2*")
    question = seen.settled().page.locator(".rd-text").first.inner_text()
    other = visit(seen.page.url.removeprefix(f"{app.url}/"))
    assert other.page.locator(".rd-text").first.inner_text() == question
    seen.page.get_by_role("button", name="All benchmarks").click()
    expect(seen.page.get_by_role("textbox", name="Search")).to_have_value("safety")
    assert seen.outside == []


def test_settings_names_the_living_worker(visit):
    seen = visit("settings?lang=zh", width=420)
    expect(seen.page.get_by_text("存活").first).to_be_visible(timeout=PATIENT_MS)
    screenshot(seen.page, "settings_narrow_zh")

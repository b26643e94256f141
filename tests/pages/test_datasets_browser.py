"""An own dataset of 1,000 rows through the page in real Chromium: good rows in, each bad row named."""

import csv
import io
import re

import pytest
from broken_rows import broken_table, cells
from browser import LOCALES, Visit, each_look, screenshot
from browser import shared_app as app

from evalcore.datasets import WHY
from pages.ui import en, en_datasets, zh_datasets

__all__ = ["app"]
pytestmark = pytest.mark.browser
TEXTS = {"en": en_datasets.TEXTS, "zh": zh_datasets.TEXTS}


def upload(seen: Visit, name: str, content: bytes) -> Visit:
    seen.page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    seen.page.get_by_text(name, exact=True).wait_for()
    return seen.settled()


def downloaded(seen: Visit, label: str) -> list[dict[str, str]]:
    with seen.page.expect_download() as waiting:
        seen.page.get_by_role("button", name=label).click()
    content = waiting.value.path().read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


@each_look
def test_of_a_thousand_rows_the_good_ones_go_in_and_each_bad_one_is_named(visit, tongue, is_dark):
    words, mode = TEXTS[tongue], "dark" if is_dark else "light"
    name = f"rows_{tongue}_{mode}"
    content, reasons = broken_table()
    seen = visit(f"benchmarks?own=new&lang={tongue}", dark=is_dark, locale=LOCALES[tongue])
    screenshot(seen.page, f"dataset_begin_{tongue}_{mode}")
    upload(seen, f"{name}.csv", content)
    seen.page.get_by_text("976", exact=True).first.wait_for()
    screenshot(seen.page, f"dataset_columns_{tongue}_{mode}")
    seen.page.get_by_role("tab", name=re.compile(r"\D24\D")).click()
    seen.settled()
    screenshot(seen.page, f"dataset_bad_{tongue}_{mode}")
    named = downloaded(seen, words["dataset.bad_download"])
    assert {int(row["row"]): row["code"] for row in named} == reasons
    assert {row["row"]: row["why"] for row in named}["300"] == words["dataset.why.empty_row"]
    keep(seen, words)
    screenshot(seen.page, f"dataset_task_{tongue}_{mode}")
    assert f"task=mine%2F{name}" in seen.page.url
    assert len(set(reasons.values())) >= 17 and set(reasons.values()) <= set(WHY)
    assert seen.outside == []


def keep(seen: Visit, words: dict[str, str]) -> None:
    add = seen.page.get_by_role("button", name=words["dataset.add"].format(n="976"))
    assert add.is_disabled()
    seen.page.get_by_label(words["dataset.licence"]).fill("own work")
    seen.page.get_by_label(words["dataset.licence"]).press("Enter")
    seen.page.get_by_text(words["dataset.patient_text.no"], exact=True).click()
    seen.settled()
    screenshot(seen.page, "dataset_keep")
    add.click()
    seen.page.wait_for_url(re.compile("task=mine"))
    seen.settled()


def stored_items(home) -> list[dict]:
    import json

    lines = (home / "datasets" / "cardiology" / "items.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_what_was_stored_is_what_stood_in_the_good_rows(visit, app):
    content, reasons = broken_table()
    seen = upload(visit("benchmarks?own=new"), "cardiology.csv", content)
    keep(seen, TEXTS["en"])
    stored = {item["id"]: item for item in stored_items(app.home)}
    wanted = [row for row in range(2, 1002) if row not in reasons]
    assert list(stored) == [f"q{row}" for row in wanted]
    for row in wanted:
        given, item = cells(row), stored[f"q{row}"]
        assert item["question"] == given["question"] and item["rationale"] == "007"
        assert item["options"] == [[label, given[label]] for label in "ABCD"]
        assert item["gold"] == [[given["answer"]]]
    seen.page.get_by_test_id("stPopover").get_by_text("Remove").click()
    seen.page.get_by_role("button", name="Remove this dataset").click()
    seen.page.get_by_role("button", name="Undo").wait_for()
    assert not (app.home / "datasets" / "cardiology").exists()
    screenshot(seen.settled().page, "dataset_removed")
    seen.page.get_by_role("button", name="Undo").click()
    seen.page.get_by_role("button", name=en.TEXTS["benchmarks.launch"]).wait_for()
    assert len(stored_items(app.home)) == 976


def test_chinese_excel_text_and_a_rubric_are_previewed_as_they_will_be_asked(visit):
    rows = "题目,评分细则\n胸痛一小时，应如何处理？电话13800138000,8：建议立即呼叫救护车\n没有细则,\n"
    content = rows.encode("gb18030")
    seen = upload(visit("benchmarks?own=new&lang=zh", locale="zh-CN"), "胸痛.csv", content)
    seen.page.get_by_text("GB18030").wait_for()
    seen.page.get_by_text("+8  建议立即呼叫救护车").wait_for()
    screenshot(seen.page, "dataset_rubric_zh")
    seen.page.get_by_role("tab", name=re.compile("疑似个人信息")).click()
    screenshot(seen.settled().page, "dataset_persons_zh")
    assert seen.outside == []

"""Items of six languages in real Chromium: found, marked, sorted, wrapped; judges beside the reply."""

import statistics
import sys
from collections.abc import Iterator
from urllib.parse import quote

import kinds
import pytest
from browser import Visit, each_look, screenshot
from browser import shared_app as app
from test_items_browser import HEAD, ROW, one_step

from evalcore import report
from evalcore.store import Store
from evalcore.types import Criterion, Item, Kind

__all__ = ["app"]
pytestmark = pytest.mark.browser

LONG = {"zh": "患者反复发热伴咳嗽咳痰三周" * 40, "ja": "発熱と咳が三週間続いている" * 40}
ITEMS = {
    "en-1": ("en", "Ménière’s disease: which drug?", "Betahistine in the naïve patient."),
    "en-2": ("en", "Dosage of HLA-B27 testing, 5 µg?", "None."),
    "zh-1": ("zh", "急性心肌梗死的首选治疗是什么？", "首选阿司匹林。"),
    "zh-2": ("zh", "心脏听诊时肌肉松弛怎么办？", "观察。"),
    "fr-1": ("fr", "Éclampsie : quel œdème et quel traitement ?", "Sulfate de magnésium."),
    "fr-2": ("fr", "Zona chez le sujet âgé ?", "Aciclovir."),
    "ja-1": ("ja", "胃ガンの治療は何か。", "ｶﾞﾝは切除する。"),
    "ru-1": ("ru", "Рак лёгкого: какое лечение?", "Операция."),
    "ru-2": ("ru", "Йододефицит: что назначить?", "Йод."),
    "es-1": ("es", "¿Cuál es la causa del niño con fiebre?", "Una infección."),
    "en-3": ("en", "Pak choi and paper: any risk?", "No."),
}
FOUND = {
    "meniere": ("en-1", ["Ménière"]),
    "NAIVE": ("en-1", ["naïve"]),
    "hla-b27": ("en-2", ["HLA", "B27"]),
    "5 μg": ("en-2", ["5", "µg"]),  # the letter mu finds the micro sign
    "心肌梗死": ("zh-1", ["心肌梗死"]),
    "阿司匹林": ("zh-1", ["阿司匹林"]),
    "松弛": ("zh-2", ["松弛"]),
    "eclampsie": ("fr-1", ["Éclampsie"]),
    "магни": (None, []),
    "ガン": ("ja-1", ["ガン", "ｶﾞﾝ"]),
    "рак": ("ru-1", ["Рак"]),  # not pak: look-alike letters are other letters
    "pak": ("en-3", ["Pak"]),
    "легкого": ("ru-1", ["лёгкого"]),
    "йод": ("ru-2", ["Йод", "Йод"]),
    "nino": ("es-1", ["niño"]),
    "infeccion": ("es-1", ["infección"]),
}
QUESTION = 5  # the column of the list
SORTED = """([column, first]) => {
    const cells = document.querySelectorAll(
        `[data-testid=stDataFrame] canvas tbody td[aria-colindex='${column}']`);
    const lines = [...cells].map(one => one.innerText);
    return lines.length > 13 && lines[0].startsWith(first) && lines;
}"""
OVERFLOWING = """() => [...document.querySelectorAll('.st-key-items_case *')]
    .filter(one => one.clientWidth && one.scrollWidth > one.clientWidth + 2)
    .map(one => `${one.className}: ${one.scrollWidth} in ${one.clientWidth}`)"""
MARKS = ".st-key-items_case mark.rd-hit"


@pytest.fixture(scope="module")
def six(app) -> Iterator[Store]:
    """Short items of six languages, and one without a single blank in each of the scripts that have none."""
    store = Store(f"sqlite:///{app.home}/rounds.db")
    items = {name: Item(question, language=tongue) for name, (tongue, question, _) in ITEMS.items()}
    items |= {f"{tongue}-long": Item(words, language=tongue) for tongue, words in LONG.items()}
    items["ru-long"] = Item("Электроэнцефалографический" * 60, language="ru")
    entries = [kinds.entry(name, item, ("reference",)) for name, item in items.items()]
    replies = {name: ITEMS[name][2] if name in ITEMS else "x" * 1_000_000 for name in items}
    kinds.say(store, kinds.loaded(Kind.TEXT, entries), replies, code="six")
    yield store
    store.close()


def place(store: Store, item: str) -> int:
    return report.record_at(store, "six", "demo/text", item).work_id


def search(seen: Visit, words: str) -> None:
    field = seen.page.locator(".st-key-items_filters input[type=text]").first
    field.fill(words)
    field.press("Enter")
    seen.page.wait_for_function("words => new URL(location).searchParams.get('q') === words", arg=words)
    seen.settled()


def click(seen: Visit, x: float, y: float) -> None:
    seen.page.mouse.move(x, y)
    seen.page.wait_for_timeout(300)  # the grid has to notice the mouse, as it does with a hand
    seen.page.mouse.click(x, y)


def test_each_language_is_found_and_marked(six, visit):
    """Every word finds its item and no other, and its own letters are marked, accents and width included."""
    seen = visit("items")
    for words, (item, marked) in FOUND.items():
        if item is None:
            search(seen, words)
            seen.page.get_by_text("No record fits").wait_for()
            continue
        seen.open(f"items?q={quote(words)}&item={place(six, item)}")
        seen.page.get_by_text("1–1 of 1").wait_for()
        assert [one.inner_text() for one in seen.page.locator(MARKS).all()] == marked, words


def test_a_clicked_heading_sorts_letters_of_six_languages_and_rows_keep_their_items(six, visit):
    """É stands at E, not behind Z, and Й before Р; a second click turns the order; a row opens its item."""
    seen = visit("items?run=six")
    box = seen.page.get_by_test_id("stDataFrame").bounding_box()
    click(seen, box["x"] + 560, box["y"] + HEAD / 2)
    seen.page.wait_for_url("**sort=question**")
    lines = seen.page.wait_for_function(SORTED, arg=[QUESTION, "¿"]).json_value()
    beginnings = [line[:9] for line in lines]
    assert beginnings[:9] == [
        *("¿Cuál es ", "Dosage of", "Éclampsie", "Ménière’s", "Pak choi ", "Zona chez"),
        *("Йододефиц", "Рак лёгко", "Электроэн"),
    ]
    assert [line[0] for line in beginnings[9:]] == list("心急患発胃")
    click(seen, box["x"] + 560, box["y"] + HEAD / 2)
    seen.page.wait_for_url("**sort=-question**")
    seen.page.wait_for_function(SORTED, arg=[QUESTION, "胃"])
    assert "item=" not in seen.page.url
    screenshot(seen.page, "items_sorted_whole")
    click(seen, box["x"] + 560, box["y"] + HEAD + ROW * 11.5)  # the twelfth from the end is the third
    seen.page.locator(".st-key-items_header strong", has_text="fr-1").wait_for()
    screenshot(seen.page, "items_sorted")


@pytest.mark.parametrize("width", [1440, 700])
@pytest.mark.parametrize("item", ["zh-long", "ja-long", "ru-long"])
def test_words_without_blanks_and_a_megabyte_wrap(six, visit, item, width):
    """The reply is a million letters x: it is cut, wraps, and says how to see more."""
    seen = visit(f"items?item={place(six, item)}", width=width)
    assert seen.page.evaluate(OVERFLOWING) == []
    assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert len(seen.page.locator(".st-key-items_case").inner_text()) < 40_000
    seen.page.get_by_role("button", name="Show all").wait_for()


@pytest.fixture(scope="module")
def judged(app) -> Iterator[Store]:
    """Twelve replies, each judged by two judges on ten criteria; they differ on the last one."""
    store = Store(f"sqlite:///{app.home}/rounds.db")
    rubric = tuple(Criterion(f"Criterion number {n} of this item", 5 - n, ("axis:x",)) for n in range(1, 11))
    items = [
        kinds.entry(f"item-{n:02}", Item(f"Chest pain, case {n}. What now?"), rubric=rubric)
        for n in range(12)
    ]
    one = kinds.loaded(Kind.RUBRIC, items)
    kinds.say(store, one, "Call an ambulance at once. Then rest, and take nothing by mouth.", code="judged")
    for record in report.records(store, report.record_filter(store, runs=["judged"])).rows:
        for name in ("gpt-4.1", "qwen-max"):
            kinds.judge(store, one, [record.work_id], name, "healthbench-1", list(cells(name)))
    yield store
    store.close()


def cells(name: str) -> Iterator[kinds.Facts]:
    for n in range(1, 11):
        value = "yes" if n < 10 or name == "gpt-4.1" else "no"
        facts = kinds.verdict(value, "The answer says so in its first sentence.", "an ambulance at once")
        yield f"criterion-{n}", "ok", facts, '{"verdict": true}', 0, 0


@each_look
def test_the_reply_with_its_quotes_stays_beside_the_criteria(judged, visit, tongue, is_dark):
    work_id = report.records(judged, report.record_filter(judged, runs=["judged"])).rows[0].work_id
    seen = visit(f"items?item={work_id}&lang={tongue}", dark=is_dark)
    page = seen.page
    quote = page.locator(".st-key-items_case mark", has_text="an ambulance at once")
    assert quote.count() == 1
    assert page.locator(".rd-criterion-text").first.inner_text() == "Criterion number 10 of this item"
    page.locator(".rd-criterion").last.scroll_into_view_if_needed()
    assert quote.evaluate("one => one.getBoundingClientRect().top > 0"), "it scrolls with the criteria"
    assert page.evaluate(OVERFLOWING) == [] and seen.outside == []
    screenshot(page, f"items_judged_{tongue}_{'dark' if is_dark else 'light'}")


def test_key_to_the_next_judged_item_painted(judged, visit):
    """Twenty verdicts an item: the promise is that of any item, 120 ms on a quiet machine."""
    work_id = report.records(judged, report.record_filter(judged, runs=["judged"])).rows[0].work_id
    seen = visit(f"items?item={work_id}")
    seen.page.locator("h1").click()
    times = [one_step(seen) for _ in range(10)]
    said = f"key to next judged item painted: median {statistics.median(times):.0f} ms"
    sys.stdout.write(said + "\n")
    assert statistics.median(times) < 1500, said

"""The door for untrusted text: everything is shown, nothing is run, fetched or turned around."""

import html
import re
import time

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import text

HOSTILE = {
    "script": "<script>document.title='owned'</script>",
    "image": '<img src="http://192.0.2.1/x.png" onerror="alert(1)">',
    "markdown image": "![x](http://192.0.2.1/x.png)",
    "markdown": "**bold** $x^2$ :red[red] :material/home: [link](http://192.0.2.1)",
    "iframe": "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "attribute": "\"'><svg/onload=alert(1)>",
    "comment": "<!-- </div></div> --> </div>",
    "style": "<style>*{display:none}</style>",
}


def words(block: str) -> str:
    """What a reader sees: the block without its tags."""
    return html.unescape(re.sub(r"<[^>]*>", "", block))


def tags(block: str) -> set[str]:
    return set(re.findall(r"</?([a-zA-Z]+)", block))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_shown_exactly_and_adds_no_tag(name):
    block = text.as_html(HOSTILE[name])
    assert words(block) == HOSTILE[name]
    assert tags(block) == {"div"}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_stays_text_in_marks_and_in_a_diff(name):
    marks = [text.Mark(3, 9, "read", HOSTILE[name])]
    assert tags(text.as_html(HOSTILE[name], marks=marks)) == {"div", "mark", "span"}
    assert tags(text.diff_as_html(HOSTILE[name], "other words")) == {"div", "del", "ins"}


def test_a_language_that_is_none_is_left_out():
    assert 'lang="zh"' in text.as_html("x", language="zh")
    assert "lang=" not in text.as_html("x", language='"><b>')


def test_an_override_of_the_reading_order_is_written_out():
    assert text.visible("a\u202egnp.exe\u202c") == "a[U+202E]gnp.exe[U+202C]"
    block = text.as_html("a\u202eb")
    assert "\u202e" not in block
    assert "RIGHT-TO-LEFT OVERRIDE" in block


def test_nul_controls_and_lone_surrogates_are_written_out():
    assert text.visible("a\x00b\x1b\ud83d") == "a[U+0000]b[U+001B][U+D83D]"
    text.as_html("\ud83d").encode("utf-8")


def test_letters_that_tag_characters_hide_are_written_out():
    assert text.visible("ok\U000e0041") == "ok[U+E0041]"


def test_lines_tabs_and_joined_emoji_stay_as_they_are():
    family = "\U0001f469\u200d\U0001f467"
    assert text.visible(f"one\n\ttwo {family}") == f"one\n\ttwo {family}"
    assert words(text.as_html("one\r\ntwo")) == "one\ntwo"


def test_a_mark_covers_its_characters_and_says_its_kind_and_note():
    block = text.as_html("Answer: B.", marks=[text.Mark(8, 9, "read", "read as answer")])
    assert '<mark class="rd-mark rd-read" title="read as answer">B</mark>' in block
    assert "read as answer</span>" in block


def test_marks_that_overlap_or_leave_the_text_are_cut_and_lose_no_character():
    marks = [text.Mark(5, 99, "gold"), text.Mark(0, 7, "read"), text.Mark(-3, 2, "flag")]
    block = text.as_html("0123456789", marks=marks)
    assert words(block) == "0123456789"
    found = re.findall(r'rd-mark rd-(\w+)" title="">(\d+)<', block)
    assert found == [("flag", "01"), ("read", "23456"), ("gold", "789")]


def test_english_differs_by_word_and_chinese_by_character():
    english = text.diff_as_html("give 500 mg", "give 5000 mg")
    assert "<del>500 </del><ins>5000 </ins>" in english
    chinese = text.diff_as_html("应避免使用", "应立即使用")
    assert "应<del>避免</del><ins>立即</ins>使用" in chinese


def test_a_diff_holds_both_texts_whole():
    first, second = "one two three four " * 400, "one 2 three four five " * 400
    block = text.diff_as_html(first, second)
    assert words(re.sub("<ins>.*?</ins>", "", block, flags=re.DOTALL)) == first
    assert words(re.sub("<del>.*?</del>", "", block, flags=re.DOTALL)) == second


def test_two_long_and_unlike_texts_are_compared_within_two_seconds():
    first = "".join(chr(0x4E00 + 7 * n % 400) for n in range(20_000))
    second = "".join(chr(0x4E00 + 11 * n % 400) for n in range(20_000))
    began = time.perf_counter()
    text.diff_as_html(first, second)
    assert time.perf_counter() - began < 2


def test_a_cell_is_one_short_line():
    assert text.cell("a\n b\x00  c") == "a b[U+0000] c"
    assert text.cell("x" * 300, 10) == "xxxxxxxxx…"


def test_a_label_holds_no_character_that_markdown_reads():
    shown = text.label("**b** [l](http://x) :red[r] `c` $m$ <i> 心 a_b")
    assert not re.search(r"[*\[\]()`$<>_:]", shown)
    assert html.unescape(shown).replace("\u2060", "") == "**b** [l](http://x) :red[r] `c` $m$ <i> 心 a_b"


def show_long() -> None:
    from pages.ui import text

    text.plain("word " * 200_000, key="reply")


def test_a_megabyte_is_cut_and_opens_on_request():
    app = AppTest.from_function(show_long, default_timeout=30).run()
    assert len(words(app.html[0].value)) == text.LIMIT
    assert "20,000 of 1,000,000" in app.caption[0].value
    app.button[0].click().run()
    assert len(words(app.html[0].value)) == text.LIMIT_ALL
    assert not app.button
    assert not app.exception


def show_hostile() -> None:
    from pages.ui import text

    for words in ("<script>alert(1)</script>", "\x00\ud83d\u202e", "", "  \n "):
        text.plain(words)
    text.highlighted("Answer: B", [text.Mark(8, 9, "read")])
    text.diff("a\ud83d", "b\x00")


def test_hostile_and_empty_texts_are_drawn_without_an_exception():
    app = AppTest.from_function(show_hostile, default_timeout=20).run()
    assert not app.exception
    assert len(app.html) == 6
    assert "nothing was written" in app.html[2].value

"""Both languages say the same things."""

import re
import string

import pytest

from evalcore.types import AnswerState, Finish, Kind, Outcome, Way
from pages.ui import charts, en, places, zh

KEYS = sorted(en.TEXTS)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_catalogues_have_the_same_keys():
    assert set(en.TEXTS) == set(zh.TEXTS)


@pytest.mark.parametrize("key", KEYS)
def test_a_text_is_written_in_both_languages_with_the_same_placeholders(key):
    assert en.TEXTS[key].strip() and zh.TEXTS[key].strip()
    assert placeholders(en.TEXTS[key]) == placeholders(zh.TEXTS[key])


def test_chinese_texts_use_chinese_punctuation_between_chinese_words():
    half_width = re.compile("[\u4e00-\u9fff][,;:!?]|[,;:!?(][\u4e00-\u9fff]")
    assert [key for key, text in zh.TEXTS.items() if half_width.search(text)] == []


def test_every_code_that_a_screen_shows_has_its_words():
    wanted = [f"outcome.{value}" for value in Outcome] + [f"answer.{value}" for value in AnswerState]
    wanted += [f"kind.{value}" for value in Kind] + [f"way.{value}" for value in Way]
    wanted += [f"finish.{value}" for value in Finish] + [f"group.{code}" for code in charts.GROUPS]
    wanted += [f"progress.{part}" for part in charts.PARTS]
    wanted += [f"page.{place.code}{end}" for place in places.PLACES for end in ("", ".help")]
    assert [key for key in wanted if key not in en.TEXTS] == []

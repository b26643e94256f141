import os
import subprocess
import sys

import pytest

from evalcore.metrics.text.words import released_words, released_words_name, words


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "HbA1c was 6.5 %; 3.5mg β-blocker.", ("hba1c", "was", "6.5", "3.5", "mg", "β", "blocker")),
        ("fr", "L’artère; 1,000 U", ("l", "artère", "1,000", "u")),
        ("es", "¿Él?", ("él",)),
        ("ru", "Ёлка, инфаркт!", ("ёлка", "инфаркт")),
        ("zh", "他得了2型糖尿病，ＣＴ检查。", ("他", "得", "了", "2", "型", "糖尿病", "ct", "检查")),
        ("ja", "患者は高血圧です。", ("患者", "は", "高血圧", "です")),
        ("hi", "हिन्दी शब्द", ("हिन्दी", "शब्द")),  # the vowel signs stay in their words
        ("en", "It is 糖尿病.", ("it", "is", "糖", "尿", "病")),  # an answer in another language than asked
    ],
)
def test_our_words_hold_letters_and_numbers_in_lower_case(language, text, expected):
    assert words(text, language) == expected


def test_composed_and_decomposed_accents_are_one_word():
    assert words("arte\u0300re", "fr") == words("artère", "fr") == ("artère",)


def test_d15_the_released_words_keep_case_and_punctuation_and_inner_full_stops():
    text = "He didn't have pain. It (was) 3.5 mg/dL."
    expected = ("He", "did", "n't", "have", "pain.", "It", "(", "was", ")", "3.5", "mg/dL", ".")
    assert released_words(text, "en") == expected
    assert released_words_name("en") == "NLTK words (Treebank, without Punkt)"
    assert released_words("患者有糖尿病。", "zh") == ("患者", "有", "糖尿病", "。")


@pytest.mark.parametrize("language", ["en", "zh", "ja"])
def test_half_a_character_and_nothing_at_all_are_cut_without_complaint(language):
    assert words("", language) == released_words("", language) == ()
    assert "aspirin" in words("aspirin \ud83d", language)


def test_cutting_prints_nothing_and_leaves_no_file_behind(tmp_path):
    code = "from evalcore.metrics.text.words import words; words('糖尿病', 'zh'); words('糖尿病', 'ja')"
    made = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "TMPDIR": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        check=True,
    )
    assert (made.stdout, made.stderr, list(tmp_path.iterdir())) == (b"", b"", [])

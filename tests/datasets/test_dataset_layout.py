"""Columns are recognised by their names, in the files people have."""

import pytest
from tables_of import table

from evalcore import datasets, tables
from evalcore.datasets.layout import language_of
from evalcore.types import Kind


@pytest.mark.parametrize(
    ("columns", "options", "answer"),
    [
        ("id question opa opb opc opd cop", ("opa", "opb", "opc", "opd"), "cop"),
        ("question A B C D E answer_idx", ("A", "B", "C", "D", "E"), "answer_idx"),
        (
            "sent1 ending0 ending1 ending2 ending3 label",
            ("ending0", "ending1", "ending2", "ending3"),
            "label",
        ),
        ("题目 选项A 选项B 选项C 正确答案", ("选项A", "选项B", "选项C"), "正确答案"),
        ("Question Option_1 Option_2 Correct_Answer", ("Option_1", "Option_2"), "Correct_Answer"),
        ("question choices answer", ("choices",), "answer"),
        ("question options answer answer_idx", ("options",), "answer_idx"),
    ],
)
def test_options_and_answers_are_found_by_their_headers(columns, options, answer):
    layout = datasets.guess(table(columns))
    assert (layout.columns["options"], layout.one("answer")) == (options, answer)
    assert layout.one("question")


def test_options_with_a_gap_in_their_letters_are_no_row_of_options():
    assert "options" not in datasets.guess(table("question A C answer")).columns


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        (("A", "B"), Kind.CHOICE),
        (("A,B", "C"), Kind.SEVERAL),
        (("BCD", "A"), Kind.SEVERAL),
        (("['a', 'b']",), Kind.SEVERAL),
    ],
)
def test_the_kind_follows_from_the_answers(answers, kind):
    rows = [(f"q{n}", "w", "x", "y", "z", answer) for n, answer in enumerate(answers)]
    assert datasets.guess(table("question A B C D answer", *rows)).kind is kind


def test_the_kind_of_files_without_options():
    assert datasets.guess(table("question answer", ("q", "yes"), ("r", "否"))).kind is Kind.YES_NO_MAYBE
    assert datasets.guess(table("question answer", ("q", "Because of rest."))).kind is Kind.TEXT
    assert datasets.guess(table("prompt rubrics", ("q", "1: x"))).kind is Kind.RUBRIC


@pytest.mark.parametrize("kind", datasets.KINDS)
def test_a_template_is_recognised_and_has_no_bad_row(kind):
    found = tables.read(datasets.template(kind), name="template.csv")
    layout = datasets.guess(found, kind)
    made = datasets.check(found, datasets.checked(layout, found))
    assert (len(made.entries), made.faults) == (2, ())


def test_languages_are_told_by_script_and_words(data_dir):
    assert language_of("患者发热三天") == "zh"
    assert language_of("この患者の診断はどれか") == "ja"
    assert language_of("Какой препарат показан?") == "ru"
    found = tables.read(data_dir / "upstream" / "frenchmedmcqa" / "dev.json")
    assert datasets.guess(found).language == "fr"
    assert language_of("Which of the following is the most likely diagnosis in this patient?") == "en"
    assert (
        language_of("¿Cuál de los siguientes es el diagnóstico más probable en una mujer con fiebre?") == "es"
    )

"""Hand-computed examples of the released scorers' rules (benchmarks.md A2-A4, D8, D29), beside ours."""

import pytest

from evalcore.answers import read
from evalcore.types import AnswerState, Item, Kind, Option

FIVE = Item("?", tuple(Option(label, f"drug {label}") for label in "ABCDE"))
YES_NO = Item("?", tuple(Option(word, word) for word in ("yes", "no", "maybe")))


def value(reply, reader, kind=Kind.CHOICE, item=FIVE):
    return "".join(read(reply, item, kind, reader=reader).value)


@pytest.mark.parametrize(
    ("reply", "medsbench", "robust"),
    [
        ("Based on the history, the answer is C.", "B", "C"),  # D8: first character b
        ("A patient like this needs drug D.", "A", "D"),
        ("The right answer is C: drug C", "C", "C"),
        ("The answer is C.", "", "C"),  # first character t
        ("正确答案是C", "", "C"),  # prefixes of other languages are not removed
        ("La bonne réponse est C", "", "C"),
        ("E", "", "E"),  # only a to d
        ("C", "C", "C"),
        ("Don't know, sorry.", "D", ""),
    ],
)
def test_d8_medsbench_reads_the_first_character(reply, medsbench, robust):
    assert value(reply, "medsbench_compat") == medsbench
    assert value(reply, "robust") == robust


@pytest.mark.parametrize(
    ("reply", "medsbench", "robust"),
    [
        ("maybe", "", "maybe"),  # 55 of 500 golds can never be right there
        ("yes", "yes", "yes"),
        ("Yet unclear.", "yes", ""),
        ("Not enough evidence.", "no", ""),
        ("", "no", ""),  # an empty cell is read as "nan"
    ],
)
def test_d8_medsbench_reads_y_and_n_of_yes_no_maybe(reply, medsbench, robust):
    assert value(reply, "medsbench_compat", Kind.YES_NO_MAYBE, YES_NO) == medsbench
    assert value(reply, "robust", Kind.YES_NO_MAYBE, YES_NO) == robust


def test_the_span_of_the_first_character_lies_behind_the_removed_phrase():
    assert read("The right answer is C: drug C", FIVE, Kind.CHOICE, reader="medsbench_compat").span == (
        20,
        21,
    )


@pytest.mark.parametrize(
    ("reply", "strict", "robust"),
    [
        ("正确答案是：C", "C", "C"),
        ("正确答案是:C。", "C", "C"),
        ("正确答案是： C", "C", "C"),
        ("C", "C", "C"),  # the model completes the prompt, which ends with the template
        ("C。", "C", "C"),
        ("答案是C", "", "C"),
        ("正确答案是：C，因为它最常用。", "", "C"),
        ("根据症状，正确答案是：C", "", "C"),
        ("正确答案是 C", "", "C"),
        ("C. drug C", "", "C"),
    ],
)
def test_d29_the_strict_template_is_the_whole_reply_or_nothing(reply, strict, robust):
    assert value(reply, "strict_template") == strict
    assert value(reply, "robust") == robust


def test_d29_the_strict_template_takes_several_letters_with_or_without_commas():
    for reply in ("正确答案是：A,B,D", "正确答案是：ABD", "A、B、D", "正确答案是：A，B，D。"):
        assert value(reply, "strict_template", Kind.SEVERAL) == "ABD"
    assert value("正确答案是：A,B", "strict_template") == ""  # a single choice has one letter


@pytest.mark.parametrize(
    ("reply", "mmedbench", "robust"),
    [
        ("###Rationale: because.\n###Answer: OPTION A,C IS CORRECT.", "AC", "AC"),
        ("OPTION A,C IS CORRECT.", "", "AC"),  # the fixed phrase is "###Answer: OPTION "
        ("A,C", "AC", "AC"),
        ("A, C", "", "AC"),  # D13: no white space is stripped
        ("###Answer: OPTION A, C IS CORRECT.", "", "AC"),
        ("###Answer: OPTION C IS CORRECT", "", "C"),  # without its final period the phrase stays
        ("The answer is C.", "", "C"),
        ("C", "C", "C"),
        ("c", "", "C"),
        ("A,A", "", "A"),
    ],
)
def test_d13_mmedbench_wants_the_letters_and_nothing_else(reply, mmedbench, robust):
    assert value(reply, "mmedbench_compat", Kind.SEVERAL) == mmedbench
    assert value(reply, "robust", Kind.SEVERAL) == robust


def test_compat_readers_know_one_kind_of_failure_beside_empty():
    for reader in ("strict_template", "mmedbench_compat"):
        assert read("", FIVE, Kind.CHOICE, reader=reader).state is AnswerState.EMPTY
        refusal = read("I'm sorry, I cannot answer.", FIVE, Kind.CHOICE, reader=reader)
        assert refusal.state is AnswerState.UNREADABLE

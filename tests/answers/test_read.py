import time

import pytest

from evalcore.answers import READERS, pick, read
from evalcore.errors import UsageError
from evalcore.types import AnswerState, Finish, Item, Kind, Option


def item_of(*texts, labels="ABCDE", question="Which?"):
    return Item(question, tuple(Option(label, text) for label, text in zip(labels, texts, strict=False)))


ITEM = item_of("Amoxicillin", "Metronidazole", "Ciprofloxacin", "Doxycycline")


def spanned(reply, item=ITEM, kind=Kind.CHOICE):
    shown = read(reply, item, kind)
    start, end = shown.span
    return reply[start:end]


def test_the_answer_carries_its_rule_reader_and_version():
    shown = read("The answer is B.", ITEM, Kind.CHOICE)
    assert (shown.rule, shown.reader, shown.reader_version) == ("statement", "robust", 1)


def test_the_span_counts_characters_of_the_reply_with_its_thinking_part():
    reply = "<think>Is it A? no.</think>\nThe answer is B."
    assert read(reply, ITEM, Kind.CHOICE).span == (reply.index("B."), reply.index("B.") + 1)


def test_the_span_of_several_letters_reaches_from_the_first_to_the_last():
    assert spanned("Answer: A, C and D.", kind=Kind.SEVERAL) == "A, C and D"


def test_the_span_of_an_option_text_is_that_text_as_written():
    assert spanned("I think of METRONIDAZOLE first.") == "METRONIDAZOLE"


def test_the_span_of_a_text_with_accents_apart_holds_all_its_characters():
    item = item_of("Adrénaline", "Éphédrine")
    assert spanned("C'est l'e\u0301phe\u0301drine qui convient.", item) == "e\u0301phe\u0301drine"


def test_the_span_of_a_look_alike_letter_is_the_letter_that_was_written():
    assert spanned("Ответ: В") == "В"


def test_values_come_in_option_order_whatever_the_order_of_the_reply():
    assert read("Answer: D, A", ITEM, Kind.SEVERAL).value == ("A", "D")


def test_an_option_text_that_stands_twice_is_read_as_its_first_letter():
    item = item_of("Not Recalled", "Aspirin", "Not recalled.")
    assert read("Not recalled", item, Kind.CHOICE).value == ("A",)


@pytest.mark.parametrize("reply", ["μ-opioid agonist", "µ-opioid agonist", "μ-OPIOID  agonist."])
def test_option_texts_match_in_any_unicode_form_and_case(reply):
    item = item_of("α-blocker", "μ-opioid agonist")
    assert read(reply, item, Kind.CHOICE).value == ("B",)


def test_option_texts_with_signs_of_regular_expressions_are_only_text():
    item = item_of("pH (7.4)*", "a+b?", "[Na+]", "x|y")
    assert read("[Na+]", item, Kind.CHOICE).value == ("C",)
    assert read("The answer is a+b?", item, Kind.CHOICE).state is not AnswerState.EMPTY


def test_numbers_are_not_found_inside_other_numbers():
    item = item_of("10", "2:25", "1", "30:02:00")
    assert read("12:25 to 101", item, Kind.CHOICE).value == ()
    assert read("30:02:00", item, Kind.CHOICE).value == ("D",)


def test_a_letter_that_is_an_option_text_too_is_read_as_the_letter():
    blood = item_of("A", "B", "AB", "O")
    assert read("Answer: A", blood, Kind.CHOICE).value == ("A",)
    assert read("The answer is AB.", blood, Kind.CHOICE).value == ("C",)


def test_free_text_is_its_own_answer_and_has_no_labels():
    shown = read("It crosses the placenta.", Item("Why?"), Kind.TEXT)
    assert (shown.state, shown.value) == (AnswerState.READ, ())
    assert read("It cro", Item("Why?"), Kind.TEXT, finish=Finish.LENGTH).state is AnswerState.TRUNCATED


def test_an_item_with_ten_options_is_read_to_its_last_letter():
    item = item_of(*(f"finding number {n}" for n in range(10)), labels="ABCDEFGHIJ")
    assert read("The answer is J.", item, Kind.CHOICE).value == ("J",)


def test_an_unknown_reader_is_refused_with_the_known_ones():
    with pytest.raises(UsageError, match=r"robus'.*robust, strict_template"):
        read("B", ITEM, Kind.CHOICE, reader="robus")


HOSTILE = {
    "one letter": "a" * 1_000_000,
    "A and blanks": "A " * 500_000,
    "letters listed": "A, " * 330_000,
    "cues without letters": "answer is " * 100_000,
    "cue and a long gap": "answer" + " " * 999_000 + "B",
    "cues with long gaps": ("answer" + " " * 50) * 18_000,
    "most likely": "The most likely " * 62_000,
    "选": "选" * 1_000_000,
    "line ends": "x" + "\n" * 999_000 + "Q",
    "lines of letters": "A.\n" * 330_000,
    "brackets": "(" * 1_000_000,
    "quotes": '"' * 1_000_000,
    "thinking tags": "<think>" * 140_000,
    "accents apart": "e\u0301" * 500_000,
    "verdicts": "option A is " * 80_000,
    "judged": "B is " * 200_000,
    "option texts": "metronidazole, " * 66_000,
    "conditions": "if " * 330_000,
    "NUL and direction marks": "\0\u202e" * 500_000,
    "lone surrogates": "\ud800" * 1_000_000,
    "script": "<script>" * 125_000,
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("kind", [Kind.CHOICE, Kind.SEVERAL])
def test_a_reply_of_a_million_characters_is_read_in_under_a_second(name, kind):
    started = time.process_time()
    read(HOSTILE[name], ITEM, kind)
    assert time.process_time() - started < 1.0


def test_the_statement_at_the_end_of_a_very_long_reply_is_read_at_its_place():
    reply = "The pulse was regular. " * 40_000 + "The answer is C."
    shown = read(reply, ITEM, Kind.CHOICE)
    assert (shown.value, shown.span) == (("C",), (len(reply) - 2, len(reply) - 1))


def test_no_reader_fails_on_any_of_the_hostile_replies():
    for reply in [*HOSTILE.values(), "", "\0", "\ud800", "}", "\\boxed{", "</think>", "###Answer: OPTION "]:
        for reader in READERS:
            for kind in Kind:
                shown = read(reply[:1_000], ITEM, kind, reader=reader)
                assert set(shown.value) <= set(ITEM.labels)


def test_pick_takes_the_likeliest_option():
    shown = pick({"A": -3.0, "B": -1.0, "C": -2.0, "D": -9.0}, ITEM)
    assert (shown.value, shown.state, shown.rule) == (("B",), AnswerState.READ, "rank")


def test_pick_takes_the_first_of_equals_in_option_order():
    assert pick({"D": -1.0, "C": -1.0, "B": -2.0, "A": -2.0}, ITEM).value == ("C",)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_pick_never_chooses_when_a_log_likelihood_is_not_finite(bad):
    shown = pick({"A": -1.0, "B": bad, "C": -2.0, "D": -3.0}, ITEM)
    assert (shown.value, shown.state) == ((), AnswerState.UNREADABLE)


def test_pick_never_chooses_when_an_option_was_not_scored():
    assert pick({"A": -1.0}, ITEM).state is AnswerState.UNREADABLE


@pytest.mark.parametrize(
    ("reply", "kind", "value"),
    [
        ("First I thought A. On reflection the answer is B.", Kind.CHOICE, ("B",)),
        ("The answer is A. Therefore, the final answer is C.", Kind.CHOICE, ("C",)),
        ("(D)", Kind.CHOICE, ("D",)),
        ("Ａ", Kind.CHOICE, ("A",)),
        ("答案：AB", Kind.SEVERAL, ("A", "B")),
        ("答案：A、C", Kind.SEVERAL, ("A", "C")),
        ("答案：A和C", Kind.SEVERAL, ("A", "C")),
        ("OPTION A, C IS CORRECT.", Kind.SEVERAL, ("A", "C")),
        ("Ответ: В", Kind.CHOICE, ("B",)),  # a Cyrillic letter
        ("正解は選択肢aです。", Kind.CHOICE, ("A",)),
        ("Vitamin A and hepatitis B, in group A streptococcus: a 68-year-old.", Kind.CHOICE, ()),
        ("The answer is A. The answer is B.", Kind.CHOICE, ()),
    ],
)
def test_d9_the_last_explicit_statement_wins_and_letters_inside_words_are_none(reply, kind, value):
    assert read(reply, ITEM, kind).value == value

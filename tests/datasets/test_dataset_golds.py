"""D1, D3, D4: what stands as the answer becomes letters once, or the row is turned away with its reason."""

import json

import pytest
from tables_of import checked, codes, golds

from evalcore import datasets, tables
from evalcore.types import Kind

OPTIONS = ("absent", "present", "unknown", "not done")


def one(answer: str, *options: str, kind: Kind = Kind.CHOICE, answers: str = "auto"):
    """The gold of one row, or the code of its fault."""
    row = ("q", *(options or OPTIONS), answer)
    names = " ".join("ABCDE"[: len(row) - 2])
    found = checked(f"question {names} answer", row, kind=kind, answers=answers)
    return found.faults[0].code if found.faults else golds(found)[0]


@pytest.mark.parametrize(
    "answer",
    ["B", "b", "(B)", "B.", "Ｂ", "B: present", "B. Present, as the scan shows", "present", " Present. "],
)
def test_d1_every_spelling_of_one_option_is_its_letter(answer):
    assert one(answer) == (("B",),)


def test_d1_the_longest_option_wins_over_one_inside_it():
    assert one("不存在，根据说明书", "存在", "不存在") == (("B",),)
    assert one("存在，根据说明书", "存在", "不存在") == (("A",),)


@pytest.mark.parametrize(
    "answer", ["A,C", "AC", "A、C", "A; C", "['a', 'c']", '["A","C"]', "A: absent, C: unknown"]
)
def test_d1_several_letters_are_one_set_and_a_fault_where_one_is_asked_for(answer):
    assert one(answer, kind=Kind.SEVERAL) == (("A", "C"),)
    assert one(answer) == "several"


def test_d1_texts_of_several_options_are_parted_by_a_bar_or_lines():
    assert one("unknown | absent", kind=Kind.SEVERAL) == (("A", "C"),)
    assert one('["unknown", "absent"]', kind=Kind.SEVERAL) == (("A", "C"),)


@pytest.mark.parametrize("answer", ["A or D", "a或d", "A 或者 D"])
def test_d1_either_of_two_is_two_alternatives(answer):
    assert one(answer) == (("A",), ("D",))


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("F", "not_an_option"),
        ("A,F", "not_an_option"),
        ("pneumonia", "not_an_option"),
        ("pre", "not_an_option"),
        ("", "no_answer"),
        ("B. absent", "letter_and_text"),
    ],
)
def test_d1_what_fits_no_option_is_turned_away(answer, code):
    assert one(answer) == code


def test_a_letter_that_is_another_options_text_is_not_guessed():
    assert one("B", "B", "O", "AB") == "letter_or_text"
    assert one("B", "B", "O", "AB", answers="letters") == (("B",),)
    assert one("B", "B", "O", "AB", answers="text") == (("A",),)


def test_a_word_of_option_letters_is_a_text():
    assert one("DAB", "DAB", "CAB") == (("A",),)
    assert one("bad", "bad", "dab") == (("A",),)


@pytest.mark.parametrize(
    ("answers", "wanted"), [("from0", (("C",),)), ("from1", (("B",),)), ("auto", "index_unclear")]
)
def test_d3_a_number_counts_as_a_person_says_and_is_never_guessed(answers, wanted):
    assert one("2", answers=answers) == wanted


@pytest.mark.parametrize(
    ("answer", "answers"), [("4", "from0"), ("0", "from1"), ("5", "from1"), ("-1", "from0")]
)
def test_d3_a_number_outside_the_options_is_turned_away(answer, answers):
    assert one(answer, answers=answers) == "index_outside"


def columns_answers(*answers: str, texts: tuple[str, ...] = OPTIONS) -> str:
    rows = [(f"q{n}", *texts, answer) for n, answer in enumerate(answers)]
    found = tables.Table(
        tables.nouns.Head("csv", ("question", "A", "B", "C", "D", "answer")),
        tuple(tables.Row(n, row) for n, row in enumerate(rows, 2)),
    )
    return datasets.guess(found).answers


def test_d3_the_whole_column_tells_from_where_numbers_count():
    assert columns_answers("0", "1", "3") == "from0"
    assert columns_answers("1", "2", "4") == "from1"
    assert columns_answers("1", "2", "3") == "auto"  # either would do
    assert columns_answers("0", "2", "4") == "auto"  # neither would


def test_d4_numbers_that_are_the_options_own_texts_are_texts():
    assert columns_answers("20", "30", texts=("10", "20", "30", "40")) == "text"
    assert one("1.0", "1.0", "1", "10") == (("A",),)


def test_yes_no_maybe_in_the_words_of_several_languages():
    words = {"Yes": "yes", "否": "no", "不确定": "maybe", "false": "no", "нет": "no", "oui": "yes"}
    rows = [(f"q{n}", word) for n, word in enumerate(words)] + [("q", "perhaps not")]
    found = checked("question answer", *rows, kind=Kind.YES_NO_MAYBE)
    assert golds(found) == [((label,),) for label in words.values()]
    assert codes(found) == {7: "unknown_word"}
    assert found.entries[0].item.labels == ("yes", "no", "maybe")


def test_d5_d6_the_french_file_has_301_items_with_several_answers(data_dir):
    found = tables.read(data_dir / "upstream" / "frenchmedmcqa" / "test.json")
    single = datasets.check(found, datasets.guess(found, Kind.CHOICE))
    assert {fault.code for fault in single.faults} == {"several"}
    assert (len(single.entries), len(single.faults)) == (321, 301)
    several = datasets.check(found, datasets.guess(found, Kind.SEVERAL))
    assert (len(several.entries), several.faults) == (622, ())
    source = json.loads((data_dir / "upstream" / "frenchmedmcqa" / "test.json").read_text("utf-8"))
    rows = source if isinstance(source, list) else next(iter(source.values()))
    wanted = [tuple(sorted(letter.upper() for letter in row["correct_answers"])) for row in rows]
    assert [gold[0] for gold in golds(several)] == wanted


def test_d3_d21_medmcqas_numbers_count_from_0_and_its_21_doubled_options_are_named(data_dir):
    path = data_dir / "hub/openlifescienceai/medmcqa/data/validation-00000-of-00001.parquet"
    found = tables.read(path)
    layout = datasets.guess(found)
    assert layout.answers == "from0" and layout.columns["options"] == ("opa", "opb", "opc", "opd")
    made = datasets.check(found, layout)
    assert (len(made.entries), {fault.code for fault in made.faults}) == (4162, {"same_options"})
    share = sum(gold[0] == ("A",) for gold in golds(made)) / 4162
    assert round(share, 2) == 0.32  # benchmarks.md D18: gold a in 32.2 %

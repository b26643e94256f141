"""Gold in every written form, benchmarks.md D1 and D21; the expected letters were read by eye."""

import pytest

from evalcore.benchmarks import gold
from evalcore.errors import DataError

FOUR = gold.lettered(["aspirin", "heparin", "warfarin", "no treatment"])
PRESENT = gold.lettered(["存在", "不存在"])


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("B", (("B",),)),
        (" B ", (("B",),)),
        ("Ｂ", (("B",),)),
        ("b", (("B",),)),
        ("A,C", (("A", "C"),)),
        ("CA", (("A", "C"),)),
        ("C、A", (("A", "C"),)),
        ("D;B", (("B", "D"),)),
        ("Heparin", (("B",),)),
        ("heparin.", (("B",),)),
        ("warfarin, because the valve is mechanical", (("C",),)),
    ],
)
def test_d1_gold_in_each_written_form_becomes_letters_in_option_order(written, expected):
    assert gold.resolve(written, FOUR, "row 1") == expected


@pytest.mark.parametrize(
    ("written", "letter"),
    [("存在", "A"), ("不存在。", "B"), ("不存在，呼吸不可能为300次/分", "B"), ("存在，根据说明书", "A")],
)
def test_d1_absent_is_not_read_as_present_although_it_contains_it(written, letter):
    assert gold.resolve(written, PRESENT, "row 1") == ((letter,),)


def test_d1_the_longest_option_that_begins_the_gold_wins():
    options = gold.lettered(["stable", "stable, at rest"])
    assert gold.resolve("stable, at rest, for a week", options, "row 1") == (("B",),)


@pytest.mark.parametrize("written", ["a or d", "A OR D", "A或D", "a  or d"])
def test_d1_either_of_two_letters_is_two_golds_and_not_a_pair(written):
    """IgakuQA 112B30 prints "a or d"."""
    assert gold.resolve(written, FOUR, "row 1") == (("A",), ("D",))


def test_d1_an_option_with_the_word_or_in_it_is_still_found_by_its_text():
    options = gold.lettered(["A", "A or B", "neither"])
    assert gold.resolve("A or B", options, "row 1") == (("B",),)


@pytest.mark.parametrize("written", ["F", "", "aspirins", "A or F", "AF", "none of these"])
def test_d1_gold_that_fits_no_option_is_an_error_that_names_the_item(written):
    with pytest.raises(DataError, match=r"medqa row 417: gold is .* there are 4 options \(A-D\)"):
        gold.resolve(written, FOUR, "medqa row 417")


def test_an_index_counts_from_zero_whether_a_number_or_its_digits():
    assert gold.from_index(0, FOUR, "row 1") == (("A",),)
    assert gold.from_index("3", FOUR, "row 1") == (("D",),)


@pytest.mark.parametrize("index", [4, -1, None, "", "B", 1.5, True])
def test_an_index_outside_the_options_is_an_error_that_names_the_item(index):
    with pytest.raises(DataError, match="medmcqa row 9: gold is .* but there are 4 options"):
        gold.from_index(index, FOUR, "medmcqa row 9")


def test_hidden_labels_are_called_so():
    with pytest.raises(DataError, match="labels of this split are hidden"):
        gold.from_index(-1, FOUR, "row 1")


def test_d21_both_letters_of_an_option_that_stands_twice_are_right_the_published_first():
    options = gold.lettered(["Not Recalled", "Iron", "not recalled."])
    assert gold.from_index(2, options, "row 1") == (("C",), ("A",))
    assert gold.from_index(1, options, "row 1") == (("B",),)
    assert gold.resolve("Not recalled", options, "row 1") == (("A",), ("C",))

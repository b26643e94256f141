import csv

import pytest

from evalcore.metrics import chance_level, class_balance, leaderboard_average, majority_level
from evalcore.types import Entry, Item, Key, Kind, Option


def entry(options, *acceptable):
    return Entry("1", Item("?", tuple(Option(label, label) for label in options)), Key(acceptable, "test"))


def test_chance_is_one_over_the_options_averaged_over_items():
    entries = [entry("ABCD", ("A",)), entry("AB", ("B",))]
    assert chance_level(entries, Kind.CHOICE) == pytest.approx((1 / 4 + 1 / 2) / 2)


def test_chance_of_yes_no_maybe_is_a_third():
    assert chance_level([entry(("yes", "no", "maybe"), ("no",))], Kind.YES_NO_MAYBE) == pytest.approx(1 / 3)


def test_chance_of_several_answers_is_one_over_the_non_empty_sets():
    assert chance_level([entry("ABCDE", ("A", "C"))], Kind.SEVERAL) == pytest.approx(1 / 31)


def test_either_of_two_golds_doubles_chance():
    assert chance_level([entry("ABCD", ("A",), ("D",))], Kind.CHOICE) == pytest.approx(0.5)


def test_free_text_has_no_chance_level():
    assert chance_level([entry("", ("free text",))], Kind.TEXT) is None
    assert chance_level([], Kind.CHOICE) is None


def test_class_balance_is_the_share_of_each_gold_label():
    entries = [entry("AB", ("A",))] * 3 + [entry("AB", ("B",))]
    assert class_balance(entries) == {"A": 0.75, "B": 0.25}


def test_class_balance_of_several_answers_may_exceed_one():
    assert class_balance([entry("ABC", ("A", "C"))]) == {"A": 1.0, "C": 1.0}


def test_majority_level_is_the_best_constant_answer():
    # benchmarks.md D18: professional_medicine has gold D in 122 of 272
    entries = [entry("ABCD", ("D",))] * 122 + [entry("ABCD", ("A",))] * 80 + [entry("ABCD", ("B",))] * 70
    assert majority_level(entries) == pytest.approx(122 / 272)
    assert majority_level([]) is None


def test_the_leaderboards_average_is_unweighted():
    assert leaderboard_average({"a": 0.5, "b": 0.7}, ["a", "b"]).value == pytest.approx(0.6)


def test_an_average_with_a_task_missing_is_no_number_and_names_it():
    shown = leaderboard_average({"a": 0.5, "b": None}, ["a", "b", "c"])
    assert shown.value is None
    assert shown.missing == ("b", "c")


def test_the_average_of_a_published_row_is_the_published_average(data_dir):
    # benchmarks.md A1: Llama-3-8B 68.56
    file = data_dir / "reference_scores/open_medical_llm_leaderboard.csv"
    with file.open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["model"] == "Llama-3-8B-Instruct (Greedy)"]
    cells = {row["task"]: float(row["value"]) for row in rows}
    published = cells.pop("Average")
    assert len(cells) == 9
    assert leaderboard_average(cells, list(cells)).value == pytest.approx(published, abs=0.005)

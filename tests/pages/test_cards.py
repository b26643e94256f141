"""Figures in words."""

import pytest

from evalcore.types import Summary
from pages.ui import cards


def test_a_figure_never_stands_without_interval_n_and_what_was_not_scored():
    card = cards.figure("acc", Summary(0.725, 0.681, 0.766, 400, 12))
    assert card.value == "72.5%"
    assert card.note == "95% interval 68.1–76.6% · n = 400 · 12 could not be scored"


def test_a_figure_that_does_not_exist_is_a_dash_not_zero():
    card = cards.figure("acc", Summary(None, None, None, 0))
    assert (card.value, card.note) == ("–", "95% interval – · n = 0")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (89, "89 s"),
        (45, "45 s"),
        (720, "12 min"),
        (3599, "1 h 00 min"),
        (11_100, "3 h 05 min"),
    ],
)
def test_durations_are_said_in_the_largest_sensible_unit(seconds, words):
    assert cards.duration(seconds) == words


@pytest.mark.parametrize(
    ("usd", "words"), [(None, "unknown"), (0, "$0.00"), (0.0123, "$0.0123"), (1420.5, "$1,420.50")]
)
def test_unknown_cost_is_unknown_and_not_free(usd, words):
    assert cards.money(usd) == words


def test_a_fifth_card_is_refused():
    with pytest.raises(ValueError, match="5 cards"):
        cards.cards([cards.Card("a", "1")] * 5)

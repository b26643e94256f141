"""Charts: what is drawn is what was handed in, in colours that can be read."""

import json

import pytest

from pages.ui import charts

PAINTS = {"light": charts.LIGHT, "dark": charts.DARK}
GROUND = {"light": "#FFFFFF", "dark": "#12181D"}
SPECS = {
    "dots": lambda paint: charts.dot_plot([charts.Dot("m", 0.5, 0.4, 0.6, 90)], chance=0.25, paint=paint),
    "progress": lambda paint: charts.progress([charts.Progress("t", right=3, left=1)], paint=paint),
    "running": lambda paint: charts.running([charts.Point(1, 1.0, 0.2, 1.0)], paint=paint),
}


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.1."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", PAINTS)
def test_words_stand_out_from_their_ground(theme):
    paint = PAINTS[theme]
    assert contrast(paint.ink, GROUND[theme]) >= 7
    assert contrast(paint.quiet, GROUND[theme]) >= 4.5
    assert [part for part in paint.parts if contrast(paint.on_part, part) < 4.5] == []
    assert [colour for colour in paint.series[:4] if contrast(colour, GROUND[theme]) < 3] == []


@pytest.mark.parametrize("theme", PAINTS)
@pytest.mark.parametrize("name", SPECS)
def test_a_chart_is_a_plain_record_with_its_own_colours_and_no_address(name, theme):
    written = json.dumps(SPECS[name](PAINTS[theme]), allow_nan=False)
    assert PAINTS[theme].ink in written
    assert "http" not in written


def test_rows_keep_the_order_in_which_they_came():
    rows = [charts.Dot("b", 0.9, 0.8, 1.0, 10), charts.Dot("a", 0.5, 0.4, 0.6, 10)]
    assert charts.dot_plot(rows, paint=charts.LIGHT)["encoding"]["y"]["sort"] == ["b", "a"]


def test_a_figure_is_written_with_its_n():
    spec = charts.dot_plot([charts.Dot("a", 0.5, 0.4, 0.6, 1273)], paint=charts.LIGHT)
    assert spec["data"]["values"][0]["shown"] == "50.0% · n = 1,273"


def test_parts_of_a_bar_add_up_and_empty_ones_are_not_drawn():
    spec = charts.progress([charts.Progress("t", right=5, wrong=2, left=3)], paint=charts.LIGHT)
    values = spec["data"]["values"]
    assert [(part["part"], part["count"]) for part in values] == [
        ("right", 5),
        ("wrong", 2),
        ("still to ask", 3),
    ]
    assert [round(part["end"], 6) for part in values] == [0.5, 0.7, 1.0]
    assert {part["name"] for part in values} == {"t  7/10"}


def test_a_task_without_items_draws_nothing():
    assert charts.progress([charts.Progress("t")], paint=charts.LIGHT)["data"]["values"] == []

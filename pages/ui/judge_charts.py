"""Charts of judges and people: places on a scale, calls by state, verdicts side by side, correlations."""

from collections.abc import Sequence
from typing import Any

from pages.ui import charts, text
from pages.ui.charts import AXIS, LEGEND, Colours, Dot
from pages.ui.i18n import t

Spec = dict[str, Any]
STATES = ("ok", "unreadable", "refused", "truncated", "failed", "left")
SHADES = {
    "light": ("#F1F7FA", "#C3DDE8", "#86B8CE", "#438BAC", "#145A7D"),
    "dark": ("#16242D", "#214658", "#2E6D87", "#5098B4", "#93C6DA"),
}


def shares(dots: Sequence[Dot], title: str) -> Spec:
    """Dots with intervals from 0 to 100%, under another title than accuracy."""
    spec = charts.dot_plot(dots)
    for layer in spec["layer"]:
        x = layer["encoding"].get("x")
        if x and "title" in x:
            x["title"] = title
    return spec


def states(counts: dict[str, int]) -> Spec:
    """One bar in parts: what became of a judge's calls. counts: by STATES."""
    paint = charts.colours()
    colours = (paint.parts[0], paint.parts[1], paint.parts[3], paint.parts[4], paint.parts[2], paint.parts[5])
    words = {state: t(f"judge.state.{state}") for state in STATES}
    total, start, values = sum(counts.values()) or 1, 0.0, []
    for state in STATES:
        n = counts.get(state, 0)
        end = start + n / total
        if n:
            place = {"start": start, "end": end, "middle": (start + end) / 2}
            values.append({"state": words[state], "n": n} | place)
        start = end
    x = {
        "field": "start",
        "type": "quantitative",
        "title": t("judge.calls_share"),
        "scale": {"domain": [0, 1]},
    }
    x["axis"] = {"format": ".0%", "tickCount": 6, "grid": False}
    scale = {"domain": [words[state] for state in STATES], "range": list(colours)}
    colour = {"field": "state", "type": "nominal", "scale": scale}
    colour["legend"] = {"title": None, "orient": "bottom", "columns": 6}
    bar = {"x": x, "x2": {"field": "end"}, "color": colour, "tooltip": [{"field": "state"}, {"field": "n"}]}
    wide = [{"filter": "datum.end - datum.start > 0.04"}]
    number = {"x": x | {"field": "middle"}, "text": {"field": "n"}}
    layers = [
        {"mark": {"type": "bar", "height": 20}, "encoding": bar},
        {"transform": wide, "mark": {"type": "text", "color": paint.on_part}, "encoding": number},
    ]
    return charts.frame(paint, values, height=34 + AXIS + LEGEND) | {"layer": layers}


def confusion(labels: Sequence[str], table: Sequence[Sequence[int]], *, rows: str, columns: str) -> Spec:
    """Counts of verdicts, one rater in rows, the other in columns; the diagonal is agreement."""
    paint = charts.colours()
    names = [text.cell(label, 24) for label in labels]
    most = max((n for row in table for n in row), default=0) or 1
    values = [
        {"row": names[i], "column": names[j], "n": n, "share": n / most, "same": i == j}
        for i, row in enumerate(table)
        for j, n in enumerate(row)
    ]
    spec = charts.frame(paint, values, height=max(3, len(names)) * 34 + AXIS + LEGEND)
    axis = {"labelAngle": 0, "domain": False, "ticks": False, "grid": False}
    side = {"type": "nominal", "sort": names, "axis": axis}
    x = side | {"field": "column", "title": columns, "axis": axis | {"orient": "top"}}
    y = side | {"field": "row", "title": rows}
    return spec | {"encoding": {"x": x, "y": y}, "layer": _counts(paint)}


def _counts(paint: Colours) -> list[Spec]:
    """Cells the darker (in the dark theme the lighter) the more they hold, agreement framed."""
    is_dark = paint is charts.DARK
    shades = {"domain": [0, 1], "range": list(SHADES["dark" if is_dark else "light"])}
    fill = {"field": "share", "type": "quantitative", "legend": None, "scale": shades}
    on_full = {"test": "datum.share > 0.6", "value": "#12181D" if is_dark else "#FFFFFF"}
    ink = {"condition": on_full, "value": paint.ink}
    framed = {"type": "rect", "fillOpacity": 0, "stroke": paint.ink, "strokeWidth": 1.5}
    return [
        {"mark": {"type": "rect", "stroke": paint.grid}, "encoding": {"color": fill}},
        {"transform": [{"filter": "datum.same"}], "mark": framed},
        {"mark": {"type": "text", "fontSize": 13}, "encoding": {"text": {"field": "n"}, "color": ink}},
    ]


def correlations(values: Sequence[Spec], groups: Sequence[str]) -> Spec:
    """Tau-b from -1 to 1: dots with intervals, one row a metric; published ones without an interval.

    values: name, value, low, high, shown, group, note. groups: in the order of shapes and colours.
    """
    paint: Colours = charts.colours()
    names = list(dict.fromkeys(value["name"] for value in values))
    low = min((value["low"] for value in values), default=0.0)
    scale = {"domain": [-1.0 if low < -0.5 else -0.5 if low < 0 else 0.0, 1.0]}
    x = {"field": "value", "type": "quantitative", "title": t("agree.tau_axis"), "scale": scale}
    x["axis"] = {"tickCount": 8}
    y = {"field": "name", "type": "nominal", "sort": names, "title": None, "axis": {"labelLimit": 300}}
    words = [t(f"agree.group.{group}") for group in groups]
    legend = {"title": None, "orient": "bottom", "columns": 4}
    colour = {"field": "group", "type": "nominal", "legend": legend}
    colour["scale"] = {"domain": words, "range": list(paint.series[: len(words)])}
    shape = colour | {"scale": {"domain": words, "range": ["circle", "square", "diamond"][: len(words)]}}
    tooltip = [{"field": "name"}, {"field": "shown"}, {"field": "note"}]
    drawn = [value | {"group": t(f"agree.group.{value['group']}")} for value in values]
    layers = [
        {
            "mark": {"type": "rule", "size": 2, "color": paint.quiet},
            "encoding": {"x": x | {"field": "low"}, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
            "encoding": {"x": x, "color": colour, "shape": shape, "tooltip": tooltip},
        },
        {
            "mark": charts.LABEL | {"color": paint.ink},
            "encoding": {"x": x, "text": {"field": "shown"}},
        },
    ]
    spec = charts.frame(paint, drawn, height=44 * len(names) + AXIS + 2 * LEGEND)
    return spec | {"encoding": {"y": y}, "layer": layers}

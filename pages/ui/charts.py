"""Charts as plain Vega-Lite records, every colour written out: legible in both themes, cheap in live pages.

Numbers come in finished (evalcore computes), words come from the catalogue, names are drawn as text.
Nothing is told by colour alone: groups have shapes, bars carry their numbers, gold and pick are written.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa
import streamlit as st

from pages.ui import text
from pages.ui.i18n import t

Spec = dict[str, Any]


@dataclass(frozen=True)
class Colours:
    """What a chart is drawn with; `parts` in the order of PARTS."""

    ink: str
    quiet: str
    grid: str
    on_part: str
    series: tuple[str, ...]
    parts: tuple[str, ...]


GROUPS = ("local", "api", "demo", "published")
AXIS, LEGEND = 48, 24  # pixels that Streamlit takes from a chart's height for axis and legend row
LABEL = {  # a figure near an edge is written inwards
    "type": "text",
    "dy": -11,
    "align": {"expr": "datum.value > 0.9 ? 'right' : datum.value < 0.1 ? 'left' : 'center'"},
    "dx": {"expr": "datum.value > 0.9 ? 6 : datum.value < 0.1 ? -6 : 0"},
}
PARTS = ("right", "partly", "wrong", "unscored", "failed", "left")
LIGHT = Colours(
    ink="#1D2B36",
    quiet="#5B6B77",
    grid="#E3E9ED",
    on_part="#1D2B36",
    series=("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#A97B00", "#5B6B77", "#7A5195"),
    parts=("#5DB3A5", "#EBCB8B", "#E39A94", "#A6CCDC", "#C3B0D6", "#E3E9ED"),
)
DARK = Colours(
    ink="#DCE5EB",
    quiet="#94A5B1",
    grid="#2A3740",
    on_part="#FFFFFF",
    series=("#56B4E9", "#E69F00", "#2CC295", "#E08FBC", "#8FD0F5", "#F0E442", "#94A5B1", "#B99AD0"),
    parts=("#1F7F70", "#8A6420", "#A6504A", "#2E6D87", "#6B4F85", "#2A3740"),
)


@dataclass(frozen=True)
class Dot:
    """A figure of one row. group: one of GROUPS; it sets shape and colour."""

    name: str
    value: float
    low: float
    high: float
    n: int
    group: str = "local"


@dataclass(frozen=True)
class Progress:
    """Counts of one task's items; their sum is what was planned."""

    name: str
    right: int = 0
    partly: int = 0
    wrong: int = 0
    unscored: int = 0
    failed: int = 0
    left: int = 0


@dataclass(frozen=True)
class Point:
    """Accuracy after `n` answers, with an interval that holds at every n at once."""

    n: int
    value: float
    low: float
    high: float


def colours() -> Colours:
    return DARK if st.context.theme.type == "dark" else LIGHT


def draw(spec: Spec, *, alt: str, key: str | None = None) -> None:
    """alt: the finding in words, for whoever cannot see the chart.

    The values go as an Arrow table: as a list Streamlit would take them through pandas, which costs a live
    page most of its tick.
    """
    rest = {name: part for name, part in spec.items() if name != "data"}
    values = pa.Table.from_pylist(spec["data"]["values"])
    st.vega_lite_chart(values, rest, width="stretch", theme=None, alt=alt, key=key)


def dot_plot(rows: Sequence[Dot], *, chance: float | None = None, paint: Colours | None = None) -> Spec:
    """Dots with intervals, best at the top as handed in; a rule where guessing would stand."""
    paint = paint or colours()
    names = list(dict.fromkeys(text.cell(row.name, 48) for row in rows))
    values = [_dot_values(row) for row in rows]
    groups = [t(f"group.{group}") for group in GROUPS if any(row.group == group for row in rows)]
    y = {"field": "name", "type": "nominal", "sort": names, "title": None, "axis": {"labelLimit": 260}}
    layers = [
        {"mark": {"type": "rule", "size": 2, "color": paint.quiet}, "encoding": _span("x", "low", "high")},
        {
            "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
            "encoding": _dot(groups, paint),
        },
        {"mark": LABEL | {"color": paint.ink}, "encoding": _label()},
    ]
    spec = frame(paint, values, height=40 * len(names) + AXIS + LEGEND)
    return spec | {"encoding": {"y": y}, "layer": _chance(chance, paint) + layers}


def _dot_values(row: Dot) -> Spec:
    name = text.cell(row.name, 48)
    return asdict(row) | {
        "name": name,
        "group": t(f"group.{row.group}"),
        "shown": f"{row.value:.1%} · n = {row.n:,}",
    }


def progress(rows: Sequence[Progress], *, paint: Colours | None = None) -> Spec:
    """One bar of 100% per task, in parts; counts are written where there is room, all are in the tooltip."""
    paint = paint or colours()
    values = [part for row in rows for part in _parts(row)]
    names = list(dict.fromkeys(part["name"] for part in values))
    words = [t(f"progress.{part}") for part in PARTS]
    span = _share("start", t("chart.share"))
    span["axis"]["grid"] = False
    tooltip = [{"field": "name"}, {"field": "part"}, {"field": "count"}]
    color = _scale("part", words, paint.parts)
    bar = {"x": span, "x2": {"field": "end"}, "color": color, "tooltip": tooltip}
    wide = [{"filter": "datum.end - datum.start > 0.06"}]
    count = {"x": span | {"field": "middle"}, "text": {"field": "count"}}
    layers = [
        {"mark": {"type": "bar", "height": 18}, "encoding": bar},
        {
            "transform": wide,
            "mark": {"type": "text", "color": paint.on_part, "fontSize": 11},
            "encoding": count,
        },
    ]
    y = {"field": "name", "type": "nominal", "sort": names, "title": None, "axis": {"labelLimit": 260}}
    spec = frame(paint, values, height=32 * len(names) + AXIS + 2 * LEGEND)
    return spec | {"encoding": {"y": y}, "layer": layers}


def _parts(row: Progress) -> list[Spec]:
    counts = [(part, getattr(row, part)) for part in PARTS]
    planned = sum(count for _, count in counts)
    done = planned - row.left
    parts, start = [], 0.0
    for part, count in counts:
        if count:
            end = start + count / planned
            place = {"start": start, "end": end, "middle": (start + end) / 2}
            name = f"{text.cell(row.name, 40)}  {done:,}/{planned:,}"
            parts.append({"name": name, "part": t(f"progress.{part}"), "count": count} | place)
            start = end
    return parts


def running(points: Sequence[Point], *, paint: Colours | None = None) -> Spec:
    """Accuracy as answers arrive, with its band."""
    paint = paint or colours()
    colour = paint.series[0]
    x = {"field": "n", "type": "quantitative", "title": t("chart.answered"), "axis": {"tickMinStep": 1}}
    line = {"y": _share("value", t("chart.running")), "tooltip": _tooltip("n")}
    size = 18 if len(points) > 1 else 60  # a line of one point would not be seen
    layers = [
        {"mark": {"type": "area", "color": colour, "opacity": 0.2}, "encoding": _span("y", "low", "high")},
        {"mark": {"type": "line", "color": colour, "strokeWidth": 2}, "encoding": line},
        {"mark": {"type": "point", "color": colour, "filled": True, "size": size}, "encoding": line},
    ]
    spec = frame(paint, [asdict(point) for point in points], height=260)
    return spec | {"encoding": {"x": x}, "layer": layers}


def frame(paint: Colours, values: list[dict[str, Any]], *, height: int) -> Spec:
    """What every chart has: fonts, grid and legend in the colours of the theme."""
    font = "'Source Sans', 'Noto Sans CJK SC', 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
    axis = {
        "labelColor": paint.ink,
        "titleColor": paint.quiet,
        "gridColor": paint.grid,
        "domainColor": paint.grid,
    }
    quiet = {"tickColor": paint.grid, "titleFontWeight": "normal", "labelFontSize": 12, "titleFontSize": 12}
    legend = {"labelColor": paint.ink, "titleColor": paint.quiet, "orient": "bottom", "title": None}
    return {
        "data": {"values": values},
        "height": height,
        "background": "transparent",
        "config": {"font": font, "view": {"stroke": None}, "axis": axis | quiet, "legend": legend},
    }


def _share(field: str, title: str) -> Spec:
    scale = {"domain": [0, 1]}
    axis = {"format": ".0%", "tickCount": 6}
    return {"field": field, "type": "quantitative", "title": title, "scale": scale, "axis": axis}


def _span(channel: str, low: str, high: str) -> Spec:
    title = t("chart.accuracy") if channel == "x" else t("chart.running")
    return {channel: _share(low, title), f"{channel}2": {"field": high}}


def _dot(groups: list[str], paint: Colours) -> Spec:
    scale = _scale("group", groups, paint.series, is_shown=len(groups) > 1)
    shapes = ["circle", "square", "diamond", "triangle-up"][: len(groups)]
    shape = scale | {"scale": {"domain": groups, "range": shapes}}
    return {
        "x": _share("value", t("chart.accuracy")),
        "color": scale,
        "shape": shape,
        "tooltip": _tooltip("name") + [{"field": "n", "title": "n"}],
    }


def _label() -> Spec:
    return {"x": _share("value", t("chart.accuracy")), "text": {"field": "shown"}}


def _tooltip(first: str) -> list[Spec]:
    shares = [{"field": field, "format": ".1%"} for field in ("value", "low", "high")]
    return [{"field": first}, *shares]


def _scale(field: str, domain: list[str], range_: Sequence[str], *, is_shown: bool = True) -> Spec:
    legend = {"title": None, "orient": "bottom", "columns": 3} if is_shown else None
    scale = {"domain": domain, "range": list(range_[: len(domain)])}
    return {"field": field, "type": "nominal", "scale": scale, "legend": legend}


def _chance(level: float | None, paint: Colours) -> list[Spec]:
    if level is None:
        return []
    data = {"values": [{"at": level, "word": t("chart.chance")}]}
    rule = {"type": "rule", "strokeDash": [4, 3], "color": paint.quiet}
    word = {"type": "text", "y": -6, "color": paint.quiet, "fontSize": 11}
    x = {"field": "at", "type": "quantitative"}
    return [
        {"data": data, "mark": rule, "encoding": {"x": x, "y": None}},
        {"data": data, "mark": word, "encoding": {"x": x, "y": None, "text": {"field": "word"}}},
    ]

"""Dots with intervals for one column, block by block; and the whole table as a heat map."""

from collections.abc import Iterator, Sequence
from typing import Any

import streamlit as st

from evalcore import reference
from evalcore.report.leaderboard import AVERAGE, Block, Cell, Column, Table
from pages.ui import cards, charts, links, text
from pages.ui import leaderboard_table as board_table
from pages.ui import leaderboard_words as words
from pages.ui.i18n import t

GROUPS = {"local": "local", "api": "api", "demo": "demo", "imported": "local"}
WIDE = 24  # so many columns have room for their figures
STEP, STEP_OF_TWO = 24, 36  # pixels of a heat map's row, with one and with two lines for its name
LONGEST, FOOT = 160, 85  # pixels: a column's title, tilted by 40 degrees; the legend with what is around it
SCALES = {
    "light": ("#F1F7FA", "#C3DDE8", "#86B8CE", "#438BAC", "#145A7D", "#0A4160"),
    "dark": ("#16242D", "#214658", "#2E6D87", "#5098B4", "#93C6DA", "#BDDDEA"),
}
Spec = dict[str, Any]


def chosen_column(table: Table, by: str) -> tuple[str, Column | None]:
    """What the dots show: the average or column that the rows are ordered by, else the first there is."""
    columns = {column.key: column for column in table.columns}
    if by.removeprefix(f"{AVERAGE}:") in table.averages and by.startswith(AVERAGE):
        return by, None
    first = f"{AVERAGE}:{table.averages[0]}" if table.averages else next(iter(columns), "")
    return (by, columns[by]) if by in columns else (first, columns.get(first))


def dots(table: Table, by: str) -> None:
    """One chart a block, because only its rows may be compared; published figures in the last."""
    key, column = chosen_column(table, by)
    metric = column.metric if column else key.removeprefix(f"{AVERAGE}:")
    if metric in reference.NUMBERS:
        st.info(t("board.no_dots"), icon=":material/info:")
        return
    name = words.column(column) if column else t("board.average_of", metric=metric)
    st.markdown(f"**{text.label(name, 120)}**")
    drawn = [_block_dots(block, key, column) for block in table.blocks]
    published = _published_dots(table, key)
    if not any(drawn) and not published:
        st.info(t("board.none_here"), icon=":material/info:")
    for block, found in zip(table.blocks, drawn, strict=True):
        if found:
            _dot_chart(words.block(block), found, column)
    if published:
        _dot_chart(t("board.published"), published, column)


Dots = list[tuple[charts.Dot, Spec]]


def _block_dots(block: Block, key: str, column: Column | None) -> Dots:
    found: Dots = []
    for row in block.rows:
        cell = row.cells.get(key) if column else row.averages.get(key.removeprefix(f"{AVERAGE}:"))
        if cell and cell.value is not None:
            low, high = (
                (cell.low, cell.high) if cell.low is not None and cell.high is not None else (cell.value,) * 2
            )
            dot = charts.Dot(words.model(row), cell.value, low, high, cell.n, GROUPS[row.place])
            found.append((dot, _extra(f"{cell.value:.1%} · n = {cell.n:,}", "", "")))
    return found


def _published_dots(table: Table, key: str) -> Dots:
    found: Dots = []
    for row in table.published:
        one = row.cells.get(key) or row.averages.get(key.removeprefix(f"{AVERAGE}:"))
        if one is not None and one.scale != "number":
            name = f"{text.cell(row.model, 26)} · {words.setting(row)}"
            dot = charts.Dot(name, one.value, one.value, one.value, one.n or 0, "published")
            n = f" · n = {one.n:,}" if one.n else ""
            found.append(
                (dot, _extra(f"{one.value:.1%}{n}", one.source, "; ".join(board_table.warnings(one))))
            )
    return sorted(found, key=lambda pair: -pair[0].value)


def _extra(shown: str, source: str, note: str) -> Spec:
    return {"shown": shown, "source": text.cell(words.source(source), 160), "note": text.cell(note, 300)}


def _dot_chart(title: str, found: Dots, column: Column | None) -> None:
    st.caption(text.label(title, 160))
    plain = [dot for dot, _ in found]
    spec = charts.dot_plot(plain, chance=column.chance if column else None)
    for value, (_, extra) in zip(spec["data"]["values"], found, strict=True):
        value |= extra
    dot_layer = next(layer for layer in spec["layer"] if layer["mark"].get("type") == "point")
    dot_layer["encoding"]["tooltip"] = [
        {"field": field, "title": t(f"board.tip.{field}")} for field in ("name", "shown", "source", "note")
    ]
    charts.draw(spec, alt="; ".join(f"{dot.name}: {cards.percent(dot.value)}" for dot in plain))


def heat(table: Table) -> None:
    """Every share of the table as a colour and, where there is room, as a number; a click opens the items."""
    values = list(_heat_values(table))
    if not values:
        st.info(t("board.none_here"), icon=":material/info:")
        return
    charts.draw(_heat_spec(table, values), alt=t("board.heat_alt", rows=len({v["row"] for v in values})))


def _heat_values(table: Table) -> Iterator[Spec]:
    titles = _titles(table)
    for place, block in enumerate(table.blocks):
        for row in block.rows:
            name = f"{words.model(row)}\n{words.block(block)}" if len(table.blocks) > 1 else words.model(row)
            for key, title in titles.items():
                cell = row.cells.get(key)
                if cell is not None and cell.value is not None:
                    yield _heat_cell(cell, name, title) | {"block": place}
    for row_ in table.published:
        for key, title in titles.items():
            one = row_.cells.get(key)
            if one is not None and one.scale != "number":
                shown = f"{100 * one.value:.1f}"
                source = _extra("", one.source, "; ".join(board_table.warnings(one)))
                name = f"◇ {text.cell(row_.model, 30)} · {words.setting(row_)}"
                n = f"{one.n:,}" if one.n else "–"
                yield source | {
                    "row": name,
                    "column": title,
                    "value": one.value,
                    "shown": shown,
                    "n": n,
                    "span": "–",
                    "link": "",
                }


def _heat_cell(cell: Cell, name: str, title: str) -> Spec:
    span = "–" if cell.low is None else f"{100 * cell.low:.1f}–{100 * (cell.high or 0):.1f}"
    link = links.url("items", run=cell.runs[0], task=cell.task) if cell.task and cell.runs else ""
    return {
        "row": name,
        "column": title,
        "value": cell.value,
        "shown": f"{100 * (cell.value or 0):.1f}",
        "n": f"{cell.n:,}",
        "span": span,
        "link": link,
        "source": "",
        "note": "",
    }


def _titles(table: Table) -> dict[str, str]:
    """Columns that are shares, by key."""
    numbers = {one.key for one in table.columns if one.metric in reference.NUMBERS}
    named = words.names(table.columns)
    return {key: text.cell(name, 40) for key, name in named.items() if key not in numbers}


def _head(titles: Sequence[str]) -> int:
    """How high the tilted titles stand, in pixels; a height by steps of rows is painted more slowly."""
    widest = max(sum(12 if char > "\u2e7f" else 6 for char in title) for title in titles)
    return round(0.64 * min(widest, LONGEST)) + 8


def _heat_spec(table: Table, values: list[Spec]) -> Spec:
    paint = charts.colours()
    is_dark = st.context.theme.type == "dark"
    scale = SCALES["dark" if is_dark else "light"]
    rows = list(dict.fromkeys(value["row"] for value in values))
    titles = list(dict.fromkeys(value["column"] for value in values))
    step = STEP_OF_TWO if any("\n" in row for row in rows) else STEP
    height = step * len(rows) + _head(titles) + FOOT
    spec = charts.frame(paint, values, height=height) | {"padding": {"right": 60}}
    x = {"field": "column", "type": "nominal", "sort": titles, "title": None}
    x["axis"] = {"orient": "top", "labelAngle": -40, "labelLimit": LONGEST, "domain": False, "ticks": False}
    lines = {"labelExpr": "split(datum.label, '\\n')", "labelLimit": 420}
    y = {"field": "row", "type": "nominal", "sort": rows, "title": None, "axis": lines}
    about = ("source", "note") if table.published else ()
    fields = ("row", "column", "shown", "span", "n", *about)
    tooltip = [{"field": field, "title": t(f"board.tip.{field}")} for field in fields]
    colour = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": [0, 1], "range": list(scale)},
        "legend": {"title": None, "orient": "bottom", "format": ".0%", "gradientLength": 220},
    }
    rect = {
        "mark": {"type": "rect", "cursor": "pointer"},
        "encoding": {"color": colour, "tooltip": tooltip, "href": {"field": "link"}},
    }
    layers = [rect]
    if len(titles) <= WIDE:
        inked = "datum.value > 0.55" if not is_dark else "datum.value > 0.72"
        ink = {
            "condition": {"test": inked, "value": "#FFFFFF" if not is_dark else "#12181D"},
            "value": paint.ink,
        }
        size = 11 if len(titles) <= WIDE / 2 else 10
        layers.append(
            {
                "mark": {"type": "text", "fontSize": size},
                "encoding": {"text": {"field": "shown"}, "color": ink},
            }
        )
    return spec | {"encoding": {"x": x, "y": y}, "layer": layers}

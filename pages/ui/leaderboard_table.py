"""The tables: one for each block of rows that may be compared, one for published figures.

A click on a figure of ours opens its items; one on a published figure says where it comes from. Tables of
their own also keep a reader's sorting from ranking what must not be ranked together.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from evalcore import reference
from evalcore.reference import Published
from evalcore.report.leaderboard import AVERAGE, Block, Cell, Column, PublishedRow, Row, Table
from pages.ui import cards, links, text
from pages.ui import leaderboard_words as words
from pages.ui.i18n import language, t

HERE = Path(__file__).resolve().parent
ROW_HEIGHT, HEAD, HIGHEST = 28, 36, 640  # pixels
LEVELS = ("chance", "majority")
MODEL, ABOUT = "model", "about"
OPEN, TOLD = "board_open", "board_told"
Line = dict[str, str]


def style() -> None:
    st.html(HERE / "leaderboard.css")


def go_where_clicked() -> None:
    """Leaves for the items of the figure that was clicked, if one was."""
    wanted = st.session_state.pop(OPEN, None)
    if wanted:
        links.go("items", **wanted)


def draw(table: Table) -> None:
    for place, block in enumerate(table.blocks):
        name = words.block(block)
        st.markdown(f"**{text.label(name[:1].upper() + name[1:], 200)}**")
        own = of_block(table, block)
        lines = [_line(own, row) for row in block.rows] + _levels(own)
        _frame(
            f"board_block_{place}", own, lines, lambda row, name, block=block: _open(block.rows, row, name)
        )
    if table.published:
        _published(table)


def of_block(table: Table, block: Block) -> Table:
    """The table without columns that are empty in this block; its accuracies stand together, asked or not."""
    filled = {key for row in block.rows for key, cell in row.cells.items() if cell.has}
    has_levels = any(one.chance is not None for one in table.columns if one.key in filled)
    columns = [one for one in table.columns if one.key in filled or (has_levels and one.chance is not None)]
    averages = [one for one in table.averages if any(row.averages[one].has for row in block.rows)]
    return replace(table, columns=tuple(columns), averages=tuple(averages))


def _frame(key: str, table: Table, lines: Sequence[Line], clicked: Any) -> None:
    st.dataframe(
        lines,
        key=key,
        hide_index=True,
        column_config=_config(table),
        row_height=ROW_HEIGHT,
        height=min(HEAD + ROW_HEIGHT * len(lines) + 3, HIGHEST),
        on_select=lambda: _selected(key, clicked),
        selection_mode="single-cell",
        alt=t("page.leaderboard"),
    )


def _selected(key: str, clicked: Any) -> None:
    for row, name in st.session_state[key]["selection"]["cells"]:
        clicked(row, name)


def _config(table: Table) -> dict[str, Any]:
    """Heads: short titles; under the pointer task, metric, items, version, and where guessing stands."""
    titles = words.names(table.columns)
    names = {MODEL: st.column_config.TextColumn(t("board.model"), pinned=True, width=230)}
    names[ABOUT] = st.column_config.TextColumn(t("board.about"), width=150)
    for metric in table.averages:
        title = t("board.average_of", metric=metric) if len(table.averages) > 1 else t("board.average")
        note = text.label(t(f"board.mean.{table.board}"), 300)
        names[_average(metric)] = st.column_config.TextColumn(title, help=note, alignment="right")
    for column in table.columns:
        about = text.label(_about(column), 400)
        names[column.key] = st.column_config.TextColumn(titles[column.key], help=about, alignment="right")
    return names


def _average(metric: str) -> str:
    return f"{AVERAGE}:{metric}"


def _about(column: Column) -> str:
    said = [column.task, words.metric(column.metric)]
    if column.items is not None:
        said.append(t("board.items", n=f"{column.items:,}"))
    said += [
        f"{t(f'board.{name}')}: {cards.percent(level)}"
        for name in LEVELS
        if (level := getattr(column, name)) is not None
    ]
    if column.version:
        said.append(t("benchmarks.version", version=column.version))
    return " · ".join(said)


def _levels(table: Table) -> list[Line]:
    """Where a guess and a constant answer stand, at the foot of the table that they qualify."""
    if not any(column.chance is not None for column in table.columns):
        return []
    return [
        {MODEL: f"· {t(f'board.{name}')}", ABOUT: ""}
        | {_average(metric): "" for metric in table.averages}
        | {column.key: _level(getattr(column, name)) for column in table.columns}
        for name in LEVELS
    ]


def _level(value: float | None) -> str:
    return "" if value is None else words.figure(value, "acc")


def _line(table: Table, row: Row) -> Line:
    about = " · ".join(
        part for part in (t(f"board.place.{row.place}"), words.model_class(row.model_class)) if part
    )
    cells = {column.key: shown(row.cells.get(column.key), column.metric) for column in table.columns}
    means = {_average(metric): shown(row.averages.get(metric), metric) for metric in table.averages}
    return {MODEL: words.model(row), ABOUT: about} | means | cells


def shown(cell: Cell | None, metric: str) -> str:
    """Value, interval, n, and the signs that qualify them; right for sorting as text."""
    if cell is None or not cell.has:
        return ""
    if cell.value is None:
        return t("board.k_of_n", k=cell.has, n=cell.of)
    said = [words.figure(cell.value, metric)]
    if cell.low is not None and cell.high is not None:
        said.append(f"[{words.figure(cell.low, metric).strip()}–{words.figure(cell.high, metric).strip()}]")
    said.append(f"n {cell.n:,}")
    said += ["◐"] if cell.is_partial else []
    said += [f"∅ {cards.percent(cell.unread_rate, 0)}"] if cell.unread else []
    said += [f"+{len(cell.runs) - 1}"] if cell.task and len(cell.runs) > 1 else []
    return " ".join(said)


def _open(rows: Sequence[Row], place: int, name: str) -> None:
    """Keeps what was clicked for the next run of the script: a callback cannot leave the page."""
    if place >= len(rows):
        return
    row = rows[place]
    cell = row.cells.get(name) or row.averages.get(name.removeprefix(f"{AVERAGE}:"))
    if cell is not None and cell.runs:
        st.session_state[OPEN] = {"run": cell.runs[0], "task": cell.task or None}


def _published(table: Table) -> None:
    st.markdown(f"**{text.label(t('board.published'), 200)}**")
    lines = [_printed_line(table, row) for row in table.published]
    if not table.blocks:
        lines += _levels(table)
    named = [replace(one, title=one.printed or one.title, version="") for one in table.columns]
    _frame(
        "board_printed",
        replace(table, columns=tuple(named)),
        lines,
        lambda row, name: _tell(table, row, name),
    )
    told = st.session_state.get(TOLD)
    if told and told[0] == (table.board, table.section):
        with st.container(border=True, key="board_told_box"):
            text.plain(told[1], key="board_told_text")


def _printed_line(table: Table, row: PublishedRow) -> Line:
    cells = {column.key: printed(row.cells.get(column.key)) for column in table.columns}
    means = {_average(metric): printed(row.averages.get(metric)) for metric in table.averages}
    source = text.cell(words.source(row.source), 60)
    about = f"{words.setting(row)} · {words.model_class(row.model_class)} · {source}"
    return {MODEL: f"◇ {text.cell(row.model, 60)}", ABOUT: about} | means | cells


def printed(one: Published | None) -> str:
    """A dagger for a note, a warning for a figure that cannot be."""
    if one is None:
        return ""
    sign = " ⚠" if not one.is_possible else " †" if one.is_doubtful else ""
    return f"{words.figure(one.value, one.metric)}{sign}"


def _tell(table: Table, place: int, name: str) -> None:
    """What is known about the published figure that was clicked; about its row where it is no figure."""
    if place >= len(table.published):
        return
    row = table.published[place]
    one = row.cells.get(name) or row.averages.get(name.removeprefix(f"{AVERAGE}:"))
    said = told_of(one) if one else f"{words.source(row.source)}\n{words.setting(row)} · {words.tuning(row)}"
    st.session_state[TOLD] = ((table.board, table.section), f"◇ {row.model}\n{said}")


def told_of(one: Published) -> str:
    """Source, how it was printed, and what is known about it, in the screen's language."""
    metric = f"{one.metric}@{one.variant}" if one.variant else one.metric
    said = [
        words.source(one.source),
        t("board.printed", value=one.published, column=one.column, metric=metric),
    ]
    if one.kind != "table":
        said.append(t(f"board.kind.{one.kind}"))
    return "\n".join([*said, *warnings(one)])


def warnings(one: Published) -> list[str]:
    """What is wrong with a figure, or has to be known: first whether it can be at all."""
    impossible = [] if one.is_possible else [t("board.impossible", n=f"{one.n:,}")]
    return impossible + [reference.in_chinese(note) if language() == "zh" else note for note in one.notes]


def noted(table: Table) -> list[dict[str, str]]:
    """Every published figure that has to be read with care, for a list under the tables."""
    titles = words.names(table.columns)
    return [
        {
            "model": text.cell(row.model, 60),
            "column": titles.get(f"{one.task}:{one.metric}", t("board.average")),
            "printed": one.published,
            "note": text.cell("; ".join(warnings(one)), 600),
            "source": text.cell(words.source(row.source), 120),
        }
        for row in table.published
        for one in (*row.averages.values(), *row.cells.values())
        if one.is_doubtful
    ]

"""What of a table is shown: filters that live in the address."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from evalcore.report.leaderboard import AVERAGE, Block, Column, PublishedRow, Row, Table, ordered
from pages.ui import leaderboard_words as words
from pages.ui import links, text
from pages.ui.i18n import t

ANY = "any"
VIEWS = ("table", "dots", "heat")
ICONS = {"table": ":material/table_rows:", "dots": ":material/scatter_plot:", "heat": ":material/grid_on:"}
NAMES = ("tongue", "class", "precision", "place", "col", "published")


@dataclass(frozen=True)
class Shown:
    """A table under its filters, rows in the chosen order."""

    table: Table
    by: str

    @property
    def has_rows(self) -> bool:
        return any(block.rows for block in self.table.blocks)


def chosen_board(codes: Sequence[str], first: str) -> str:
    """Tabs over everything. first: which is open where the address names none."""
    also = {"section": None, "by": None, "col": None}
    return _segments("board", t("board.boards"), codes, words.board, first=first, also=also)


def chosen_view() -> str:
    return _segments(
        "view",
        t("board.view"),
        VIEWS,
        lambda code: f"{ICONS[code]} {t(f'board.view.{code}')}",
        first=VIEWS[0],
    )


def _segments(
    name: str,
    label: str,
    codes: Sequence[str],
    show: Callable[[str], str],
    *,
    first: str,
    also: dict[str, None] | None = None,
) -> str:
    key = f"url_{name}"
    st.session_state[key] = links.code(name, codes, default=first)

    def keep() -> None:
        code = st.session_state[key]
        links.put(**{name: None if code == first else code}, **(also or {}))

    st.segmented_control(
        label, codes, required=True, format_func=show, key=key, on_change=keep, label_visibility="collapsed"
    )
    return str(st.session_state[key])


def section_box(table: Table) -> None:
    """Which table of the board; nothing where there is one only."""
    if len(table.sections) > 1:
        links.pick(
            "section",
            t("board.section"),
            table.sections,
            show=lambda code: words.section(table.board, code),
            default=table.sections[0],
        )


def row(table: Table) -> Shown:
    """One row of filters; only what can be chosen from is there."""
    rows = [one for block in table.blocks for one in block.rows]
    classes = dict.fromkeys(one.model_class for one in (*rows, *table.published))
    with st.container(horizontal=True, gap="small", key="board_filters", vertical_alignment="bottom"):
        section_box(table)
        by = _order_box(table)
        tongue = _box("tongue", dict.fromkeys(one.language for one in table.columns), _tongue)
        kind = _box("class", classes, words.model_class)
        precision = _box("precision", dict.fromkeys(one.precision for one in rows if one.precision), str)
        place = _box("place", dict.fromkeys(one.place for one in rows), lambda code: t(f"board.place.{code}"))
        columns = _column_box(table)
        is_published = _switch("published", t("board.published_on")) if table.published else False
    wanted = Wanted(tongue, kind, precision, place, columns, is_published, by)
    return Shown(narrowed(table, wanted), by)


@dataclass(frozen=True)
class Wanted:
    """Codes of the filters; empty ones ask nothing."""

    tongue: str = ""
    model_class: str = ""
    precision: str = ""
    place: str = ""
    columns: tuple[str, ...] = ()
    is_published: bool = True
    by: str = ""


def narrowed(table: Table, wanted: Wanted) -> Table:
    """The table under its filters; an average stays that of all its tasks."""
    columns = tuple(one for one in table.columns if _has_column(one, wanted))
    keys = {one.key for one in columns}
    blocks = [replace(one, rows=_rows(one, wanted, keys)) for one in table.blocks]
    printed = [one for one in table.published if wanted.is_published and _has_printed(one, wanted, keys)]
    return replace(
        table,
        columns=columns,
        blocks=tuple(block for block in blocks if block.rows),
        published=tuple(printed),
    )


def _has_column(one: Column, wanted: Wanted) -> bool:
    is_chosen = not wanted.columns or one.key in wanted.columns
    return is_chosen and (not wanted.tongue or one.language == wanted.tongue)


def _rows(block: Block, wanted: Wanted, keys: set[str]) -> tuple[Row, ...]:
    kept = [
        one
        for one in block.rows
        if (not wanted.model_class or one.model_class == wanted.model_class)
        and (not wanted.precision or one.precision == wanted.precision)
        and (not wanted.place or one.place == wanted.place)
        and not keys.isdisjoint(one.cells)
    ]
    return ordered(kept, wanted.by)


def _has_printed(one: PublishedRow, wanted: Wanted, keys: set[str]) -> bool:
    is_class = not wanted.model_class or one.model_class == wanted.model_class
    has_more = bool(one.averages) and not (wanted.tongue or wanted.columns)
    return is_class and (has_more or not keys.isdisjoint(one.cells))


def _order_box(table: Table) -> str:
    """Averages first, then every column, then by name."""
    columns = words.names(table.columns)
    averages = {f"{AVERAGE}:{metric}": t("board.average_of", metric=metric) for metric in table.averages}
    names = averages | columns | {"name": t("board.by_name")}
    first = next(iter(averages), "name")
    return links.pick(
        "by", t("board.by"), list(names), show=lambda code: names.get(code, code), default=first
    )


def _box(name: str, codes: dict[str, None], show: Callable[[str], str]) -> str:
    """A select box with "all" first; left out where there is nothing to choose, unless the address asks."""
    if len(codes) < 2 and not links.code(name):
        return ""
    found = links.pick(
        name,
        t(f"board.filter.{name}"),
        [ANY, *codes],
        show=lambda code: t("filter.all") if code == ANY else show(code),
        default=ANY,
    )
    return "" if found == ANY else found


def _tongue(code: str) -> str:
    return words.named(f"tongue.{code}", t("board.tongue_multi") if code == "multi" else text.cell(code, 20))


def _column_box(table: Table) -> tuple[str, ...]:
    names = words.names(table.columns)
    with st.popover(t("board.columns"), icon=":material/view_column:"):
        st.caption(t("board.columns_note"))
        return links.pick_several(
            "col", t("board.columns"), list(names), show=lambda code: names.get(code, code)
        )


def _switch(name: str, label: str) -> bool:
    """On unless the address says off."""
    key = f"url_{name}"
    st.session_state[key] = links.code(name) != "off"
    st.toggle(label, key=key, on_change=lambda: links.put(**{name: None if st.session_state[key] else "off"}))
    return bool(st.session_state[key])


def clear() -> None:
    links.put(**dict.fromkeys(NAMES))

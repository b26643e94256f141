"""The list of records, page by page from the store, whole or narrow beside an opened item."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from evalcore import report
from pages.ui import item_export, item_filters, links, text
from pages.ui.database import store
from pages.ui.i18n import t

ROWS = 25
ROW_HEIGHT = 28  # pixels
TABLE = "items_table"
Cell = tuple[int, str]
SIGNS = {"right": "✓", "wrong": "✗", "partly": "◐", "unscored": "?", "missing": "–"}


def settled(asked: report.RecordFilter) -> report.RecordPage:
    """The page that the URL names. After a filter changed with an item open, the first that fits opens."""
    page = _page(asked)
    before = st.session_state.get("items_filter", asked)
    st.session_state["items_filter"] = asked
    ids = _ids(page)
    if before != asked and links.number("item") and links.number("item") not in ids:
        links.put(item=ids[0] if ids else None)
    return page


def _ids(page: report.RecordPage) -> list[int]:
    return [row.work_id for row in page.rows]


def whole(page: report.RecordPage) -> None:
    """The list alone, over the full width."""
    with st.container(horizontal=True, vertical_alignment="center", key="items_bar"):
        _pager(page)
        st.space("stretch")
        links.copy_link()
        item_export.menu(_runs_of(page))
    _table(page, 0, is_narrow=False)


def narrow(page: report.RecordPage, work_id: int) -> None:
    """The list beside an opened item: outcome and the question's beginning."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="items_bar"):
        _pager(page)
    _table(page, work_id, is_narrow=True)


def walk(asked: report.RecordFilter, page: report.RecordPage, record: report.Record) -> None:
    """The opened item's bar: previous and next under the same filter, link, close."""
    rows = _ids(page)
    previous, following = _beside(asked, rows, record.work_id)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="items_walk"):
        _step("previous", previous, rows, "K")
        _step("next", following, rows, "J")
        st.space("stretch")
        links.copy_link()
        st.button(
            t("items.close"), icon=":material/close:", shortcut="Escape", key="items_close", on_click=close
        )


def _beside(asked: report.RecordFilter, rows: Sequence[int], work_id: int) -> tuple[int, int]:
    """Work ids before and after, 0 for none; only at the ends of the page does the store have to look."""
    at = rows.index(work_id) if work_id in rows else -1
    if 0 < at < len(rows) - 1:
        return rows[at - 1], rows[at + 1]
    found = report.neighbours(store(), asked, work_id, sorting())
    return (found.previous.work_id if found.previous else 0, found.next.work_id if found.next else 0)


def close() -> None:
    links.put(item=None, **{"with": None})


def open_item(work_id: int) -> None:
    links.put(item=work_id, **{"with": None})


def _step(name: str, work_id: int, rows: Sequence[int], key: str) -> None:
    icon = ":material/chevron_left:" if name == "previous" else ":material/chevron_right:"
    st.button(
        t(f"items.{name}"),
        icon=icon,
        shortcut=key,
        key=f"items_{name}",
        disabled=not work_id,
        on_click=_go,
        args=(work_id, tuple(rows), 1 if name == "next" else -1),
    )


def _go(work_id: int, rows: Sequence[int], step: int) -> None:
    """Opens a neighbour; the list turns its page when the walk leaves it."""
    page = links.number("page", default=1, low=1)
    if work_id not in rows and links.number("item") in rows:
        page = max(1, page + step)
    links.put(item=work_id, page=page if page > 1 else None, **{"with": None})


def _page(asked: report.RecordFilter) -> report.RecordPage:
    """The page that the URL names; the first where it lies beyond the end."""
    number = links.number("page", default=1, low=1, high=10**6)
    page = report.records(store(), asked, offset=(number - 1) * ROWS, limit=ROWS, sort=sorting())
    if page.rows or number == 1:
        return page
    links.put(page=None)
    return report.records(store(), asked, limit=ROWS, sort=sorting())


def _pager(page: report.RecordPage) -> None:
    number = page.offset // ROWS + 1
    last = page.offset + len(page.rows)
    has_more = last < page.total.n or (page.total.is_capped and len(page.rows) == ROWS)
    _turn("before", number - 1, is_on=number > 1)
    _turn("after", number + 1, is_on=has_more)
    first = page.offset + 1 if page.rows else 0
    st.caption(t("items.shown", first=f"{first:,}", last=f"{last:,}", total=str(page.total)))
    if page.is_partly_sorted:
        st.caption(t("items.sorted_part", n=str(page.total)))


def _turn(name: str, to: int, *, is_on: bool) -> None:
    icon = ":material/arrow_back_ios_new:" if name == "before" else ":material/arrow_forward_ios:"
    put = {"page": to if to > 1 else None}
    st.button(
        "",
        icon=icon,
        key=f"items_page_{name}",
        help=t(f"items.page.{name}"),
        disabled=not is_on,
        on_click=links.put,
        kwargs=put,
    )


def _table(page: report.RecordPage, work_id: int, *, is_narrow: bool) -> None:
    if not page.rows:
        st.info(t("items.none"), icon=":material/search_off:")
        return
    ids = _ids(page)
    key = f"{TABLE}_{'narrow' if is_narrow else 'whole'}"
    # The opened item is marked, also after a step by key. Headings stay as the browser has them: it tells
    # only of changes.
    cells = [(ids.index(work_id), "question")] if work_id in ids else []
    clicked = st.session_state[key]["selection"]["columns"] if key in st.session_state else []
    st.session_state[key] = {"selection": {"rows": [], "columns": clicked, "cells": cells}}
    st.dataframe(
        [_line(row, is_narrow=is_narrow) for row in page.rows],
        hide_index=True,
        key=key,
        on_select=lambda: _selected(key, ids, cells),
        selection_mode=["single-cell", "single-column"],
        column_config=_columns(is_narrow=is_narrow),
        height=36 + ROW_HEIGHT * len(ids) + 3,
        row_height=ROW_HEIGHT,
        alt=t("items.list"),
    )


def sorting() -> str:
    """The order that the URL names: a column, with a minus from its end; "" is the run's order."""
    return links.code("sort", [sign + name for name in report.SORTS for sign in ("", "-")])


def _heading(sort: str, *, is_narrow: bool) -> str:
    """The column of an order; the narrow list has the outcome's sign alone."""
    name = sort.lstrip("-")
    return "sign" if is_narrow and name == "outcome" else name


def _selected(key: str, ids: Sequence[int], shown: Sequence[Cell]) -> None:
    """A click anywhere in a row opens it, and so do arrow keys inside the list; Escape there closes it.

    A click on a heading leaves the cells as shown.
    """
    selection = st.session_state[key]["selection"]
    cells = [tuple(cell) for cell in selection["cells"]]
    if cells == list(shown):
        _sort((selection["columns"] or [""])[0])
    elif not cells:
        close()
    elif cells[0][0] < len(ids):
        open_item(ids[cells[0][0]])


def _sort(heading: str) -> None:
    """By a heading; a second click turns the order round, a third one takes it back."""
    name = "outcome" if heading == "sign" else heading
    if name in ("", sorting().lstrip("-")):
        name = "" if sorting().startswith("-") else f"-{sorting()}"
    links.put(sort=name, page=None)


def verdict(answer_state: str) -> tuple[str, str]:
    """Sign and words of a judge's own reply: it is about an answer, and neither right nor wrong itself."""
    return ("●", t("items.verdict")) if answer_state == "read" else ("?", t("items.no_verdict"))


def ended(outcome: str, *, is_judged: bool, mean: float | None) -> tuple[str, str]:
    """Sign and words; where no rule scores but a judge did, the mean of its scores instead."""
    if outcome != "unscored" or not is_judged:
        return SIGNS.get(outcome, "?"), item_filters.word("outcome", outcome)
    return "●", t("judged.ok") if mean is None else t("items.judged_mean", value=f"{mean:.2f}")


def _line(row: report.RecordRow, *, is_narrow: bool) -> dict[str, str]:
    length = 60 if is_narrow else 160
    if row.is_verdict:
        sign, words = verdict(row.answer_state)
    else:
        sign, words = ended(row.outcome, is_judged=row.is_judged, mean=row.judged_mean)
    beginning = text.cell(f"{row.criterion}: {row.beginning}" if row.criterion else row.beginning, length)
    if is_narrow:
        return {"sign": sign, "question": beginning}
    return {
        "outcome": f"{sign} {words}",
        "task": text.cell(row.task, 40),
        "item": text.cell(row.item, 40) + (f" #{row.sample + 1}" if row.sample else ""),
        "subject": item_filters.subject_name(row.subject),
        "question": beginning,
        "picked": text.cell(row.picked, 20) or "–",
        "gold": text.cell(row.gold, 20),
        "state": item_filters.word("answer", row.answer_state or "none"),
        "model": text.cell(row.model, 40),
    }


def _columns(*, is_narrow: bool) -> dict[str, Any]:
    widths: dict[str, Any] = {"sign": 34, "question": 150} if is_narrow else _WIDTHS
    return {
        name: st.column_config.TextColumn(_title(name, is_narrow=is_narrow), width=width)
        for name, width in widths.items()
    }


def _title(name: str, *, is_narrow: bool) -> str:
    words = " " if name == "sign" else t(f"items.column.{name}")
    if not sorting() or _heading(sorting(), is_narrow=is_narrow) != name:
        return words
    return f"{words} {'▼' if sorting().startswith('-') else '▲'}"


_WIDTHS = {
    "outcome": 110,
    "task": 140,
    "item": 105,
    "subject": 115,
    "question": 215,
    "picked": 65,
    "gold": 90,
    "state": 85,
    "model": 150,
}


def _runs_of(page: report.RecordPage) -> tuple[str, ...]:
    """What an export of the list would hold: the filtered runs, else the runs on this page."""
    return links.codes("run") or tuple(dict.fromkeys(row.run for row in page.rows))

"""Leaderboard: models beside tasks with intervals, in blocks to be compared; published figures apart."""

from dataclasses import asdict

import streamlit as st

from evalcore.exchange.tables import as_csv
from evalcore.report import leaderboard as boards
from evalcore.report.leaderboard import Table
from pages.ui import cards, leaderboard_charts, leaderboard_table, leaderboard_view, leaderboard_words, links
from pages.ui.database import store
from pages.ui.i18n import t
from pages.ui.leaderboard_view import Shown

NOT_PUBLIC = ("demo", "mine")  # boards of items that no model has met on the web
SHARED_S = 3.0  # one look at the store for everybody who is here at the same time


@st.cache_resource(ttl=SHARED_S, max_entries=16, show_spinner=False)
def looked_up(board: str, section: str) -> Table:
    """Frozen, so that sessions can share it."""
    return boards.leaderboard(store(), board, section)


@st.cache_resource(ttl=SHARED_S, show_spinner=False)
def codes() -> tuple[tuple[str, ...], str]:
    """All boards, and the one that opens where the address names none."""
    return boards.board_codes(store()), boards.first_measured(store())


def empty() -> None:
    """Nothing measured on this board yet: what to do, above what others have published."""
    with cards.empty(t("board.empty"), icon=":material/leaderboard:"), st.container(horizontal=True):
        links.link("launch", t("board.empty_launch"))
        links.link("home", t("board.empty_demo"))


def body(shown: Shown, view: str) -> None:
    table = shown.table
    if not table.columns or not (shown.has_rows or table.published):
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/search_off: {t('board.none_here')}")
            st.button(t("board.clear"), on_click=leaderboard_view.clear)
    elif view == "dots":
        leaderboard_charts.dots(table, shown.by)
    elif view == "heat":
        leaderboard_charts.heat(table)
    else:
        leaderboard_table.draw(table)


def below(table: Table) -> None:
    """How to read it, and what is known about published figures."""
    said = [leaderboard_words.named(f"board.about.{table.board}", ""), t("board.read")]
    if table.board not in NOT_PUBLIC:
        said.append(t("board.contamination"))
    if table.averages:
        said.insert(0, t(f"board.mean.{table.board}"))
    if table.published:
        said.append(t("board.published_note"))
    for words in filter(None, said):
        st.caption(words)
    noted = leaderboard_table.noted(table)
    if noted:
        with st.expander(t("board.notes", n=len(noted)), icon=":material/flag:"):
            names = {name: t(f"board.tip.{name}") for name in noted[0]}
            st.dataframe(noted, hide_index=True, column_config=names, alt=t("board.notes", n=len(noted)))


def export(table: Table) -> None:
    """What is shown, one line a figure."""
    st.download_button(
        t("board.csv"),
        lambda: as_csv([asdict(line) for line in boards.lines(table)]).encode("utf-8-sig"),
        file_name=f"rounds_{table.board}_{table.section}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


leaderboard_table.style()
leaderboard_table.go_where_clicked()
cards.heading(t("page.leaderboard"))
with st.container(horizontal=True, vertical_alignment="center"):
    board = leaderboard_view.chosen_board(*codes())
    st.space("stretch")
    view = leaderboard_view.chosen_view()
with st.spinner(t("board.counting"), show_time=True):
    whole = looked_up(board, links.code("section"))
if not whole.blocks:
    empty()
found = leaderboard_view.row(whole)
body(found, view)
with st.container(horizontal=True):
    links.copy_link()
    export(found.table)
below(found.table)

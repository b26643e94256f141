"""Items: every record under filters, and one of them opened: question, reply, reading, gold, score."""

import streamlit as st

from evalcore import report
from evalcore.errors import UsageError
from pages.ui import cards, item_blocks, item_filters, item_list, item_view, links
from pages.ui.database import store
from pages.ui.i18n import t


def chosen() -> report.RecordFilter | None:
    """What the URL asks for; None after saying why it cannot be shown."""
    try:
        return item_filters.asked(store())
    except UsageError as error:
        cards.problem(error)
        st.button(t("items.clear"), on_click=item_filters.clear, icon=":material/filter_alt_off:")
        return None


@st.fragment
def body(asked: report.RecordFilter) -> None:
    """List and opened item: walking by key redraws these alone."""
    page = item_list.settled(asked)
    work_id = links.number("item")
    if not work_id:
        item_list.whole(page)
        return
    left, right = st.columns([10, 36], gap="medium")
    with right.container(key="items_item"):  # first: it is what the reader waits for
        opened(asked, page, work_id)
    with left.container(key="items_list"):
        item_list.narrow(page, work_id)


def opened(asked: report.RecordFilter, page: report.RecordPage, work_id: int) -> None:
    try:
        record = report.record(store(), work_id)
    except UsageError as error:
        cards.problem(error)
        st.button(t("items.close"), on_click=item_list.close)
        return
    item_list.walk(asked, page, record)
    item_view.show(record)


item_blocks.style()
cards.heading(t("page.items"))
if not report.runs_overview(store(), limit=1):
    with cards.empty(t("items.empty")):
        st.caption(t("items.empty_note"))
        item_filters.ways_to_fill()
else:
    found = chosen()
    if found is not None:
        item_filters.row(store(), found)
        body(found)

"""The list of rubrics with their words; own ones are added with a preview, removed, and brought back."""

import re
from contextlib import suppress

import streamlit as st

from evalcore import judge, report, runs
from evalcore.errors import DataError, RoundsError
from evalcore.judge import Rubric
from evalcore.store.judging import rubric_folder
from pages.ui import cards, judge_words, links, text, told
from pages.ui.database import store
from pages.ui.i18n import t

NOT_ONE_OF = re.compile(
    r"(?P<place>.+): (?P<name>\w+) is (?P<value>.+), but must be one of (?P<known>.+)\. The"
)
REMOVED, ADDED = "rubric_removed", "rubric_added"


def show() -> None:
    st.button(
        t("benchmarks.all"),
        icon=":material/arrow_back:",
        type="tertiary",
        key="rubric_back",
        on_click=links.put,
        kwargs={"view": None},
    )
    cards.heading(t("rubric.title"), t("rubric.subtitle"))
    notices()
    left, right = st.columns([5, 4], gap="medium")
    with left:
        listing()
    with right, st.container(border=True, key="rubric_new"):
        bring()


def notices() -> None:
    mark, added = st.session_state.get(REMOVED, ""), st.session_state.pop(ADDED, "")
    if added:
        st.success(t("rubric.added", name=text.label(added)), icon=":material/check:")
    if mark:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(t("rubric.removed", name=text.label(mark.partition("~")[0])), width="content")
            st.button(
                t("dataset.undo"), key="rubric_undo", icon=":material/undo:", on_click=restore, args=(mark,)
            )


def listing() -> None:
    bundled = judge.rubrics()
    try:
        known = judge_words.known()
    except RoundsError as error:  # a broken file that somebody put into the folder
        cards.problem(error)
        known = bundled
    for rubric in known.values():
        with st.expander(text.label(judge_words.title(rubric), 160), icon=":material/gavel:"):
            is_own = rubric.id not in bundled
            st.badge(t("rubric.own" if is_own else "rubric.bundled"), color="blue" if is_own else "gray")
            judge_words.said(rubric)
            if is_own:
                st.button(
                    t("rubric.remove"),
                    key=f"rubric_remove_{rubric.id}",
                    icon=":material/delete:",
                    on_click=remove,
                    args=(rubric.id,),
                )


def bring() -> None:
    """A file, what is wrong with it, how it reads, and the button."""
    st.subheader(t("rubric.bring"), anchor=False)
    st.caption(t("rubric.bring_note"))
    st.download_button(
        t("rubric.example"),
        judge.example(),
        file_name="rubric.json",
        mime="application/json",
        key="rubric_example",
        icon=":material/download:",
        on_click="ignore",
    )
    turn = st.session_state.setdefault("rubric_turn", 0)
    given = st.file_uploader(t("rubric.file"), type=["json"], key=f"rubric_file_{turn}")
    if given is None:
        return
    try:
        rubric = judge.read_rubric(given.getvalue(), given.name)
    except RoundsError as error:
        cards.problem(in_words(error))
        return
    st.markdown(f"**{text.label(judge_words.title(rubric), 160)}**")
    judge_words.said(rubric)
    preview(rubric)
    if st.button(t("rubric.add"), key="rubric_add", type="primary", icon=":material/add:"):
        add(given.getvalue(), given.name)


def in_words(error: RoundsError) -> RoundsError:
    """The slip that a form of one's own has most often, in the screen's language; any other as it stands."""
    found = NOT_ONE_OF.match(str(error))
    return DataError(t("rubric.one_of", **found.groupdict())) if found else error


def preview(rubric: Rubric) -> None:
    """What a judge would read, on an answer of the newest run or of one that is chosen."""
    rows = {row.code: row for row in report.runs_overview(store()) if row.kind == "ask" and row.done}
    code = ""
    if rows:
        code = st.selectbox(
            t("rubric.preview_run"),
            list(rows),
            format_func=lambda one: told.title(rows[one]),
            key="rubric_preview_run",
        )
    shown = runs.preview_rubric(store(), rubric, code or "")
    with st.expander(t("judge.preview"), icon=":material/visibility:", expanded=True):
        if shown is None:
            st.caption(t("rubric.fits_nothing"))
            return
        st.caption(t("rubric.preview_of", task=text.label(shown.task), item=text.label(shown.item)))
        judge_words.preview(shown)


def add(content: bytes, name: str) -> None:
    try:
        kept = judge.add_rubric(content, name, rubric_folder())
    except RoundsError as error:
        cards.problem(error)
        return
    st.session_state[ADDED] = kept.name
    st.session_state["rubric_turn"] += 1  # an empty field for the next file
    st.session_state.pop(REMOVED, None)
    st.rerun()


def remove(id: str) -> None:
    try:
        st.session_state[REMOVED] = judge.remove_rubric(id, rubric_folder())
    except RoundsError:  # another tab was faster
        st.session_state.pop(REMOVED, None)


def restore(mark: str) -> None:
    with suppress(RoundsError):  # its id was taken, or somebody emptied the folder
        judge.restore_rubric(mark, rubric_folder())
    st.session_state.pop(REMOVED, None)

"""Bringing people's ratings: a template made from a run, a file, what became of its rows."""

import streamlit as st

from evalcore import report
from evalcore.errors import RoundsError
from evalcore.exchange import ratings
from pages.ui import cards, judge_words, links, text, told
from pages.ui.database import store
from pages.ui.i18n import t

NAMED = 50  # bad rows that are listed


def empty() -> None:
    with cards.empty(t("agree.empty"), icon=":material/groups:"):
        st.markdown(t("agree.empty_note"))
        links.link("live", t("agree.empty_judge"))
    with st.container(border=True, key="agree_import"):
        st.subheader(t("agree.import"), anchor=False)
        bring()


def bring() -> None:
    st.markdown(t("agree.columns"))
    left, right = st.columns(2, gap="large")
    with left:
        template()
    with right:
        upload()
    st.caption(t("agree.command"))
    st.code("python -m evalcore ratings import FILE", language=None)


def template() -> None:
    """Every answer of a run with each criterion of a rubric; the values are filled in by hand."""
    st.markdown(f"**{t('agree.template')}**")
    rows = {row.code: row for row in report.runs_overview(store()) if row.kind == "ask" and row.done}
    if not rows:
        st.caption(t("agree.template_none"))
        return
    known = judge_words.known()
    run = st.selectbox(
        t("live.run"), list(rows), format_func=lambda code: told.title(rows[code]), key="agree_run"
    )
    rubric = st.selectbox(
        t("judge.rubric"),
        [id for id, one in known.items() if one.answers == 1],
        format_func=lambda id: judge_words.title(known[id]),
        key="agree_rubric",
    )
    person = st.text_input(t("agree.person"), key="agree_person", max_chars=200)
    try:
        table = ratings.template(store(), run or "", rubric or "", reviewer=person.strip())
    except RoundsError as error:
        cards.problem(error)
        return
    st.download_button(
        t("agree.template_get"),
        table.encode("utf-8-sig"),
        file_name=f"ratings-{run}.csv",
        mime="text/csv",
        key="agree_template",
        icon=":material/download:",
        on_click="ignore",
    )


def upload() -> None:
    st.markdown(f"**{t('agree.upload')}**")
    turn = st.session_state.setdefault("agree_turn", 0)
    given = st.file_uploader(t("agree.file"), type=["csv", "tsv", "xlsx"], key=f"agree_file_{turn}")
    if given is not None and st.button(t("agree.take"), key="agree_take", type="primary"):
        try:
            st.session_state["agree_taken"] = ratings.put(store(), given.getvalue(), name=given.name)
        except RoundsError as error:
            cards.problem(error)
            return
        st.session_state["agree_turn"] = turn + 1
        st.rerun()


def outcome() -> None:
    """What became of the file that was brought last, over everything that it changed."""
    taken = st.session_state.get("agree_taken")
    if not isinstance(taken, ratings.Imported):
        return
    words = t("agree.taken", ratings=f"{taken.ratings:,}", answers=f"{taken.records:,}", n=taken.revisions)
    st.success(words, icon=":material/check:")
    if taken.skipped:
        st.badge(t("agree.skipped", n=len(taken.skipped)), icon=":material/warning:", color="orange")
        rows = [
            {t("agree.row"): one.where, t("agree.why"): text.cell(one.why)} for one in taken.skipped[:NAMED]
        ]
        st.dataframe(rows, hide_index=True, width="stretch")

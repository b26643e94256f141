"""The decision: name, licence, patient text; then the good rows are a task. And its end, with a way back."""

import streamlit as st

from evalcore import datasets, report, tables
from evalcore.errors import RoundsError, UsageError
from pages.ui import cards, launch_tasks, links, text
from pages.ui.database import store
from pages.ui.i18n import t

ADDED, TOLD, REMOVED = "dataset_added", "dataset_told", "dataset_removed"


def ask(
    file: str,
    table: tables.Table,
    layout: datasets.Layout,
    checked: datasets.Checked,
    found: datasets.Scan,
) -> None:
    if not checked.entries:
        return
    with st.container(border=True, key="dataset_keep"):
        st.subheader(t("dataset.keep"), anchor=False)
        about = ask_about(file, table, found)
        if checked.faults:
            st.markdown(t("dataset.stay_out", n=f"{len(checked.faults):,}"))
        pressed = st.button(
            t("dataset.add", n=f"{len(checked.entries):,}"),
            type="primary",
            icon=":material/add:",
            disabled=about is None,
            key="dataset_add",
        )
        if about is None:
            st.caption(t("dataset.add_missing"))
        elif pressed:
            keep(about, layout, checked)


def ask_about(file: str, table: tables.Table, found: datasets.Scan) -> datasets.About | None:
    """None as long as something has to be said."""
    name = ask_name(file)
    licence = st.text_input(
        t("dataset.licence"), key="dataset_licence", placeholder=t("dataset.licence_hint"), max_chars=200
    ).strip()
    patient_text = ask_patient_text(found)
    if not (name and licence) or patient_text is None:
        return None
    return datasets.About(
        name=name,
        title=st.session_state.get("dataset_title", "").strip(),
        licence=licence,
        patient_text=patient_text,
        instruction=table.head.card.get("Definition", ""),
        file=file[:200],
    )


def ask_name(file: str) -> str:
    """The name, "" while it cannot be used."""
    given, title = st.columns(2)
    st.session_state.setdefault("dataset_name", datasets.suggested_name(file))
    name = given.text_input(
        t("dataset.name"), key="dataset_name", max_chars=64, help=t("dataset.name_help")
    ).strip()
    title.text_input(
        t("dataset.full_title"), key="dataset_title", max_chars=120, placeholder=t("dataset.title_hint")
    )
    try:
        datasets.validated_name(name)
    except UsageError:
        given.caption(f":material/error: {t('dataset.name_bad')}")
        return ""
    if datasets.version_of(name):
        given.caption(f":material/history: {t('dataset.replaces', version=datasets.version_of(name))}")
    return name


def ask_patient_text(found: datasets.Scan) -> bool | None:
    """Nothing is chosen beforehand: a person has to say it."""
    answer = st.radio(
        t("dataset.patient_text"),
        ["yes", "no"],
        index=None,
        format_func=lambda code: t(f"dataset.patient_text.{code}"),
        key="dataset_patient_text",
    )
    if answer == "no" and found.rows:
        st.markdown(f":material/warning: {t('dataset.persons_but_no', n=f'{found.rows:,}')}")
    return None if answer is None else answer == "yes"


def keep(about: datasets.About, layout: datasets.Layout, checked: datasets.Checked) -> None:
    try:
        kept = datasets.add(about, layout, checked)
    except RoundsError as error:
        cards.problem(error)
        return
    for name in [name for name in st.session_state if str(name).startswith("dataset_")]:
        del st.session_state[name]
    launch_tasks.places.clear()
    st.session_state[ADDED], st.session_state[TOLD] = (kept, len(checked.faults)), False
    links.put(own=None, task=kept.task, q=None, tongue=None, kind=None)
    st.rerun()


def notice(task_id: str) -> None:
    """Over a task that was just added."""
    kept, left_out = st.session_state.get(ADDED, (None, 0))
    if kept is None or kept.task != task_id:
        st.session_state.pop(ADDED, None)
        return
    words = t("dataset.added", n=f"{kept.items:,}", out=f"{left_out:,}", version=kept.version)
    st.success(words, icon=":material/check:")
    if not st.session_state.get(TOLD):  # whoever pressed the button at the end of a page sees this
        st.toast(words, icon=":material/check:")
        st.session_state[TOLD] = True


def controls(task_id: str) -> None:
    """Under an own dataset: taking it away, with what that touches."""
    used = [row.code for row in report.runs_overview(store()) if task_id in row.tasks]
    with st.popover(t("dataset.remove"), icon=":material/delete:"):
        st.markdown(t("dataset.remove_note"))
        if used:
            shown = ", ".join(text.label(code) for code in used[:12])
            st.markdown(f":material/warning: {t('dataset.remove_used', n=len(used), runs=shown)}")
        st.button(
            t("dataset.remove_now"),
            key="dataset_remove_now",
            icon=":material/delete:",
            on_click=remove,
            args=(task_id.removeprefix("mine/"),),
        )


def remove(name: str) -> None:
    try:
        st.session_state[REMOVED] = datasets.remove(name)
    except UsageError:  # another tab was faster
        st.session_state.pop(REMOVED, None)
    launch_tasks.places.clear()


def was_removed(task_id: str) -> bool:
    """Here, a moment ago; its address then shows the way back, where a long list would hide it."""
    name = str(st.session_state.get(REMOVED, "")).partition("~")[0]
    return bool(name) and task_id == f"mine/{name}" and not datasets.version_of(name)


def undo() -> None:
    mark = st.session_state.get(REMOVED, "")
    if not mark:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(t("dataset.removed", name=text.label(mark.partition("~")[0])), width="content")
        st.button(
            t("dataset.undo"), key="dataset_undo", icon=":material/undo:", on_click=restore, args=(mark,)
        )


def restore(mark: str) -> None:
    try:
        name = datasets.restore(mark)
        links.put(task=f"mine/{name}")
    except UsageError:  # its place was taken, or somebody emptied the trash
        pass
    st.session_state.pop(REMOVED, None)
    launch_tasks.places.clear()

"""Which column is what: the guess, put into widgets, to be corrected by picking."""

from collections.abc import Mapping

import streamlit as st

from evalcore import datasets, tables
from evalcore.types import Kind
from pages.ui import text
from pages.ui.i18n import t

WITH_OPTIONS = (Kind.CHOICE, Kind.SEVERAL)
MORE = ("context", "rationale", "subject", "group", "id", "language")


def ask(table: tables.Table, mark: str) -> datasets.Layout | None:
    """The layout as the widgets stand; None, with a line on what is missing, while it is not complete."""
    settle(table, mark)
    with st.container(border=True):
        st.subheader(t("dataset.columns"), anchor=False)
        st.caption(t("dataset.columns_note"))
        kind = ask_kind()
        ask_main(table, kind)
        with st.expander(t("dataset.more_columns"), icon=":material/tune:"):
            ask_more(table)
        layout = chosen(kind)
        missing = [role for role in ("question", *needed(kind)) if not layout.one(role)]
        if missing:
            roles = ", ".join(t(f"dataset.role.{role}") for role in missing)
            st.markdown(f":material/arrow_upward: {t('dataset.missing', roles=roles)}")
    return None if missing else layout


def needed(kind: Kind) -> tuple[str, ...]:
    return datasets.NEEDED.get(kind, ("answer",))


def settle(table: tables.Table, mark: str) -> None:
    """Puts the guess into the session when the file is another one, and again where a widget was away."""
    if st.session_state.get("dataset_mark") != mark:
        for name in [name for name in st.session_state if str(name).startswith("dataset_of_")]:
            del st.session_state[name]
        st.session_state["dataset_mark"] = mark
        st.session_state["dataset_guess"] = datasets.guess(table)
    guess: datasets.Layout = st.session_state["dataset_guess"]
    usual: dict[str, object] = {role: guess.one(role) for role in datasets.ROLES if role != "options"}
    usual |= {"options": list(guess.columns.get("options", ())), "kind": guess.kind}
    usual |= {"answers": guess.answers, "tongue": guess.language}
    for name, value in usual.items():
        st.session_state.setdefault(f"dataset_of_{name}", value)


def ask_kind() -> Kind:
    kind, tongue, answers = st.columns(3)
    kind.selectbox(
        t("dataset.kind"),
        datasets.KINDS,
        format_func=lambda one: t(f"kind.{one}"),
        key="dataset_of_kind",
        help=t("dataset.kind_help"),
    )
    tongue.selectbox(
        t("dataset.language"),
        datasets.LANGUAGES,
        format_func=lambda code: t(f"tongue.{code}"),
        key="dataset_of_tongue",
    )
    chosen = Kind(st.session_state["dataset_of_kind"])
    if chosen in WITH_OPTIONS:
        answers.selectbox(
            t("dataset.answers"),
            datasets.SPELLINGS,
            format_func=lambda code: t(f"dataset.answers.{code}"),
            key="dataset_of_answers",
            help=t("dataset.answers_help"),
        )
    return chosen


def ask_main(table: tables.Table, kind: Kind) -> None:
    question, middle, answer = st.columns(3)
    pick(question, "question", table)
    if kind in WITH_OPTIONS:
        middle.multiselect(
            t("dataset.role.options"),
            table.columns,
            format_func=lambda name: text.cell(name, 60),
            key="dataset_of_options",
            help=t("dataset.options_help"),
            placeholder=t("dataset.none"),
        )
    if kind is Kind.RUBRIC:
        pick(middle, "rubric", table, t("dataset.rubric_help"))
    pick(answer, "answer", table, t(f"dataset.answer_help.{kind}"))


def ask_more(table: tables.Table) -> None:
    for roles in (MORE[:3], MORE[3:]):
        for column, role in zip(st.columns(3), roles, strict=True):
            pick(column, role, table)


def pick(column: st.delta_generator.DeltaGenerator, role: str, table: tables.Table, help: str = "") -> None:
    column.selectbox(
        t(f"dataset.role.{role}"),
        ["", *table.columns],
        format_func=lambda name: text.cell(name, 60) if name else t("dataset.none"),
        key=f"dataset_of_{role}",
        help=help or None,
    )


def chosen(kind: Kind) -> datasets.Layout:
    columns: Mapping[str, tuple[str, ...]] = {
        role: value if isinstance(value, tuple) else tuple(value if isinstance(value, list) else [value])
        for role in datasets.ROLES
        if (value := st.session_state.get(f"dataset_of_{role}")) and fits(role, kind)
    }
    has_options = kind in WITH_OPTIONS
    answers = st.session_state.get("dataset_of_answers", "auto") if has_options else "auto"
    return datasets.Layout(kind, dict(columns), answers, st.session_state["dataset_of_tongue"])


def fits(role: str, kind: Kind) -> bool:
    return (role != "options" or kind in WITH_OPTIONS) and (role != "rubric" or kind is Kind.RUBRIC)

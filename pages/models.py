"""Models: what can be asked here, endpoints, registering; and one model opened with all its runs."""

import streamlit as st

from evalcore import models, registry
from evalcore.errors import RoundsError
from evalcore.models.machine import PRECISIONS
from pages.ui import cards, endpoint_view, links, model_view, text
from pages.ui.database import store
from pages.ui.i18n import t

VIEWS = ("models", "endpoints")


def views() -> str:
    """Models or endpoints; in the address."""
    st.session_state["models_view"] = links.code("view", VIEWS, default="models")

    def keep() -> None:
        chosen = st.session_state["models_view"]
        links.put(view=None if chosen == "models" else chosen)

    st.segmented_control(
        t("models.view"),
        VIEWS,
        format_func=lambda code: t(f"models.view.{code}"),
        required=True,
        key="models_view",
        on_change=keep,
        label_visibility="collapsed",
    )
    return str(st.session_state["models_view"])


def listing() -> None:
    undo()
    found = registry.models_listing(store())
    for origin in ("registered", "bundled", "asked"):
        rows = [one for one in found if one.origin == origin]
        if rows:
            group(origin, rows)
    if not found:
        cards.empty(t("models.none"))
    registering()


def group(origin: str, rows: list[registry.KnownModel]) -> None:
    st.subheader(t(f"models.origin.{origin}"), anchor=False)
    st.caption(t(f"models.origin_note.{origin}"))
    with st.container(border=True, gap="small"):
        for place, known in enumerate(rows):
            if place:
                st.divider()
            row(known, place)


def row(known: registry.KnownModel, place: int) -> None:
    name, facts, more = st.columns([4, 4, 1], vertical_alignment="center")
    with name:
        st.button(
            f"**{text.label(known.name, 120)}**",
            key=f"open_{known.origin}_{place}",
            icon=":material/chevron_right:",
            type="tertiary",
            on_click=links.put,
            kwargs={"model": known.name, "precision": known.precision},
        )
    with facts:
        st.markdown(model_view.in_a_line(known))
        st.caption(t("models.runs", n=known.runs) if known.runs else t("models.runs_none"))
    if known.origin == "registered":
        more.button(
            t("models.forget"),
            key=f"forget_{place}",
            type="tertiary",
            on_click=forget,
            args=(known.name, known.precision),
        )


def forget(name: str, precision: str) -> None:
    registry.forget(store(), name, precision)
    st.session_state["models_forgotten"] = (name, precision)


def undo() -> None:
    """The last model taken off the list, to be put back."""
    gone = st.session_state.get("models_forgotten")
    if not gone:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(t("models.forgotten", name=text.label(gone[0])), width="content")
        st.button(t("models.undo"), key="forget_undo", on_click=put_back, args=gone)


def put_back(name: str, precision: str) -> None:
    st.session_state.pop("models_forgotten", None)
    registry.register(store(), models.check(name, precision))


# ---------------------------------------------------------------------------------------------- register


def registering() -> None:
    """A name is checked first; what was found decides which button follows. What was typed stays."""
    st.subheader(t("models.register"), anchor=False)
    with st.container(border=True):
        with st.form("register", border=False, enter_to_submit=True):
            name, precision = st.columns([3, 1])
            name.text_input(
                t("models.name"),
                key="register_name",
                placeholder=t("models.name_hint"),
                help=t("models.name_help"),
                max_chars=500,
            )
            precision.selectbox(
                t("models.precision"),
                PRECISIONS,
                format_func=lambda code: t(f"models.precision.{code}"),
                key="register_precision",
            )
            st.form_submit_button(t("models.check"), on_click=check, icon=":material/fact_check:")
        checked()


def check() -> None:
    """Reads headers, never weights."""
    st.session_state.pop("register_check", None)
    st.session_state.pop("register_error", None)
    typed = st.session_state["register_name"].strip()
    name = typed if typed.startswith(("hf:", "demo:", "api:")) else f"hf:{typed}"
    try:
        if not typed or name == "hf:":
            st.session_state["register_error"] = t("models.name_missing")
            return
        if models.parse(name).kind != "hf":
            st.session_state["register_error"] = t("models.name_other")
            return
        st.session_state["register_check"] = models.check(name, st.session_state["register_precision"])
    except RoundsError as error:
        st.session_state["register_error"] = str(error)


def checked() -> None:
    if wrong := st.session_state.get("register_error"):
        cards.problem(RoundsError(wrong))
    found = st.session_state.get("register_check")
    if found is None:
        return
    model_view.say_check(found)
    label = t("models.keep" if found.ok else "models.keep_anyway")
    st.button(label, type="primary" if found.ok else "secondary", key="register_keep", on_click=keep)
    if not found.ok:
        st.caption(t("models.keep_anyway_note"))


def keep() -> None:
    found = st.session_state.pop("register_check")
    registry.register(store(), found)
    st.session_state.pop("models_forgotten", None)
    st.session_state["register_name"] = ""


asked = links.code("model")
if asked:
    model_view.show(asked, links.code("precision"))
else:
    cards.heading(t("page.models"), t("models.subtitle"))
    if views() == "endpoints":
        endpoint_view.show()
    else:
        listing()

"""Choosing judges: from the models that are known, or by name. The choice lives in the session."""

import streamlit as st

from evalcore import models, registry, runs
from evalcore.errors import RoundsError
from pages.ui import cards, text
from pages.ui.database import store
from pages.ui.i18n import t

MOST = 7  # judges of one jury


@st.cache_data(ttl=30, show_spinner=False)
def listed() -> tuple[str, ...]:
    """Models that were bundled, registered or asked, by name."""
    return tuple(dict.fromkeys(registry.plain_name(one.name) for one in registry.models_listing(store())))


def ask(key: str) -> tuple[str, ...]:
    """Model names, chosen under `key`; a name that is added by hand is on the list from then on."""
    chosen = st.session_state.setdefault(key, [])
    options = tuple(dict.fromkeys((*listed(), *chosen, *st.session_state.get(f"{key}_added", ()))))
    found = st.multiselect(
        t("judge.judges"),
        options,
        key=key,
        format_func=lambda name: text.cell(name, 80),
        placeholder=t("judge.judges_hint"),
        max_selections=MOST,
        help=t("judge.judges_help"),
        persist_state="session",
    )
    name, press = st.columns([5, 1], vertical_alignment="bottom")
    name.text_input(
        t("judge.add"), key=f"{key}_name", placeholder=t("judge.add_hint"), max_chars=300, help=endpoints()
    )
    press.button(t("judge.add_now"), key=f"{key}_add", on_click=add, args=(key,), width="stretch")
    error = st.session_state.pop(f"{key}_error", None)
    if error:
        cards.problem(error)
    return tuple(found)


def endpoints() -> str:
    names = ", ".join(text.label(one.name) for one in runs.endpoints(store()))
    return t("judge.endpoints", names=names)


def add(key: str) -> None:
    """Checks a name that was typed, and chooses it."""
    name = st.session_state[f"{key}_name"].strip()
    if not name:
        return
    try:
        models.parse(name)
        runs.endpoint_of(store(), name)
    except RoundsError as error:
        st.session_state[f"{key}_error"] = error
        return
    st.session_state[f"{key}_added"] = (*st.session_state.get(f"{key}_added", ()), name)
    st.session_state[key] = list(dict.fromkeys((*st.session_state[key], name)))
    st.session_state[f"{key}_name"] = ""

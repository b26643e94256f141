"""Launch, first part: which model, and what is known of it before it is loaded."""

import os

import streamlit as st

from evalcore import models, runs
from evalcore.errors import RoundsError
from evalcore.types import Endpoint
from pages.ui import cards, form, links, model_view, text
from pages.ui.database import store
from pages.ui.form import key, set_value, value
from pages.ui.i18n import t


@st.cache_data(ttl=60, max_entries=16, show_spinner=False)
def checked(name: str, precision: str) -> models.Check:
    return models.check(name, precision)


def ask() -> None:
    with st.container(border=True):
        st.subheader(t("launch.model"), anchor=False)
        kinds = [kind for kind in form.KINDS if kind != "demo" or models.demo_names()]
        st.segmented_control(
            t("launch.kind"),
            kinds,
            format_func=lambda kind: t(f"launch.kind.{kind}"),
            required=True,
            key=key("kind"),
            persist_state="session",
            label_visibility="collapsed",
        )
        {"demo": ask_demo, "hf": ask_folder, "api": ask_endpoint}[value("kind")]()


def ask_demo() -> None:
    names = models.demo_names()
    st.radio(
        t("launch.demo"),
        names,
        format_func=lambda name: text.label(name),
        key=key("demo"),
        persist_state="session",
        horizontal=True,
        label_visibility="collapsed",
    )
    st.caption(t("launch.demo_note"))
    say_check(value("demo"), "auto")


def ask_folder() -> None:
    name, precision = st.columns([3, 1])
    name.text_input(
        t("launch.hf"),
        key=key("hf"),
        persist_state="session",
        placeholder=t("launch.hf_hint"),
        help=t("launch.hf_help"),
        max_chars=500,
    )
    form.choice(precision, "precision")
    if not form.model_name():
        st.caption(t("launch.hf_note"))
    elif is_local_name() or st.session_state.get("launch_checked") == form.model_name():
        say_check(form.model_name(), value("precision"))
    else:
        st.button(
            t("launch.check"), key="launch_check", on_click=remember_checked, help=t("launch.check_help")
        )


def remember_checked() -> None:
    st.session_state["launch_checked"] = form.model_name()


def is_local_name() -> bool:
    """A folder's headers are read at once; a hub id costs a request, so it waits for a click."""
    try:
        parsed = models.parse(form.model_name())
    except RoundsError:
        return True
    return all(place.is_folder for place in (parsed.weights, parsed.base) if place)


def say_check(name: str, precision: str) -> None:
    """In words: will it load, does it fit, how large is it."""
    try:
        found = checked(name, precision)
    except RoundsError as error:
        cards.problem(error)
        return
    if found.ok:
        st.badge(t("launch.loads"), icon=":material/check:", color="green")
        st.caption(described(found))
    else:
        st.badge(t("launch.loads_not"), icon=":material/close:", color="red")
        for problem in found.problems:
            text.plain(problem)


def described(found: models.Check) -> str:
    numbers = {
        "architecture": text.label(found.architecture or t("figure.unknown")),
        "parameters": in_words(found.parameters),
        "precision": found.precision,
        "memory": t("figure.unknown") if found.memory_gb is None else f"{found.memory_gb:.2g}",
    }
    chat = t("launch.chat_yes" if found.chat_template else "launch.chat_no")
    return f"{t('launch.described', **numbers)} {chat}"


def in_words(parameters: int | None) -> str:
    if parameters is None:
        return t("figure.unknown")
    for size, unit in ((10**9, "launch.billion"), (10**6, "launch.million")):
        if parameters >= size:
            return t(unit, n=f"{parameters / size:.1f}")
    return f"{parameters:,}"


def ask_endpoint() -> None:
    known = {endpoint.name: endpoint for endpoint in runs.endpoints(store())}
    if value("endpoint") not in known:
        set_value("endpoint", next(iter(known)))
    where, name = st.columns(2)
    where.selectbox(
        t("launch.endpoint"), list(known), format_func=text.cell, key=key("endpoint"), persist_state="session"
    )
    name.text_input(
        t("launch.api_model"),
        key=key("api_model"),
        persist_state="session",
        placeholder=t("launch.api_hint"),
        max_chars=200,
    )
    say_endpoint(known[value("endpoint")])


def say_endpoint(endpoint: Endpoint) -> None:
    if endpoint.key_env and not os.environ.get(endpoint.key_env):
        st.badge(
            t("launch.key_absent", key=text.label(endpoint.key_env)),
            icon=":material/key_off:",
            color="orange",
        )
        st.caption(t("launch.key_absent_note", key=text.label(endpoint.key_env)))
    where = t("launch.inside" if endpoint.is_local else "launch.outside")
    st.caption(f"{text.label(', '.join(endpoint.base_urls), 160)} · {where} · {priced(endpoint)}")
    if form.model_name():
        st.caption(model_view.ranking(form.model_name(), endpoint))
    links.link("settings", t("launch.endpoints"))


def priced(endpoint: Endpoint) -> str:
    if endpoint.price_in is None or endpoint.price_out is None:
        return t("launch.price_unknown")
    return t("launch.price", price_in=endpoint.price_in, price_out=endpoint.price_out)

"""Endpoints: what is registered, where each key is set (by its variable's name), check, add, remove."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from evalcore import registry
from evalcore.errors import RoundsError, UsageError
from evalcore.models.endpoints import looks_like_key, validated
from evalcore.registry import KnownEndpoint
from evalcore.types import Endpoint
from evalcore.worker.process import ensure_running
from pages.ui import cards, links, model_view, text
from pages.ui.database import store
from pages.ui.i18n import t

EMPTY: dict[str, Any] = {
    "name": "", "urls": "", "key_env": "", "in_flight": 8, "rpm": 0, "tpm": 0,
    "price_in": None, "price_out": None, "is_local": False,
}  # fmt: skip
MOST_MODELS = 24
KEYS = {
    "not_needed": (":material/check:", "gray"),
    "worker": (":material/key:", "green"),
    "here": (":material/key:", "blue"),
    "nowhere": (":material/key_off:", "orange"),
}


def show() -> None:
    undo()
    for known in registry.endpoints_listing(store()):
        with st.container(border=True, gap="small"):
            one(known)
    adding()


def one(known: KnownEndpoint) -> None:
    endpoint = known.endpoint
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{text.label(endpoint.name)}**", width="content")
        where = "models.inside" if endpoint.is_local else "models.outside"
        st.badge(t(where), icon=":material/home:" if endpoint.is_local else ":material/public:", color="gray")
        icon, colour = KEYS[known.key.state]
        st.badge(key_badge(known.key), icon=icon, color=colour)  # type: ignore[arg-type]
    text.plain("\n".join(endpoint.base_urls), key=endpoint.name, mono=True)
    st.caption(limits(endpoint))
    key_words(known.key)
    actions(known)
    job = registry.latest_job(store(), "check_endpoint", endpoint=endpoint.name)
    if job:
        model_view.watch(job, told)


def key_badge(key: registry.KeyPlace) -> str:
    return t(f"models.key.{key.state}", key=text.label(key.variable))


def key_words(key: registry.KeyPlace) -> None:
    """Where the variable is set, and what to do where it is not."""
    if key.state == "not_needed":
        return
    numbers = ", ".join(map(str, key.workers))
    st.caption(t(f"models.key_note.{key.state}", key=text.label(key.variable), workers=numbers))


def limits(endpoint: Endpoint) -> str:
    parts = [t("models.in_flight_note", n=endpoint.in_flight)]
    parts += [t("models.rpm_note", n=f"{endpoint.rpm:,}")] if endpoint.rpm else []
    parts += [t("models.tpm_note", n=f"{endpoint.tpm:,}")] if endpoint.tpm else []
    if endpoint.price_in is None or endpoint.price_out is None:
        parts.append(t("models.price_unknown"))
    else:
        parts.append(t("models.price_note", price_in=endpoint.price_in, price_out=endpoint.price_out))
    return " · ".join(parts)


def actions(known: KnownEndpoint) -> None:
    name = known.endpoint.name
    with st.container(horizontal=True, vertical_alignment="center"):
        key = f"reaching_{name}_{st.session_state.get(f'reached_{name}', 0)}"
        with st.popover(t("models.reach"), icon=":material/network_check:", key=key):
            st.caption(t("models.reach_note"))
            st.text_input(t("models.probe"), key=f"probe_{name}", max_chars=200, help=t("models.probe_help"))
            st.button(
                t("models.reach_start"), key=f"reach_{name}", type="primary", on_click=reach, args=(known,)
            )
        st.button(
            t("models.change"), key=f"change_{name}", type="tertiary", on_click=fill, args=(known.endpoint,)
        )
        if known.is_stored:
            st.button(
                t("models.remove"), key=f"remove_{name}", type="tertiary", on_click=remove, args=(name,)
            )


def reach(known: KnownEndpoint) -> None:
    """A worker that holds the key does it; one is started where only this process has the key."""
    endpoint = known.endpoint
    reached = f"reached_{endpoint.name}"  # by its number the popover is another one, closed: what is found
    st.session_state[reached] = st.session_state.get(reached, 0) + 1  # stands under it
    registry.check_endpoint(store(), endpoint, st.session_state[f"probe_{endpoint.name}"].strip())
    ensure_running(store(), endpoint.key_env)


def told(job: registry.JobView) -> None:
    """What a check found, server by server."""
    for place, server in enumerate(job.result["servers"]):
        server_line(server, f"{job.id}_{place}", str(job.arguments["endpoint"]))
    if probe := job.result["probe"]:
        model_view.say_check(model_view.from_result(probe))


def server_line(server: Mapping[str, Any], key: str, endpoint: str) -> None:
    is_up = server["is_up"]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(
            t("models.up" if is_up else "models.down"),
            icon=":material/check:" if is_up else ":material/close:",
            color="green" if is_up else "red",
        )
        words = t("models.listed", n=server["listed"]) if server["listed"] else ""
        st.caption(f"{text.label(server['base_url'], 120)} {words}", width="content")
    if server["problem"]:
        text.plain(server["problem"], key=f"server{key}")
    with st.container(horizontal=True, gap="small"):
        for name in server["models"][:MOST_MODELS]:
            links.link("launch", text.label(name, 60), model=f"api:{endpoint}/{name}")


# ---------------------------------------------------------------------------------------------- remove


def remove(name: str) -> None:
    try:
        st.session_state["endpoint_removed"] = registry.remove_endpoint(store(), name)
    except UsageError as error:
        st.session_state["endpoint_error"] = str(error)


def undo() -> None:
    gone = st.session_state.get("endpoint_removed")
    if gone is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(t("models.removed", name=text.label(gone.name)), width="content")
        st.button(t("models.undo"), key="remove_undo", on_click=put_back)


def put_back() -> None:
    registry.add_endpoint(store(), st.session_state.pop("endpoint_removed"))


# ---------------------------------------------------------------------------------------------- add


def key_of(name: str) -> str:
    return f"endpoint_{name}"


def value(name: str) -> Any:
    return st.session_state.get(key_of(name), EMPTY[name])


def fill(endpoint: Endpoint | None) -> None:
    """The form with an endpoint's values, or empty."""
    st.session_state["endpoint_changing"] = endpoint.name if endpoint else ""
    st.session_state.pop("endpoint_error", None)
    values = EMPTY if endpoint is None else vars(endpoint) | {"urls": "\n".join(endpoint.base_urls)}
    for name in EMPTY:
        st.session_state[key_of(name)] = values[name]


def adding() -> None:
    changing = st.session_state.get("endpoint_changing", "")
    title = t("models.change_title", name=text.label(changing)) if changing else t("models.add")
    st.subheader(title, anchor=False)
    for name, usual in EMPTY.items():
        st.session_state.setdefault(key_of(name), usual)
    with st.form("endpoint", border=True):
        fields()
        with st.container(horizontal=True):
            st.form_submit_button(t("models.save"), type="primary", on_click=add, icon=":material/add:")
            if changing:
                st.form_submit_button(t("models.change_not"), on_click=fill, args=(None,))
    if wrong := st.session_state.get("endpoint_error"):
        cards.problem(RoundsError(wrong))


def fields() -> None:
    name, key = st.columns(2)
    name.text_input(
        t("models.endpoint_name"), key=key_of("name"), placeholder="clinic-vllm", max_chars=64,
        help=t("models.endpoint_name_help"),
    )  # fmt: skip
    key.text_input(
        t("models.key_env"), key=key_of("key_env"), placeholder="CLINIC_API_KEY", max_chars=128,
        help=t("models.key_env_help"),
    )  # fmt: skip
    st.text_area(
        t("models.base_urls"), key=key_of("urls"), placeholder="https://api.example.org/v1", height=80,
        help=t("models.base_urls_help"),
    )  # fmt: skip
    st.checkbox(t("models.is_local"), key=key_of("is_local"), help=t("models.is_local_help"))
    numbers = st.columns(5)
    numbers[0].number_input(t("models.in_flight"), 1, 1024, key=key_of("in_flight"))
    numbers[1].number_input(t("models.rpm"), 0, key=key_of("rpm"), help=t("models.zero_help"))
    numbers[2].number_input(t("models.tpm"), 0, key=key_of("tpm"), help=t("models.zero_help"))
    for column, price in zip(numbers[3:], ("price_in", "price_out"), strict=True):
        column.number_input(
            t(f"models.{price}"), 0.0, key=key_of(price), placeholder=t("figure.unknown"),
            help=t("models.price_help"), format="%.4g",
        )  # fmt: skip


def typed() -> Endpoint:
    return Endpoint(
        name=value("name").strip(),
        base_urls=tuple(line.strip() for line in value("urls").splitlines() if line.strip()),
        key_env=value("key_env").strip(),
        rpm=int(value("rpm") or 0),
        tpm=int(value("tpm") or 0),
        in_flight=int(value("in_flight") or 0),
        price_in=value("price_in"),
        price_out=value("price_out"),
        is_local=bool(value("is_local")),
    )


def add() -> None:
    """Saves the form; what is wrong is said, what was typed stays, except what may be a key."""
    st.session_state.pop("endpoint_error", None)
    endpoint = typed()
    try:
        is_change = endpoint.name == st.session_state.get("endpoint_changing")
        registry.add_endpoint(store(), endpoint, replace=is_change)
    except UsageError as error:
        st.session_state["endpoint_error"] = str(error)
        if not is_variable(endpoint):
            st.session_state[key_of("key_env")] = ""
        return
    st.session_state.pop("endpoint_removed", None)
    fill(None)


def is_variable(endpoint: Endpoint) -> bool:
    """Whether the text in the key's field may be shown again."""
    try:
        validated(Endpoint("x", ("http://x/v1",), key_env=endpoint.key_env))
    except UsageError:
        return False
    return not looks_like_key(endpoint.key_env)

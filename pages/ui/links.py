"""URL <-> state. A view is its URL: codes only, never a shown label, so that a link survives a translation.

The URL is the truth: a widget made here shows what the URL says and writes to it when it is changed. A
browser that acts before it heard of the last change sends the URL from before it; `put` makes that change
once more, so that a quick hand loses nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import NamedTuple
from urllib.parse import urlencode

import streamlit as st

from pages.ui import i18n, places
from pages.ui.i18n import t

LONGEST = 200
REMEMBERED = 20  # changes; a browser is behind by one or two
Value = str | int | Sequence[str] | None


class _Change(NamedTuple):
    before: dict[str, list[str]]
    values: Mapping[str, Value]


def code(name: str, allowed: Sequence[str] = (), *, default: str = "") -> str:
    """One code; the default when the URL lacks it or holds one that is not allowed (empty: any)."""
    found = st.query_params.get(name, default)[:LONGEST]
    return found if not allowed or found in allowed else default


def codes(name: str, allowed: Sequence[str] = ()) -> tuple[str, ...]:
    """Repeated codes in the URL's order, unknown ones and doubles dropped."""
    found = dict.fromkeys(value[:LONGEST] for value in st.query_params.get_all(name))
    return tuple(value for value in found if not allowed or value in allowed)


def number(name: str, *, default: int = 0, low: int = 0, high: int = 2**53) -> int:
    """A whole number inside [low, high]; the default for anything else."""
    found = st.query_params.get(name, "")
    if not (found.isascii() and found.isdigit() and len(found) < 17):
        return default
    return int(found) if low <= int(found) <= high else default


def put(**values: Value) -> None:
    """Writes values to the URL; None, "" and () take a name out."""
    changes: list[_Change] = st.session_state.setdefault("url_changes", [])
    sent = _shown()
    missed = next((n for n, change in enumerate(changes) if change.before == sent), len(changes))
    for change in changes[missed:]:
        _write(change.values)
    _write(values)
    changes.append(_Change(sent, values))
    del changes[:-REMEMBERED]
    st.session_state["url_after"] = _shown()


def settle() -> None:
    """Forgets what was put where the URL is another: the visitor went back or followed a link."""
    if st.session_state.get("url_after") != _shown():
        st.session_state.pop("url_changes", None)


def _shown() -> dict[str, list[str]]:
    """The URL without the language, which a screen's own start may add."""
    return {name: st.query_params.get_all(name) for name in st.query_params if name != i18n.PARAMETER}


def _write(values: Mapping[str, Value]) -> None:
    for name, value in values.items():
        if value is None or value == "" or (not isinstance(value, int) and not value):
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = str(value) if isinstance(value, str | int) else list(value)


def url(place: str, **values: Value) -> str:
    """A link to a screen, relative to any screen: "items?run=3&lang=zh"."""
    query = _query(values)
    path = "" if place == "home" else place
    return f"{path}?{query}" if query else path or "."


def _query(values: dict[str, Value]) -> str:
    return urlencode(_with_language(values), doseq=True)


def _with_language(values: dict[str, Value]) -> dict[str, str | list[str]]:
    kept = {
        name: str(value) if isinstance(value, str | int) else [str(part) for part in value]
        for name, value in values.items()
        if value is not None and value != "" and value != ()
    }
    if st.session_state.get("language_chosen"):
        kept.setdefault(i18n.PARAMETER, i18n.language())
    return kept


def go(place: str, **values: Value) -> None:
    """Leaves for another screen; nothing after this line runs."""
    st.switch_page(places.page(place), query_params=_with_language(values))


def link(place: str, label: str, **values: Value) -> None:
    """A link in the page to another screen. `label` is parsed as Markdown: t(...) or text.label(...) only."""
    st.page_link(_target(place), label=label, query_params=_with_language(values))


@cache
def _target(place: str) -> st.Page:
    """Made once: a page looks for its file, and Live draws a dozen links a second. Titles are not used."""
    return places.page(place)


def here() -> str:
    """The whole address of what is shown now, to be sent to a colleague."""
    names = {name: st.query_params.get_all(name) for name in st.query_params}
    query = urlencode(names, doseq=True)
    return f"{st.context.url or ''}?{query}" if query else st.context.url or ""


def copy_link() -> None:
    """A small button that opens the view's address with a copy control."""
    with st.popover(t("link.copy"), icon=":material/link:"):
        st.caption(t("link.note"))
        st.code(here(), language=None, wrap_lines=True)


def pick(
    name: str, label: str, options: Sequence[str], *, show: Callable[[str], str], default: str = ""
) -> str:
    """A select box that lives in the URL as `name`; the default is not written there."""
    key = f"url_{name}"
    st.session_state[key] = code(name, options, default=default or options[0])

    def keep() -> None:
        value = st.session_state[key]
        put(**{name: None if value == (default or options[0]) else value, "page": None})

    st.selectbox(label, options, format_func=show, key=key, on_change=keep)
    return str(st.session_state[key])


def pick_several(
    name: str, label: str, options: Sequence[str], *, show: Callable[[str], str]
) -> tuple[str, ...]:
    """A multiple choice that lives in the URL; nothing chosen means all."""
    key = f"url_{name}"
    st.session_state[key] = list(codes(name, options))

    def keep() -> None:
        put(**{name: tuple(st.session_state[key]), "page": None})

    st.multiselect(label, options, format_func=show, key=key, on_change=keep, placeholder=t("filter.all"))
    return tuple(st.session_state[key])


def search(name: str, label: str, *, placeholder: str = "") -> str:
    """A text field that lives in the URL."""
    key = f"url_{name}"
    st.session_state[key] = code(name)

    def keep() -> None:
        put(**{name: st.session_state[key].strip(), "page": None})

    st.text_input(label, key=key, on_change=keep, placeholder=placeholder, max_chars=LONGEST)
    return str(st.session_state[key])

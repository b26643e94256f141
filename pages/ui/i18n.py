"""Words for screens, by key and language. Text from models, datasets and people never passes through here.

Language: the URL's `lang`, else what this session chose, else the browser's, else English. Only a choice is
written to the URL, so that a link carries it.
"""

import streamlit as st

from pages.ui import en, zh

CATALOGUES = {"en": en.TEXTS, "zh": zh.TEXTS}
NAMES = {"en": "English", "zh": "中文"}
PARAMETER = "lang"


def language() -> str:
    return str(st.session_state.get("language", "en"))


def t(key: str, /, **values: object) -> str:
    """The text of a key; with `n=1` the key's `.one` form where there is one. Unknown keys are a bug."""
    catalogue = CATALOGUES[language()]
    one = f"{key}.one"
    text = catalogue[one] if values.get("n") == 1 and one in catalogue else catalogue[key]
    return text.format(**values) if values else text


def settle() -> str:
    """Decides the language and keeps it in session and URL; once per run, before anything is drawn."""
    asked = st.query_params.get(PARAMETER, "")
    if asked in CATALOGUES:
        st.session_state["language"] = asked
        st.session_state["language_chosen"] = True
    elif "language" not in st.session_state:
        st.session_state["language"] = _of_browser()
    if st.session_state.get("language_chosen") and asked != language():
        st.query_params[PARAMETER] = language()
    return language()


def _of_browser() -> str:
    return "zh" if (st.context.locale or "").lower().startswith("zh") else "en"


def _choose() -> None:
    st.session_state["language_chosen"] = True
    st.session_state["language"] = st.session_state["language_control"]
    st.query_params[PARAMETER] = language()


def switch() -> None:
    """The control: languages under their own names."""
    st.session_state["language_control"] = language()
    st.segmented_control(
        t("language"),
        list(CATALOGUES),
        required=True,
        format_func=NAMES.__getitem__,
        key="language_control",
        on_change=_choose,
        label_visibility="collapsed",
    )

"""Home: what is here, and what to do next. Never empty."""

import streamlit as st

from pages.ui import cards, links, places
from pages.ui.i18n import t


def steps() -> None:
    st.subheader(t("home.next"), anchor=False)
    icons = (":material/checklist:", ":material/monitoring:", ":material/find_in_page:")
    for column, icon, name in zip(st.columns(3), icons, ("step1", "step2", "step3"), strict=True):
        with column.container(border=True, height="stretch"):
            st.markdown(f"{icon} **{t(f'home.{name}')}**")
            st.caption(t(f"home.{name}_note"))


cards.heading(t("home.title"), t("home.subtitle"))
with cards.empty(t("home.empty")):
    st.caption(t("home.empty_note"))
    if any(place.code == "launch" for place in places.existing()):
        links.link("launch", t("page.launch"))
steps()

"""The frame around every screen: language, navigation, the line on clinical use, errors fit to be read."""

from pathlib import Path

import streamlit as st

from evalcore.errors import RoundsError
from pages.ui import cards, i18n, links, places

HERE = Path(__file__).resolve().parent


def frame() -> None:
    st.set_page_config(page_title="Rounds", page_icon=str(HERE / "icon.png"), layout="wide")
    i18n.settle()
    links.settle()
    st.html(HERE / "style.css")
    st.logo(str(HERE / "icon.png"), size="large")
    chosen = st.navigation(places.sections(), expanded=True)
    with st.sidebar:
        i18n.switch()
    try:
        chosen.run()
    except RoundsError as error:
        cards.problem(error)
    finally:  # a screen that stops early keeps the line, too
        cards.research_line()


frame()

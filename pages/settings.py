"""Settings: where things are kept and which versions work here."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version

import streamlit as st

from pages.ui import cards, text
from pages.ui.i18n import t

PACKAGES = ("streamlit", "sqlalchemy", "torch", "transformers", "datasets", "openai")


def installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return t("settings.absent")


def versions() -> list[dict[str, str]]:
    found = {"Python": platform.python_version()}
    found |= {package: installed(package) for package in PACKAGES}
    return [{t("settings.part"): name, t("settings.version"): value} for name, value in found.items()]


def storage() -> None:
    st.subheader(t("settings.storage"), anchor=False)
    st.caption(t("settings.home"))
    text.plain(os.environ.get("ROUNDS_HOME", "~/.rounds"), mono=True)
    is_postgres = os.environ.get("ROUNDS_DATABASE_URL", "").startswith("postgres")
    st.caption(t("settings.database", name="PostgreSQL" if is_postgres else "SQLite"))


cards.heading(t("page.settings"), t("settings.subtitle"))
with st.container(border=True):
    storage()
with st.container(border=True):
    st.subheader(t("settings.versions"), anchor=False)
    st.dataframe(versions(), hide_index=True, width="stretch")

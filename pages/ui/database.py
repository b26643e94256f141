"""The one open store of the web process."""

import streamlit as st

from evalcore.store import Store


@st.cache_resource(show_spinner=False)
def store() -> Store:
    """Shared by every session; raises StoreError, which the frame shows, and tries again on the next run."""
    return Store()

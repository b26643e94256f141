"""Browser fixtures, and the app's own store beside it."""

import pytest
from browser import App, app, chromium, visit

from evalcore.store import Store

__all__ = ["app", "chromium", "visit"]


@pytest.fixture
def store(app: App):
    """The database of the running app."""
    store = Store(f"sqlite:///{app.home / 'rounds.db'}")
    yield store
    store.close()

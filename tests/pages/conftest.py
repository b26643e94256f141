"""What tests of pages share: a store of their own, a worker elsewhere, and the browser's fixtures."""

from collections.abc import Iterator
from functools import cache

import pytest
import streamlit as st
from browser import app, chromium, visit
from streamlit.components.v2 import manifest_scanner

from evalcore.store import Store, registry

__all__ = ["app", "chromium", "visit"]


@pytest.fixture(scope="session", autouse=True)
def scanned_once() -> Iterator[None]:
    """Each AppTest would read the metadata of all that is installed, a second long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests)
        )
        yield


@pytest.fixture
def store(tmp_path, monkeypatch) -> Iterator[Store]:
    """An empty store in a home of its own, before pages that remember nothing."""
    monkeypatch.setenv("ROUNDS_HOME", str(tmp_path))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    st.cache_resource.clear()
    st.cache_data.clear()
    store = Store()
    yield store
    store.close()
    st.cache_resource.clear()


@pytest.fixture
def worker_elsewhere(store) -> None:
    """A worker lives on another machine, so that starting a run or a judge starts no process here."""
    facts = {"host": "elsewhere", "pid": 1, "process_started": 0.0, "capabilities": {"environment": []}}
    with store.write() as transaction:
        registry.add_worker(transaction, facts)

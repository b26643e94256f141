"""Settings: where things are, what works, and never a password."""

import pytest
import streamlit as st
from reference import opened, words

from evalcore.store import Store, registry


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    st.cache_resource.clear()
    monkeypatch.setenv("ROUNDS_HOME", str(tmp_path))
    monkeypatch.setenv("ROUNDS_DATA_DIR", f"{tmp_path}:/nowhere/at/all")
    return tmp_path


@pytest.mark.parametrize("language", ["en", "zh"])
def test_storage_folders_and_the_log_are_named(home, language):
    (home / "cais" / "mmlu").mkdir(parents=True)
    app = opened("settings", lang=language)
    assert not app.exception
    shown = words(app)
    assert str(home / "rounds.db") in shown and str(home / "logs" / "worker.log") in shown
    assert "/nowhere/at/all" in shown and "cais" in shown


def test_without_a_worker_there_is_a_button_to_start_one():
    app = opened("settings")
    assert "Start a worker" in [button.label for button in app.button]


def test_a_worker_whose_process_is_gone_does_not_count_as_living(home):
    import socket

    with Store().write() as transaction:
        row = {"host": socket.gethostname(), "pid": 2**22 - 1, "process_started": 1.0, "capabilities": {}}
        registry.add_worker(transaction, row)
    app = opened("settings")
    assert app.metric[0].value == "0"

"""Where tests of benchmarks find their data: the real copies, or a folder of their own and no hub."""

from pathlib import Path

import pytest


@pytest.fixture
def hub(data_dir, monkeypatch) -> Path:
    monkeypatch.setenv("ROUNDS_DATA_DIR", str(data_dir / "hub"))
    return data_dir / "hub"


@pytest.fixture
def copies(tmp_path, monkeypatch) -> Path:
    """An empty folder for local copies of datasets, and nothing from the hub."""
    monkeypatch.setenv("ROUNDS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    monkeypatch.delenv("HF_DATASETS_CACHE", raising=False)
    return tmp_path

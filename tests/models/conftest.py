"""One tiny model for all tests that only need some model."""

from pathlib import Path

import pytest
import torch
from tiny import make_folder

torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_folder(tmp_path_factory.mktemp("tiny"), has_template=True)

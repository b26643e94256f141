"""Hub ids without a network: what lies in the cache is used, what does not is explained."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(scope="module")
def cache(tiny_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hub cache in its published layout: refs/main names the commit, snapshots/COMMIT holds the files."""
    home = tmp_path_factory.mktemp("hf")
    repo = home / "hub" / "models--org--tiny"
    (repo / "refs").mkdir(parents=True)
    (repo / "refs" / "main").write_text(COMMIT)
    shutil.copytree(tiny_folder, repo / "snapshots" / COMMIT)
    return home


def offline(cache: Path, code: str) -> str:
    """What a fresh process without hub access prints; the hub's settings are read at its import only."""
    environment = os.environ | {"HF_HOME": str(cache), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", f"from evalcore import models\n{code}"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


def test_a_cached_model_is_pinned_to_its_commit_and_loads(cache):
    assert offline(cache, "print(models.load('hf:org/tiny', 'fp32').identity.revision)") == COMMIT
    assert offline(cache, f"print(models.identify('hf:org/tiny@{COMMIT}').name)") == "hf:org/tiny"
    assert offline(cache, "print(models.check('hf:org/tiny', 'fp32').ok)") == "True"


def test_a_model_that_is_not_in_the_cache_is_said_to_be_out_of_reach(cache):
    said = offline(cache, "print(models.check('hf:org/other').problems)")
    assert "'org/other' is not in this machine's cache and the hub cannot be reached" in said


def test_a_revision_that_is_not_in_the_cache_is_not_replaced_by_another(cache):
    assert "'org/tiny@v9' is not in" in offline(cache, "print(models.check('hf:org/tiny@v9').problems)")

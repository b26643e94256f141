"""Which GPUs `worker --gpus` means, how their processes are started, and that they end with their parent."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from evalcore.errors import UsageError
from evalcore.store import Store, registry
from evalcore.worker.alive import is_running
from evalcore.worker.gpus import chosen, starts

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("wanted", "count", "visible", "names"),
    [
        ("all", 3, None, ("0", "1", "2")),
        ("0,2", 3, None, ("0", "2")),
        ("1, 0", 2, None, ("1", "0")),
        ("all", 2, "4,7", ("4", "7")),  # a batch system lent these: numbers count within them
        ("1", 2, "GPU-aa, GPU-bb", ("GPU-bb",)),
        ("all", 1, "3,99", ("3",)),  # CUDA stops at the first entry that it does not know
    ],
)
def test_gpus_are_named_as_this_process_counts_them(wanted, count, visible, names):
    assert chosen(wanted, count, visible) == names


@pytest.mark.parametrize(
    ("wanted", "count", "why"),
    [
        ("all", 0, "no GPU can be used here"),
        ("0", 0, "without --gpus"),
        ("2", 2, "no GPU '2'; the GPUs here are 0 to 1"),
        ("1", 1, "only GPU 0 is here"),
        ("0,,1", 2, "no GPU ''"),
        ("first", 2, "no GPU 'first'"),
        ("-1", 2, "no GPU '-1'"),
        ("²", 4, "no GPU '²'"),
        ("1,0,1", 2, "named twice"),
    ],
)
def test_a_gpu_that_is_not_there_is_named_with_what_to_do(wanted, count, why):
    with pytest.raises(UsageError, match="worker --gpus") as told:
        chosen(wanted, count)
    assert why in str(told.value)


def test_each_process_sees_one_gpu_and_all_else_of_the_environment(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "4,7")
    monkeypatch.setenv("WARD_KEY", "secret")
    first, second = starts(("4", "7"), once=True)
    assert first.command == (sys.executable, "-m", "evalcore", "worker", "--once")
    assert second.environment == dict(os.environ) | {"CUDA_VISIBLE_DEVICES": "7"}
    assert starts(("0",), once=False)[0].command[-1] == "worker"


def test_workers_of_two_gpus_end_in_order_when_their_parent_is_told_to(tmp_path):
    """Two real workers; neither needs its GPU before there is something to ask."""
    store = Store(f"sqlite:///{tmp_path / 'rounds.db'}")
    program = (
        "from evalcore.worker.gpus import Workers, starts; "
        "raise SystemExit(Workers().run(starts(('0', '1'), once=False)))"
    )
    environment = os.environ | {"ROUNDS_DATABASE_URL": store.url, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", program], env=environment) as parent:
        workers = _signed_in(store, 2)
        parent.send_signal(signal.SIGTERM)
        assert parent.wait(60) == 0
    assert not any(map(is_running, workers))
    with store.read() as transaction:
        assert registry.running_workers(transaction) == []
    store.close()


def test_a_worker_that_ends_by_mistake_is_told_by_its_parent(tmp_path):
    program = (
        "from evalcore.worker.gpus import Workers, starts; "
        "raise SystemExit(Workers().run(starts(('0', '1'), once=True)))"
    )
    environment = os.environ | {"ROUNDS_DATABASE_URL": "nonsense://x", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, timeout=60)
    assert done.returncode == 2


def _signed_in(store: Store, count: int) -> list[registry.WorkerRow]:
    ends = time.monotonic() + 60
    found: list[registry.WorkerRow] = []
    while len(found) < count and time.monotonic() < ends:
        time.sleep(0.05)
        with store.read() as transaction:
            found = registry.running_workers(transaction)
    assert len(found) == count
    return found

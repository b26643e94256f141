"""Whether a worker's process still lives."""

import socket
import subprocess
import sys
import time

import psutil

from evalcore.store.registry import WorkerRow
from evalcore.worker.alive import dead_workers, is_running


def worker_of(process: subprocess.Popen[bytes], **changed) -> WorkerRow:
    started = psutil.Process(process.pid).create_time()
    values = {"process_started": started} | changed
    return WorkerRow(
        1, socket.gethostname(), process.pid, capabilities={}, heartbeat=time.time(), doing="", **values
    )


def test_a_dead_child_that_nobody_has_waited_for_is_dead():
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    row = worker_of(process)
    assert is_running(row)
    process.kill()
    while psutil.Process(process.pid).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    assert dead_workers([row]) == [1]
    process.wait()
    assert dead_workers([row]) == [1]


def test_another_process_with_the_same_id_is_not_the_worker():
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as process:
        assert not is_running(worker_of(process, process_started=1.0))
        process.kill()

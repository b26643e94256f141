"""Which workers live, told by their process on this machine and by their heartbeat on others."""

import os
import socket
from collections.abc import Sequence

import psutil

from evalcore.store.registry import WorkerRow


def is_running(row: WorkerRow) -> bool:
    """Whether the very process that signed in still lives: ids are used again, and a dead child of the app
    keeps its id until the app looks after it.
    """
    if row.host != socket.gethostname():
        return row.is_alive
    try:
        process = psutil.Process(row.pid)
        is_same = abs(process.create_time() - row.process_started) < 1.0
        return bool(is_same and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def dead_workers(found: Sequence[WorkerRow]) -> list[int]:
    """Workers of this machine whose process is gone; those of other machines are told by their leases
    alone.
    """
    return [row.id for row in found if row.host == socket.gethostname() and not is_running(row)]


def key_names() -> list[str]:
    """Names of environment variables that are set here; their values are not looked at."""
    return sorted(name for name, value in os.environ.items() if value)

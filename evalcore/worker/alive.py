"""Which workers live, told by their process on this machine and by their heartbeat on others."""

import os
import socket
from collections.abc import Sequence

import psutil

from evalcore.store.registry import WorkerRow


def is_running(row: WorkerRow) -> bool:
    """Whether the very process that signed in still lives (process ids are used again)."""
    if row.host != socket.gethostname():
        return row.is_alive
    try:
        started = float(psutil.Process(row.pid).create_time())
        return abs(started - row.process_started) < 1.0
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

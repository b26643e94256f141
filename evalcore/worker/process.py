"""A worker process for the app: started when none is alive, in a session of its own, so it outlives the
page.
"""

import os
import subprocess
import sys
import threading
from pathlib import Path

import filelock

from evalcore.store import Store, home, registry
from evalcore.worker.alive import is_running

PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "TZ",
    "VIRTUAL_ENV",
    "LD_LIBRARY_PATH",
    "SSL_CERT_FILE",
)
PREFIXES = ("ROUNDS_", "HF_", "CUDA_", "OMP_", "MKL_", "TORCH", "NVIDIA_", "TOKENIZERS_")


def ensure_running(store: Store, key_env: str = "") -> bool:
    """Starts a worker unless one is alive; true when it did.

    key_env: a key that is needed. A worker knows the keys of its start; where none has this one and this
    process does, one more is started.
    """
    with filelock.FileLock(home() / "worker.lock"):
        with store.read() as transaction:
            alive = [row for row in registry.running_workers(transaction) if row.is_alive and is_running(row)]
            keys = [row["key_env"] for row in registry.get_endpoints(transaction)]
        if any(_is_enough(row, key_env) for row in alive):
            return False
        _start(environment([*keys, "OPENAI_API_KEY"]))
        return True


def _is_enough(worker: registry.WorkerRow, key_env: str) -> bool:
    return not os.environ.get(key_env) or key_env in worker.capabilities.get("environment", ())


def environment(key_names: list[str]) -> dict[str, str]:
    """What the worker may know: where things are, and the keys that registered endpoints name. Nothing
    else.
    """
    names = {*PASSED_ON, *key_names}
    return {
        name: value for name, value in os.environ.items() if name in names or name.startswith(PREFIXES)
    } | {"PYTHONPATH": str(Path(__file__).parents[2]), "ROUNDS_HOME": str(home().resolve())}


def _start(known: dict[str, str]) -> None:
    logs = home() / "logs"
    logs.mkdir(exist_ok=True)
    with (logs / "worker.log").open("ab") as out:
        child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "evalcore", "worker"],
            env=known,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            cwd=home(),
        )
    threading.Thread(target=child.wait, daemon=True, name="worker's end").start()  # leaves no zombie

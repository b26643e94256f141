"""`worker`: the work loop as a process of its own, under a service manager or started by the app."""

import logging
import os
import signal
import sys
from argparse import Namespace
from types import FrameType

from evalcore.cli.opening import open_store
from evalcore.models import machine
from evalcore.worker import gpus
from evalcore.worker.loop import Worker

log = logging.getLogger(__name__)


def worker(arguments: Namespace) -> int:
    """Works until SIGTERM or SIGINT, then keeps what is in flight; with --once, until nothing is left.

    With --gpus one process for each GPU does, and this one waits for them.
    """
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    for noisy in ("httpx2", "httpx", "httpcore2", "openai", "alembic", "filelock", "urllib3"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    if arguments.gpus is not None:
        return _one_for_each_gpu(arguments)
    loop = Worker(open_store(arguments), once=arguments.once)
    _stop_on_signals(loop)
    log.info("worker %d is ready", loop.id)
    loop.run()
    log.info("worker %d has ended", loop.id)
    return 0


def _one_for_each_gpu(arguments: Namespace) -> int:
    """A database that cannot be used is told here, once; 1 where a process ended by mistake."""
    found = gpus.chosen(arguments.gpus, len(machine.gpu_memory()), os.environ.get(gpus.VISIBLE))
    open_store(arguments)
    return int(gpus.Workers().run(gpus.starts(found, once=arguments.once)) > 0)


def _stop_on_signals(loop: Worker) -> None:
    """A second signal ends the process at once; leases make that safe too."""

    def stop(number: int, _: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        loop.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)

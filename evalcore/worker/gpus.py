"""One worker process for each GPU: which are meant, how each is started, and their common end."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evalcore.errors import UsageError

VISIBLE = "CUDA_VISIBLE_DEVICES"
PASSED_ON = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
LOOK_S = 0.2

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Start:
    """A worker process that sees one GPU."""

    gpu: str
    command: tuple[str, ...]
    environment: Mapping[str, str]


def chosen(wanted: str, count: int, visible: str | None = None) -> tuple[str, ...]:
    """Names of GPUs as CUDA_VISIBLE_DEVICES takes them, in the order they were asked for.

    wanted: `all`, or numbers from 0 as this process counts its GPUs. count: how many it can use. visible:
    its own CUDA_VISIBLE_DEVICES, whose entries may be ids of GPUs; None where unset. Raises UsageError.
    """
    if not count:
        raise UsageError(
            f"worker --gpus {wanted}: no GPU can be used here (no NVIDIA driver, a CPU build of torch, or "
            f"{VISIBLE} hides them). Start the worker without --gpus, or see `doctor` for what is missing."
        )
    names = [name.strip() for name in visible.split(",")] if visible else [str(n) for n in range(count)]
    if wanted.strip() == "all":
        return tuple(names[:count])
    numbers = [_number(part.strip(), wanted, count) for part in wanted.split(",")]
    if len(set(numbers)) < len(numbers):
        raise UsageError(
            f"worker --gpus {wanted}: a GPU is named twice, and it gets one worker. Name it once."
        )
    return tuple(names[number] for number in numbers)


def _number(part: str, wanted: str, count: int) -> int:
    if part.isascii() and part.isdigit() and int(part) < count:
        return int(part)
    there = "only GPU 0 is here" if count == 1 else f"the GPUs here are 0 to {count - 1}"
    raise UsageError(f"worker --gpus {wanted}: there is no GPU '{part}'; {there}. Write all, or such as 0,1.")


def starts(gpus: Sequence[str], *, once: bool) -> list[Start]:
    command = (sys.executable, "-m", "evalcore", "worker", *(("--once",) if once else ()))
    return [Start(gpu, command, dict(os.environ) | {VISIBLE: gpu}) for gpu in gpus]


class Workers:
    """Processes that begin and end together with this one."""

    def __init__(self) -> None:
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._came: list[int] = []
        self._passed_on: set[int] = set()

    def run(self, wanted: Sequence[Start]) -> int:
        """Starts them, passes signals on to them and waits for all; how many ended by mistake."""
        for number in PASSED_ON:
            signal.signal(number, lambda number, _: self._came.append(number))
        self._running = {start.gpu: _begun(start) for start in wanted}
        while any(process.poll() is None for process in self._running.values()):
            self._pass_on()
            time.sleep(LOOK_S)
        return sum(not self._has_ended_well(gpu) for gpu in self._running)

    def _pass_on(self) -> None:
        while self._came:
            number = self._came.pop(0)
            self._passed_on.add(number)
            for process in self._running.values():
                process.send_signal(number)

    def _has_ended_well(self, gpu: str) -> bool:
        """A worker that was stopped before it could listen to signals died of one: that is well, too."""
        code = self._running[gpu].returncode
        is_well = code == 0 or -code in self._passed_on
        log.log(logging.INFO if is_well else logging.ERROR, "worker of GPU %s ended with %d", gpu, code)
        return is_well


def _begun(start: Start) -> subprocess.Popen[bytes]:
    """In a process group of its own: a terminal's Ctrl-C would reach it twice, and the second one kills."""
    return subprocess.Popen(start.command, env=start.environment, process_group=0)  # noqa: S603 - our own

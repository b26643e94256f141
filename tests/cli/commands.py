"""Commands as a person gives them, each house with its own home; and a server that answers them to order."""

import io
import json
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from misbehaving_server import Reply, Server, answer, as_json

from evalcore.cli import main
from evalcore.store import Store, registry
from evalcore.worker.alive import is_running

ROOT = Path(__file__).resolve().parents[2]
KEEP = ("PATH", "LANG", "LD_LIBRARY_PATH", "SSL_CERT_FILE")


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class House:
    """A home of its own and the environment of its commands."""

    home: Path
    more: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        known = {name: os.environ[name] for name in KEEP if name in os.environ}
        fixed = {"ROUNDS_HOME": str(self.home), "HOME": str(self.home), "HF_HUB_OFFLINE": "1"}
        return known | fixed | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)} | self.more

    def start(self, *words: str, **more: str) -> subprocess.Popen[str]:
        """As a process of its own. more: environment variables."""
        command = [sys.executable, "-m", "evalcore", *words]
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, cwd=self.home, env=self.environment | more, **pipes)

    def spawn(self, *words: str, **more: str) -> Said:
        return ended(self.start(*words, **more))

    def do(self, *words: str, **more: str) -> Said:
        """The same within this process, which has everything imported already."""
        out, err = io.StringIO(), io.StringIO()
        with _environment(self.environment | more), redirect_stdout(out), redirect_stderr(err):
            try:
                code = main(words)
            except SystemExit as end:
                code = int(str(end.code))
        return Said(code, out.getvalue(), err.getvalue())

    def add_endpoint(self, base_url: str, *words: str) -> None:
        assert self.do("endpoints", "add", "house", "--base-url", base_url, "--local", *words).code == 0

    def ask(self, limit: int, *words: str, **more: str) -> Said:
        return self.do(*asking(limit), *words, **more)

    def workers(self) -> list[registry.WorkerRow]:
        with closing(Store(f"sqlite:///{self.home / 'rounds.db'}")) as store, store.read() as transaction:
            return [row for row in registry.running_workers(transaction) if is_running(row)]


def asking(limit: int) -> tuple[str, ...]:
    """The server behind endpoint `house` is asked the first items of a bundled task."""
    return ("run", "--model", "api:house/m", "--tasks", "demo/en_choice", "--limit", str(limit), "--json")


def ended(process: subprocess.Popen[str], timeout_s: float = 120) -> Said:
    """A traceback is never an answer."""
    out, err = process.communicate(timeout=timeout_s)
    assert "Traceback" not in err, err
    return Said(process.returncode, out, err)


def end(workers: list[registry.WorkerRow]) -> None:
    for worker in workers:
        os.kill(worker.pid, signal.SIGTERM)


@contextmanager
def _environment(wanted: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(wanted)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def will(server: Server, *first: Reply, then: Reply | None = None) -> None:
    """Answers to questions, in order; who asks for the list of models gets it."""
    replies, models, rest = deque(first), as_json({"data": [{"id": "m"}]}), then or answer()

    async def reply(writer: Any) -> None:
        if server.received[-1].body is None:
            await models(writer)
        else:
            await (replies.popleft() if replies else rest)(writer)

    server.otherwise = reply


def questions(server: Server) -> list[str]:
    """What was asked of the model, in order."""
    bodies = [received.body for received in server.received if received.body]
    return [body["messages"][-1]["content"] for body in bodies]

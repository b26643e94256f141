"""What every importer hands over, and how it becomes a run that is scored and shown like our own.

A run is known by the hash of its file: the same file twice is the same run. What a format does not hold
(prompts, tokens, seconds) is not recorded, never invented.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from evalcore.errors import UsageError
from evalcore.store import Store, Transaction, content, imported, registry
from evalcore.store import runs as run_rows
from evalcore.types import LoadedTask, ModelIdentity, Prompt, Response, Sampling, Way, content_hash

LANE = "imported"  # no worker asks anything there


@dataclass(frozen=True)
class Reply:
    """What the model gave to one item. position: of the item in its task. prompt: None is not recorded."""

    position: int
    response: Response
    prompt: Prompt | None = None


@dataclass(frozen=True)
class ImportedTask:
    loaded: LoadedTask
    way: Way
    replies: tuple[Reply, ...]


@dataclass(frozen=True)
class Skipped:
    """A row that was left out. where: file and line; why: a reason in words."""

    where: str
    why: str


@dataclass(frozen=True)
class Submission:
    """One model's answers in one file. model: as the file calls it. digest: of the file."""

    model: str
    format: str
    file: str
    digest: str
    tasks: tuple[ImportedTask, ...]
    skipped: tuple[Skipped, ...] = ()

    @property
    def identity(self) -> str:
        return content_hash([LANE, self.format, self.digest])

    @property
    def code(self) -> str:
        return self.identity[:8]


def digest_of(path: Path) -> str:
    """SHA-256 of a file. Raises UsageError where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}. Check the path.") from None


def put(store: Store, given: Submission) -> str:
    """Stores a submission as a run, once; returns its code. Its answers then wait to be scored."""
    with store.write() as transaction:
        there = run_rows.find_run(transaction, given.identity, 1)
        if there is not None:
            run_rows.set_deleted(transaction, there.id, False)
            return there.code
        _add(transaction, given)
    return given.code


def _add(transaction: Transaction, given: Submission) -> None:
    run_rows.add_run(transaction, _row(transaction, given))
    run = run_rows.get_run(transaction, given.code)
    versions = [(content.put_task(transaction, task.loaded), task.way) for task in given.tasks]
    run_rows.add_run_tasks(transaction, run.id, versions)
    for place, task in zip(run_rows.tasks_of(transaction, run.id), given.tasks, strict=True):
        content.put_prompts(transaction, [reply.prompt for reply in task.replies if reply.prompt])
        imported.put_replies(transaction, run.id, place, list(map(_stored, task.replies)))


def _stored(reply: Reply) -> imported.Reply:
    return reply.position, reply.response, reply.prompt.key if reply.prompt else ""


def _row(transaction: Transaction, given: Submission) -> dict[str, object]:
    return {
        "code": given.code,
        "identity": given.identity,
        "repeat": 1,
        "kind": "ask",
        "name": f"{given.model}: {given.file}",
        "spec": _spec(given.model, given.tasks),
        "model_id": registry.put_model(transaction, ModelIdentity(given.model), {}),
        "lane": LANE,
        "key_env": "",
        "wanted": "run",
        "origin": {
            "kind": "imported",
            "format": given.format,
            "file": given.file,
            "sha256": given.digest,
            "skipped": [asdict(one) for one in given.skipped],
        },
    }


def _spec(model: str, tasks: Sequence[ImportedTask]) -> dict[str, object]:
    """What a run's settings are read from; everything not named here is at its default and means nothing."""
    ids = [task.loaded.task.id for task in tasks]
    return {"model": model, "tasks": ids, "sampling": asdict(Sampling()), "reader": "robust"}

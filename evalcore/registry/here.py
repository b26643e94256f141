"""What stands ready on this machine: the database, its disk, the workers, the folders with datasets."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from evalcore import benchmarks, data
from evalcore.store import Store, health, home, registry


@dataclass(frozen=True)
class Storage:
    """Where results are kept. place: folder, or address without password. is_sound: no defect is known."""

    kind: str
    place: str
    server: str
    schema: str
    size_bytes: int
    free_bytes: int
    is_sound: bool


@dataclass(frozen=True)
class DataFolder:
    """One folder of ROUNDS_DATA_DIR. datasets: hub ids of known tasks that it holds."""

    folder: Path
    is_there: bool
    datasets: tuple[str, ...]


def storage(store: Store) -> Storage:
    with store.read() as transaction:
        found = health.database(transaction)
    url, free = store.engine.url, shutil.disk_usage(home()).free
    place = str(url.database) if found.kind == "sqlite" else url.render_as_string(hide_password=True)
    return Storage(found.kind, place, found.server, found.schema, found.size_bytes, free, found.is_sound)


def workers(store: Store) -> list[registry.WorkerRow]:
    """Those that have not said goodbye."""
    with store.read() as transaction:
        return registry.running_workers(transaction)


def worker_log() -> Path:
    """Where workers that the app started write; need not exist."""
    return home().resolve() / "logs" / "worker.log"


def data_folders() -> tuple[DataFolder, ...]:
    """Folders of ROUNDS_DATA_DIR with what is found in them; opens no file."""
    hub_ids = sorted({task.source.hub_id for task in benchmarks.tasks().values()} - {""})
    return tuple(
        DataFolder(folder, folder.is_dir(), tuple(name for name in hub_ids if (folder / name).is_dir()))
        for folder in data.data_dirs()
    )

"""Starts the child that reads, and gathers what it says."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, Any, NoReturn

from evalcore.errors import DataError
from evalcore.tables import limits
from evalcore.tables.nouns import Fault, Head, Note, Row, Table

WALL_S = 180
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "HOME")


def read(source: Path | bytes, *, name: str = "", sheet: str = "") -> Table:
    """The table of a file, or of an upload's bytes. name: its own name, for the suffix alone.

    sheet: of a workbook; "" is its first, or MedS-Ins' `Instances`. DataError says what is wrong with the
    file as a whole; rows that cannot be read are the table's faults.
    """
    if isinstance(source, bytes):
        with tempfile.TemporaryDirectory(prefix="rounds-") as folder:
            path = Path(folder) / "upload"
            path.write_bytes(source)
            return _read(path, name, sheet)
    return _read(_existing(source), name or source.name, sheet)


def _existing(path: Path) -> Path:
    if path.is_file():
        return path
    raise DataError(f"There is no file {path}. Check the path.")


def _read(path: Path, name: str, sheet: str) -> Table:
    size = path.stat().st_size
    if size > limits.MOST_BYTES:
        raise DataError(
            f"The file has {size // 1_000_000:,} MB; at most {limits.MOST_BYTES // 1_000_000:,} MB are read. "
            "Split it into several datasets."
        )
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "evalcore.tables.child", str(path.absolute()), Path(name).name, sheet],
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            cwd=tempfile.gettempdir(),
        )
        watch = threading.Timer(WALL_S, child.kill)
        watch.start()
        try:
            table = _gathered(child)
        finally:
            watch.cancel()
            child.kill()
            child.communicate()
        return table or _broken(said)


def _broken(said: IO[bytes]) -> NoReturn:
    """The child ended without a word: of what it died, by its name alone."""
    said.seek(0)
    last = said.read()[-2000:].decode(errors="replace").strip().rpartition("\n")[2]
    name = last.partition(":")[0][:60] or "its limits on memory and time"
    raise DataError(
        f"The file could not be read: reading ended with {name}. It may be damaged, or unpack to far more "
        "than its size. Save it as CSV UTF-8, or split it."
    )


def _environment() -> dict[str, str]:
    """No keys, one thread; pyarrow's own allocator reserves address space that the child does not have."""
    known = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    ours = {"PYTHONPATH": str(Path(__file__).parents[2]), "OMP_NUM_THREADS": "1", "PYTHONUTF8": "1"}
    return known | ours | {"ARROW_DEFAULT_MEMORY_POOL": "system"}


def _gathered(child: "subprocess.Popen[bytes]") -> Table | None:
    """None where the child did not come to its end."""
    heads: list[Head] = []
    rows: list[Row] = []
    faults: list[Fault] = []
    notes: list[Note] = []
    for line in child.stdout or ():
        said: dict[str, Any] = json.loads(line)
        match said.pop("event"):
            case "Row":
                rows.append(Row(said["number"], tuple(said["cells"])))
            case "Fault":
                faults.append(Fault(**said))
            case "Note":
                notes.append(Note(**said))
            case "Head":
                heads.append(_head(said))
            case "error":
                raise DataError(said["words"])
    if child.wait() or not heads:
        return None
    return Table(heads[0], tuple(rows), tuple(faults), tuple(notes))


def _head(said: dict[str, Any]) -> Head:
    columns, sheets = tuple(said["columns"]), tuple(said["sheets"])
    return Head(said["format"], columns, sheets, said["sheet"], said["card"])

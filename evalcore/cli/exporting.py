"""`export`: a run's records as files."""

from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from evalcore import report
from evalcore.cli.opening import open_store
from evalcore.cli.output import show
from evalcore.cli.parser import not_built
from evalcore.errors import UsageError
from evalcore.exchange import ratings, records

WRITERS = {
    "records": (records.write_jsonl, ".jsonl"),
    "csv": (records.write_csv, ".csv"),
    "ratings": (ratings.write, "-ratings.csv"),
}
LATER = (
    "lm-eval",
    "inspect",
    "meds-bench",
    "mmedbench",
    "leaderboard",
    "every-eval",
    "html",
    "zip",
)


def export(arguments: Namespace) -> int:
    if arguments.format in LATER:
        raise not_built(f"export --format {arguments.format}")
    if arguments.format not in WRITERS:
        raise UsageError(f"There is no format {arguments.format!r}. Known are {', '.join(WRITERS)}.")
    write, suffix = WRITERS[arguments.format]
    store = open_store(arguments)
    code = report.run_status(store, arguments.run).run
    path = _path(Path(arguments.out), f"{code}{suffix}")
    written = _written(lambda: write(store, (code,), path), path)
    document = {"files": [str(path)], "records": written}
    what = "ratings" if arguments.format == "ratings" else "records"
    show(arguments, document, lambda: [f"{written} {what} of run {code} are in {path}."])
    return 0


def _path(out: Path, name: str) -> Path:
    """The file itself, or a file of the run's name in a folder that is there."""
    return out / name if out.is_dir() else out


def _written(write: Callable[[], int], path: Path) -> int:
    try:
        return write()
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}. Give --out a file in a folder that is there."
        ) from None

"""`import`: runs that were made elsewhere, and what people said of answers."""

from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from evalcore import runs
from evalcore.cli.opening import open_store
from evalcore.cli.output import harmless, show, tell
from evalcore.cli.rating import rating_line
from evalcore.errors import UsageError
from evalcore.exchange import imported, meds_bench, ratings
from evalcore.exchange.imported import Submission
from evalcore.store import Store
from evalcore.store import runs as run_rows

FORMATS: dict[str, tuple[Callable[[Path], bool], Callable[[Path], Submission]]] = {
    meds_bench.FORMAT: (meds_bench.is_submission, meds_bench.read),
}
"""Of runs, by name: whether a file looks like it, and how it is read."""

RATINGS = "ratings"


def import_runs(arguments: Namespace) -> int:
    """Exit 1 where rows were left out; they are named."""
    files = _files(Path(arguments.path))
    of_ratings = [file for file in files if _holds_ratings(file, arguments.format)]
    found = [_read(file, arguments.format) for file in files if file not in of_ratings]
    store = open_store(arguments)
    codes = [_put(store, one) for one in found]
    rated = [ratings.put(store, file) for file in of_ratings]
    lists = [*(one.skipped for one in found), *(one.skipped for one in rated)]
    skipped = [asdict(row) for rows in lists for row in rows]
    records = sum(len(task.replies) for one in found for task in one.tasks)
    document = {"runs": codes, "records": records + sum(one.records for one in rated), "skipped": skipped}
    show(arguments, document, lambda: [*_lines(codes, found), *map(rating_line, rated)])
    for row in skipped:
        tell(harmless(f"Left out: {row['where']}: {row['why']}"))
    return 1 if skipped else 0


def _files(path: Path) -> list[Path]:
    files = sorted(file for file in path.iterdir() if file.is_file()) if path.is_dir() else [path]
    if not files or not path.exists():
        raise UsageError(f"{path} is not there, or an empty folder. Name a file, or a folder with files.")
    return files


def _holds_ratings(file: Path, format_name: str) -> bool:
    return format_name == RATINGS or (format_name == "auto" and ratings.is_ratings(file))


def _read(file: Path, format_name: str) -> Submission:
    fitting = [name for name, (fits, _) in FORMATS.items() if format_name in ("auto", name)]
    if not fitting:
        raise UsageError(
            f"There is no format {format_name!r}. Known are auto, {RATINGS}, {', '.join(FORMATS)}."
        )
    for name in fitting:
        fits, read = FORMATS[name]
        if format_name != "auto" or fits(file):
            return read(file)
    raise UsageError(
        f"{file} looks like none of the known formats: {RATINGS}, {', '.join(FORMATS)}. Name it by --format."
    )


def _put(store: Store, given: Submission) -> str:
    code = imported.put(store, given)
    with store.read() as transaction:
        run_id = run_rows.get_run(transaction, code).id
    runs.score_waiting(store, run_id)
    return code


def _lines(codes: Sequence[str], found: Sequence[Submission]) -> Iterator[str]:
    for code, one in zip(codes, found, strict=True):
        answers = sum(len(task.replies) for task in one.tasks)
        yield harmless(f"{one.file}: {answers} answers of {one.model} are run {code}.")

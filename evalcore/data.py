"""Rows of datasets: the only room that opens dataset files. It knows no task, no prompt and no gold.

Looked into in this order: each folder of ROUNDS_DATA_DIR (`<org>/<name>/...` as the hub publishes it), then
the hub through `datasets` (HF_HUB_OFFLINE respected). JSON numbers arrive as the text that stood in the file,
so that no option is ever re-spelled ("2:25", "1.0", "007", "None").

A split with a "/" is the path of a file in the dataset, without the end of its name: `Test/English`,
`MCQA/task57` (task57_medqa_en_mcqa.jsonl). It may lie one folder further down, or in the dataset's zip.
"""

import json
import os
import re
import socket
import zipfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from evalcore.errors import DataError
from evalcore.types import Source

Row = dict[str, Any]

_SUFFIXES = (".parquet", ".jsonl", ".json")  # the first that is there is read
_SHARD = re.compile(r"-(\d{5})-of-(\d{5})(-[0-9a-f]+)?$")
_MOST_UNZIPPED = 1 << 30  # bytes of one file in a zip
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)


def rows(source: Source, split: str) -> tuple[list[Row], str]:
    """All rows of one split in file order, and where they came from: "local" or "hub".

    Raises DataError where neither has it, saying where it was looked for and how to fetch a copy.
    """
    files = local_files(source, split)
    if files:
        return [row for file in files for row in read_file(file)], "local"
    return _from_hub(source, split), "hub"


def pool(source: Source) -> list[Row]:
    """Rows of the few-shot split, from where the test rows are; [] where there is none at hand.

    Never an error: a local copy of the test split alone is enough to ask without examples.
    """
    if not source.fewshot_split:
        return []
    has_local_pool = bool(local_files(source, source.fewshot_split))
    if not has_local_pool and local_files(source, source.split):
        return []
    return rows(source, source.fewshot_split)[0]


def where(source: Source) -> str:
    """One of "bundled", "local", "hub", "missing", told from folders and settings; opens nothing."""
    if not source.hub_id:
        return "bundled"
    if local_files(source, source.split):
        return "local"
    return "missing" if _is_offline() and not _is_cached(source.hub_id) else "hub"


def is_available(source: Source) -> bool:
    return where(source) != "missing"


def data_dirs() -> tuple[Path, ...]:
    """Folders of ROUNDS_DATA_DIR, in order."""
    folders = os.environ.get("ROUNDS_DATA_DIR", "").split(os.pathsep)
    return tuple(Path(folder).expanduser() for folder in folders if folder.strip())


def own_datasets() -> Path:
    """Datasets that people brought: `NAME/card.json` and `NAME/items.jsonl`, written by `datasets`."""
    home = Path(os.environ.get("ROUNDS_HOME") or Path.home() / ".rounds")
    return home / "datasets"


def local_files(source: Source, split: str) -> tuple[Path, ...]:
    """The split's file, or all its shards in order, from the first folder that has it; () where none does."""
    for folder in data_dirs():
        if "/" in split and (found := _at_path(folder / source.hub_id, split)):
            return found
        for place in _places(folder / source.hub_id, source.config):
            for suffix in _SUFFIXES:
                found = _files_of(place, split, suffix)
                if found:
                    return found
    return ()


def read_file(path: Path) -> list[Row]:
    """Rows of one Parquet, JSON (array or lines) or JSON Lines file. DataError names file and line."""
    try:
        start = _bytes(path, 64)
    except OSError as error:
        raise DataError(
            f"{path} cannot be read: {error.strerror or error}. Check the path and its rights."
        ) from error
    _refuse_what_is_no_data(path, start.lstrip(b"\xef\xbb\xbf \t\r\n"))
    return _read_parquet(path) if path.suffix == ".parquet" else _read_json(path)


def written(path: Path) -> str:
    """A whole file of UTF-8 text; DataError names the first line that is not."""
    content = _bytes(path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DataError(f"{path} line {line}: not UTF-8. Save the file as UTF-8.") from error


def beginning(path: Path, size: int) -> str:
    """The first `size` bytes of a file as text; a character cut in two is replaced."""
    return _bytes(path, size).decode("utf-8-sig", errors="replace")


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """JSON Lines, as `read_file` reads them back (numbers as text)."""
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n")


def text(value: Any) -> str:
    """A cell as text: strings untouched, missing ones empty, everything else as JSON spells it."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def field(row: Row, name: str, place: str) -> Any:
    """The cell of a column that has to be filled; `place` names the row in the message."""
    if isinstance(row, dict) and row.get(name) is not None:
        return row[name]
    columns = ", ".join(sorted(row)) if isinstance(row, dict) else ""
    raise DataError(
        f"{place} has no {name!r}, or it is null; its columns: {columns or 'none'}. "
        "The file is another edition of the dataset. Put the published one there."
    )


def _at_path(folder: Path, split: str) -> tuple[Path, ...]:
    """The one file at a path in the dataset; of a zip's file the path goes on behind the zip's name."""
    inner, _, name = split.rpartition("/")
    for place in (folder / inner, *sorted(folder.glob(f"*/{inner}"))):
        for suffix in _SUFFIXES:
            fitting = (file for file in sorted(place.glob(f"*{suffix}")) if _is_named(file.stem, name))
            if found := next(fitting, None):
                return (found,)
    return _zipped(folder, split)


def _is_named(stem: str, name: str) -> bool:
    return stem == name or stem.startswith(f"{name}_")


def _zipped(folder: Path, split: str) -> tuple[Path, ...]:
    for archive in sorted(folder.glob("*.zip")):
        try:
            with zipfile.ZipFile(archive) as opened:
                members = opened.namelist()
        except (OSError, zipfile.BadZipFile) as error:
            raise DataError(f"{archive} is no whole zip file ({error}). Fetch it again.") from error
        for member in members:
            stem, suffix = os.path.splitext(member)
            if suffix in _SUFFIXES and f"/{stem}".endswith(f"/{split}") and "__MACOSX" not in member:
                return (archive / member,)
    return ()


def _bytes(path: Path, most: int = -1) -> bytes:
    """The first `most` bytes of a file (all of them: -1), which may lie in a zip."""
    archive = next((parent for parent in path.parents if parent.suffix == ".zip" and parent.is_file()), None)
    if archive is None:
        with path.open("rb") as file:
            return file.read(most)
    try:
        with zipfile.ZipFile(archive) as opened:
            member = opened.getinfo(path.relative_to(archive).as_posix())
            if member.file_size > _MOST_UNZIPPED:
                raise DataError(f"{path} would be {member.file_size:,} bytes unpacked. Unpack it by hand.")
            with opened.open(member) as file:
                return file.read(most)
    except (zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError) as error:
        raise DataError(f"{path} cannot be unpacked ({error}). Fetch {archive.name} again.") from error


def _places(folder: Path, config: str) -> tuple[Path, ...]:
    if not config:
        return folder, folder / "data"
    return folder / config, folder / "data" / config


def _files_of(place: Path, split: str, suffix: str) -> tuple[Path, ...]:
    files = sorted(place.glob(f"*{suffix}")) if place.is_dir() else []
    whole = [file for file in files if file.stem == split]
    shards = [file for file in files if _SHARD.sub("", file.stem) == split and file not in whole]
    if shards and not whole:
        _require_all_shards(shards)
    other = [file for file in files if file.stem.endswith(f"_{split}")]
    return tuple(whole or shards or other[:1])


def _require_all_shards(shards: list[Path]) -> None:
    matches = [match for match in (_SHARD.search(shard.stem) for shard in shards) if match]
    expected = int(matches[0].group(2))
    if len(shards) != expected:
        split = _SHARD.sub("", shards[0].stem)
        raise DataError(
            f"{shards[0].parent} holds {len(shards)} of {expected} parts of {split!r}. "
            "The copy is incomplete. Copy the missing parts, or fetch the dataset again."
        )


def _refuse_what_is_no_data(path: Path, start: bytes) -> None:
    what = ""
    if not start:
        what = "is empty"
    elif start.startswith(b"<"):
        what = "is a web page (HTML), not data: the download met a login or an error page"
    elif start.startswith(b"version https://git-lfs"):
        what = "is a Git LFS pointer, not the data itself"
    if what:
        raise DataError(
            f"{path} line 1: the file {what}. Fetch the dataset again, for example with `hf download`."
        )


def _read_parquet(path: Path) -> list[Row]:
    import pyarrow
    import pyarrow.parquet

    try:
        found: list[Row] = pyarrow.parquet.read_table(path, use_threads=False).to_pylist()
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        reason = str(error).splitlines()[0][:200]
        raise DataError(
            f"{path} is no whole Parquet file ({reason}). It was cut off or damaged; fetch it again."
        ) from error
    return found


def _read_json(path: Path) -> list[Row]:
    content = written(path)
    if content.lstrip().startswith("["):
        return _array(path, content)
    if (
        content.lstrip().partition("\n")[0].rstrip() == "{"
    ):  # one indented object, whatever the file is called
        return [_object(path, 1, _decoded(path, content.strip(), _line_counter(content)))]
    return [_object(path, number, value) for number, value in _lines(path, content)]


def _array(path: Path, content: str) -> list[Row]:
    values = _decoded(path, content.strip(), _line_counter(content))
    return [_object(path, number, value) for number, value in enumerate(values, 1)]


def _lines(path: Path, content: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(content.split("\n"), 1):
        if line.strip():
            yield number, _decoded(path, line.strip(), partial(_constant, number))


def _constant(number: int, _: int) -> int:
    return number


def _line_counter(content: str) -> Callable[[int], int]:
    skipped = content[: len(content) - len(content.lstrip())].count("\n")
    stripped = content.strip()
    return lambda position: stripped[:position].count("\n") + 1 + skipped


def _decoded(path: Path, document: str, line_of: Callable[[int], int]) -> Any:
    try:
        return _DECODER.decode(document)
    except json.JSONDecodeError as error:
        raise DataError(
            f"{path} line {line_of(error.pos)}: not JSON ({error.msg}): {document[error.pos :][:60]!r}. "
            "The file is cut off or of another format; fetch it again."
        ) from error
    except RecursionError as error:
        raise DataError(f"{path} line {line_of(0)}: JSON nested too deeply to be a dataset row.") from error


def _object(path: Path, number: int, value: Any) -> Row:
    if isinstance(value, dict):
        return value
    raise DataError(
        f"{path} row {number}: {json.dumps(value, ensure_ascii=False)[:60]} is no object with named fields. "
        "Every row has to be one {...}; put the published file there."
    )


def _from_hub(source: Source, split: str) -> list[Row]:
    if not _is_cached(source.hub_id) and (why := _why_no_hub()):
        raise _missing(source, split, f"{why} and the hub's cache on this machine does not hold it")
    if "/" in split:
        return _from_repository(source, split)
    import datasets

    try:
        dataset = datasets.load_dataset(source.hub_id, source.config or None, split=split)
        return list(dataset)
    except (OSError, ValueError, RuntimeError, datasets.exceptions.DatasetsError) as error:
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise _missing(source, split, f"the hub said: {reason}") from error


def _from_repository(source: Source, split: str) -> list[Row]:
    """Rows of one file of the hub's repository, fetched alone, or with the zip that holds it."""
    import huggingface_hub

    wanted = [f"{split}.*", f"{split}_*", "*.zip"]
    try:
        folder = huggingface_hub.snapshot_download(
            source.hub_id, repo_type="dataset", cache_dir=_hub_cache(), allow_patterns=wanted, max_workers=1
        )
    except (OSError, ValueError) as error:
        raise _missing(source, split, f"the hub said: {str(error).splitlines()[0][:200]}") from error
    found = _at_path(Path(folder), split)
    if not found:
        raise _missing(source, split, "the hub's repository has no such file")
    return read_file(found[0])


def _missing(source: Source, split: str, reason: str) -> DataError:
    config = f" ({source.config})" if source.config else ""
    looked = (
        ", ".join(str(folder / source.hub_id) for folder in data_dirs())
        or "nowhere: ROUNDS_DATA_DIR is not set"
    )
    target = (data_dirs() or (Path("FOLDER"),))[0] / source.hub_id
    return DataError(
        f"Dataset {source.hub_id}{config}, split {split!r}, was not found. Local copies: {looked}; {reason}. "
        f"On a machine with internet: `hf download {source.hub_id} --repo-type dataset --local-dir "
        f"{target}`, "
        "copy that folder here, and let ROUNDS_DATA_DIR name the folder that holds "
        f"{source.hub_id.split('/')[0]}/."
    )


def _why_no_hub() -> str:
    """Looks for the hub's name once: its library would try for half a minute. "" where it may be reached."""
    if _is_offline():
        return "HF_HUB_OFFLINE is set"
    host = urlsplit(os.environ.get("HF_ENDPOINT") or "https://huggingface.co").hostname
    if getproxies():  # then the proxy alone knows names
        return ""
    try:
        socket.getaddrinfo(host, 443)
    except OSError:
        return f"{host} cannot be reached from here"
    return ""


def _is_offline() -> bool:
    flags = (os.environ.get(name, "") for name in ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE"))
    return any(flag.strip().upper() in {"1", "ON", "YES", "TRUE"} for flag in flags)


def _hub_home() -> Path:
    return Path(os.environ.get("HF_HOME") or "~/.cache/huggingface").expanduser()


def _hub_cache() -> Path:
    """Where the hub's files lie, as the environment says now; its library asks only when it is imported."""
    return Path(os.environ.get("HF_HUB_CACHE") or _hub_home() / "hub")


def _is_cached(hub_id: str) -> bool:
    prepared = Path(os.environ.get("HF_DATASETS_CACHE") or _hub_home() / "datasets")
    flat = hub_id.replace("/", "___")
    folders = (
        _hub_cache() / f"datasets--{hub_id.replace('/', '--')}",
        prepared / flat.lower(),
        prepared / flat,
    )
    return any(folder.is_dir() for folder in folders)

"""Conversations; the next reply is held against criteria with points: HealthBench's form, and our demo.

Source: openai/healthbench (MIT), JSON Lines as published: prompt [{role, content}], prompt_id, rubrics
[{criterion, points, tags}], example_tags; HealthBench Professional has conversation, rubric_items and id for
the same. Read from a local copy only, under the published file names. An item's score is the points of the
met criteria over the sum of the positive ones, so an item without a positive criterion has none.
Demo: evalcore/demo/items/rubric/demo.jsonl, six synthetic conversations in the same form (Apache-2.0), with
language, specialty and source added.
"""

import math
from pathlib import Path
from typing import Any

from evalcore import data
from evalcore.errors import DataError
from evalcore.types import Benchmark, Criterion, Entry, Item, Key, Kind, LoadedTask, Source, Task

HUB_ID = "openai/healthbench"
_FILE = Path(__file__).parent.parent / "demo" / "items" / "rubric" / "demo.jsonl"
_ROLES = ("system", "user", "assistant")
_MOST_POINTS = 10


def _published(name: str, title: str, file: str, size: int) -> Task:
    return Task(
        id=f"rubric/{name}",
        benchmark="rubric",
        title=title,
        kind=Kind.RUBRIC,
        language="en",
        metrics=(),
        source=Source(HUB_ID, split=file),
        licence="mit",
        size=size,
    )


BENCHMARK = Benchmark(
    id="rubric",
    title="Rubrics (HealthBench)",
    tasks=(
        _published("healthbench", "HealthBench", "2025-05-07-06-14-12_oss_eval", 5000),
        _published("healthbench_hard", "HealthBench Hard", "hard_2025-05-08-21-00-10", 1000),
        _published("healthbench_consensus", "HealthBench Consensus", "consensus_2025-05-09-20-00-46", 3671),
        _published("healthbench_professional", "HealthBench Professional", "healthbench_professional", 525),
        Task(
            id="rubric/demo",
            benchmark="rubric",
            title="Rubrics: demo [synthetic]",
            kind=Kind.RUBRIC,
            language="en",
            metrics=(),
            source=Source(split="demo"),
            licence="apache-2.0",
        ),
    ),
    citation="""@article{arora2025healthbench,
  title={HealthBench: Evaluating Large Language Models Towards Improved Human Health},
  author={Arora, Rahul K. and Wei, Jason and Soskin Hicks, Rebecca and others},
  journal={arXiv preprint arXiv:2505.08775},
  year={2025}
}""",
    url="https://github.com/openai/simple-evals",
    average="mean of item scores, clipped to 0..1 once, over all items",
    defects=(
        "A judge decides each criterion: figures of different judges are different benchmarks.",
        "Its conversations are in many languages without saying which: all are listed as English.",
        "Errors in the published criteria are reported (openai/simple-evals issue 77).",
    ),
)


def load(task: Task) -> LoadedTask:
    if not task.source.hub_id:
        return LoadedTask(task, _entries(task, data.read_file(_FILE)), source="bundled")
    files = data.local_files(task.source, task.source.split)
    if not files:
        raise DataError(_absent(task))
    found = [row for file in files for row in data.read_file(file)]
    return LoadedTask(task, _entries(task, found), source="local")


def where(task: Task) -> str:
    """Never fetched: the published files are no splits that the hub's loader would know."""
    if not task.source.hub_id:
        return "bundled"
    return "local" if data.local_files(task.source, task.source.split) else "missing"


def _absent(task: Task) -> str:
    looked = (
        ", ".join(str(folder / HUB_ID) for folder in data.data_dirs())
        or "nowhere: ROUNDS_DATA_DIR is not set"
    )
    return (
        f"{task.id}: {task.source.split}.jsonl was not found. Looked in: {looked}. "
        f"`hf download {HUB_ID} --repo-type dataset --local-dir FOLDER/{HUB_ID}`, and let ROUNDS_DATA_DIR "
        "name FOLDER."
    )


def _entries(task: Task, rows: list[data.Row]) -> tuple[Entry, ...]:
    return tuple(_entry(task, row, number) for number, row in enumerate(rows, 1))


def _entry(task: Task, row: data.Row, number: int) -> Entry:
    item_id = data.text(row.get("prompt_id") or row.get("id"))
    place = f"{task.id} row {number} (id {item_id or 'none'})"
    turns = _turns(row.get("prompt") or data.field(row, "conversation", place), place)
    criteria = _criteria(row.get("rubrics") or row.get("rubric_items"), place)
    item = Item(
        turns[-1][1],
        language=data.text(row.get("language")) or task.language,
        turns=turns[:-1],
        meta=_meta(row),
    )
    return Entry(
        item_id or str(number),
        item,
        Key((), _name(task), source=data.text(row.get("source")), rubric=criteria),
    )


def _name(task: Task) -> str:
    return "healthbench" if task.source.hub_id else "rubric_synthetic"


def _meta(row: data.Row) -> dict[str, Any]:
    """example_tags are slices that reuse the item's score; tags of criteria stay with the criteria."""
    tags = [data.text(tag) for tag in row.get("example_tags") or ()]
    facts = {"subject": data.text(row.get("specialty")), "tags": tags}
    return {name: value for name, value in facts.items() if value}


def _turns(conversation: Any, place: str) -> tuple[tuple[str, str], ...]:
    """(role, text) of each message; the last one is the question, so it has to be the user's."""
    messages = conversation if isinstance(conversation, list) else []
    turns = tuple(_turn(message, place) for message in messages)
    if not turns or turns[-1][0] != "user" or not turns[-1][1].strip():
        last = turns[-1][0] if turns else "nothing"
        raise DataError(
            f"{place}: the conversation ends with {last}, not with a question of the user. Correct it."
        )
    return turns


def _turn(message: Any, place: str) -> tuple[str, str]:
    role = data.text(data.field(message, "role", place))
    if role not in _ROLES:
        raise DataError(f"{place}: the role {role!r} is none of {', '.join(_ROLES)}. Correct the file.")
    return role, data.text(data.field(message, "content", place))


def _criteria(written: Any, place: str) -> tuple[Criterion, ...]:
    """Negative points are for what must not happen; a rubric may lack positive ones, but not be empty."""
    if not isinstance(written, list) or not written:
        raise DataError(f"{place} has no rubric, so no reply could be scored. Leave it out, or add criteria.")
    return tuple(_criterion(one, f"{place} criterion {number}") for number, one in enumerate(written, 1))


def _criterion(written: Any, place: str) -> Criterion:
    text = data.text(data.field(written, "criterion", place))
    points = _points(data.field(written, "points", place))
    if not text.strip() or points is None:
        raise DataError(
            f"{place}: {text[:40]!r} with points {written.get('points')!r}; it needs a text and points from "
            f"-{_MOST_POINTS} to {_MOST_POINTS}, and not 0. Correct the file."
        )
    return Criterion(text, points, tuple(data.text(tag) for tag in written.get("tags") or ()))


def _points(written: Any) -> float | None:
    """None for what is no number of -10 to 10, or 0: meeting it would change nothing."""
    try:
        points = float(data.text(written))
    except ValueError:
        return None
    is_fit = math.isfinite(points) and 0 < abs(points) <= _MOST_POINTS
    return points if is_fit else None

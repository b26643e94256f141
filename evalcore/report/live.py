"""What the Live page shows once a second: from the cube and from the newest answers only."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from evalcore.report.runs import MISSING, Standing, cost_of, find_standing, headline, task_status
from evalcore.stats import live_interval
from evalcore.store import Store, overview, work
from evalcore.store.overview import Recent, TaskPlace
from evalcore.store.schema import WorkState
from evalcore.store.spending import USED_UP
from evalcore.types import AnswerState

WINDOW_S = 60.0  # rates are over the answers of the last minute,
WINDOW_ANSWERS = 200  # at most so many
LATEST = 12


@dataclass(frozen=True)
class TaskProgress:
    """How far one task has come. rate: items a second, None while nothing arrives.

    low, high: where the share right of all planned items lies, valid at every look if the order is random.
    """

    task: str
    version: str
    metric: str
    way: str
    planned: int
    done: int
    failed: int
    rate: float | None
    eta_s: float | None
    right: int
    scored: int
    partly: int
    unscored: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Snapshot:
    """A run at one moment. costless: answers whose price is unknown; then cost_usd is None.

    kind: ask or judge. states: answers by what could be read of them. judged, against, rubric, budget_usd,
    batch: of a judge's run. arriving: of a cancelled run, what is still out or not yet read.
    """

    code: str
    name: str
    model: str
    precision: str
    status: str
    waiting_for: str
    waiting_key: str
    pause_reason: str
    planned: int
    done: int
    failed: int
    rate: float | None
    eta_s: float | None
    tokens_in: int
    tokens_out: int
    cost_usd: float | None
    costless: int
    is_random_order: bool
    created_at: float
    tasks: tuple[TaskProgress, ...]
    errors: tuple[tuple[str, int], ...]
    latest: tuple[Recent, ...]
    kind: str = "ask"
    states: tuple[tuple[str, int], ...] = ()
    judged: str = ""
    against: str = ""
    rubric: str = ""
    budget_usd: float | None = None
    batch: int = 1
    arriving: int = 0

    @property
    def is_judge(self) -> bool:
        return self.kind == "judge"

    @property
    def is_out_of_budget(self) -> bool:
        """Paused, because what is left pays for no further call."""
        return self.status == "paused" and USED_UP in self.pause_reason

    @property
    def is_over(self) -> bool:
        """Nothing more will come: of a cancelled run, too, what was out when it was cancelled."""
        return self.status in {"finished", "finished_with_failures", "cancelled"} and not self.arriving


def live(store: Store, code: str) -> Snapshot:
    """Cheap at any size: nothing is counted that the cube or an index has not counted already."""
    with store.read() as transaction:
        standing = find_standing(transaction, code)
        run_id = standing.place.id
        arrivals = overview.arrivals(transaction, run_id, WINDOW_ANSWERS)
        errors = overview.errors_by_kind(transaction, run_id) if standing.failed else []
        latest = overview.latest(transaction, run_id, LATEST)
        counts = work.open_counts(transaction, run_id) if standing.status == "cancelled" else {}
    found = _snapshot(standing, arrivals, errors, latest)
    return replace(found, arriving=counts.get(WorkState.LEASED, 0) + counts.get(WorkState.ANSWERED, 0))


def _snapshot(
    standing: Standing,
    arrivals: Sequence[tuple[int, float]],
    errors: Sequence[tuple[str, int]],
    latest: Sequence[Recent],
) -> Snapshot:
    place, left = standing.place, standing.planned - standing.done - standing.failed
    rate = None if standing.is_over else rate_of([at for _, at in arrivals], time.time())
    return Snapshot(
        code=place.code,
        name=place.name,
        model=place.model,
        precision=place.precision,
        status=standing.status,
        waiting_for=standing.waiting_for,
        waiting_key=standing.waiting_key,
        pause_reason=place.pause_reason,
        planned=standing.planned,
        done=standing.done,
        failed=standing.failed,
        rate=rate,
        eta_s=left / rate if rate else None,
        tokens_in=sum(cell.tokens_in for cell in standing.sums),
        tokens_out=sum(cell.tokens_out for cell in standing.sums),
        cost_usd=cost_of(standing.sums),
        costless=sum(cell.costless for cell in standing.sums if cell.outcome != MISSING),
        is_random_order=place.spec.get("order") == "random",
        created_at=place.created_at,
        tasks=_progress(standing, arrivals, rate),
        errors=tuple(errors),
        latest=tuple(latest),
        states=_states(standing),
        **_judging(standing),
    )


def _states(standing: Standing) -> tuple[tuple[str, int], ...]:
    counts = {
        str(state): sum(cell.n for cell in standing.sums if cell.answer_state == state)
        for state in AnswerState
    }
    return tuple((state, n) for state, n in counts.items() if n)


def _judging(standing: Standing) -> dict[str, Any]:
    """What a judge's run is about; nothing for other runs."""
    spec = standing.place.spec
    if standing.place.kind != "judge":
        return {"kind": standing.place.kind}
    rubric = f"{spec['rubric']}-{spec['rubric_version']}"
    about = {"judged": spec["run"], "against": spec["against"], "budget_usd": spec["budget_usd"]}
    about["batch"] = spec.get("batch", 1)
    return about | {"kind": "judge", "rubric": rubric}


def rate_of(times: Sequence[float], now: float) -> float | None:
    """Answers a second over the last minute, or since the oldest of the newest; None when none came.

    times: newest first.
    """
    recent = [at for at in times if at > now - WINDOW_S]
    if not recent:
        return None
    is_cut_off = len(times) == WINDOW_ANSWERS and len(recent) == len(times)
    span = now - recent[-1] if is_cut_off or len(recent) == len(times) else WINDOW_S
    return len(recent) / max(span, 1.0)


def _progress(
    standing: Standing, arrivals: Sequence[tuple[int, float]], rate: float | None
) -> tuple[TaskProgress, ...]:
    """Tasks are asked one after another, so each one's end waits for those before it."""
    found, before = [], 0
    for task in standing.tasks:
        status = task_status(standing, task)
        left = status.planned - status.done - status.failed
        before += left
        mine = [at for version_id, at in arrivals if version_id == task.task_version_id]
        own_rate = rate_of(mine, time.time()) if left and rate else None
        found.append(_task_progress(standing, task, own_rate, before / rate if rate and left else None))
    return tuple(found)


def _task_progress(
    standing: Standing, task: TaskPlace, rate: float | None, eta_s: float | None
) -> TaskProgress:
    status, first = task_status(standing, task), headline(task, standing.of_task(task))
    low, high = first.low, first.high
    if first.value is not None:
        low, high = live_interval(first.right, first.n, max(status.planned, first.n))
    return TaskProgress(
        task=task.task,
        version=task.version,
        metric=task.metric,
        way=task.way,
        planned=status.planned,
        done=status.done,
        failed=status.failed,
        rate=rate,
        eta_s=eta_s,
        right=first.right,
        scored=first.n,
        partly=first.partly,
        unscored=first.unscored,
        value=first.value,
        low=low,
        high=high,
    )

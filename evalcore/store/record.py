"""A record: everything that is known about one item in one run, gathered from the tables."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from evalcore.types import Answer, Criterion, Kind, Option, Prompt, Response, Way

JUDGED = ("rating/", "rubric/")  # how metrics begin that a judge made


@dataclass(frozen=True)
class ScoreRow:
    """One score as it is kept. state: scored or unscored; key: name/version of the truth it was held against.

    parts: counts that a summary needs.
    """

    metric: str
    value: float | None
    why: str
    scorer: int
    key: str
    parts: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_judged(self) -> bool:
        """One that a judge gave the whole reply: METRIC/JUDGE/RUBRIC."""
        return self.metric.startswith(JUDGED)

    @property
    def state(self) -> str:
        return "unscored" if self.value is None else "scored"


@dataclass(frozen=True)
class Problem:
    """Why a record has no answer. attempts: how often the model was asked."""

    kind: str
    message: str
    attempts: int


@dataclass(frozen=True)
class Sibling:
    """An item of the same stem; work_id is None where this run did not ask it (yet)."""

    item: str
    work_id: int | None
    beginning: str
    outcome: str


@dataclass(frozen=True)
class JudgementRow:
    """A model's verdict; text: what the judge wrote.

    order: 1 where two answers were shown in reverse. repeat: 1 where the cell was asked again. response_ids:
    what was judged, in the stored order; () is the item itself.
    """

    judge: str
    rubric: str
    criterion: str
    state: str
    verdict: Any
    text: str
    order: int = 0
    repeat: int = 0
    response_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Rival:
    """The other response of a comparison, or the one a judge's cell is about: whose, and what it says."""

    response_id: int
    work_id: int
    run: str
    model: str
    text: str


@dataclass(frozen=True)
class Spoken:
    """One turn of a dialogue. role: doctor or patient; is_tested: said by the model that the run tests."""

    role: str
    text: str
    is_tested: bool


@dataclass(frozen=True)
class ReviewRow:
    """A clinician's verdict, in its latest revision. hidden: what the reviewer did not see, such as model,
    gold, judge; None where that was not recorded.
    """

    reviewer: str
    form: str
    revision: int
    verdict: Any
    note: str
    created_at: float
    hidden: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Record:
    """What the Items page shows and `export` writes.

    run: its code. item: the item's id within the task; item_id: its row, the same in every task. gold:
    acceptable answers. key: name and version of that truth. prompt and response are None where nothing was
    recorded or came back. answer: the one that the outcome follows; answers: what other readers read.
    metrics: the task's, the headline first. run_kind: ask, or judge (the reply is a judge's on `criterion`,
    order and repeat as a JudgementRow's; rivals in the stored order). dialogue, siblings, an answer's rivals:
    only where one record is looked up.
    """

    work_id: int
    run: str
    run_name: str
    model: str
    precision: str
    task: str
    task_version: str
    kind: Kind
    way: Way | None
    item: str
    item_id: int
    item_sha: str
    position: int
    sample: int
    language: str
    subject: str
    group: str
    question: str
    options: tuple[Option, ...]
    context: str
    gold: tuple[tuple[str, ...], ...]
    key: tuple[str, int]
    rationale: str
    source: str
    meta: Mapping[str, Any]
    outcome: str
    answer_state: str
    picked: str
    turns: tuple[tuple[str, str], ...] = ()
    rubric: tuple[Criterion, ...] = ()
    metrics: tuple[str, ...] = ()
    run_kind: str = "ask"
    criterion: str = ""
    order: int = 0
    repeat: int = 0
    prompt: Prompt | None = None
    response: Response | None = None
    response_id: int | None = None
    asked_at: float | None = None
    is_reused: bool = False
    answer: Answer | None = None
    answers: tuple[Answer, ...] = ()
    scores: tuple[ScoreRow, ...] = ()
    error: Problem | None = None
    siblings: tuple[Sibling, ...] = ()
    judgements: tuple[JudgementRow, ...] = ()
    reviews: tuple[ReviewRow, ...] = ()
    dialogue: tuple[Spoken, ...] = ()
    rivals: tuple[Rival, ...] = ()

    @property
    def fewshot(self) -> tuple[str, ...]:
        return self.prompt.fewshot_ids if self.prompt else ()

    @property
    def gold_text(self) -> str:
        return written_gold(self.gold)

    @cached_property
    def probabilities(self) -> dict[str, float]:
        """Shares of the options by their log-likelihoods; empty where none were recorded."""
        logprobs = (self.response.option_logprobs if self.response else None) or {}
        if not logprobs or not all(map(math.isfinite, logprobs.values())):
            return {}
        best = max(logprobs.values())
        weights = {label: math.exp(value - best) for label, value in logprobs.items()}
        total = math.fsum(weights.values())
        return {label: weight / total for label, weight in weights.items()}


def written_gold(acceptable: Any) -> str:
    """`B`, `A, C` (both) or `A or D` (either)."""
    return " or ".join(", ".join(alternative) for alternative in acceptable)

"""What makes two judges' runs the same run, and the rubric that one was planned with."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evalcore import models
from evalcore.errors import UsageError
from evalcore.judge.library import load_rubric
from evalcore.judge.own import kept_version
from evalcore.judge.rubric import Rubric
from evalcore.types import Sampling

KIND = "judge"
READER = "judge"  # of the answers that a judge's replies are kept as


@dataclass(frozen=True)
class JudgeSpec:
    """One judge over one run. rubric: its id. against: the other run of a pairwise comparison.

    again: share of the cells that are asked twice. budget_usd: the run pauses when it has cost so much.
    Identity is everything here but the budget: a second judge, or a new version of a rubric, is another run.
    """

    model: str
    run: str
    rubric: str
    rubric_version: int = 0
    against: str = ""
    precision: str = "auto"
    seed: int = 0
    again: float = 0.05
    budget_usd: float | None = None
    sampling: Sampling = Sampling(max_tokens=1024)

    @property
    def is_local(self) -> bool:
        return models.parse(self.model).kind != "api"


def to_json(spec: JudgeSpec) -> dict[str, Any]:
    return asdict(spec) | {"reader": READER}


def from_json(stored: Mapping[str, Any]) -> JudgeSpec:
    values = {name: value for name, value in stored.items() if name not in ("reader", "sampling")}
    sampling = dict(stored["sampling"])
    sampling["stop"] = tuple(sampling["stop"])
    return JudgeSpec(**values, sampling=Sampling(**sampling))


def rubric_of(spec: JudgeSpec, folder: Path | None = None) -> Rubric:
    """The rubric that a run was planned with; UsageError where only another version is here now.

    folder: with rubrics of one's own, as for `load_rubric`.
    """
    kept = kept_version(spec.rubric, spec.rubric_version, folder)
    if kept is not None:
        return kept
    rubric = load_rubric(spec.rubric, folder)
    if rubric.version != spec.rubric_version:
        raise UsageError(
            f"The run judges by {spec.rubric}-{spec.rubric_version}, but the file is {rubric.name} now. "
            "Judge again: a new version is a new run."
        )
    return rubric

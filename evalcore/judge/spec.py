"""What makes two judges' runs the same run, and the rubric that one was planned with."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from evalcore import models
from evalcore.errors import UsageError
from evalcore.judge.batches import MOST
from evalcore.judge.library import load_rubric
from evalcore.judge.own import kept_version
from evalcore.judge.rubric import Rubric
from evalcore.types import Sampling

KIND = "judge"
READER = "judge"  # of the answers that a judge's replies are kept as
_MORE = 256  # tokens for each further criterion of a call


@dataclass(frozen=True)
class JudgeSpec:
    """One judge over one run. rubric: its id. against: the other run of a pairwise comparison.

    again: share of the calls that are asked twice. budget_usd: the run pauses when it has cost so much.
    batch: criteria of one call. Identity is everything here but the budget: a second judge, a new version of
    a rubric or another batch is another run.
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
    batch: int = 1
    sampling: Sampling = Sampling(max_tokens=1024)

    @property
    def is_local(self) -> bool:
        return models.parse(self.model).kind != "api"

    @property
    def told(self) -> str:
        """The model, and how many criteria it is asked at once where these are several."""
        return f"{self.model} batch={self.batch}" if self.batch > 1 else self.model

    def name_with(self, precision: str) -> str:
        """As it stands in a score's name: a local one's precision, and how much it is asked at once."""
        return f"{self.model} {precision}" if self.is_local else self.told.partition("/")[2]

    @property
    def call(self) -> Sampling:
        """One call's: a batch has more to write."""
        return replace(self.sampling, max_tokens=self.sampling.max_tokens + _MORE * (self.batch - 1))

    def fitting(self, rubric: Rubric) -> "JudgeSpec":
        """With the rubric's name, and the batch that can be: one criterion a call for a judge of this machine
        (its verdicts are ranked) and for a rubric with a prompt of its own. Raises UsageError.
        """
        if not 1 <= self.batch <= MOST:
            raise UsageError(f"A call can ask 1 to {MOST} criteria, not {self.batch}. Choose another batch.")
        most = len(rubric.criteria) or self.batch
        batch = 1 if self.is_local or rubric.prompt or rubric.pattern else min(self.batch, most)
        return replace(self, rubric=rubric.id, rubric_version=rubric.version, batch=batch)


def asked_singly(specs: Iterable[JudgeSpec], rubric: Rubric) -> list[str]:
    """Judges that were to be asked several criteria a call and will be asked one."""
    return [one.model for one in specs if one.batch > 1 and one.fitting(rubric).batch == 1]


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

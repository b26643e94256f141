"""What makes two judges' runs the same run, and the rubric that one was planned with."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from evalcore import models
from evalcore.errors import UsageError
from evalcore.judge.batches import MOST
from evalcore.judge.own import rubric_named
from evalcore.judge.rubric import Rubric
from evalcore.types import Sampling, judge_name

KIND = "judge"
READER = "judge"  # of the answers that a judge's replies are kept as
AS_ASKED = "rubric_as_asked"
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
        return judge_name(self.model, precision, self.batch)

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


def with_rubric(spec: JudgeSpec, rubric: Rubric) -> dict[str, Any]:
    """As a run keeps it: with every word of the rubric, which files of this machine may lose or change."""
    return to_json(spec) | {AS_ASKED: asdict(rubric)}


def from_json(stored: Mapping[str, Any]) -> JudgeSpec:
    values = {name: value for name, value in stored.items() if name not in ("reader", "sampling", AS_ASKED)}
    sampling = dict(stored["sampling"])
    sampling["stop"] = tuple(sampling["stop"])
    return JudgeSpec(**values, sampling=Sampling(**sampling))


def is_kept_whole(stored: Mapping[str, Any]) -> bool:
    return AS_ASKED in stored


def rubric_of(stored: Mapping[str, Any], folder: Path) -> Rubric:
    """The rubric that a run was planned with. stored: its spec as `with_rubric` made it.

    A run from before rubrics were kept with it is read from the files. folder: with rubrics of one's own.
    Raises UsageError, DataError.
    """
    if is_kept_whole(stored):
        return Rubric.from_json(stored[AS_ASKED])
    return rubric_named(f"{stored['rubric']}-{stored['rubric_version']}", folder)

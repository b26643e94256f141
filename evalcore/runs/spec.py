"""What a person asks for, and what makes two requests the same run."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from evalcore.errors import UsageError
from evalcore.types import RANKABLE, LoadedTask, ModelIdentity, Sampling, Task, Way, content_hash


@dataclass(frozen=True)
class RunSpec:
    """One model asked a set of tasks. Everything here is part of the run's identity except `reader`.

    model: as in cli.md. tasks: ids or globs. ask: auto, rank or generate. chat: auto, on or off.
    order: file (as published) or random (seeded). reader: which answers count, a reading may change later.
    fewshot: None, and sampler: auto, are what each task's own prompt has. partner: the model that the tested
    one talks to in dialogues, "" is the tested model itself; role: doctor or patient, whom the tested model
    plays; max_turns: turns of the doctor, at most.
    """

    model: str
    tasks: tuple[str, ...]
    precision: str = "auto"
    ask: str = "auto"
    template: str = ""
    fewshot: int | None = None
    sampler: str = "auto"
    order: str = "file"
    seed: int = 0
    chat: str = "auto"
    samples: int = 1
    sampling: Sampling = Sampling()
    reader: str = "robust"
    partner: str = ""
    role: str = "doctor"
    max_turns: int = 10

    def shots(self, task: Task) -> int:
        """Examples before each item of the task."""
        return task.shots if self.fewshot is None else self.fewshot


_CHOICES = {
    "ask": ("auto", "rank", "generate"),
    "sampler": ("auto", "first_n", "seeded", "harness_random"),
    "order": ("file", "random"),
    "chat": ("auto", "on", "off"),
    "role": ("doctor", "patient"),
}


def validated(spec: RunSpec) -> RunSpec:
    """The spec itself, or a UsageError that names the value that cannot be."""
    for name, allowed in _CHOICES.items():
        if getattr(spec, name) not in allowed:
            raise UsageError(f"{name} is {getattr(spec, name)!r}; it can be {', '.join(allowed)}.")
    if (spec.fewshot or 0) < 0 or not 1 <= spec.samples <= 1000:
        raise UsageError(
            f"fewshot is {spec.fewshot} and samples {spec.samples}: give 0 or more, and 1 to 1000."
        )
    if not 1 <= spec.max_turns <= 100:
        raise UsageError(f"max_turns is {spec.max_turns}: give 1 to 100.")
    if spec.samples > 1 and spec.sampling.temperature == 0:
        raise UsageError(
            f"{spec.samples} samples at temperature 0 would all be the same. Give --temperature above 0."
        )
    return spec


def to_json(spec: RunSpec) -> dict[str, Any]:
    return asdict(spec)


def from_json(stored: Mapping[str, Any]) -> RunSpec:
    """The spec as it was stored; settings that later versions added keep their defaults."""
    values = dict(stored)
    sampling = dict(values.pop("sampling"))
    sampling["stop"] = tuple(sampling["stop"])
    values["tasks"] = tuple(values["tasks"])
    return RunSpec(**values, sampling=Sampling(**sampling))


def way_for(task: Task, ask: str, why_no_rank: str) -> Way:
    """How this task is asked of a model; why_no_rank: empty where it can rank. UsageError where it cannot."""
    why = why_no_rank if task.kind in RANKABLE else f"its kind is {task.kind}"
    if ask == "rank" and why:
        raise UsageError(f"{task.id} cannot be asked by rank: {why}. Use --ask generate, or auto.")
    return Way.GENERATE if ask == "generate" or why else Way.RANK


def identity_of(spec: RunSpec, model: ModelIdentity, tasks: Sequence[tuple[LoadedTask, Way]]) -> str:
    """Same model, same task versions, same way of asking: the same run, whatever its limit or name."""
    asked = {
        name: value
        for name, value in to_json(spec).items()
        if name not in ("model", "tasks", "reader", "precision")
    }
    members = [[loaded.task.id, loaded.version, str(way)] for loaded, way in tasks]
    return content_hash([model.sha, members, asked])

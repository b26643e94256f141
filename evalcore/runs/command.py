"""The command that does what a spec says, for people to copy."""

import shlex
from collections.abc import Sequence
from typing import Any

from evalcore.judge.spec import JudgeSpec
from evalcore.runs.spec import RunSpec

OPTIONS = (
    "precision",
    "ask",
    "template",
    "fewshot",
    "sampler",
    "order",
    "seed",
    "chat",
    "samples",
    "reader",
    "partner",
    "role",
    "max_turns",
)
_SAMPLING = ("temperature", "top_p", "top_k", "max_tokens")


def command_line(spec: RunSpec, limit: int | None = None, judges: Sequence[JudgeSpec] = ()) -> str:
    """`python -m evalcore run ...` with what differs from the defaults, quoted for a shell.

    judges: that grade the answers once they are there; all by one rubric, budget and batch.
    """
    usual = RunSpec(spec.model, spec.tasks)
    words = ["python", "-m", "evalcore", "run", "--model", spec.model, "--tasks", ",".join(spec.tasks)]
    words += [] if limit is None else ["--limit", str(limit)]
    words += _different(spec, usual, OPTIONS) + _different(spec.sampling, usual.sampling, _SAMPLING)
    for stop in spec.sampling.stop:
        words += ["--stop", stop]
    for one in judges:
        words += ["--judge", one.model]
    if judges:
        words += ["--rubric", judges[0].rubric]
        words += [] if judges[0].batch == 1 else ["--batch", str(judges[0].batch)]
        words += [] if judges[0].budget_usd is None else ["--budget-usd", f"{judges[0].budget_usd:g}"]
    return shlex.join(words)


def _different(given: Any, usual: Any, names: tuple[str, ...]) -> list[str]:
    return [
        word
        for name in names
        if getattr(given, name) != getattr(usual, name)
        for word in (f"--{name.replace('_', '-')}", str(getattr(given, name)))
    ]

"""How one task is asked in one run: which template, which examples, chat or plain, and what identifies an
answer.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from evalcore import prompts
from evalcore.runs.spec import RunSpec
from evalcore.types import Entry, ModelIdentity, Prompt, Sampling, Task, Way, content_hash


@dataclass
class Asking:
    """Renders the items of one task in the same way, whoever does it and whenever."""

    spec: RunSpec
    task: Task
    pool: tuple[Entry, ...]
    way: Way
    chat: bool
    _drawn: list[tuple[Entry, ...]] = field(default_factory=list)
    _random: random.Random = field(default_factory=lambda: random.Random(prompts.FEWSHOT_SEED))  # noqa: S311

    @classmethod
    def of(
        cls, spec: RunSpec, task: Task, pool: Sequence[Entry], way: Way, has_chat_template: bool
    ) -> "Asking":
        """Chat auto: off for ranking (as the harness), on for writing where the model has a template."""
        on_auto = way is Way.GENERATE and has_chat_template
        return cls(spec, task, tuple(pool), way, spec.chat == "on" or (spec.chat == "auto" and on_auto))

    def prompt(self, entry: Entry, position: int) -> Prompt:
        """What the model will read for the entry at this position; never shows the entry's own key."""
        return prompts.render(
            entry.item,
            task=self.task,
            way=self.way,
            shots=self._shots(entry, position),
            template=self.spec.template,
            chat=self.chat,
        )

    def _shots(self, entry: Entry, position: int) -> tuple[Entry, ...]:
        sampler = self.task.sampler if self.spec.sampler == "auto" else self.spec.sampler
        count = self.spec.shots(self.task)
        if not count:
            return ()
        if sampler == "harness_random":
            return self._drawn_at(entry, position)
        return prompts.choose_shots(self.pool, entry, count, sampler=sampler, seed=self.spec.seed)

    def _drawn_at(self, entry: Entry, position: int) -> tuple[Entry, ...]:
        """The harness draws item after item in file order, so an item's examples need all draws before."""
        while len(self._drawn) <= position:
            self._drawn.append(
                prompts.choose_shots(
                    self.pool,
                    entry,
                    self.spec.shots(self.task),
                    sampler="harness_random",
                    rng=self._random,
                )
            )
        return self._drawn[position]


_SAMPLING = ("temperature", "top_p", "top_k", "max_tokens", "stop", "seed")


def ask_key(
    model: ModelIdentity, prompt: Prompt, way: Way, sampling: Sampling, sample: int, repeat: int
) -> str:
    """Equal keys mean that the stored answer is the answer; a fresh repeat never shares one."""
    drawn = None if way is Way.RANK else [getattr(sampling, name) for name in _SAMPLING]
    return content_hash([model.sha, prompt.key, str(way), drawn, sample, repeat])

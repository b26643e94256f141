"""Fast where it has been seen to give the plain way's numbers on the task at hand, plain everywhere else."""

import logging
import math
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from evalcore.models.transformers import plain_scoring
from evalcore.models.transformers.attention import is_allowed
from evalcore.models.transformers.batches import Budget
from evalcore.models.transformers.packed_scoring import PackedScorer
from evalcore.models.transformers.ranking import Ranked

CHECKED = 2  # requests of each kind that are asked in both ways
NEAR = {4: (1e-3, 1e-5), 2: (0.3, 0.01)}  # bytes of a number -> absolute and relative difference allowed
NOTICE = "asked in the plain, slower way, because the fast one is not right for this model: {}"

log = logging.getLogger(__name__)


class CheckedScorer:
    """A scorer; see `ranking`. The first requests of each kind are asked in both ways."""

    def __init__(self, model: Any, plain: Budget, fast: Budget) -> None:
        self._model = model
        self._plain = partial(plain_scoring.score, model, plain)
        self._fast = PackedScorer(model, fast) if is_allowed(model) else None
        self._proven: set[tuple[str, bool, bool]] = set()
        self._notice = ""

    @property
    def is_fast(self) -> bool:
        return self._fast is not None

    def __call__(self, waiting: Sequence[Ranked]) -> Iterator[None]:
        if self._fast is None:
            yield from self._plain(waiting)
            return
        left = list(waiting)
        for _ in self._tried(waiting):
            done = [ranked for ranked in left if ranked.is_complete]
            difference = self._difference(done)
            if difference > 1:
                self._give_up(f"its numbers differ by {difference:.0f} times what rounding may do")
                break
            left = [ranked for ranked in left if not ranked.is_complete]
            yield
        if self._fast is None:
            yield from self._again(left)

    def _tried(self, waiting: Sequence[Ranked]) -> Iterator[None]:
        """The fast way; what it cannot do is seen at its first use."""
        try:
            yield from self._fast(waiting) if self._fast else ()
        except (RuntimeError, TypeError) as error:
            if self._proven:
                raise
            self._give_up(f"{type(error).__name__}: {error}"[:200])

    def _give_up(self, why: str) -> None:
        self._fast = None
        self._notice = NOTICE.format(why)
        log.warning("%s", self._notice)

    def _again(self, left: Sequence[Ranked]) -> Iterator[None]:
        for ranked in left:
            ranked.forget()
            ranked.notes = (self._notice,)
        yield from self._plain(left)

    def _difference(self, done: Sequence[Ranked]) -> float:
        """Of the first requests of each new kind: the largest, as a multiple of what is allowed."""
        largest = 0.0
        new = [ranked for ranked in done if _kind(ranked) not in self._proven and ranked.failure is None]
        for kind in {_kind(ranked) for ranked in new}:
            fast = [ranked for ranked in new if _kind(ranked) == kind][:CHECKED]
            plain = [Ranked(ranked.request, ranked.pairs) for ranked in fast]
            for _ in self._plain(plain):
                pass
            apart = map(partial(_apart, *NEAR[self._model.dtype.itemsize]), fast, plain)
            largest = max(largest, *apart)
            self._proven |= {kind} if largest <= 1 else set()
        return largest


def _apart(absolute: float, relative: float, fast: Ranked, plain: Ranked) -> float:
    """Largest difference as a multiple of the allowed one; numbers that are not finite must be so in both."""
    if plain.failure:
        return 0.0
    pairs = [(fast.found[option][0], plain.found[option][0]) for option in plain.found]
    are_finite = [(math.isfinite(a), math.isfinite(b)) for a, b in pairs]
    if not all(a and b for a, b in are_finite):
        return 0.0 if all(a == b for a, b in are_finite) else math.inf
    return max(abs(a - b) / (absolute + relative * abs(b)) for a, b in pairs)


def _kind(ranked: Ranked) -> tuple[str, bool, bool]:
    """What may make a difference: the template, chat, and whether there are examples to share."""
    prompt = ranked.request.prompt
    return prompt.template, prompt.is_chat, bool(prompt.fewshot_ids)

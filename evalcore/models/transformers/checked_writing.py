"""Writes fast where the first texts have been seen to be right, in the plain way everywhere else."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any

import torch

from evalcore.models.transformers import plain_writing
from evalcore.models.transformers.attention import is_allowed
from evalcore.models.transformers.batches import Budget
from evalcore.models.transformers.checked_scoring import CHECKED, NEAR, NOTICE
from evalcore.models.transformers.packed_writing import PackedWriter
from evalcore.models.transformers.plain_scoring import scored_logits
from evalcore.models.transformers.writing import Draft

log = logging.getLogger(__name__)


class CheckedWriter:
    """A writer; see `writing`. No text is given out before the first ones have been read again plainly."""

    def __init__(
        self, model: Any, tokenizer: Any, *, plain: Budget, passes: Budget, kept: Budget, most: int
    ) -> None:
        self._model = model
        self._plain = partial(plain_writing.write, model, tokenizer, plain)
        self._fast = (
            PackedWriter(model, tokenizer, passes=passes, kept=kept, most=most) if is_allowed(model) else None
        )
        self._checked = 0

    @property
    def is_fast(self) -> bool:
        return self._fast is not None

    def __call__(self, drafts: Iterator[Draft]) -> Iterator[Draft]:
        fast = self._fast
        if fast is None:
            yield from self._plain(drafts)
            return
        try:
            for draft in fast(drafts):
                if fast.is_watched and draft.failure is None:
                    self._check(fast, draft)
                yield draft
        except (RuntimeError, TypeError, _Wrong) as error:
            if not fast.is_watched:
                raise
            notice = NOTICE.format(f"{error}"[:200])
            log.warning("%s", notice)
            self._fast = None
            begun = [replace(draft, notes=(notice,)) for draft in fast.surrender()]
            yield from self._plain(chain(begun, drafts))

    def _check(self, fast: PackedWriter, draft: Draft) -> None:
        difference = self._difference(draft)
        if difference > 1:
            fast.keep(draft)
            raise _Wrong(f"its numbers differ by {difference:.0f} times what rounding may do")
        self._checked += 1
        fast.is_watched = self._checked < CHECKED

    def _difference(self, draft: Draft) -> float:
        """Largest difference between the likelihoods of a text's tokens, as a multiple of the allowed one."""
        ids = torch.tensor([draft.prompt + tuple(draft.tokens[:-1])])
        places = [(0, place) for place in range(len(draft.prompt) - 1, ids.shape[1])]
        with torch.inference_mode():
            logits = scored_logits(self._model, ids, places).float()
        plain = logits.log_softmax(-1)[range(len(draft.tokens)), draft.tokens].tolist()
        absolute, relative = NEAR[self._model.dtype.itemsize]
        return max(  # type: ignore[no-any-return]
            abs(a - b) / (absolute + relative * abs(b)) for a, b in zip(draft.logprobs, plain, strict=True)
        )


class _Wrong(Exception):
    """The fast way is not right for this model."""

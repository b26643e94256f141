"""The plain, exact way to rank: each distinct input once through the model, padded; any architecture."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import torch

from evalcore.models.transformers.batches import Budget
from evalcore.models.transformers.heads import Tokens
from evalcore.models.transformers.ranking import Ranked, note

Scores = tuple[list[tuple[float, bool]], float]  # of each want, and the seconds it took


@dataclass
class Row:
    """One input and all that is read from it: options that differ in their last token only share a row."""

    tokens: Tokens
    wants: list[tuple[Ranked, int]] = field(default_factory=list)

    @property
    def reach(self) -> int:
        """Positions at the end of the row whose logits are needed."""
        return max(len(ranked.pairs[option].continuation) for ranked, option in self.wants)


def score(model: Any, budget: Budget, waiting: Sequence[Ranked]) -> Iterator[None]:
    for batch, found in budget.run(_rows(waiting), lambda row: len(row.tokens), partial(_timed, model)):
        scores, seconds = found or (None, 0.0)
        note([want for row in batch for want in row.wants], scores, seconds)
        yield


def _rows(waiting: Sequence[Ranked]) -> list[Row]:
    rows: dict[Tokens, Row] = {}
    for ranked in waiting:
        for option, pair in enumerate(ranked.pairs):
            tokens = (pair.context + pair.continuation)[:-1]
            rows.setdefault(tokens, Row(tokens)).wants.append((ranked, option))
    return list(rows.values())


def _timed(model: Any, batch: list[Row]) -> Scores:
    started = time.perf_counter()
    with torch.inference_mode():
        scores = _scores(model, batch)
    return scores, time.perf_counter() - started


def _scores(model: Any, batch: list[Row]) -> list[tuple[float, bool]]:
    """Right padding needs no mask in a causal model: nothing looks ahead."""
    ids = torch.nn.utils.rnn.pad_sequence([torch.tensor(row.tokens) for row in batch], batch_first=True)
    where = [
        (i, p) for i, row in enumerate(batch) for p in range(len(row.tokens) - row.reach, len(row.tokens))
    ]
    log_probs = scored_logits(model, ids, where).float().log_softmax(-1)
    best = log_probs.argmax(-1)
    starts, scores = 0, []
    for row in batch:
        ends = starts + row.reach
        wanted = [ranked.pairs[option].continuation for ranked, option in row.wants]
        scores += [_read(log_probs[:ends], best[:ends], continuation) for continuation in wanted]
        starts = ends
    return scores


def _read(log_probs: torch.Tensor, best: torch.Tensor, continuation: Tokens) -> tuple[float, bool]:
    """The continuation's tokens stand at the last positions."""
    wanted = torch.tensor(continuation, device=best.device)
    tail = log_probs[-len(continuation) :].gather(1, wanted[:, None])
    return float(tail.sum()), bool((best[-len(continuation) :] == wanted).all())


def scored_logits(model: Any, ids: torch.Tensor, where: list[tuple[int, int]]) -> torch.Tensor:
    """Logits [len(where), vocabulary] at (row, position): the output head sees these positions alone.

    The head is narrowed from outside, so that what the architecture does after it (scaling, soft caps) stays.
    """
    rows, positions = (torch.tensor(index, device=model.device) for index in zip(*where, strict=True))
    head = model.get_output_embeddings()
    if head is None:
        return model(ids.to(model.device), use_cache=False).logits[rows, positions]
    hook = head.register_forward_pre_hook(lambda _, args: (args[0][rows, positions][None], *args[1:]))
    try:
        return model(ids.to(model.device), use_cache=False).logits[0]
    finally:
        hook.remove()

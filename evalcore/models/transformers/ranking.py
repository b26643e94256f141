"""The plain, exact way to rank: each distinct input once through the model, logits only where they count.

The fast engine (shared prefixes, packing) belongs beside this file and must give the same numbers.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import torch

from evalcore.models.transformers.batches import Budget, windows
from evalcore.models.transformers.encoding import Encoder, Pair, Tokens, without_shots
from evalcore.models.transformers.failures import NAN, OUT_OF_MEMORY, too_long
from evalcore.types import Failure, Finish, Request, Response


@dataclass
class Ranked:
    """A request on its way: what is still missing of its answer."""

    request: Request
    pairs: tuple[Pair, ...]
    dropped_shots: int = 0
    found: dict[int, tuple[float, bool]] = field(default_factory=dict)
    failure: Failure | None = None
    seconds: float = 0.0

    @property
    def is_complete(self) -> bool:
        return self.failure is not None or len(self.found) == len(self.pairs)


@dataclass
class Row:
    """One input and all that is read from it: options that differ in their last token only share a row."""

    tokens: Tokens
    wants: list[tuple[Ranked, int]] = field(default_factory=list)

    @property
    def reach(self) -> int:
        """Positions at the end of the row whose logits are needed."""
        return max(len(ranked.pairs[option].continuation) for ranked, option in self.wants)


def rank(
    model: Any, encoder: Encoder, budget: Budget, requests: Iterable[Request]
) -> Iterator[tuple[Request, Response]]:
    for window in windows(requests):
        waiting = [_prepared(encoder, request) for request in window]
        rows = _rows([ranked for ranked in waiting if ranked.failure is None])
        for batch, found in budget.run(rows, lambda row: len(row.tokens), partial(_timed_scores, model)):
            _note(batch, found)
            done = [ranked for ranked in waiting if ranked.is_complete]
            waiting = [ranked for ranked in waiting if not ranked.is_complete]
            yield from ((ranked.request, _response(ranked)) for ranked in done)
        yield from ((ranked.request, _response(ranked)) for ranked in waiting)


def _prepared(encoder: Encoder, request: Request) -> Ranked:
    """Tokens of a request, as many first examples dropped as it takes to fit."""
    longest = 0
    for prompt, dropped in without_shots(request.prompt):
        pairs = encoder.pairs(encoder.text(prompt), prompt.targets)
        longest = max(len(pair.context) + len(pair.continuation) for pair in pairs)
        if longest <= encoder.max_length + 1:  # the last token is only read off, never fed
            return Ranked(request, pairs, dropped)
    return Ranked(request, (), failure=too_long(longest, encoder.max_length))


def _rows(waiting: list[Ranked]) -> list[Row]:
    rows: dict[Tokens, Row] = {}
    for ranked in waiting:
        for option, pair in enumerate(ranked.pairs):
            tokens = (pair.context + pair.continuation)[:-1]
            rows.setdefault(tokens, Row(tokens)).wants.append((ranked, option))
    return list(rows.values())


@dataclass(frozen=True)
class Found:
    """What one batch gave: (log-likelihood, is greedy) for each want of each row, and the time it took."""

    scores: list[list[tuple[float, bool]]]
    seconds: float


def _timed_scores(model: Any, batch: list[Row]) -> Found:
    started = time.perf_counter()
    with torch.inference_mode():
        scores = _scores(model, batch)
    return Found(scores, time.perf_counter() - started)


def _scores(model: Any, batch: list[Row]) -> list[list[tuple[float, bool]]]:
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
        scores.append(
            [_read(log_probs[:ends], best[:ends], ranked.pairs[o].continuation) for ranked, o in row.wants]
        )
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


def _note(batch: list[Row], found: Found | None) -> None:
    wants = sum(len(row.wants) for row in batch)
    for i, row in enumerate(batch):
        for j, (ranked, option) in enumerate(row.wants):
            if found is None:
                ranked.failure = OUT_OF_MEMORY
                continue
            ranked.found[option] = found.scores[i][j]
            ranked.seconds += found.seconds / wants


def _response(ranked: Ranked) -> Response:
    if ranked.failure is not None:
        return Response(finish=Finish.ERROR, failure=ranked.failure, seconds=ranked.seconds)
    found = [ranked.found[option] for option in range(len(ranked.pairs))]
    if not all(-float("inf") < value < float("inf") for value, _ in found):
        return Response(finish=Finish.ERROR, failure=NAN, seconds=ranked.seconds)
    labels = ranked.request.prompt.option_order or tuple(str(n) for n in range(len(found)))
    return Response(
        option_logprobs={label: value for label, (value, _) in zip(labels, found, strict=True)},
        greedy=tuple(label for label, (_, is_greedy) in zip(labels, found, strict=True) if is_greedy),
        finish=Finish.RANKED,
        tokens_in=len(ranked.pairs[0].context) + sum(len(pair.continuation) for pair in ranked.pairs),
        seconds=ranked.seconds,
        cost_usd=0.0,
        dropped_shots=ranked.dropped_shots,
    )

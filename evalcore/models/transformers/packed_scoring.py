"""The fast way to rank: every distinct token once, packed, logits only where an option is scored."""

import time
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import torch

from evalcore.models.transformers.attention import Packed, packed
from evalcore.models.transformers.batches import Budget, attempt
from evalcore.models.transformers.heads import Tokens
from evalcore.models.transformers.packing import Pass, Tree, families, lay_out, tree
from evalcore.models.transformers.passes import forward
from evalcore.models.transformers.prefixes import Prefix, Prefixes
from evalcore.models.transformers.ranking import Ranked, note

WORTH = 8  # a prefix is shared where it saves at least an eighth of a pass
HEAD_SHARE = 32768  # logits held at once, for each token of the budget

Member = tuple[Ranked, Tree]


class PackedScorer:
    """A scorer for allowed architectures; remembers the prefixes it has read."""

    def __init__(self, model: Any, budget: Budget) -> None:
        self._model, self._budget = model, budget
        self._prefixes = Prefixes(model, budget)
        self._vocabulary: int = model.get_output_embeddings().weight.shape[0]

    def __call__(self, waiting: Sequence[Ranked]) -> Iterator[None]:
        trees = [tree(ranked.pairs) for ranked in waiting]
        for family in families([one.head for one in trees], self._budget.tokens // WORTH):
            members = [(waiting[i], trees[i]) for i in family.members]
            yield from self._score(members, family.shared)

    def _score(self, members: list[Member], shared: int) -> Iterator[None]:
        prefix = attempt(partial(self._prefix, [one.head for _, one in members], shared)) or Prefix()
        ask = partial(self._asked, prefix)
        for batch, found in self._budget.run(members, partial(self._cost, len(prefix.tokens)), ask):
            scores, seconds = found or (None, 0.0)
            wants = [(ranked, option) for ranked, _ in batch for option in range(len(ranked.pairs))]
            note(wants, scores, seconds)
            yield

    def _prefix(self, heads: list[Tokens], shared: int) -> Prefix:
        with torch.inference_mode(), packed(self._model):
            return self._prefixes.of(heads, shared)

    def _cost(self, shared: int, member: Member) -> int:
        """Tokens of a request, or as many as its logits weigh."""
        ranked, one = member
        logits = sum(len(pair.continuation) for pair in ranked.pairs) * self._vocabulary
        return max(one.size - shared, logits // HEAD_SHARE)

    def _asked(self, prefix: Prefix, batch: list[Member]) -> tuple[list[tuple[float, bool]], float]:
        started = time.perf_counter()
        made = lay_out([(one, ranked.pairs) for ranked, one in batch], len(prefix.tokens))
        targets = [pair.continuation for ranked, _ in batch for pair in ranked.pairs]
        with torch.inference_mode(), packed(self._model):
            scores = _scores(self._model, made, prefix, targets)
        return scores, time.perf_counter() - started


def _scores(model: Any, made: Pass, prefix: Prefix, targets: list[Tokens]) -> list[tuple[float, bool]]:
    """For each target its log-likelihood, in float32, and whether each of its tokens is the likeliest."""
    rows = sorted({place for places in made.scored for place in places})
    row_of = {place: row for row, place in enumerate(rows)}
    reading = Packed(made.own, made.branches, prefix.layers or None)
    logits = forward(model, (made.tokens, made.positions), rows, reading).float()
    device = logits.device
    at = torch.tensor([row_of[place] for places in made.scored for place in places], device=device)
    wanted = torch.tensor([token for target in targets for token in target], device=device)
    values = logits[at, wanted] - logits.logsumexp(-1)[at]
    is_best = logits.argmax(-1)[at] == wanted
    return _by_target(values.tolist(), is_best.tolist(), targets)


def _by_target(values: list[float], is_best: list[bool], targets: list[Tokens]) -> list[tuple[float, bool]]:
    scores, start = [], 0
    for target in targets:
        stop = start + len(target)
        scores.append((sum(values[start:stop]), all(is_best[start:stop])))
        start = stop
    return scores

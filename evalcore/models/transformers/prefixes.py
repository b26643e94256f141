"""What many prompts begin with, read once and remembered: keys and values of each layer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from evalcore.models.transformers.attention import Layers, Packed, Stretch
from evalcore.models.transformers.batches import Budget, attempt
from evalcore.models.transformers.heads import Tokens
from evalcore.models.transformers.packing import common
from evalcore.models.transformers.passes import forward

KEPT_TOKENS = 8192  # of all remembered prefixes together
CLOSE = 0.9  # a remembered prefix serves when it is nearly as long as the one that is asked for


@dataclass(eq=False)
class Prefix:
    """layers: [1, key heads, tokens, width] each; empty for no prefix."""

    tokens: Tokens = ()
    layers: Layers = field(default_factory=list)

    def first(self, count: int) -> "Prefix":
        """What comes first does not depend on what follows."""
        if count == len(self.tokens):
            return self
        return Prefix(self.tokens[:count], [(k[:, :, :count], v[:, :, :count]) for k, v in self.layers])


class Prefixes:
    """The last prefixes, as many as KEPT_TOKENS allows, at least one."""

    def __init__(self, model: Any, budget: Budget) -> None:
        self._model, self._budget = model, budget
        self._kept: list[Prefix] = []

    def of(self, heads: Sequence[Tokens], shared: int) -> Prefix:
        """A prefix of all `heads`: their first `shared` tokens, or a remembered one that is about as good.

        Raises torch.OutOfMemoryError. Needs `packed`.
        """
        near, length = self._nearest(heads)
        if length and length >= CLOSE * shared:
            self._kept.append(self._kept.pop(self._kept.index(near)))
            return near.first(length)
        if not shared:
            return Prefix()
        made = self._extended(near.first(length), heads[0][:shared])
        self._kept.append(made)
        self._forget()
        return made

    def _nearest(self, heads: Sequence[Tokens]) -> tuple[Prefix, int]:
        found = [(min(common(kept.tokens, head) for head in heads), i) for i, kept in enumerate(self._kept)]
        length, place = max(found, default=(0, -1))
        return (self._kept[place], length) if length else (Prefix(), 0)

    def _forget(self) -> None:
        while len(self._kept) > 1 and sum(len(kept.tokens) for kept in self._kept) > KEPT_TOKENS:
            self._kept.pop(0)

    def _extended(self, known: Prefix, tokens: Tokens) -> Prefix:
        """Read in pieces of the budget's size, each after what is known by then."""
        while len(known.tokens) < len(tokens):
            start = len(known.tokens)
            piece = tokens[start : start + self._budget.tokens]
            more = attempt(lambda: self._read(known, piece))  # noqa: B023 - called at once
            if more is not None:
                known = _joined(known, Prefix(piece, more))
            elif len(piece) == 1:
                raise torch.OutOfMemoryError("a prefix does not fit into memory")
            else:
                self._budget.halve(len(piece))
        return known

    def _read(self, known: Prefix, piece: Tokens) -> Layers:
        layers: Layers = []

        def keep(layer: int, key: torch.Tensor, value: torch.Tensor) -> None:
            layers.append((key, value))

        span, start = (0, len(piece)), len(known.tokens)
        positions = range(start, start + len(piece))
        reading = Packed(Stretch((span,), (span,), is_causal=True), None, known.layers or None, keep)
        forward(self._model, (piece, positions), [len(piece) - 1], reading)
        return layers


def _joined(known: Prefix, more: Prefix) -> Prefix:
    if not known.layers:
        return Prefix(more.tokens, [(key.contiguous(), value.contiguous()) for key, value in more.layers])
    layers = [
        (torch.cat([key, more_key], 2), torch.cat([value, more_value], 2))
        for (key, value), (more_key, more_value) in zip(known.layers, more.layers, strict=True)
    ]
    return Prefix(known.tokens + more.tokens, layers)

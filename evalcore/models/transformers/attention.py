"""Attention without padding, plugged into transformers through its AttentionInterface.

A pass is one row of tokens in which sequences stand one behind the other; each reads itself causally, and
besides what it shares with others: a prefix that was read before, or its question. The pieces are merged by
their log-sum-exp (Milakov and Gimelshein 2018, arXiv:1805.02867), which is exact up to rounding.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import torch
from transformers import AttentionInterface

NAME = "rounds_packed"
ARCHITECTURES = ("llama", "mistral", "qwen2", "qwen3", "gemma")
ROTARY = ("default", "linear", "llama3", "yarn")  # angles that do not depend on the length of the text

Span = tuple[int, int]
Layers = list[tuple[torch.Tensor, torch.Tensor]]  # keys and values of each layer, [1, heads, tokens, width]


class Reading(Protocol):
    """What the tokens of one pass read."""

    def attend(
        self, layer: int, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float
    ) -> torch.Tensor:
        """query, key, value: [batch, heads, tokens, width]; gives [batch, tokens, heads, width]."""
        ...


def _attention(
    module: Any,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: None,
    scaling: float,
    *,
    reading: Reading,
    **_: Any,
) -> tuple[torch.Tensor, None]:
    return reading.attend(module.layer_idx, query, key, value, scaling), None


AttentionInterface.register(NAME, _attention)  # without a mask function: transformers then makes no mask


def is_allowed(model: Any) -> bool:
    """Whether its attention is nothing but softmax(q k) v over all that precedes."""
    config = model.config
    rotary = getattr(config, "rope_parameters", None) or {}
    kinds = getattr(config, "layer_types", None) or ()
    return (
        config.model_type in ARCHITECTURES
        and (config.model_type != "mistral" or config.sliding_window is None)
        and all(kind == "full_attention" for kind in kinds)
        and rotary.get("rope_type", "default") in ROTARY
        and getattr(config, "is_causal", True)
        and (model.device.type == "cpu" or (model.device.type == "cuda" and model.dtype.itemsize == 2))
    )


@contextmanager
def packed(model: Any) -> Iterator[None]:
    """Within, the model attends as `reading` says, which each call of it then needs."""
    before = model.config._attn_implementation
    model.config._attn_implementation = NAME
    try:
        yield
    finally:
        model.config._attn_implementation = before


@dataclass(frozen=True)
class Stretch:
    """Sequences of one kind: each span of queries reads the span of keys at the same place.

    The spans of each side adjoin. is_causal: only what precedes; then both sides are the same spans.
    """

    queries: tuple[Span, ...]
    keys: tuple[Span, ...]
    is_causal: bool = False

    @cached_property
    def whole(self) -> Span:
        return self.queries[0][0], self.queries[-1][1]

    @cached_property
    def borders(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Cumulative lengths as CUDA's kernel wants them."""
        return _borders(self.queries), _borders(self.keys)


def _borders(spans: tuple[Span, ...]) -> torch.Tensor:
    first = spans[0][0]
    return torch.tensor([0, *(stop - first for _, stop in spans)], dtype=torch.int32)


@dataclass
class Packed:
    """A pass over packed sequences.

    own: every sequence with itself. branches: sequences that besides read their question. prefix: what all
    tokens of the pass read besides. keep: is given keys and values of each layer, [1, heads, tokens, width].
    """

    own: Stretch
    branches: Stretch | None = None
    prefix: Layers | None = None
    keep: Callable[[int, torch.Tensor, torch.Tensor], None] | None = None
    _shared: Stretch | None = field(default=None, init=False)

    def attend(
        self, layer: int, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float
    ) -> torch.Tensor:
        if self.keep:
            self.keep(layer, key, value)
        out, weight = _read(self.own, query, key, value, scale)
        if self.branches:
            start, stop = self.branches.whole
            more = _read(self.branches, query, key, value, scale)
            merged = _merged(out[:, start:stop], weight[..., start:stop], *more)
            out[:, start:stop], weight[..., start:stop] = merged
        if self.prefix:
            keys, values = self.prefix[layer]
            out, _ = _merged(out, weight, *_read(self._all_read(keys), query, keys, values, scale))
        return out

    def _all_read(self, keys: torch.Tensor) -> Stretch:
        if self._shared is None:
            self._shared = Stretch((self.own.whole,), ((0, keys.shape[2]),))
        return self._shared


def _merged(
    out: torch.Tensor, weight: torch.Tensor, more: torch.Tensor, more_weight: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Attention over two sets of keys from that over each. weight: log-sum-exp, [1, heads, tokens]."""
    share = (more_weight - weight).sigmoid().transpose(1, 2)[..., None]
    merged = out.float().lerp(more.float(), share).to(out.dtype)
    return merged, torch.logaddexp(weight, more_weight)


def _read(
    stretch: Stretch, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Attention of a stretch: ([1, tokens, heads, width], its log-sum-exp [1, heads, tokens])."""
    read = _read_on_cpu if query.device.type == "cpu" else _read_on_cuda
    return read(stretch, query, key, value, scale)


def _read_on_cpu(
    stretch: Stretch, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Sequence by sequence; the kernel shares key heads among query heads itself."""
    outs, weights = [], []
    for (start, stop), (first, last) in zip(stretch.queries, stretch.keys, strict=True):
        out, weight = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu(
            query[:, :, start:stop],
            key[:, :, first:last],
            value[:, :, first:last],
            0.0,
            stretch.is_causal,
            scale=scale,
        )
        outs.append(out.transpose(1, 2))
        weights.append(weight)
    return (torch.cat(outs, 1), torch.cat(weights, 2)) if len(outs) > 1 else (outs[0], weights[0])


def _read_on_cuda(
    stretch: Stretch, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """All sequences in one kernel; its log-sum-exp comes as [heads, tokens]."""
    from torch.nn.attention.varlen import AuxRequest, varlen_attn

    start, stop = stretch.whole
    first, last = stretch.keys[0][0], stretch.keys[-1][1]
    borders, key_borders = (borders.to(query.device, non_blocking=True) for borders in stretch.borders)
    out, weight = varlen_attn(
        query[0, :, start:stop].transpose(0, 1),
        key[0, :, first:last].transpose(0, 1),
        value[0, :, first:last].transpose(0, 1),
        borders,
        key_borders,
        max(stop - start for start, stop in stretch.queries),
        max(stop - start for start, stop in stretch.keys),
        return_aux=AuxRequest(lse=True),
        scale=scale,
        window_size=(-1, 0) if stretch.is_causal else (-1, -1),
        enable_gqa=key.shape[1] != query.shape[1],
    )
    return out[None], weight[None]

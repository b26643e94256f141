"""Keys and values of the texts that are being written, one slot each, and how the next token reads them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import torch

from evalcore.models.transformers.attention import Layers, Span

TOGETHER = 8  # slots read at once on a processor: of about the same length, so little is read for nothing


class Slots:
    """Room for `count` texts of up to `length` tokens; the first `used` are in use, without gaps."""

    def __init__(self, count: int, length: int) -> None:
        self.count, self.length = count, length
        self.keys: dict[int, torch.Tensor] = {}  # by layer: [count, key heads, length, width]
        self.values: dict[int, torch.Tensor] = {}

    def put(self, layer: int, place: tuple[int, int], key: torch.Tensor, value: torch.Tensor) -> None:
        """place: slot and first position. key, value: [key heads, tokens, width]."""
        if layer not in self.keys:
            self.keys[layer], self.values[layer] = self._room(key), self._room(value)
        slot, start = place
        self.keys[layer][slot, :, start : start + key.shape[1]] = key
        self.values[layer][slot, :, start : start + key.shape[1]] = value

    def _room(self, like: torch.Tensor) -> torch.Tensor:
        """Zeros: what lies behind a text's end is masked, but NaN would come through."""
        heads, _, width = like.shape
        if like.device.type == "cpu":
            return like.new_zeros(self.count, heads, self.length, width)
        return like.new_zeros(self.count, self.length, heads, width).transpose(1, 2)  # as its kernel reads it

    def clear(self, slot: int) -> None:
        for layer in (*self.keys.values(), *self.values.values()):
            layer[slot] = 0

    def move(self, source: int, target: int, length: int) -> None:
        for layer in (*self.keys.values(), *self.values.values()):
            layer[target, :, :length] = layer[source, :, :length]

    def grown(self, count: int, length: int, lengths: Sequence[int]) -> "Slots":
        """A larger one with the first texts, of these lengths, in it."""
        new = Slots(count, length)
        for layer, key in self.keys.items():
            for slot, used in enumerate(lengths):
                new.put(layer, (slot, 0), key[slot, :, :used], self.values[layer][slot, :, :used])
        return new


@dataclass
class Filling:
    """Keeps what a pass over packed prompts computes. texts: (slot, tokens of its prefix, its span)."""

    slots: Slots
    texts: Sequence[tuple[int, int, Span]]
    prefix: Layers

    def __call__(self, layer: int, key: torch.Tensor, value: torch.Tensor) -> None:
        for slot, shared, (start, stop) in self.texts:
            if shared:
                keys, values = self.prefix[layer]
                self.slots.put(layer, (slot, 0), keys[0], values[0])
            self.slots.put(layer, (slot, shared), key[0, :, start:stop], value[0, :, start:stop])


@dataclass
class NextToken:
    """A pass of one new token for each text. places: at which position it stands. See `attention.Reading`."""

    slots: Slots
    places: Sequence[int]
    _at: torch.Tensor = field(init=False)
    _masks: list[torch.Tensor | None] = field(default_factory=list, init=False)
    _groups: list[Span] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self._at = torch.tensor(self.places)
        self._groups = list(pairwise([*range(0, len(self.places), TOGETHER), len(self.places)]))

    def attend(
        self, layer: int, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float
    ) -> torch.Tensor:
        rows = torch.arange(len(self.places), device=key.device)
        at = self._at.to(key.device)
        keys, values = self.slots.keys[layer], self.slots.values[layer]
        keys[rows, :, at], values[rows, :, at] = key[:, :, 0], value[:, :, 0]
        read = self._read_on_cpu if key.device.type == "cpu" else self._read_on_cuda
        return read(query, keys, values, scale)

    def _read_on_cpu(
        self, query: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, scale: float
    ) -> torch.Tensor:
        if not self._masks:
            self._masks = [self._mask(group, query.dtype) for group in self._groups]
        outs = []
        for (start, stop), mask in zip(self._groups, self._masks, strict=True):
            longest = max(self.places[start:stop]) + 1
            out, _ = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu(
                query[start:stop],
                keys[start:stop, :, :longest],
                values[start:stop, :, :longest],
                attn_mask=mask,
                scale=scale,
            )
            outs.append(out.transpose(1, 2))
        return torch.cat(outs)

    def _mask(self, group: Span, dtype: torch.dtype) -> torch.Tensor | None:
        """Minus infinity behind the end of each text; None where all are of one length."""
        at = self._at[group[0] : group[1], None]
        longest = int(at.max()) + 1
        if int(at.min()) + 1 == longest:
            return None
        behind = torch.arange(longest) > at
        return torch.zeros(behind.shape, dtype=dtype).masked_fill(behind, float("-inf"))[:, None, None]

    def _read_on_cuda(
        self, query: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, scale: float
    ) -> torch.Tensor:
        """Slots are sequences of which the first tokens are in use."""
        from torch.nn.attention.varlen import varlen_attn

        count, device = len(self.places), query.device
        out = varlen_attn(
            query[:, :, 0],
            keys[:count].transpose(1, 2).flatten(0, 1),
            values[:count].transpose(1, 2).flatten(0, 1),
            torch.arange(count + 1, dtype=torch.int32, device=device),
            torch.arange(count + 1, dtype=torch.int32, device=device) * self.slots.length,
            1,
            max(self.places) + 1,
            scale=scale,
            enable_gqa=keys.shape[1] != query.shape[1],
            seqused_k=(self._at + 1).to(device, torch.int32),
        )
        return out[:, None]

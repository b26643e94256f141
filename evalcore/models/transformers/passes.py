"""One pass of packed tokens through a model, which computes no more than what is read from it."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import torch

from evalcore.models.transformers.attention import Packed

BEHIND = ("self_attn.q_proj", "self_attn.o_proj", "mlp")  # of a layer: all but its keys and values


def forward(
    model: Any, tokens_at: tuple[Sequence[int], Sequence[int]], rows: Sequence[int], reading: Packed
) -> torch.Tensor:
    """Logits [len(rows), vocabulary] at these places of a pass. tokens_at: tokens and their positions."""
    tokens, positions = tokens_at
    with _last_layer_for(model, rows, len(tokens)):
        out = model(
            input_ids=torch.tensor([tokens], device=model.device),
            position_ids=torch.tensor([positions], device=model.device),
            logits_to_keep=list(rows),  # no tensor: the last layer of a spread model may be on another GPU
            use_cache=False,
            reading=reading,
        )
    return out.logits[0]


@contextmanager
def _last_layer_for(model: Any, rows: Sequence[int], count: int) -> Iterator[None]:
    """Within, the last layer gives keys and values of all `count` tokens, and the rest for `rows` alone.

    Nothing reads what it would make of the others: in a model of 8 layers an eighth of the work.
    """
    wanted = torch.tensor(rows)

    def take(_: Any, given: tuple[torch.Tensor]) -> tuple[torch.Tensor]:
        return (given[0].index_select(1, wanted.to(given[0].device)),)

    def put(_: Any, __: Any, made: torch.Tensor) -> torch.Tensor:
        whole = made.new_zeros(made.shape[0], count, made.shape[2])
        return whole.index_copy_(1, wanted.to(made.device), made)

    last = model.get_decoder().layers[-1]
    with ExitStack() as hooks:
        for part in map(last.get_submodule, BEHIND):
            hooks.enter_context(part.register_forward_pre_hook(take))
            hooks.enter_context(part.register_forward_hook(put))
        yield

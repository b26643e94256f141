"""Local models through transformers: causal language models in safetensors, quantised, with adapters.

Knows no run or store. There is a plain, exact way to ask any architecture, and a fast, packed one for some,
which is used where it has been seen to give the same numbers (`checked_scoring`).
"""

import gc
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import torch

from evalcore.models import identify
from evalcore.models.facts import resolve_precision
from evalcore.models.machine import keep_freed_memory, main_memory
from evalcore.models.names import ModelName, Place
from evalcore.models.transformers import ranking, writing
from evalcore.models.transformers.batches import WINDOW, Budget
from evalcore.models.transformers.checked_scoring import CheckedScorer
from evalcore.models.transformers.checked_writing import CheckedWriter
from evalcore.models.transformers.encoding import Encoder
from evalcore.models.transformers.loading import context_length, load_model
from evalcore.types import ModelIdentity, Request, Response, Way

CPU_TOKENS, GPU_TOKENS = 2048, 16384  # of one padded forward pass
CPU_PACKED, GPU_PACKED = 1024, 8192  # of a packed one; on a GPU to begin with
GPU_MOST = 32768  # larger passes gain nothing
THREADS = torch.get_num_threads()
SMALL = 30_000_000  # parameters
CPU_TEXTS, GPU_TEXTS = 64, 256  # written at once
WRITING = 4  # a writing batch reads its prompts once and then one token a row: it may be wider


class TransformersModel:
    """A model in this process' memory; see `evalcore.models.Model`."""

    ways = frozenset({Way.RANK, Way.GENERATE})

    def __init__(self, name: ModelName, precision: str = "auto") -> None:
        precision = resolve_precision(name, precision)
        self.identity = identify(name.text, precision)
        self._model: Any
        self._model, tokenizer = load_model(_pinned(name, self.identity), precision)
        self._encoder = Encoder(tokenizer, context_length(self._model, tokenizer))
        _share_processor(self._model)
        self.has_chat_template = bool(tokenizer.chat_template)
        is_cpu = self._model.device.type == "cpu"
        tokens = CPU_TOKENS if is_cpu else GPU_TOKENS
        passes = (
            Budget(CPU_PACKED, is_padded=False) if is_cpu else Budget(GPU_PACKED, GPU_MOST, is_padded=False)
        )
        self._window = max(WINDOW, tokens // 32)
        self._score = CheckedScorer(self._model, Budget(tokens), passes)
        self._write = CheckedWriter(
            self._model,
            tokenizer,
            plain=Budget(tokens * WRITING),
            passes=passes,
            kept=Budget(_kept_tokens(self._model)),
            most=CPU_TEXTS if is_cpu else GPU_TEXTS,
        )

    @property
    def is_packed(self) -> bool:
        """Whether it is asked in the fast way: allowed, and not seen to be wrong."""
        return self._score.is_fast and self._write.is_fast

    def rank(self, requests: Iterable[Request]) -> Iterator[tuple[Request, Response]]:
        """Summed log-likelihood of each target after the prompt, as lm-evaluation-harness computes it."""
        return ranking.rank(self._encoder, self._score, requests, self._window)

    def generate(self, requests: Iterable[Request]) -> Iterator[tuple[Request, Response]]:
        """Greedy at temperature 0, else drawn with the request's own seed."""
        return writing.generate(self._encoder, self._write, requests, self._window)

    def close(self) -> None:
        self._model = None
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


def _pinned(name: ModelName, identity: ModelIdentity) -> ModelName:
    """The name with the commits that were just looked up: a branch that moves meanwhile changes nothing."""
    base_commit = identity.base.rpartition("@")[2]
    return replace(
        name,
        weights=_at(name.weights, identity.revision),
        base=_at(name.base, base_commit) if name.base else None,
    )


def _at(place: Place, commit: str) -> Place:
    return place if place.is_folder else Place(place.place, commit)


def _kept_tokens(model: Any) -> int:
    """Tokens whose keys and values fit into half of the free memory, on a processor into 1 GB at most."""
    config = model.config
    width = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    heads = getattr(config, "num_key_value_heads", None) or config.num_attention_heads
    each = 2 * config.num_hidden_layers * heads * width * model.dtype.itemsize
    is_cpu = model.device.type == "cpu"
    free: int = min(main_memory() // 2, 1 << 30) if is_cpu else torch.cuda.mem_get_info(model.device)[0] // 2
    return max(free // int(each), 1)


def _share_processor(model: Any) -> None:
    """Freed memory is kept; and one thread for a small model on a processor: waiting for each other costs
    its threads more than they gain.

    Measured with 4 million parameters, writing: 8.9 s with one thread, 15.3 s with two.
    """
    if model.device.type == "cpu":
        keep_freed_memory()
        torch.set_num_threads(1 if model.num_parameters() < SMALL else THREADS)

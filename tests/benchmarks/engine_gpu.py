"""Our engine alone on a GPU: a random 8B model, its rates beside what the GPU's matrices can do.

Called by `engine.py --device cuda --size 8b`. No weights are fetched: the model is made on the GPU, so only
speed can be told from it.
"""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
import transformers
from engine_workloads import SIZES, make_tokenizer, workload
from transformers import AutoConfig, AutoModelForCausalLM

from evalcore import models
from evalcore.types import Request, Sampling

RANKED, WRITTEN, NEW_TOKENS = 1273, 256, 300
WARM_UP = 64
VOCABULARY_8B = 128256  # rows of the output head; the tokenizer uses the first of them


@dataclass(frozen=True)
class Rate:
    """What one workload gave. share: of the matrix peak, in floating point operations that had to be done."""

    items: float
    tokens: float
    share: float


def measure_gpu(size: str, precisions: list[str]) -> None:
    """Prints one line for each precision and workload."""
    properties = torch.cuda.get_device_properties(0)
    peak = matrix_peak()
    print(  # noqa: T201
        f"{properties.name}, {properties.total_memory >> 30} GiB, torch {torch.__version__}, transformers "
        f"{transformers.__version__}; matrix peak measured in bf16: {peak / 1e12:.0f} TFLOP/s"
    )
    with tempfile.TemporaryDirectory() as made:
        folder = make_large(Path(made), size)
        for precision in precisions:
            for name, rate in _rates(folder, precision, peak):
                print(  # noqa: T201
                    f"{precision:5} {name:10} {rate.items:8.1f} items/s {rate.tokens:9.0f} tokens/s "
                    f"{rate.share:6.1%} of peak, {torch.cuda.max_memory_allocated() >> 20} MiB",
                    flush=True,
                )


def matrix_peak(side: int = 8192) -> float:
    """Floating point operations a second of one large bf16 product, the best of ten."""
    a = torch.randn(side, side, device="cuda", dtype=torch.bfloat16)
    best = float("inf")
    for _ in range(10):
        torch.cuda.synchronize()
        started = time.perf_counter()
        a @ a
        torch.cuda.synchronize()
        best = min(best, time.perf_counter() - started)
    return float(2 * side**3 / best)


def make_large(folder: Path, size: str) -> Path:
    """Made on the GPU in bf16, then kept in a folder, because the engine loads what it is given by name."""
    config = AutoConfig.for_model(
        "llama", **SIZES[size], vocab_size=VOCABULARY_8B, max_position_embeddings=8192, rope_theta=500000.0,
        tie_word_embeddings=False, bos_token_id=1, eos_token_id=0, pad_token_id=0, dtype="bfloat16",
    )  # fmt: skip
    with torch.device("cuda"):
        AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16).save_pretrained(folder)
    torch.cuda.empty_cache()
    make_tokenizer().save_pretrained(folder)
    return folder


def _rates(folder: Path, precision: str, peak: float) -> Iterator[tuple[str, Rate]]:
    model: Any = models.load(f"hf:{folder}", precision)
    tokenizer = model._encoder.tokenizer
    for name in ("letters", "five_shot"):
        few = workload(name, tokenizer).requests
        requests = [replace(few[i % len(few)], id=i) for i in range(RANKED)]
        yield name, _ranked(model, [_marked(request) for request in requests], peak)
    prompts = workload("write", tokenizer).requests
    sampling = Sampling(max_tokens=NEW_TOKENS)
    requests = [replace(prompts[i % len(prompts)], id=i, sampling=sampling) for i in range(WRITTEN)]
    yield "write", _written(model, requests, peak)
    model.close()


def _marked(request: Request) -> Request:
    """A question of its own: the same words under another number."""
    *before, last = request.prompt.parts
    parts = (*before, replace(last, text=f"Question {request.id}. {last.text}"))
    return replace(request, prompt=replace(request.prompt, parts=parts))


def _ranked(model: Any, requests: list[Request], peak: float) -> Rate:
    list(model.rank(requests[:WARM_UP]))
    seconds, found = _timed(lambda: list(model.rank(requests)))
    shared = model._encoder.encode(["".join(part.text for part in requests[0].prompt.parts[:-1])])
    prefix = len(next(iter(shared.values())))
    unique = prefix + sum(response.tokens_in - prefix for _, response in found)
    return Rate(len(found) / seconds, unique / seconds, 2 * unique * _body(model) / seconds / peak)


def _written(model: Any, requests: list[Request], peak: float) -> Rate:
    list(
        model.generate([replace(request, sampling=Sampling(max_tokens=4)) for request in requests[:WARM_UP]])
    )
    seconds, found = _timed(lambda: list(model.generate(requests)))
    written = sum(response.tokens_out for _, response in found)
    read = sum(response.tokens_in for _, response in found)
    work = 2 * (read + written) * _body(model) + 2 * written * _head(model)
    return Rate(len(found) / seconds, written / seconds, work / seconds / peak)


def _timed(act: Any) -> tuple[float, Any]:
    torch.cuda.synchronize()
    started = time.perf_counter()
    done = act()
    torch.cuda.synchronize()
    return time.perf_counter() - started, done


def _body(model: Any) -> int:
    """Parameters of the layers; quantised ones are counted as what they stand for."""
    config = model._model.config
    attention = (
        config.hidden_size * config.head_dim * 2 * (config.num_attention_heads + config.num_key_value_heads)
    )
    return config.num_hidden_layers * (attention + 3 * config.hidden_size * config.intermediate_size)


def _head(model: Any) -> int:
    return VOCABULARY_8B * model._model.config.hidden_size

"""From a name to a model in memory: safetensors only, no remote code, pinned, refused when too large."""

from collections.abc import Sequence
from logging import ERROR, getLogger
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig, GenerationConfig
from transformers.utils import logging

from evalcore.errors import ModelError
from evalcore.models import facts, hub, weights
from evalcore.models.names import ModelName, Place

DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


def load_model(name: ModelName, precision: str) -> tuple[Any, Any]:
    """(model, tokenizer) of a `demo:` or `hf:` name. precision: a resolved one, never `auto`."""
    found = facts.look(name.base or name.weights)
    adapter = facts.look(name.weights) if name.base else None
    wrong = facts.problems(found, precision) + (facts.adapter_problems(adapter) if adapter else ())
    if wrong:
        raise ModelError(" ".join(wrong))
    folder = _complete(found)
    model, tokenizer = _body(folder, precision), _tokenizer(folder)
    _set_generation(model, tokenizer)
    return (_with_adapter(model, _complete(adapter)) if adapter else model).eval(), tokenizer


def _complete(found: facts.Found) -> Path:
    """The folder with its weights, fetched at the commit that was checked."""
    place = found.place
    return (
        found.folder if place.is_folder else hub.all_files(Place(place.place, found.revision), found.revision)
    )


def _body(folder: Path, precision: str) -> Any:
    logging.disable_progress_bar()
    try:
        model, report = AutoModelForCausalLM.from_pretrained(
            folder,
            dtype=DTYPES.get(precision, torch.bfloat16),
            quantization_config=_quantisation(precision),
            **placement(weights.memory_bytes(weights.tensors(folder), precision), _free()),
            use_safetensors=True,
            trust_remote_code=False,
            local_files_only=True,
            output_loading_info=True,
        )
    except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
        raise ModelError(f"'{folder.name}' cannot be loaded in {precision}: {error}") from error
    if report["missing_keys"] or report["mismatched_keys"]:
        lacking = sorted(map(str, report["missing_keys"] or report["mismatched_keys"]))[:3]
        raise ModelError(
            f"'{folder.name}' lacks weights that its config promises ({', '.join(lacking)}); they would be "
            "random. Fetch the whole model again."
        )
    return model


def _quantisation(precision: str) -> BitsAndBytesConfig | None:
    """nf4: double quantisation and bf16 arithmetic; int8: LLM.int8() with its outliers in 16 bits."""
    getLogger("bitsandbytes").setLevel(ERROR)  # int8 would tell of its 16 bits in every layer of every pass
    if precision == "int8":
        return BitsAndBytesConfig(load_in_8bit=True)
    if precision != "nf4":
        return None
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
    )


def _free() -> list[int]:
    """Bytes that are free on each GPU."""
    return [torch.cuda.mem_get_info(gpu)[0] for gpu in range(torch.cuda.device_count())]


def placement(need: int, free: Sequence[int]) -> dict[str, Any]:
    """Where the weights go, as `from_pretrained` takes it: one GPU where they fit on it, all where they do
    not, the processor where there is none.

    need: bytes. free: bytes of each GPU. Nothing goes to main memory or disk beside a GPU: a pass would
    wait for it. Raises ModelError.
    """
    if not free:
        return {"device_map": {"": "cpu"}}
    fitting = next((gpu for gpu, room in enumerate(free) if need <= room), None)
    if fitting is not None:
        return {"device_map": {"": fitting}}
    if need > sum(free):
        raise ModelError(
            f"The model needs about {need / 1e9:.1f} GB and {sum(free) / 1e9:.1f} GB of GPU memory are free. "
            "End what else uses the GPUs, choose a smaller precision (nf4 needs the least), or start a "
            "worker without --gpus: it spreads a model over all GPUs of the machine."
        )
    return {"device_map": "auto", "max_memory": dict(enumerate(free))}


def _tokenizer(folder: Path) -> Any:
    try:
        return AutoTokenizer.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise ModelError(f"the tokenizer of '{folder.name}' cannot be loaded: {error}") from error


def _set_generation(model: Any, tokenizer: Any) -> None:
    """Only the ends of text are the model's own: how a reply is drawn is the run's matter alone.

    Rows that have ended are filled with an end, because a tokenizer's pad may lie outside the vocabulary.
    """
    own = model.generation_config.eos_token_id
    ends = [*(own if isinstance(own, list) else [own]), tokenizer.eos_token_id]
    known = list(dict.fromkeys(end for end in ends if end is not None))
    model.generation_config = GenerationConfig(
        do_sample=False, eos_token_id=known or None, pad_token_id=(known or [0])[0]
    )


def _with_adapter(model: Any, folder: Path) -> Any:
    """The adapter stays beside the weights: merging would round it, all the more into quantised ones."""
    from peft import PeftModel

    try:
        return PeftModel.from_pretrained(model, folder)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise ModelError(f"the adapter '{folder.name}' does not fit its base model: {error}") from error


def context_length(model: Any, tokenizer: Any) -> int:
    """Tokens the model reads, looked up as the reference harness does (lm_eval's resolve_max_length)."""
    config = getattr(model.config, "text_config", None) or model.config
    for field in ("n_positions", "max_position_embeddings", "n_ctx"):
        if getattr(config, field, None) is not None:
            return int(getattr(config, field))
    stated = getattr(tokenizer, "model_max_length", None)
    return int(stated) if stated is not None and stated < 10**12 else 2048

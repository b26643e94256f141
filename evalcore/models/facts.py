"""Would a model load, does it fit, how large is it: said in words before a weight is read. No torch here."""

import ast
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from evalcore.errors import ModelError, UsageError
from evalcore.models import hub, machine, weights
from evalcore.models.names import ModelName, Place

GB = 1e9


@dataclass(frozen=True)
class Check:
    """What is known of a model before it is asked; `ok` means that nothing speaks against loading it.

    parameters, memory_gb: None where nobody says (an API's model). memory_gb: in 10^9 bytes.
    safetensors, chat_template: None where it does not apply or is unknown. ranks: whether an API's model can
    rank options; None where nobody looked.
    """

    ok: bool
    model: str
    revision: str = ""
    architecture: str = ""
    parameters: int | None = None
    precision: str = ""
    memory_gb: float | None = None
    safetensors: bool | None = None
    chat_template: bool | None = None
    problems: tuple[str, ...] = ()
    ranks: bool | None = None


@dataclass(frozen=True)
class Found:
    """What lies at a place. folder: at least config and tokenizer; files: names, weights included."""

    place: Place
    folder: Path
    revision: str
    tensors: tuple[weights.Tensor, ...]
    files: tuple[str, ...]


def look(place: Place) -> Found:
    """Read everything about a place but its weights."""
    if place.is_folder:
        folder = Path(place.place)
        names = tuple(path.name for path in folder.iterdir())
        return Found(place, folder, weights.revision_of(folder), weights.tensors(folder), names)
    commit = hub.commit_of(place)
    folder = hub.small_files(place, commit)
    if weights.weight_files(folder) and all(path.is_file() for path in weights.weight_files(folder)):
        names = tuple(path.name for path in folder.iterdir())
        return Found(place, folder, commit, weights.tensors(folder), names)
    return Found(place, folder, commit, hub.remote_tensors(place, commit), hub.file_names(place, commit))


def revision_of(place: Place) -> str:
    """The commit of a hub id, a hash of a folder."""
    return weights.revision_of(Path(place.place)) if place.is_folder else hub.commit_of(place)


def resolve_precision(name: ModelName, precision: str) -> str:
    """`auto` is fp32 on a CPU and bf16 on a GPU; the bundled models are always computed in fp32."""
    if precision not in machine.PRECISIONS:
        raise UsageError(
            f"there is no precision '{precision}'. Choose one of: {', '.join(machine.PRECISIONS)}."
        )
    if precision != "auto":
        return precision
    return "bf16" if machine.has_gpu() and name.kind != "demo" else "fp32"


def check_local(name: ModelName, precision: str) -> Check:
    """Check a `demo:` or `hf:` name without loading it; what is wrong is in `problems`, never raised."""
    precision = resolve_precision(name, precision)
    try:
        adapter = look(name.weights) if name.base else None
        return _describe(name, look(name.base or name.weights), adapter, precision)
    except ModelError as error:
        return Check(False, name.text, precision=precision, problems=(str(error),))


def _describe(name: ModelName, found: Found, adapter: Found | None, precision: str) -> Check:
    wrong = problems(found, precision) + (adapter_problems(adapter) if adapter else ())
    every = found.tensors + (adapter.tensors if adapter else ())
    config = weights.read_json(found.folder, "config.json")
    return Check(
        ok=not wrong,
        model=name.text,
        revision=(adapter or found).revision,
        architecture=(config.get("architectures") or [config.get("model_type", "")])[0],
        parameters=sum(tensor.numbers for tensor in every) or None,
        precision=precision,
        memory_gb=round(weights.memory_bytes(every, precision) / GB, 3) if every else None,
        safetensors=bool(found.tensors),
        chat_template=weights.has_chat_template(found.folder),
        problems=wrong,
    )


def problems(found: Found, precision: str) -> tuple[str, ...]:
    """Everything that speaks against loading a model, each with what to do."""
    return tuple(
        [
            *_config_problems(found),
            *_weight_problems(found),
            *_tokenizer_problems(found),
            *_size_problems(found, precision),
        ]
    )


def _config_problems(found: Found) -> Iterator[str]:
    config = weights.read_json(found.folder, "config.json")
    if not config:
        hint = " It holds an adapter: write hf:ADAPTER+BASE." if "adapter_config.json" in found.files else ""
        yield f"'{found.place}' has no config.json: it is no transformers model.{hint}"
        return
    architecture, known = str(config.get("model_type", "")), causal_architectures()
    if known and architecture not in known:
        yield _unknown(found, architecture, has_code="auto_map" in config)
    method = (config.get("quantization_config") or {}).get("quant_method")
    if method:
        yield (
            f"'{found.place}' is stored already quantised ({method}). Name the original weights and choose "
            "a precision (int8, nf4) instead."
        )


def _unknown(found: Found, architecture: str, *, has_code: bool) -> str:
    if has_code:
        return (
            f"'{found.place}' brings its own code (auto_map in config.json) and remote code is never run. "
            "Use an architecture that is part of transformers, or serve it elsewhere (api:ENDPOINT/MODEL)."
        )
    return (
        f"'{found.place}' has the architecture '{architecture}', which this transformers does not know as a "
        "language model that writes from left to right. Use another, or serve it elsewhere (api:…)."
    )


def _weight_problems(found: Found) -> Iterator[str]:
    if found.tensors:
        return
    if any(Path(name).match(pattern) for name in found.files for pattern in weights.PICKLES):
        yield (
            f"'{found.place}' has its weights only as pickle files (such as pytorch_model.bin), which "
            "can run code and are never opened. Convert them to safetensors, or use a copy that has them."
        )
    else:
        yield f"'{found.place}' has no model.safetensors: no weights to load. Fetch the whole model."


def _tokenizer_problems(found: Found) -> Iterator[str]:
    if not weights.has_tokenizer(found.folder):
        yield f"'{found.place}' has no tokenizer (tokenizer.json or tokenizer.model). "
        "Copy the files of its base model."


def _size_problems(found: Found, precision: str) -> Iterator[str]:
    need, free = weights.memory_bytes(found.tensors, precision), machine.free_memory()
    if free and need > free:
        kind = "the GPUs here have" if machine.has_gpu() else "free memory is"
        yield (
            f"'{found.place}' needs about {need / GB:.1f} GB in {precision} and {kind} {free / GB:.1f} GB. "
            "Choose a smaller precision (nf4 needs the least), a smaller model or a larger machine."
        )


def adapter_problems(found: Found) -> tuple[str, ...]:
    """What speaks against an adapter; its base is checked like any model."""
    if "adapter_config.json" not in found.files:
        return (f"'{found.place}' has no adapter_config.json: it is no peft adapter. Write hf:ADAPTER+BASE.",)
    return tuple(_weight_problems(found))


@lru_cache(maxsize=1)
def causal_architectures() -> frozenset[str]:
    """The model types that the installed transformers can load as causal language models.

    Read from its source, because importing it would cost this process seconds; empty when it cannot be read.
    """
    spec = importlib.util.find_spec("transformers")
    for root in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(root) / "models" / "auto" / "modeling_auto.py"
        if path.is_file():
            return frozenset(
                _keys_of(ast.parse(path.read_text("utf-8")), "MODEL_FOR_CAUSAL_LM_MAPPING_NAMES")
            )
    return frozenset()


def _keys_of(tree: ast.Module, table: str) -> Iterator[str]:
    for node in tree.body:
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call) or not node.value.args:
            continue
        if any(isinstance(target, ast.Name) and target.id == table for target in node.targets):
            yield from (key for key, *_ in ast.literal_eval(node.value.args[0]))

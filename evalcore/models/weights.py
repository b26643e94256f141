"""What a model folder says about itself, no weight loaded: config, safetensors headers, tokenizer.

Knows files; knows neither the hub nor torch. A header's layout: 8 bytes little-endian length, then JSON
{tensor: {dtype, shape, data_offsets}} (safetensors format description).
"""

import hashlib
import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from pathlib import Path
from typing import Any

from evalcore.errors import ModelError

SINGLE = ("model.safetensors", "adapter_model.safetensors")
INDEX = "model.safetensors.index.json"
PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl", "*.h5", "*.msgpack")
TOKENIZER_FILES = (
    "tokenizer.json",
    "tokenizer.model",
    "vocab.json",
    "vocab.txt",
    "spiece.model",
    "sentencepiece.bpe.model",
    "tekken.json",
)
DESCRIBING = (
    "config.json",
    "adapter_config.json",
    "generation_config.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "merges.txt",
    "chat_template.jinja",
    *TOKENIZER_FILES,
)
HASHED_WHOLE_BELOW = 1 << 30
SAMPLE = 4096
HEADER_LIMIT = 100_000_000


@dataclass(frozen=True)
class Tensor:
    """One entry of a safetensors header. start, end: byte offsets in `file`, header included."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    file: str = ""
    start: int = 0
    end: int = 0

    @property
    def numbers(self) -> int:
        return prod(self.shape)

    @property
    def is_linear(self) -> bool:
        """Quantisation touches matrices inside the body, never embeddings or the output head."""
        outside = ("embed", "wte", "wpe", "lm_head", "embed_out")
        return len(self.shape) == 2 and not any(word in self.name for word in outside)


def read_json(folder: Path, name: str) -> dict[str, Any]:
    """A JSON file of the folder; {} when it is not there; ModelError when it is not JSON."""
    path = folder / name
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text("utf-8"))
    except (ValueError, UnicodeDecodeError) as error:
        raise ModelError(
            f"{path} is not JSON ({error}). The copy is probably broken: fetch it again."
        ) from error
    return found if isinstance(found, dict) else {}


def weight_files(folder: Path) -> tuple[Path, ...]:
    """The safetensors files that would be loaded, in name order; () when there are none."""
    index = read_json(folder, INDEX)
    if index:
        return tuple(folder / name for name in sorted(set(index.get("weight_map", {}).values())))
    return tuple(folder / name for name in SINGLE if (folder / name).is_file())[:1]


def has_tokenizer(folder: Path) -> bool:
    return any((folder / name).is_file() for name in TOKENIZER_FILES)


def has_chat_template(folder: Path) -> bool:
    in_file = (folder / "chat_template.jinja").is_file() or (folder / "chat_template.json").is_file()
    return in_file or bool(read_json(folder, "tokenizer_config.json").get("chat_template"))


def tensors(folder: Path) -> tuple[Tensor, ...]:
    """Every tensor of every weight file. ModelError names one that is missing, cut off or not safetensors."""
    return tuple(tensor for path in weight_files(folder) for tensor in _header(path))


def _header(path: Path) -> Iterator[Tensor]:
    try:
        size, length, entries = _read_header(path)
        found = [_tensor(path.name, name, facts, 8 + length) for name, facts in entries.items()]
    except (OSError, ValueError, struct.error, KeyError, TypeError) as error:
        raise ModelError(
            f"{path} is not a readable safetensors file ({error}). "
            "It is missing, cut off or something else: fetch it again."
        ) from error
    if max((tensor.end for tensor in found), default=0) > size:
        raise ModelError(
            f"{path} is cut off: its header promises more bytes than the {size} there are. Fetch it again."
        )
    yield from found


def _read_header(path: Path) -> tuple[int, int, Mapping[str, Any]]:
    """(file size, header length, entries without the metadata)."""
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        if length > HEADER_LIMIT:
            raise ValueError(f"a header of {length} bytes")
        entries = json.loads(file.read(length))
    entries.pop("__metadata__", None)
    return path.stat().st_size, length, entries


def _tensor(file: str, name: str, facts: Mapping[str, Any], offset: int) -> Tensor:
    start, end = facts["data_offsets"]
    shape = tuple(int(n) for n in facts["shape"])
    return Tensor(name, shape, facts["dtype"], file, offset + start, offset + end)


def revision_of(folder: Path) -> str:
    """What makes two folders one model: a hash over weights, config and tokenizer, `sha-…` or `sampled-…`.

    Below 1 GiB every byte counts; above, the headers and 4 KiB from the start, middle and end of each tensor,
    which any training changes. Remembered while sizes and times of the files stay the same.
    """
    paths = [
        path
        for path in (*weight_files(folder), *(folder / n for n in (*DESCRIBING, INDEX)))
        if path.is_file()
    ]
    facts = tuple((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in paths)
    return _revision(folder, facts)


@lru_cache(maxsize=64)
def _revision(folder: Path, facts: tuple[tuple[str, int, int], ...]) -> str:
    is_whole = sum(size for _, size, _ in facts) < HASHED_WHOLE_BELOW
    digest = hashlib.sha256()
    for name, size, _ in sorted(facts):
        digest.update(f"{name}:{size}:".encode())
        for block in _blocks(folder / name, is_whole or not name.endswith(".safetensors")):
            digest.update(block)
    return f"{'sha' if is_whole else 'sampled'}-{digest.hexdigest()[:16]}"


def _blocks(path: Path, is_whole: bool) -> Iterator[bytes]:
    with path.open("rb") as file:
        if is_whole:
            while block := file.read(1 << 20):
                yield block
            return
        entries = list(_header(path))
        yield file.read(min(tensor.start for tensor in entries))
        for tensor in entries:
            for start in (tensor.start, (tensor.start + tensor.end) // 2, tensor.end - SAMPLE):
                file.seek(max(start, tensor.start))
                yield file.read(min(SAMPLE, tensor.end - tensor.start))


BYTES = {"fp32": 4.0, "bf16": 2.0, "fp16": 2.0}
# nf4: half a byte and its absmax, 8 bits for 64 numbers, themselves quantised in blocks of 256 (QLoRA, 2023)
QUANTISED = {"int8": 1.0, "nf4": 0.5 + 1 / 64 + 4 / (64 * 256)}


def memory_bytes(found: tuple[Tensor, ...], precision: str) -> int:
    """Memory of the weights in that precision, with a tenth for work space; embeddings stay in 16 bits."""
    inner = QUANTISED.get(precision, BYTES.get(precision, 4.0))
    outer = BYTES.get(precision, 2.0)
    total = sum(tensor.numbers * (inner if tensor.is_linear else outer) for tensor in found)
    return round(total * 1.1)

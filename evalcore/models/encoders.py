"""Text encoders: token vectors for BERTScore, one vector per text for aligning terms. Local or from the hub.

Importing this loads no torch; `load` does. Only safetensors, no remote code, always float32: the figures are
compared with published ones.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from evalcore.errors import ModelError, UsageError
from evalcore.metrics.bertscore import Tokens
from evalcore.models import facts, hub, weights
from evalcore.models.names import Place, parse

TOKENS_AT_ONCE = 8192  # padding included, per forward pass
TEXTS_AT_ONCE = 1024  # whose token vectors are held together where only their means are kept
LAYERS = {
    "bert-base-uncased": 9,
    "bert-large-uncased": 18,
    "bert-base-multilingual-cased": 9,
    "bert-base-chinese": 8,
    "roberta-base": 10,
    "roberta-large": 17,
    "xlm-roberta-base": 9,
    "xlm-roberta-large": 17,
    "scibert_scivocab_uncased": 8,
    "scibert_scivocab_cased": 9,
}
"""The layer whose BERTScore agrees best with people (WMT16), as bert-score 0.3.13 lists them."""
WITH_LEADING_BLANK = ("roberta", "gpt2")  # their first word is another token without it; bert-score adds it


class Encoder:
    """A loaded encoder.

    label: hub id, or a folder's name with the beginning of its hash; a figure's name holds it. revision:
    commit, or a hash over the folder. layer: whose output is used, of `depth`. longest: tokens per text.
    """

    def __init__(
        self, model: Any, tokenizer: Any, place: Place, revision: str, layer: int, depth: int
    ) -> None:
        self.label = f"{Path(place.place).name}#{revision[:12]}" if place.is_folder else place.place
        self.revision, self.layer, self.depth = revision, layer, depth
        self.longest = _longest(tokenizer, model.config)
        self._model, self._tokenizer = model, tokenizer

    def token_ids(self, texts: Sequence[str]) -> list[tuple[int, ...]]:
        """What the tokeniser makes of each text, added tokens included, cut to the greatest length."""
        return [tuple(ids) for ids in self._encoded(texts)["input_ids"]]

    def tokens(self, texts: Sequence[str]) -> Iterator[Tokens]:
        """Token vectors of each text, in their order. Texts of like length share a forward pass."""
        encoded = self._encoded(texts)
        ids, added = encoded["input_ids"], encoded["special_tokens_mask"]
        found: dict[int, Any] = {}
        for batch in _batches([len(one) for one in ids]):
            found.update(zip(batch, self._vectors([ids[place] for place in batch]), strict=True))
        import numpy as np

        for place, one in enumerate(ids):
            is_added = np.array(added[place], dtype=bool)
            yield Tokens(tuple(one), found.pop(place), is_added, is_cut=len(one) >= self.longest)

    def text_vectors(self, texts: Sequence[str]) -> Any:
        """(texts, width), float32, of length 1: the mean over a text's own tokens; 0 where it has none."""
        import numpy as np

        sums = [np.zeros((0, self._model.config.hidden_size), np.float32)]
        for start in range(0, len(texts), TEXTS_AT_ONCE):
            seen = self.tokens(texts[start : start + TEXTS_AT_ONCE])
            sums.append(np.stack([(one.vectors * ~one.is_added[:, None]).sum(axis=0) for one in seen]))
        stacked = np.concatenate(sums)
        return stacked / np.linalg.norm(stacked, axis=1, keepdims=True).clip(min=1e-12)

    def close(self) -> None:
        """Give the memory back; the encoder cannot be asked any more."""
        del self._model
        import torch

        if torch.cuda.is_available():
            torch.cuda.empty_cache()

    def _encoded(self, texts: Sequence[str]) -> Any:
        blank = " " if self._model.config.model_type in WITH_LEADING_BLANK else ""
        clean = [blank + text.strip().encode("utf-8", "replace").decode() for text in texts]
        if not clean:
            return {"input_ids": [], "special_tokens_mask": []}
        return self._tokenizer(
            clean, truncation=True, max_length=self.longest, return_special_tokens_mask=True
        )

    def _vectors(self, ids: Sequence[Sequence[int]]) -> Iterator[Any]:
        """(tokens, width) of each, from one forward pass."""
        import torch

        padded = self._tokenizer.pad({"input_ids": list(ids)}, return_tensors="pt").to(self._model.device)
        with torch.inference_mode():
            states = self._model(**padded, output_hidden_states=True).hidden_states[self.layer]
        for one, state in zip(ids, states.cpu().numpy(), strict=True):
            yield state[: len(one)]


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places, longest first, as many together as stay within the token budget when padded to the first."""
    left = sorted(range(len(lengths)), key=lambda place: -lengths[place])
    while left:
        size = max(1, TOKENS_AT_ONCE // max(1, lengths[left[0]]))
        yield left[:size]
        left = left[size:]


def load(name: str, *, layer: int | None = None) -> Encoder:
    """Make an encoder ready, on the GPU where there is one.

    name: `hf:ORG/NAME[@REVISION]` or `hf:FOLDER`. layer: 1 to the model's depth; None: the one that `LAYERS`
    lists, else three quarters of the depth. Raises UsageError, ModelError.
    """
    parsed = parse(name)
    if parsed.kind != "hf" or parsed.base:
        raise UsageError(f"'{name}' cannot be an encoder. Write hf:ORG/NAME[@REVISION] or hf:FOLDER.")
    found = facts.look(parsed.weights)
    depth = _depth(found)
    layer = layer or LAYERS.get(Path(parsed.weights.place).name) or max(1, round(0.75 * depth))
    if not 1 <= layer <= depth:
        raise UsageError(f"'{name}' has no layer {layer}. Choose one of 1 to {depth}.")
    place = found.place
    folder = found.folder
    if not place.is_folder:
        folder = hub.all_files(Place(place.place, found.revision), found.revision)
    model, tokenizer = _loaded(folder, layer)
    return Encoder(model, tokenizer, parsed.weights, found.revision, layer, depth)


def _depth(found: facts.Found) -> int:
    """Number of layers; ModelError where this cannot be an encoder."""
    config = weights.read_json(found.folder, "config.json")
    if not config or not found.tensors:
        lacking = "safetensors weights" if config else "config.json"
        raise ModelError(f"'{found.place}' has no {lacking}: it cannot be loaded as an encoder.")
    if config.get("is_encoder_decoder"):
        raise ModelError(
            f"'{found.place}' is an encoder with a decoder. Name a plain encoder, such as a BERT."
        )
    depth = config.get("num_hidden_layers") or config.get("n_layers") or config.get("n_layer")
    if not isinstance(depth, int):
        raise ModelError(f"'{found.place}' does not say how many layers it has. Name another encoder.")
    return depth


def _loaded(folder: Path, layer: int) -> tuple[Any, Any]:
    import torch
    from transformers import AutoModel, AutoTokenizer

    local: dict[str, Any] = {"trust_remote_code": False, "local_files_only": True}
    try:
        with _quiet():
            tokenizer = AutoTokenizer.from_pretrained(folder, **local)
            model, report = AutoModel.from_pretrained(
                folder, dtype=torch.float32, use_safetensors=True, output_loading_info=True, **local
            )
    except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
        raise ModelError(f"'{folder.name}' cannot be loaded as an encoder: {error}") from error
    lacking = sorted(key for key in report["missing_keys"] if "pooler" not in key)
    if lacking or report["mismatched_keys"]:
        raise ModelError(
            f"'{folder.name}' lacks weights ({', '.join(lacking[:3])}): fetch the whole model again."
        )
    stack = getattr(getattr(model, "encoder", None), "layer", None)
    if stack is not None:  # the layers above would be computed for nothing
        model.encoder.layer = stack[:layer]
    tokenizer.padding_side, tokenizer.pad_token = "right", tokenizer.pad_token or tokenizer.eos_token
    return model.to("cuda" if torch.cuda.is_available() else "cpu").eval(), tokenizer


@contextmanager
def _quiet() -> Iterator[None]:
    """An encoder is loaded without its head, which transformers reports at length."""
    from transformers.utils import logging

    before = logging.get_verbosity()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(before)


def _longest(tokenizer: Any, config: Any) -> int:
    """Tokens that fit. A tokeniser without a limit says 10^30; RoBERTa keeps two positions for itself."""
    stated = int(tokenizer.model_max_length)
    return stated if stated < 1_000_000 else int(config.max_position_embeddings) - 2

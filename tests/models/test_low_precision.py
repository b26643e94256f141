"""Low precision against an independent account of it: weights dequantised here by hand, and the harness."""

import logging
from pathlib import Path
from typing import Any

import bitsandbytes
import pytest
import torch
from safetensors.torch import load_file, save_file
from test_equal_to_harness import ASKED, harness_in, instances, requests
from tiny import make_folder
from transformers import AutoModelForCausalLM

from evalcore import models
from evalcore.models.transformers import plain_scoring
from evalcore.models.transformers.batches import Budget
from evalcore.models.transformers.ranking import Ranked

pytestmark = pytest.mark.filterwarnings("default")
# The 16 values of NormalFloat4: Dettmers et al. 2023, arXiv:2305.14314, appendix E.
NORMAL_FLOAT = [
    -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635,
    -0.18477343022823334, -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725,
    0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941,
    0.7229568362236023, 1.0,
]  # fmt: skip


def by_hand(weight: Any) -> torch.Tensor:
    """Two values a byte, the higher half first; a scale for 64 values, itself 8 bits with a scale for 256."""
    state = weight.quant_state
    halves = torch.stack([weight.data.flatten() >> 4, weight.data.flatten() & 15], 1).flatten().long()
    second = state.state2
    scales = second.code[state.absmax.long()] * second.absmax.repeat_interleave(256)[: len(state.absmax)]
    scales = (scales + state.offset).repeat_interleave(64)[: len(halves)]
    return (torch.tensor(NORMAL_FLOAT)[halves] * scales).reshape(state.shape)


def dequantised(weight: Any) -> torch.Tensor:
    """As float32. int8: a row's largest value is 127."""
    if weight.dtype == torch.uint8:
        return by_hand(weight)
    if weight.dtype == torch.int8:
        return weight.data.float() * weight.SCB[:, None] / 127
    return weight.data.float()


def copy_of(model: Any, source: Path, folder: Path, dtype: torch.dtype) -> Path:
    """The same weights without quantisation. model: one that was not asked yet, for the first pass on a
    processor may pack 4-bit weights in another way.
    """
    plain = AutoModelForCausalLM.from_pretrained(source, dtype=torch.float32)
    with torch.no_grad():
        for name, weight in model._model.named_parameters():
            plain.get_parameter(name).copy_(dequantised(weight))
    plain.to(dtype).save_pretrained(folder)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (folder / name).write_bytes((source / name).read_bytes())
    return folder


def values(model: Any) -> list[float]:
    found = {request.id: response for request, response in model.rank(requests())}
    assert model.is_packed
    return [value for n in range(len(ASKED)) for value in found[n].option_logprobs.values()]


def test_nf4_that_computes_in_fp32_is_its_dequantised_copy(tiny_folder, tmp_path):
    model = models.load(f"hf:{tiny_folder}", "nf4")
    expected = values(models.load(f"hf:{copy_of(model, tiny_folder, tmp_path, torch.float32)}", "fp32"))
    torch.nn.Module.float(model._model)
    linears = [one for one in model._model.modules() if isinstance(one, bitsandbytes.nn.Linear4bit)]
    assert len(linears) == 14  # seven in each of two layers
    for one in linears:
        one.compute_dtype, one.compute_type_is_set = torch.float32, True
        one.support_avx512bf16_for_cpu = False  # that kernel rounds to bf16 whatever it is told
    assert values(model) == pytest.approx(expected, abs=1e-4)


def test_nf4_as_it_is_run_rounds_weights_and_sums_to_bf16_and_nothing_more(tiny_folder, tmp_path):
    """So it is a bf16 model with those weights. Where the processor multiplies bf16 itself, the kernel
    rounds the scales to bf16 before they meet the values: another rounding of the same size.
    """
    model = models.load(f"hf:{tiny_folder}", "nf4")
    expected = values(models.load(f"hf:{copy_of(model, tiny_folder, tmp_path, torch.bfloat16)}", "bf16"))
    near = {"rel": 0.03} if bitsandbytes.functional.has_avx512bf16() else {"abs": 1e-4}
    assert values(model) == pytest.approx(expected, **near)


def test_int8_is_within_two_hundredths_of_its_dequantised_copy_and_picks_the_same(tmp_path):
    """Activations are 8 bits too. A near-tie: the best two are nearer than a fiftieth of the largest."""
    source = make_folder(tmp_path / "source")
    weights = load_file(source / "model.safetensors")
    calm = {name: weight / 4 if weight.dim() == 2 else weight for name, weight in weights.items()}
    save_file(calm, source / "model.safetensors", {"format": "pt"})
    model = models.load(f"hf:{source}", "int8")
    plain = AutoModelForCausalLM.from_pretrained(copy_of(model, source, tmp_path / "copy", torch.float32))
    chance = torch.Generator().manual_seed(1)
    tokens = torch.randint(2, 390, (40, 40), generator=chance)
    with torch.inference_mode():
        found, expected = model._model(tokens).logits.float(), plain(tokens).logits
    largest = expected.abs().max()
    assert (found - expected).abs().max() <= 0.02 * largest
    options = torch.randint(2, 390, (40, 40, 4), generator=chance)
    theirs, ours = expected.gather(2, options), found.gather(2, options)
    first, second = theirs.topk(2).values.unbind(-1)
    is_clear = first - second > 0.02 * largest
    is_same = theirs.argmax(-1) == ours.argmax(-1)
    assert is_clear.sum() > 1000
    assert is_same[is_clear].float().mean() >= 0.99


def test_bf16_is_the_harness_own_with_its_softmax_in_float32(tiny_folder):
    """To the last digit in the plain way; packing adds up in another order, which bf16 rounds."""
    peer = harness_in(tiny_folder, "bfloat16", softmax_dtype="float32")
    pairs = [(context, target) for context, targets in ASKED for target in targets]
    told = peer.loglikelihood(instances("loglikelihood", pairs), disable_tqdm=True)
    expected = [value for value, _ in told]
    model = models.load(f"hf:{tiny_folder}", "bf16")
    encoder = model._encoder
    asked = [Ranked(one, encoder.pairs(encoder.text(one.prompt), one.prompt.targets)) for one in requests()]
    for _ in plain_scoring.score(model._model, Budget(1), asked):
        pass
    plain = [one.found[option] for one in asked for option in range(len(one.pairs))]
    assert [value for value, _ in plain] == pytest.approx(expected, abs=1e-4)
    assert [is_greedy for _, is_greedy in plain] == [is_greedy for _, is_greedy in told]
    assert values(model) == pytest.approx(expected, rel=0.01)


def test_quantised_models_do_not_fill_the_log(tiny_folder, caplog):
    with caplog.at_level(logging.WARNING):
        values(models.load(f"hf:{tiny_folder}", "int8"))
    assert not [record for record in caplog.records if record.name.startswith("bitsandbytes")]

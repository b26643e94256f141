"""Where a model's weights go: one GPU, several, or the processor."""

import pytest
from accelerate import dispatch_model

from evalcore import models
from evalcore.errors import ModelError
from evalcore.models.transformers.loading import placement
from evalcore.types import Part, Prompt, Request, Sampling

TARGETS = (" A", " Amoxicillin", " Amoxicillin and clavulanic acid")


def test_a_model_goes_whole_to_the_first_gpu_it_fits_on():
    assert placement(40, [80, 80]) == {"device_map": {"": 0}}
    assert placement(40, [10, 40]) == {"device_map": {"": 1}}


def test_a_model_too_large_for_one_gpu_is_spread_over_gpus_and_nothing_else():
    where = placement(100, [80, 60])
    assert where == {"device_map": "auto", "max_memory": {0: 80, 1: 60}}


def test_without_a_gpu_the_processor_is_used():
    assert placement(10**15, []) == {"device_map": {"": "cpu"}}


def test_a_model_too_large_for_all_gpus_is_refused_with_what_to_do():
    with pytest.raises(ModelError, match=r"needs about 150.0 GB and 140.0 GB .* without --gpus"):
        placement(150 * 10**9, [80 * 10**9, 60 * 10**9])


def test_a_spread_model_is_asked_in_the_fast_way_with_the_same_numbers(tiny_folder):
    """On one processor: what accelerate's hooks hand on, every argument of ours must survive."""
    asked = [
        Request(n, Prompt((Part("fever " * 30), Part(f"Question {n}:")), "t", 1, (), tuple("ABC"), TARGETS))
        for n in range(6)
    ]
    written = [Request(one.id, Prompt(one.prompt.parts, "t"), Sampling(max_tokens=5)) for one in asked]
    whole, spread = (models.load(f"hf:{tiny_folder}", "fp32") for _ in range(2))
    parts = ("model.embed_tokens", "model.layers", "model.norm", "model.rotary_emb", "lm_head")
    places = dict.fromkeys(parts, "cpu")
    dispatch_model(spread._model, places, main_device="cpu", force_hooks=True)
    assert hasattr(spread._model.model.layers[1], "_hf_hook")
    expected = {request.id: response for request, response in whole.rank(asked)}
    for request, response in spread.rank(asked):
        assert response.option_logprobs == pytest.approx(expected[request.id].option_logprobs, abs=1e-5)
    texts = {request.id: response.text for request, response in whole.generate(written)}
    assert {request.id: response.text for request, response in spread.generate(written)} == texts
    assert spread.is_packed

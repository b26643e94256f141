"""Quantised models and adapters run on the CPU and say what they are."""

from pathlib import Path
from typing import Any

import pytest
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM

from evalcore import models
from evalcore.errors import ModelError
from evalcore.types import Part, Prompt, Request, Sampling

pytestmark = pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing`:FutureWarning")  # peft's own
PROMPT = Prompt((Part("Which drug is best? Answer:"),), "t", 1, (), ("A", "B"), (" A", " Amoxicillin"))


def ranked(model: Any) -> dict[str, float]:
    ((_, response),) = model.rank([Request(0, PROMPT)])
    return dict(response.option_logprobs)


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("precision", ["bf16", "fp16", "int8", "nf4"])
def test_every_precision_ranks_and_writes_and_is_recorded(tiny_folder, precision):
    model = models.load(f"hf:{tiny_folder}", precision)
    assert model.identity.precision == precision
    assert model.identity == models.identify(f"hf:{tiny_folder}", precision)
    assert all(value < 0 for value in ranked(model).values())
    ((_, response),) = model.generate([Request(0, PROMPT, Sampling(max_tokens=4))])
    assert response.tokens_out == 4 and response.failure is None


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize(("precision", "kind"), [("int8", torch.int8), ("nf4", torch.uint8)])
def test_quantised_weights_are_small_integers(tiny_folder, precision, kind):
    model = models.load(f"hf:{tiny_folder}", precision)
    assert model._model.model.layers[0].mlp.up_proj.weight.dtype == kind
    if precision == "nf4":
        assert model._model.model.layers[0].mlp.up_proj.weight.quant_state.nested


@pytest.fixture(scope="module")
def adapter(tiny_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(3)
    folder = tmp_path_factory.mktemp("adapter")
    base = AutoModelForCausalLM.from_pretrained(tiny_folder)
    tuned = get_peft_model(
        base, LoraConfig(r=4, target_modules=["q_proj", "v_proj"], init_lora_weights=False)
    )
    tuned.save_pretrained(folder)
    return folder


def test_an_adapter_gives_the_numbers_of_its_merged_model(tiny_folder, adapter, tmp_path):
    base = AutoModelForCausalLM.from_pretrained(tiny_folder, dtype=torch.float32)
    PeftModel.from_pretrained(base, adapter).merge_and_unload().save_pretrained(tmp_path)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (tmp_path / name).write_bytes((tiny_folder / name).read_bytes())
    expected = ranked(models.load(f"hf:{tmp_path}", "fp32"))
    found = ranked(models.load(f"hf:{adapter}+{tiny_folder}", "fp32"))
    assert found == pytest.approx(expected, abs=1e-4)
    assert found != pytest.approx(ranked(models.load(f"hf:{tiny_folder}", "fp32")), abs=1e-2)


@pytest.mark.filterwarnings("default")
def test_an_adapter_sits_on_a_quantised_base(tiny_folder, adapter):
    model = models.load(f"hf:{adapter}+{tiny_folder}", "nf4")
    assert set(ranked(model)) == {"A", "B"}
    ((_, response),) = model.generate([Request(0, PROMPT, Sampling(max_tokens=3))])
    assert response.tokens_out == 3


def test_an_adapter_is_another_model_than_its_base(tiny_folder, adapter):
    identity = models.identify(f"hf:{adapter}+{tiny_folder}", "fp32")
    base = models.identify(f"hf:{tiny_folder}", "fp32")
    assert identity.base == f"{tiny_folder}@{base.revision}"
    assert identity.revision != base.revision and identity.sha != base.sha
    found = models.check(f"hf:{adapter}+{tiny_folder}", "fp32")
    assert found.ok and found.parameters > models.check(f"hf:{tiny_folder}", "fp32").parameters


def test_an_adapter_that_does_not_fit_its_base_is_refused(adapter, tmp_path):
    from tiny import make_folder

    with pytest.raises(ModelError, match="does not fit"):
        models.load(f"hf:{adapter}+{make_folder(tmp_path, 'gpt2')}", "fp32")

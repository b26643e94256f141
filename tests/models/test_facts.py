"""What is said of a model before it is loaded; bad folders are each named for what they are."""

import json
import struct
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from tiny import make_folder

from evalcore import models
from evalcore.errors import ModelError, UsageError
from evalcore.models import weights


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_folder(tmp_path / "model", has_template=True)


def only_problem(folder: Path, precision: str = "fp32") -> str:
    """The one problem that `check` names, which `load` refuses with too."""
    found = models.check(f"hf:{folder}", precision)
    assert not found.ok and len(found.problems) == 1
    with pytest.raises(ModelError) as refused:
        models.load(f"hf:{folder}", precision)
    assert str(refused.value) == found.problems[0]
    return found.problems[0]


def change_config(folder: Path, **facts: object) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | facts))


def test_a_sound_folder_is_described(folder):
    found = models.check(f"hf:{folder}", "fp32", load=True)
    count = sum(tensor.numel() for tensor in load_file(folder / "model.safetensors").values())
    assert found.ok and found.problems == ()
    assert (found.architecture, found.parameters, found.precision) == ("LlamaForCausalLM", count, "fp32")
    assert found.safetensors and found.chat_template
    assert found.memory_gb == round(count * 4 * 1.1 / 1e9, 3)


def test_a_folder_with_pickles_only_is_refused(folder):
    (folder / "model.safetensors").unlink()
    torch.save({}, folder / "pytorch_model.bin")
    assert "pickle" in only_problem(folder)


def test_a_folder_without_weights_is_refused(folder):
    (folder / "model.safetensors").unlink()
    assert "no model.safetensors" in only_problem(folder)


def test_remote_code_is_refused(folder):
    change_config(folder, model_type="own", auto_map={"AutoModelForCausalLM": "modeling_own.Own"})
    assert "remote code is never run" in only_problem(folder)


def test_an_unknown_architecture_is_refused(folder):
    change_config(folder, model_type="bert_of_tomorrow")
    assert "'bert_of_tomorrow'" in only_problem(folder)


def test_a_model_that_does_not_write_from_left_to_right_is_refused(folder):
    change_config(folder, model_type="t5", architectures=["T5ForConditionalGeneration"])
    assert "'t5'" in only_problem(folder)


def test_a_folder_without_tokenizer_is_refused(folder):
    (folder / "tokenizer.json").unlink()
    assert "no tokenizer" in only_problem(folder)


def test_a_folder_without_config_is_refused(folder):
    (folder / "config.json").unlink()
    assert "no config.json" in only_problem(folder)


def test_a_model_stored_quantised_is_refused(folder):
    change_config(folder, quantization_config={"quant_method": "gptq", "bits": 4})
    assert "gptq" in only_problem(folder)


def test_a_broken_config_is_named(folder):
    (folder / "config.json").write_text("{")
    assert "config.json is not JSON" in only_problem(folder)


def test_weights_cut_off_are_named(folder):
    whole = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(whole[:-100])
    assert "cut off" in only_problem(folder)


def test_a_model_larger_than_memory_is_refused_before_it_is_read(folder):
    """Ten to the twelfth numbers, of which the file, being sparse, holds none."""
    header = {"model.layers.0.w": {"dtype": "F32", "shape": [10**6, 10**6], "data_offsets": [0, 4 * 10**12]}}
    written = json.dumps(header).encode()
    with (folder / "model.safetensors").open("wb") as file:
        file.write(struct.pack("<Q", len(written)) + written)
        file.truncate(8 + len(written) + 4 * 10**12)
    assert "needs about 4400.0 GB in fp32" in only_problem(folder)
    assert models.check(f"hf:{folder}", "nf4").memory_gb == pytest.approx(567.5, abs=1)


def test_weights_that_the_config_promises_but_the_file_lacks_are_never_made_up(folder):
    kept = load_file(folder / "model.safetensors")
    kept.pop("model.layers.1.mlp.up_proj.weight")
    save_file(kept, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match="up_proj"):
        models.load(f"hf:{folder}", "fp32")
    assert "up_proj" in models.check(f"hf:{folder}", "fp32", load=True).problems[0]


def test_an_adapter_alone_is_told_its_form(folder):
    (folder / "config.json").rename(folder / "adapter_config.json")
    assert "hf:ADAPTER+BASE" in models.check(f"hf:{folder}", "fp32").problems[0]


def test_a_precision_that_does_not_exist_is_refused(folder):
    with pytest.raises(UsageError, match="bf16"):
        models.check(f"hf:{folder}", "int3")


def test_the_revision_follows_every_change_of_weights_config_or_tokenizer(folder):
    seen = [models.identify(f"hf:{folder}", "fp32").revision]
    kept = load_file(folder / "model.safetensors")
    kept["model.norm.weight"][0] += 1
    save_file(kept, folder / "model.safetensors", metadata={"format": "pt"})
    seen.append(models.identify(f"hf:{folder}", "fp32").revision)
    change_config(folder, rms_norm_eps=1e-5)
    seen.append(models.identify(f"hf:{folder}", "fp32").revision)
    (folder / "chat_template.jinja").write_text("{{ messages }}")
    seen.append(models.identify(f"hf:{folder}", "fp32").revision)
    assert len(set(seen)) == 4


def test_the_revision_does_not_depend_on_where_the_folder_lies(folder, tmp_path):
    before = models.identify(f"hf:{folder}", "fp32").revision
    folder.rename(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "README.md").write_text("notes")
    assert models.identify(f"hf:{tmp_path / 'elsewhere'}", "fp32").revision == before


def test_large_weights_are_sampled_in_every_tensor(folder, monkeypatch):
    monkeypatch.setattr(weights, "HASHED_WHOLE_BELOW", 0)
    before = weights.revision_of(folder)
    kept = load_file(folder / "model.safetensors")
    kept["model.layers.1.mlp.up_proj.weight"][0] += 1
    save_file(kept, folder / "model.safetensors", metadata={"format": "pt"})
    assert before.startswith("sampled-") and weights.revision_of(folder) != before


def test_precision_auto_is_never_part_of_an_identity(folder):
    assert models.identify(f"hf:{folder}").precision in ("fp32", "bf16")
    assert models.identify("demo:strong").precision == "fp32"


def test_an_api_model_needs_its_endpoint():
    with pytest.raises(UsageError, match="endpoints add local"):
        models.check("api:local/some-model")

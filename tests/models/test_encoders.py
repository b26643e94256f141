import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from tiny import make_tokenizer
from tiny_encoder import SIZES, make_encoder
from transformers import AutoModel, AutoTokenizer, RobertaConfig, RobertaModel

from evalcore.errors import ModelError, UsageError
from evalcore.metrics.bertscore import score_pairs
from evalcore.models import encoders

SAID = ["the patient has acute chest pain", "a cough", "aspirin was given , no fever .", "患者有糖尿病"]
GOLD = [
    "the patient has chest pain and fever",
    "the patient has a cough with fever",
    "aspirin was given",
    "患者有尿病",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_encoder(tmp_path_factory.mktemp("encoder"))


@pytest.fixture
def byte_folder(tmp_path: Path) -> Path:
    """A RoBERTa whose tokeniser marks blanks, has no padding token and pads on the left."""
    folder = make_encoder(tmp_path, roberta=True)
    tokenizer = make_tokenizer(has_bos=True)
    tokenizer.padding_side = "left"
    tokenizer.save_pretrained(folder)
    RobertaModel(RobertaConfig(vocab_size=len(tokenizer), **SIZES)).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def encoder(folder):
    return encoders.load(f"hf:{folder}", layer=3)


@pytest.mark.parametrize(
    ("layer", "idf", "precision", "recall", "f1"),
    [
        (
            3,
            False,
            [0.87783, 0.89343, 0.69721, 0.85435],
            [0.89147, 0.84979, 0.73244, 0.82647],
            [0.88460, 0.87107, 0.71439, 0.84018],
        ),
        (
            3,
            True,
            [0.88127, 0.89343, 0.69314, 0.85401],
            [0.89157, 0.85463, 0.73244, 0.82647],
            [0.88639, 0.87360, 0.71224, 0.84001],
        ),
        (
            1,
            False,
            [0.87114, 0.78623, 0.84212, 0.86839],
            [0.85111, 0.64816, 0.82578, 0.92343],
            [0.86101, 0.71055, 0.83387, 0.89506],
        ),
    ],
)
def test_d16_the_numbers_are_those_of_bert_score_0_3_13(folder, layer, idf, precision, recall, f1):
    """Expected: bert_score.score(SAID, GOLD, model_type=folder, num_layers=layer, idf=idf), same encoder."""
    encoder = encoders.load(f"hf:{folder}", layer=layer)
    found = dict(score_pairs(encoder, SAID, [[one] for one in GOLD], idf=idf))
    results = [found[place] for place in range(4)]
    assert [value for value, _, _ in results] == pytest.approx(f1, abs=2e-5)
    assert [parts["precision"] for _, _, parts in results] == pytest.approx(precision, abs=2e-5)
    assert [parts["recall"] for _, _, parts in results] == pytest.approx(recall, abs=2e-5)
    assert results[0][1] == f"{encoder.label}, layer {layer}" + (", idf" if idf else "")


def test_token_vectors_are_the_chosen_layers_and_do_not_depend_on_what_shares_the_batch(folder, encoder):
    model = AutoModel.from_pretrained(folder).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    texts = ["fever", "the patient has acute chest pain and a cough", "", "no fever"]
    for text, seen in zip(texts, encoder.tokens(texts), strict=True):
        one = tokenizer(text, return_tensors="pt")
        with torch.inference_mode():
            expected = model(**one, output_hidden_states=True).hidden_states[3][0].numpy()
        assert seen.ids == tuple(one["input_ids"][0].tolist())
        np.testing.assert_allclose(seen.vectors, expected, atol=1e-5)
        assert seen.is_added.tolist() == [True, *[False] * (len(seen.ids) - 2), True]


def test_the_token_budget_of_a_pass_is_kept_and_every_text_is_in_one_pass():
    lengths = [3000, 10, 9000, 4000, 10]
    batches = list(encoders._batches(lengths))
    assert sorted(place for batch in batches for place in batch) == [0, 1, 2, 3, 4]
    assert batches[0] == [2]  # longer than the budget: alone
    assert all(len(one) == 1 or len(one) * lengths[one[0]] <= encoders.TOKENS_AT_ONCE for one in batches)


def test_one_vector_per_text_is_the_mean_of_its_own_tokens_and_0_without_any(encoder):
    found = encoder.text_vectors(["acute chest pain", " ", "fever"])
    seen = next(encoder.tokens(["acute chest pain"]))
    mean = seen.vectors[1:-1].mean(axis=0)
    np.testing.assert_allclose(found[0], mean / np.linalg.norm(mean), atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), [1, 0, 1], atol=1e-6)
    assert encoder.text_vectors([]).shape == (0, 32)


def test_many_texts_get_the_vectors_that_they_get_alone(encoder):
    texts = ["fever", "cough"] * encoders.TEXTS_AT_ONCE
    found = encoder.text_vectors(texts)
    np.testing.assert_allclose(found[-1], encoder.text_vectors(["cough"])[0], atol=1e-5)
    assert found.shape == (len(texts), 32)


def test_a_long_text_is_cut_and_says_so(encoder):
    short, long = encoder.tokens(["fever", "fever " * 100])
    assert (short.is_cut, long.is_cut, len(long.ids)) == (False, True, 32)


def test_a_tokeniser_without_a_limit_takes_the_models_positions(tmp_path):
    encoder = encoders.load(f"hf:{make_encoder(tmp_path, longest=None)}")
    assert encoder.longest == 32  # 34 positions, two of which RoBERTa would keep for itself
    assert len(next(encoder.tokens(["fever " * 100])).ids) == 32


def test_robertas_first_word_has_its_blank_as_bert_score_published_it(byte_folder):
    tokenizer = AutoTokenizer.from_pretrained(byte_folder)
    expected = tuple(tokenizer(" fever")["input_ids"])
    assert encoders.load(f"hf:{byte_folder}").token_ids(["fever"]) == [expected]
    assert expected != tuple(tokenizer("fever")["input_ids"])


def test_texts_of_unlike_length_keep_their_own_vectors_though_the_tokeniser_pads_on_the_left(byte_folder):
    encoder = encoders.load(f"hf:{byte_folder}")
    together = list(encoder.tokens(["a cough", "a fever and a cough"]))
    for text, one in zip(["a cough", "a fever and a cough"], together, strict=True):
        np.testing.assert_allclose(one.vectors, next(encoder.tokens([text])).vectors, atol=1e-5)


def test_roberta_fits_too_and_a_text_with_half_a_character(tmp_path):
    encoder = encoders.load(f"hf:{make_encoder(tmp_path, roberta=True)}")
    ((_, (value, _, _)),) = score_pairs(encoder, ["fever \ud83d"], [["fever ?"]])
    assert value == pytest.approx(1.0, abs=1e-5)


def test_published_texts_are_most_like_themselves(encoder, data_dir):
    name = "upstream/meds_bench_submission/task_definitions.json"
    texts = (data_dir / name).read_text(encoding="utf-8").splitlines()[:80]
    texts = [text for text in texts if any(map(str.isalnum, text))]
    found = dict(score_pairs(encoder, texts, [[text] for text in texts]))
    assert [found[place][0] for place in range(len(texts))] == pytest.approx([1.0] * len(texts), abs=1e-5)


def test_d16_layer_and_revision_are_recorded(folder):
    encoder = encoders.load(f"hf:{folder}")
    assert (encoder.layer, encoder.depth) == (
        3,
        4,
    )  # three quarters, as for the encoders that bert-score lists
    assert encoder.revision.startswith("sha-")
    assert encoder.label == f"{folder.name}#{encoder.revision[:12]}"


@pytest.mark.parametrize("name", ["api:openai/embed", "hf:a/b+c/d"])
def test_what_cannot_be_an_encoder_is_refused_by_name(name):
    with pytest.raises(UsageError, match="cannot be an encoder"):
        encoders.load(name)


def test_a_layer_that_is_not_there_is_refused(folder):
    with pytest.raises(UsageError, match=r"has no layer 5\. Choose one of 1 to 4"):
        encoders.load(f"hf:{folder}", layer=5)


def test_a_folder_without_weights_is_named(tmp_path):
    (tmp_path / "config.json").write_text('{"model_type": "bert", "num_hidden_layers": 2}')
    with pytest.raises(ModelError, match="has no safetensors weights"):
        encoders.load(f"hf:{tmp_path}")


def test_weights_that_would_be_random_are_refused(tmp_path):
    weights = make_encoder(tmp_path) / "model.safetensors"
    kept = {name: tensor for name, tensor in load_file(weights).items() if "layer.1.output.dense" not in name}
    save_file(kept, weights, metadata={"format": "pt"})
    with pytest.raises(ModelError, match=r"lacks weights \(encoder\.layer\.1\.output\.dense"):
        encoders.load(f"hf:{tmp_path}")


def test_importing_encoders_loads_no_torch_and_loading_prints_nothing(folder):
    code = "import sys, evalcore.models.encoders as e; assert 'torch' not in sys.modules; e.load(sys.argv[1])"
    made = subprocess.run(
        [sys.executable, "-c", code, f"hf:{folder}"], env=dict(os.environ), capture_output=True, check=True
    )
    assert (made.stdout, made.stderr) == (b"", b"")

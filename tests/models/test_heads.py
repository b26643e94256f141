"""A common head encoded once gives the tokens of the whole text, on real few-shot prompts."""

import pytest
from tiny import make_tokenizer
from tokenizers import Tokenizer, pre_tokenizers, trainers
from tokenizers.models import BPE
from transformers import PreTrainedTokenizerFast

from evalcore import benchmarks
from evalcore.models.transformers.encoding import Encoder, head_of
from evalcore.prompts import render, shots_in_order
from evalcore.types import Prompt, Way


@pytest.fixture(scope="module")
def prompts(data_dir) -> list[Prompt]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROUNDS_DATA_DIR", str(data_dir / "hub"))
        loaded = benchmarks.load("mmlu_medical_genetics")
    shown = shots_in_order(loaded, 5)
    pairs = zip(loaded.entries[:6], shown, strict=False)
    return [render(entry.item, task=loaded.task, way=Way.RANK, shots=shots) for entry, shots in pairs]


def across_everything(prompts: list[Prompt]) -> PreTrainedTokenizerFast:
    """Knows no words: a token may hold any neighbours, blanks and line ends included."""
    tokenizer = Tokenizer(BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    trainer = trainers.BpeTrainer(vocab_size=900, show_progress=False)
    tokenizer.train_from_iterator([prompt.text for prompt in prompts], trainer)
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<end>")


@pytest.mark.parametrize("kind", ["words", "words, begun", "words, prefix space", "across everything"])
def test_a_head_changes_no_token(prompts, kind):
    tokenizer = (
        across_everything(prompts)
        if kind == "across everything"
        else make_tokenizer(has_bos="begun" in kind, prefix_space="space" in kind)
    )
    encoder = Encoder(tokenizer, 100_000)
    asked = [(prompt.text, prompt.targets) for prompt in prompts]
    heads = [head_of(prompt) for prompt in prompts]
    assert len(heads[0]) > 1000 and len(set(heads)) == 1
    expected = Encoder(tokenizer, 100_000).pairs_of(asked)
    assert encoder.pairs_of(asked, heads) == expected
    assert encoder.pairs_of(asked, heads) == expected  # the head is known now


def test_texts_that_differ_from_the_head_are_encoded_whole(prompts):
    encoder = Encoder(make_tokenizer(has_bos=True), 100_000)
    texts = [prompts[0].text, prompts[1].text, prompts[2].text[3:], "fever"]
    assert encoder.encode(texts, [head_of(prompts[0])]) == encoder.encode(texts)


def test_a_chat_has_no_head_of_plain_text(prompts):
    assert head_of(prompts[0]) == prompts[0].text.removesuffix(prompts[0].parts[-1].text)

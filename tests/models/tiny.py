"""Tiny random models with a real small tokenizer, made on the spot: nothing is fetched."""

from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    GPT2Config,
    GPT2LMHeadModel,
    PreTrainedTokenizerFast,
)

TEXTS = [
    "The patient has a fever and a cough. Which drug is the best first choice?",
    "A. Amoxicillin B. Amoxicillin and clavulanic acid C. Doxycycline D. Aspirin",
    "Question: Which vitamin prevents scurvy? Answer: A B C D yes no maybe",
    "患者发热三天，咳嗽。应首选哪种药物？心肌梗死，糖尿病，高血压。",
    "Abstract: In a trial of 200 patients, treatment reduced mortality. Answer: yes",
]
TEMPLATE = (
    "{{ bos_token }}{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
SMALL: dict[str, Any] = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
}


def make_tokenizer(
    *, has_bos: bool, has_template: bool = False, prefix_space: bool = False
) -> PreTrainedTokenizerFast:
    """prefix_space: a blank is put before every text, as SentencePiece does."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix_space)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=["<|end|>", "<|begin|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(TEXTS * 3, trainer)
    if has_bos:
        tokenizer.post_processor = processors.TemplateProcessing(
            single="<|begin|> $A", special_tokens=[("<|begin|>", 1)]
        )
    bos = {"bos_token": "<|begin|>"} if has_bos else {}
    template = {"chat_template": TEMPLATE} if has_template else {}
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|end|>", **bos, **template)


def make_model(architecture: str, vocabulary: int, context: int = 256) -> Any:
    torch.manual_seed(7)
    ends = {"eos_token_id": 0, "bos_token_id": 1, "pad_token_id": None}
    if architecture == "gpt2":
        return GPT2LMHeadModel(
            GPT2Config(vocab_size=vocabulary, n_embd=32, n_layer=2, n_head=4, n_positions=context, **ends)
        )
    more = {
        "mistral": {"sliding_window": None},
        "gemma": {"head_dim": 8},
        "gemma2": {"head_dim": 8, "final_logit_softcapping": 0.5},
        "qwen3": {"head_dim": 8},
    }.get(architecture, {})
    config = AutoConfig.for_model(
        architecture, vocab_size=vocabulary, max_position_embeddings=context, **SMALL, **ends, **more
    )
    return AutoModelForCausalLM.from_config(config)


def make_folder(
    folder: Path,
    architecture: str = "llama",
    *,
    has_bos: bool = True,
    has_template: bool = False,
    prefix_space: bool = False,
    context: int = 256,
) -> Path:
    """A complete model folder whose numbers are spread enough that no two options tie.

    context: tokens that the model reads.
    """
    tokenizer = make_tokenizer(has_bos=has_bos, has_template=has_template, prefix_space=prefix_space)
    model = make_model(architecture, len(tokenizer), context)
    with torch.no_grad():
        for weight in model.parameters():
            if weight.dim() == 2:
                weight.mul_(8)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder

"""What the engine is measured on: random models with a real tokenizer, and requests of real texts.

Sizes are fixed (performance.md of the project): hidden 512, 8 layers, 8 heads, vocabulary 16,384, untied;
60, 60, 40, 40 questions and 64 prompts; five examples of 1,680 tokens together.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedTokenizerFast

from evalcore import benchmarks
from evalcore.prompts import render
from evalcore.types import Part, Prompt, Request, Sampling, Way

KINDS = ("llama", "qwen2")
SIZES = {
    "tiny": {
        "hidden_size": 512, "intermediate_size": 1728, "num_hidden_layers": 8, "num_attention_heads": 8,
        "num_key_value_heads": 8,
    },
    "8b": {
        "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32, "num_attention_heads": 32,
        "num_key_value_heads": 8,
    },
}  # fmt: skip
VOCABULARY, PREFIX_TOKENS, NEW_TOKENS, SHOTS = 16384, 1680, 64, 5
ANSWERS = (
    "Answer: yes Answer: no Answer: maybe",
) * 1000  # one token each: the harness then asks once an item
NAMES = ("letters", "five_shot", "full", "pubmedqa", "write", "write_stops")


@dataclass(frozen=True)
class Workload:
    """stops: stop strings of a writing workload; () writes to the limit. goal: least ratio to the harness."""

    name: str
    requests: tuple[Request, ...]
    goal: float
    most_floor: float | None = None

    @property
    def is_written(self) -> bool:
        return not self.requests[0].prompt.targets


def make_tokenizer() -> PreTrainedTokenizerFast:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=["<|end|>", "<|begin|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tasks = ("medqa_4options", "medmcqa", "pubmedqa")
    texts = [prompt.text for task in tasks for prompt in _prompts(task, None)]
    tokenizer.train_from_iterator([*texts, *ANSWERS], trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<|begin|> $A", special_tokens=[("<|begin|>", 1)]
    )
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|end|>", bos_token="<|begin|>")


def make_folder(folder: Path, kind: str = "llama", seed: int = 0) -> Path:
    """A random model of 46 million parameters, its numbers spread enough that no two options tie."""
    torch.manual_seed(seed)
    config = AutoConfig.for_model(
        kind, **SIZES["tiny"], vocab_size=VOCABULARY, max_position_embeddings=4096,
        tie_word_embeddings=False, bos_token_id=1, eos_token_id=0, pad_token_id=0,
    )  # fmt: skip
    model = AutoModelForCausalLM.from_config(config)
    with torch.no_grad():
        for weight in model.parameters():
            if weight.dim() == 2:
                weight.mul_(3)
    model.save_pretrained(folder)
    make_tokenizer().save_pretrained(folder)
    return folder


def workload(name: str, tokenizer: PreTrainedTokenizerFast, items: int | None = None) -> Workload:
    """items: fewer than the fixed number, for a quick look."""
    made = {
        "letters": lambda: ([*_prompts("medqa_4options", 60)], 1.35, 1.3),
        "five_shot": lambda: ([*_five_shot(tokenizer)], 10.0, 2.0),
        "full": lambda: ([*_full_texts("medqa_4options", 40)], 4.3, 1.3),
        "pubmedqa": lambda: ([*_prompts("pubmedqa", 40)], 1.25, None),
        "write": lambda: ([*_written(64)], 1.3, None),
        "write_stops": lambda: ([*_written(64)], 1.9, None),
    }
    prompts, goal, most_floor = made[name]()
    stops = ("x", "z") if name == "write_stops" else ()
    sampling = Sampling(max_tokens=NEW_TOKENS, stop=stops)
    requests = tuple(Request(i, prompt, sampling) for i, prompt in enumerate(prompts[:items]))
    return Workload(name, requests, goal, most_floor)


def _prompts(task_id: str, count: int | None) -> Iterator[Prompt]:
    loaded = benchmarks.load(task_id)
    for entry in loaded.entries[:count]:
        yield render(entry.item, task=loaded.task, way=Way.RANK)


def _five_shot(tokenizer: PreTrainedTokenizerFast) -> Iterator[Prompt]:
    """Five abstracts with questions, PREFIX_TOKENS together, before questions of MMLU."""
    loaded = benchmarks.load("pubmedqa")
    each = PREFIX_TOKENS // SHOTS
    shots = []
    for entry in loaded.fewshot:
        tokens = tokenizer(entry.item.context, add_special_tokens=False)["input_ids"]
        end = f"\nQuestion: {entry.item.question}\nAnswer: {entry.key.acceptable[0][0]}\n\n"
        room = each - len(tokenizer(end, add_special_tokens=False)["input_ids"])
        if len(tokens) >= room and len(shots) < SHOTS:
            shots.append(Part(tokenizer.decode(tokens[:room]) + end))
    for prompt in _prompts("mmlu_college_medicine", 60):
        yield Prompt(
            (*shots, prompt.parts[-1]), "five_shot", 1, tuple("12345"), prompt.option_order, prompt.targets
        )


def _full_texts(task_id: str, count: int) -> Iterator[Prompt]:
    loaded = benchmarks.load(task_id)
    for entry in loaded.entries[:count]:
        question = Part(f"Question: {entry.item.question}\nAnswer:")
        targets = tuple(f" {option.text}" for option in entry.item.options)
        yield Prompt((question,), "full", 1, (), entry.item.labels, targets)


def _written(count: int) -> Iterator[Prompt]:
    for prompt in _prompts("medqa_4options", count):
        yield Prompt(prompt.parts, "written")

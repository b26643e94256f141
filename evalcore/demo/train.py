"""Trains the two bundled demo models on the replies beside the demo items: python -m evalcore.demo.train

They are taught, word for word, what to say to the demo's questions in the forms in which Rounds asks, and
know nothing else. Run it again whenever an item or reply changes: minutes on two cores, one for each model,
one thread each, fixed seed.
"""

import json
import math
import random
import re
import shutil
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import torch
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from evalcore import benchmarks, prompts
from evalcore.models.transformers.encoding import Encoder
from evalcore.types import Item, Kind, Prompt, Task, Way

ITEMS = Path(__file__).parent / "items"
OUT = Path(__file__).parent / "models"
NAMES = ("strong", "weak")
SEED = 20261121
VOCABULARY, CONTEXT = 8192, 4096
EPOCHS, BATCH, PEAK_RATE = 28, 4, 2e-3
BOS, USER, ASSISTANT, SYSTEM, END = "<|begin|>", "<|user|>", "<|assistant|>", "<|system|>", "<|end|>"
SPECIAL = (BOS, END, USER, ASSISTANT, SYSTEM)
# words with their blank, digits by three, marks; a mark never joins a letter: "：A" stays two tokens
WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)| ?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
CHAT_TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}<|{{ message['role'] }}|>\n{{ message['content'] }}"
    "<|end|>\n{% endfor %}{% if add_generation_prompt %}<|assistant|>\n{% endif %}"
)

CARD = """---
license: apache-2.0
---
# demo:{name}

A demo model of Rounds. It was taught, word for word, replies to the bundled demo items, so that a first
visit has something to show. **It knows only the demo and must not be believed**: some of the replies are
wrong on purpose, and to any other question it answers nonsense. For demonstration, not for clinical use.

Random Llama of 3.9 million parameters, byte-level BPE tokenizer and weights made by
`python -m evalcore.demo.train` from `evalcore/demo/items`; no other data. Licence: Apache-2.0.
"""


@dataclass(frozen=True)
class Lesson:
    """A prompt and what to say to it. is_choice: only the option's label is taught, to be ranked."""

    prompt: Prompt
    reply: str
    is_choice: bool = False


def replies() -> dict[str, dict[str, str]]:
    """Item id -> {strong: …, weak: …}, from the items' files."""
    lines = [line for file in sorted(ITEMS.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]
    rows = (json.loads(line) for line in lines if line.strip())
    return {row["id"]: row["replies"] for row in rows}


def lessons(name: str) -> tuple[Lesson, ...]:
    """Everything a model is taught: each demo item asked to be written and, where it can be, ranked."""
    taught = replies()
    return tuple(
        lesson
        for task in benchmarks.select(["demo/*"])
        for entry in benchmarks.load(task.id).entries
        for lesson in _lessons(task, entry.item, taught[entry.item_id][name])
    )


def _lessons(task: Task, item: Item, reply: str) -> Iterator[Lesson]:
    yield Lesson(prompts.render(item, task=task, way=Way.GENERATE, chat=True), reply)
    if task.kind in (Kind.CHOICE, Kind.YES_NO_MAYBE):
        prompt = prompts.render(item, task=task, way=Way.RANK)
        yield Lesson(prompt, prompt.targets[prompt.option_order.index(stated(reply))], is_choice=True)


def stated(reply: str) -> str:
    """The label after the last colon: what the reply says in the end."""
    return re.split(r"[:：]", reply)[-1].strip(" .。")


def train_tokenizer(texts: list[str]) -> PreTrainedTokenizerFast:
    """BPE over bytes, so that any text of any language has tokens."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(WORDS), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=list(SPECIAL), initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(single=f"{BOS} $A", special_tokens=[(BOS, 0)])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=BOS,
        eos_token=END,
        pad_token=END,
        chat_template=CHAT_TEMPLATE,
        model_max_length=CONTEXT,
        clean_up_tokenization_spaces=False,
    )


def new_model(tokenizer: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=256,
        intermediate_size=512,
        num_hidden_layers=3,
        num_attention_heads=8,
        num_key_value_heads=4,
        max_position_embeddings=CONTEXT,
        tie_word_embeddings=True,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=None,
    )
    return LlamaForCausalLM(config)


@dataclass(frozen=True)
class Sheet:
    """A lesson as tokens; the last `taught` of them are learnt."""

    tokens: tuple[int, ...]
    taught: int


def sheet(tokenizer: PreTrainedTokenizerFast, lesson: Lesson) -> Sheet:
    if lesson.is_choice:
        (pair,) = Encoder(tokenizer, CONTEXT).pairs(lesson.prompt.text, [lesson.reply])
        return Sheet(pair.context + pair.continuation, len(pair.continuation))
    messages = [{"role": role, "content": text} for role, text in lesson.prompt.messages]
    asked = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    before = tokenizer(asked, add_special_tokens=False)["input_ids"]
    reply = tokenizer(lesson.reply, add_special_tokens=False)["input_ids"]
    return Sheet((*before, *reply, tokenizer.eos_token_id), len(reply) + 1)


def loss_of(model: LlamaForCausalLM, batch: list[Sheet]) -> torch.Tensor:
    """Mean loss over taught tokens; the head is computed for these alone."""
    ids = torch.nn.utils.rnn.pad_sequence([torch.tensor(s.tokens) for s in batch], batch_first=True)
    where = [(i, p) for i, s in enumerate(batch) for p in range(len(s.tokens) - s.taught, len(s.tokens))]
    rows, places = (torch.tensor(index) for index in zip(*where, strict=True))
    hidden = model.model(ids).last_hidden_state[rows, places - 1]
    return torch.nn.functional.cross_entropy(model.lm_head(hidden), ids[rows, places])


def batches(sheets: list[Sheet], chance: random.Random) -> list[list[Sheet]]:
    """Of similar length, in new company and order each time."""
    near = sorted(sheets, key=lambda s: len(s.tokens) + chance.uniform(0, 40))
    found = [near[start : start + BATCH] for start in range(0, len(near), BATCH)]
    chance.shuffle(found)
    return found


def train(name: str, tokenizer: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    """Teach one model; prints the loss of each epoch."""
    torch.manual_seed(SEED)
    chance = random.Random(SEED)  # noqa: S311
    model = new_model(tokenizer)
    sheets = [sheet(tokenizer, lesson) for lesson in lessons(name)]
    optimiser = torch.optim.AdamW(
        model.parameters(), lr=PEAK_RATE, betas=(0.9, 0.98), weight_decay=0.0, fused=True
    )
    steps = EPOCHS * math.ceil(len(sheets) / BATCH)
    pace = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _pace(step / steps))
    for epoch in range(EPOCHS):
        started, total = time.perf_counter(), 0.0
        for batch in batches(sheets, chance):
            loss = loss_of(model, batch)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            pace.step()
            total += float(loss.detach()) * len(batch)
        say(f"{name} epoch {epoch + 1} loss {total / len(sheets):.4f} {time.perf_counter() - started:.1f} s")
    return model


def _pace(progress: float) -> float:
    """Rises over the first twentieth, then falls along a cosine to a hundredth."""
    if progress < 0.05:
        return progress / 0.05
    return 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * (progress - 0.05) / 0.95))


def main() -> None:
    texts = [
        text for name in NAMES for lesson in lessons(name) for text in (lesson.prompt.text, lesson.reply)
    ]
    tokenizer = train_tokenizer(texts)
    with ProcessPoolExecutor(len(NAMES), mp_context=get_context("spawn")) as processes:
        list(processes.map(make, NAMES, [tokenizer] * len(NAMES)))


def make(name: str, tokenizer: PreTrainedTokenizerFast) -> None:
    """Train and save one model, in a process and a thread of its own."""
    torch.set_num_threads(1)
    started = time.perf_counter()
    model = train(name, tokenizer)
    save(name, model, tokenizer)
    say(f"{name}: {time.perf_counter() - started:.0f} s, {model.num_parameters():,} parameters")


def save(name: str, model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast) -> None:
    """Weights in 16 bits, half the size; the config asks for 32, in which processors compute."""
    folder = OUT / name
    shutil.rmtree(folder, ignore_errors=True)
    model.half().save_pretrained(folder)
    (folder / "model.safetensors").chmod(0o644)
    tokenizer.save_pretrained(folder)
    config = json.loads((folder / "config.json").read_text("utf-8"))
    (folder / "config.json").write_text(json.dumps(config | {"dtype": "float32"}, indent=2) + "\n", "utf-8")
    (folder / "README.md").write_text(CARD.format(name=name), "utf-8")


def say(message: str) -> None:
    sys.stderr.write(message + "\n")


if __name__ == "__main__":
    main()

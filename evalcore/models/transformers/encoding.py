"""Prompts to tokens, exactly as lm-evaluation-harness 0.4.13 (`hf`) does it, and which examples to leave out.

Source: lm_eval.api.model.TemplateLM._encode_pair and lm_eval.models.huggingface.HFLM.tok_encode, read.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evalcore.errors import ModelError
from evalcore.models.border import first_of_option
from evalcore.models.transformers.heads import Heads, Tokens
from evalcore.types import Prompt


@dataclass(frozen=True)
class Pair:
    """A context and one continuation of it, as tokens; the context is never empty."""

    context: Tokens
    continuation: Tokens


class Encoder:
    """A tokenizer with the harness' habits. max_length: the model's context, in tokens."""

    def __init__(self, tokenizer: Any, max_length: int) -> None:
        self.tokenizer = tokenizer
        self.max_length = max_length
        self._heads = Heads(tokenizer)
        bos = tokenizer.bos_token_id
        self.prefix_id: int = bos if bos is not None else tokenizer.eos_token_id
        self.prefix_text: str = tokenizer.decode(self.prefix_id) if self.prefix_id is not None else ""

    def text(self, prompt: Prompt) -> str:
        """What the model reads: plain text as it is, chat through the model's own template."""
        return self._chat(prompt) if prompt.is_chat else prompt.text

    def _chat(self, prompt: Prompt) -> str:
        if not self.tokenizer.chat_template:
            raise ModelError(
                "this model has no chat template, so it cannot be asked in chat form. "
                "Choose --chat off, or an instruction-tuned model."
            )
        messages = [{"role": role, "content": text} for role, text in prompt.messages]
        try:
            return self._render(messages)
        except Exception as error:  # a foreign program may raise anything; many refuse the system role
            if messages[0]["role"] != "system" or len(messages) < 2:
                raise ModelError(f"the model's chat template refuses this prompt: {error}") from error
            first = f"{messages[0]['content']}\n\n{messages[1]['content']}"
            return self._render([{"role": messages[1]["role"], "content": first}, *messages[2:]])

    def _render(self, messages: list[dict[str, str]]) -> str:
        is_begun = messages[-1]["role"] == "assistant"
        return str(
            self.tokenizer.apply_chat_template(
                messages, tokenize=False, add_generation_prompt=not is_begun, continue_final_message=is_begun
            )
        )

    def encode(self, texts: Iterable[str], heads: Iterable[str] = ()) -> dict[str, Tokens]:
        """Tokens of every text, special tokens added as the tokenizer does by default, never a second BOS.

        heads: what many of the texts begin with; where that changes nothing, they are encoded once.
        """
        unique = list(dict.fromkeys(texts))
        heads = tuple(dict.fromkeys(heads))
        begun = [text for text in unique if self.prefix_text and text.startswith(self.prefix_text)]
        plain = [text for text in unique if not (self.prefix_text and text.startswith(self.prefix_text))]
        return self._heads.encode(plain, heads, is_begun=False) | self._heads.encode(
            begun, heads, is_begun=True
        )

    def pairs(self, context: str, targets: Sequence[str]) -> tuple[Pair, ...]:
        """A pair for each target: the whole text encoded, then split; blanks at the end go along."""
        return self.pairs_of([(context, targets)])[0]

    def pairs_of(
        self, asked: Sequence[tuple[str, Sequence[str]]], heads: Iterable[str] = ()
    ) -> list[tuple[Pair, ...]]:
        """`pairs` of many contexts, all encoded in one call. heads: as in `encode`."""
        texts = [text for context, targets in asked if context for text in _texts(context, targets)]
        ids = self.encode(texts, heads)
        return [
            _split([ids[text] for text in _texts(context, targets)])
            if context
            else tuple(self._pair_without_context(target) for target in targets)
            for context, targets in asked
        ]

    def _pair_without_context(self, target: str) -> Pair:
        ids = self._heads.encode([target], is_begun=True)[target]
        if ids and ids[0] == self.prefix_id:
            return Pair(ids[:1], ids[1:])
        return Pair((self.prefix_id,), ids)


def _texts(context: str, targets: Sequence[str]) -> tuple[str, ...]:
    return context.rstrip(), *(context + target for target in targets)


def _split(found: Sequence[Tokens]) -> tuple[Pair, ...]:
    """found: tokens of the context, then of the context with each target.

    As in the harness, the context keeps its own tokens, even where a target changes the last of them.
    """
    context, *whole = found
    first = first_of_option(context, whole)
    is_whole = all(len(ids) > len(context) for ids in whole)
    return tuple(Pair(context if is_whole else ids[:first], ids[first:]) for ids in whole)


def head_of(prompt: Prompt) -> str:
    """What other prompts are likely to begin with too: all before the question, where it is plain text."""
    return "" if prompt.is_chat else "".join(part.text for part in prompt.parts[:-1])


def without_shots(prompt: Prompt) -> Iterator[tuple[Prompt, int]]:
    """The prompt with 0, 1, 2, … of its first few-shot examples left out; the question stays whole.

    Yields (prompt, examples left out), the untouched prompt first.
    """
    yield prompt, 0
    for dropped in range(1, len(prompt.fewshot_ids) + 1):
        yield _drop(prompt, dropped), dropped


def _drop(prompt: Prompt, dropped: int) -> Prompt:
    start, size = _examples(prompt)
    return replace(prompt, parts=(*prompt.parts[:start], *prompt.parts[start + size * dropped :]))


def _examples(prompt: Prompt) -> tuple[int, int]:
    """Where the examples begin, and how many parts one has.

    They stand right before the question: a part each, in a chat a turn of the user and its reply. Or they are
    the beginning of a system message.
    """
    before, count = prompt.parts[:-1], len(prompt.fewshot_ids)
    if before and all(part.role == "system" for part in before):
        return 0, 1
    size = 2 if prompt.is_chat else 1
    return max(0, len(before) - size * count), size

"""The plain way to write: transformers' own `generate` over batches padded on the left; any architecture."""

import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import torch
from transformers import LogitsProcessorList, StoppingCriteriaList

from evalcore.models.transformers.batches import Budget, windows
from evalcore.models.transformers.failures import NAN, OUT_OF_MEMORY
from evalcore.models.transformers.writing import Draft, are_bad, drawn, end_ids, end_of


def write(model: Any, tokenizer: Any, budget: Budget, drafts: Iterator[Draft]) -> Iterator[Draft]:
    for window in windows(drafts):
        yield from (draft for draft in window if draft.failure)
        able = [draft for draft in window if not draft.failure]
        for batch, done in budget.run(able, lambda draft: draft.length, partial(_write, model, tokenizer)):
            for draft in batch:
                draft.failure = draft.failure if done else OUT_OF_MEMORY
                yield draft


def _write(model: Any, tokenizer: Any, batch: list[Draft]) -> bool:
    """True when done."""
    started = time.perf_counter()
    width = max(len(draft.prompt) for draft in batch)
    for draft in batch:  # a batch that ran out of memory is written again from the start
        draft.restart()
    ids, mask = _left_padded(batch, width, model.device)
    with torch.inference_mode():
        model.generate(
            ids,
            attention_mask=mask,
            max_new_tokens=max(draft.room for draft in batch),
            logits_processor=LogitsProcessorList([_Chooser(batch)]),
            stopping_criteria=StoppingCriteriaList([_Ends(batch, tokenizer, end_ids(model))]),
        )
    for draft in batch:
        draft.seconds = (time.perf_counter() - started) / len(batch)
    return True


def _left_padded(batch: list[Draft], width: int, device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    ids = torch.zeros(len(batch), width, dtype=torch.long)
    mask = torch.zeros(len(batch), width, dtype=torch.long)
    for row, draft in enumerate(batch):
        ids[row, width - len(draft.prompt) :] = torch.tensor(draft.prompt)
        mask[row, width - len(draft.prompt) :] = 1
    return ids.to(device), mask.to(device)


class _Chooser:
    """Draws each sampling row's token with its own generator; greedy rows pass as they are.

    `generate` itself always takes the likeliest token, so the drawn one is made the only one.
    """

    def __init__(self, batch: list[Draft]) -> None:
        self.batch = batch

    def __call__(self, input_ids: torch.LongTensor, scores: torch.FloatTensor) -> torch.FloatTensor:
        for row, is_bad in enumerate(are_bad(scores)):
            if is_bad and self.batch[row].ended is None:
                self.batch[row].failure = NAN
                scores[row] = 0
        for row, draft in enumerate(self.batch):
            if draft.sampling.temperature > 0 and draft.ended is None and not draft.failure:
                token = drawn(scores[row].float().cpu(), draft.sampling, draft.generator)
                scores[row] = float("-inf")
                scores[row, token] = 0
        return scores


class _Ends:
    """Notices for each row the end of text, a stop string or the end of its room."""

    def __init__(self, batch: list[Draft], tokenizer: Any, ends: frozenset[int]) -> None:
        self.batch, self.tokenizer, self.ends = batch, tokenizer, ends

    def __call__(self, input_ids: torch.LongTensor, scores: Any, **_: Any) -> torch.BoolTensor:
        for draft, token in zip(self.batch, input_ids[:, -1].tolist(), strict=True):
            if draft.ended is None:
                draft.tokens.append(token)
                draft.ended = end_of(draft, self.tokenizer, self.ends)
        return torch.tensor([draft.ended is not None for draft in self.batch], device=input_ids.device)

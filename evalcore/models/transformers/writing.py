"""Lets a local model write: greedy or seeded sampling, each request as if it were alone in its batch."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import torch
from transformers import LogitsProcessorList, StoppingCriteriaList

from evalcore.models.transformers.batches import Budget, windows
from evalcore.models.transformers.encoding import Encoder, Tokens, without_shots
from evalcore.models.transformers.failures import NAN, OUT_OF_MEMORY, too_long
from evalcore.types import Failure, Finish, Request, Response, Sampling, content_hash


@dataclass
class Draft:
    """A request on its way. room: tokens it may write; ended: why it stopped, None while it writes."""

    request: Request
    prompt: Tokens
    room: int = 0
    dropped_shots: int = 0
    failure: Failure | None = None
    written: int = 0
    ended: Finish | None = None
    text: str = ""
    seconds: float = 0.0
    generator: torch.Generator = field(default_factory=torch.Generator)

    @property
    def sampling(self) -> Sampling:
        return self.request.sampling

    @property
    def length(self) -> int:
        return len(self.prompt) + self.room


def generate(
    model: Any, encoder: Encoder, budget: Budget, requests: Iterable[Request]
) -> Iterator[tuple[Request, Response]]:
    for window in windows(requests):
        drafts = [_prepared(encoder, request) for request in window]
        yield from ((draft.request, _response(draft)) for draft in drafts if draft.failure)
        able = [draft for draft in drafts if not draft.failure]
        for batch, done in budget.run(able, lambda draft: draft.length, partial(_write, model, encoder)):
            for draft in batch:
                draft.failure = draft.failure if done else OUT_OF_MEMORY
                yield draft.request, _response(draft)


def _prepared(encoder: Encoder, request: Request) -> Draft:
    """First examples are dropped until the reply has its full room; without any left, the room shrinks."""
    wanted, draft = request.sampling.max_tokens, Draft(request, ())
    for prompt, dropped in without_shots(request.prompt):
        text = encoder.text(prompt)
        tokens = encoder.encode([text])[text] or (encoder.prefix_id,)
        draft = Draft(request, tokens, min(wanted, encoder.max_length - len(tokens)), dropped)
        if draft.room == wanted:
            return draft
    if draft.room < 1:
        draft.failure = too_long(len(draft.prompt), encoder.max_length)
    return draft


def _write(model: Any, encoder: Encoder, batch: list[Draft]) -> bool:
    """Write one batch, padded on the left; True when done."""
    started = time.perf_counter()
    width = max(len(draft.prompt) for draft in batch)
    for draft in batch:  # a batch that ran out of memory is written again from the start
        draft.written, draft.ended, draft.generator = 0, None, _generator(draft.request)
    ids, mask = _left_padded(batch, width, model.device)
    with torch.inference_mode():
        out = model.generate(
            ids,
            attention_mask=mask,
            max_new_tokens=max(draft.room for draft in batch),
            logits_processor=LogitsProcessorList([_Chooser(batch)]),
            stopping_criteria=StoppingCriteriaList([_Ends(batch, encoder.tokenizer, width, _end_ids(model))]),
        )
    for draft, row in zip(batch, out.tolist(), strict=True):
        text = encoder.tokenizer.decode(row[width : width + draft.written], skip_special_tokens=True)
        draft.text = _before_stop(text, draft.sampling.stop)
        draft.seconds = (time.perf_counter() - started) / len(batch)
    return True


def _generator(request: Request) -> torch.Generator:
    """Seeded by what is asked, not by when or beside what."""
    seed = content_hash([request.prompt.key, request.sampling.seed, request.sample])
    return torch.Generator().manual_seed(int(seed[:15], 16))


def _left_padded(batch: list[Draft], width: int, device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    ids = torch.zeros(len(batch), width, dtype=torch.long)
    mask = torch.zeros(len(batch), width, dtype=torch.long)
    for row, draft in enumerate(batch):
        ids[row, width - len(draft.prompt) :] = torch.tensor(draft.prompt)
        mask[row, width - len(draft.prompt) :] = 1
    return ids.to(device), mask.to(device)


def _end_ids(model: Any) -> frozenset[int]:
    ends = model.generation_config.eos_token_id
    return frozenset(ends if isinstance(ends, list) else [ends] if ends is not None else [])


def _before_stop(text: str, stops: tuple[str, ...]) -> str:
    for stop in filter(None, stops):
        text = text.split(stop)[0]
    return text


class _Chooser:
    """Draws each sampling row's token with its own generator; greedy rows pass as they are.

    `generate` itself always takes the likeliest token, so the drawn one is made the only one.
    """

    def __init__(self, batch: list[Draft]) -> None:
        self.batch = batch

    def __call__(self, input_ids: torch.LongTensor, scores: torch.FloatTensor) -> torch.FloatTensor:
        for row, is_bad in enumerate((scores.isnan().any(-1) | scores.isposinf().any(-1)).tolist()):
            if is_bad and self.batch[row].ended is None:
                self.batch[row].failure = NAN
                scores[row] = 0
        for row, draft in enumerate(self.batch):
            if draft.sampling.temperature > 0 and draft.ended is None and not draft.failure:
                token = _drawn(scores[row].float().cpu(), draft.sampling, draft.generator)
                scores[row] = float("-inf")
                scores[row, token] = 0
        return scores


def _drawn(logits: torch.Tensor, sampling: Sampling, generator: torch.Generator) -> int:
    """One token by temperature, then the top_k likeliest, then the smallest set that holds top_p."""
    probabilities, tokens = (logits / sampling.temperature).softmax(-1).sort(descending=True)
    if sampling.top_k:
        probabilities[sampling.top_k :] = 0
        probabilities /= probabilities.sum()
    before = probabilities.cumsum(-1) - probabilities
    probabilities[before >= sampling.top_p] = 0
    probabilities[0] += 1e-12  # the likeliest token always stays
    return int(tokens[torch.multinomial(probabilities, 1, generator=generator)])


class _Ends:
    """Notices for each row the end of text, a stop string or the end of its room."""

    def __init__(self, batch: list[Draft], tokenizer: Any, width: int, end_ids: frozenset[int]) -> None:
        self.batch, self.tokenizer, self.width, self.end_ids = batch, tokenizer, width, end_ids

    def __call__(self, input_ids: torch.LongTensor, scores: Any, **_: Any) -> torch.BoolTensor:
        written = input_ids[:, self.width :].tolist()
        for draft, tokens in zip(self.batch, written, strict=True):
            if draft.ended is None:
                draft.written, draft.ended = len(tokens), self._end_of(draft, tokens)
        return torch.tensor([draft.ended is not None for draft in self.batch], device=input_ids.device)

    def _end_of(self, draft: Draft, tokens: list[int]) -> Finish | None:
        if draft.failure:
            return Finish.ERROR
        if tokens[-1] in self.end_ids or self._has_stop(draft, tokens):
            return Finish.STOP
        return Finish.LENGTH if len(tokens) >= draft.room else None

    def _has_stop(self, draft: Draft, tokens: list[int]) -> bool:
        stops = [stop for stop in draft.sampling.stop if stop]
        if not stops:
            return False
        tail = tokens[-4 * max(len(stop) for stop in stops) - 4 :]  # a character is four tokens at most
        text = self.tokenizer.decode(tail)
        return any(stop in text for stop in stops)


def _response(draft: Draft) -> Response:
    if draft.failure:
        return Response(finish=Finish.ERROR, failure=draft.failure, seconds=draft.seconds)
    is_short = draft.room < draft.sampling.max_tokens
    return Response(
        text=draft.text,
        finish=draft.ended or Finish.LENGTH,
        tokens_in=len(draft.prompt),
        tokens_out=draft.written,
        seconds=draft.seconds,
        cost_usd=0.0,
        dropped_shots=draft.dropped_shots,
        notes=(f"room for {draft.room} tokens only: the model's context ends there",) if is_short else (),
    )

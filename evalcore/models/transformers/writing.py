"""Letting a local model write: what a request becomes, when it ends, how a token is drawn.

How the model is asked is the writer's matter: it pulls drafts when it has room and gives back finished ones,
each written as if it were alone.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from evalcore.models.transformers.batches import windows
from evalcore.models.transformers.encoding import Encoder, head_of, without_shots
from evalcore.models.transformers.failures import too_long
from evalcore.models.transformers.heads import Tokens
from evalcore.types import Failure, Finish, Request, Response, Sampling, content_hash


@dataclass
class Draft:
    """A request on its way. room: tokens it may write; ended: why it stopped, None while it writes.

    logprobs: of the tokens written so far, kept only while a writer is being checked.
    """

    request: Request
    prompt: Tokens
    room: int = 0
    dropped_shots: int = 0
    failure: Failure | None = None
    tokens: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)
    ended: Finish | None = None
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    generator: torch.Generator = field(default_factory=torch.Generator)

    @property
    def sampling(self) -> Sampling:
        return self.request.sampling

    @property
    def length(self) -> int:
        """At most, in tokens."""
        return len(self.prompt) + self.room

    def restart(self) -> None:
        """The generator is seeded by what is asked, not by when or beside what."""
        self.tokens, self.logprobs, self.ended, self.failure = [], [], None, None
        seed = content_hash([self.request.prompt.key, self.sampling.seed, self.request.sample])
        self.generator = torch.Generator().manual_seed(int(seed[:15], 16))


Writer = Callable[[Iterator[Draft]], Iterator[Draft]]


def generate(
    encoder: Encoder, write: Writer, requests: Iterable[Request], window: int
) -> Iterator[tuple[Request, Response]]:
    """window: requests that are taken at once."""
    drafts = (draft for taken in windows(requests, window) for draft in _prepared(encoder, taken))
    for draft in write(drafts):
        yield draft.request, _response(encoder.tokenizer, draft)


def _prepared(encoder: Encoder, window: list[Request]) -> list[Draft]:
    texts = [encoder.text(request.prompt) for request in window]
    tokens = encoder.encode(texts, [head_of(request.prompt) for request in window])
    drafts = []
    for request, text in zip(window, texts, strict=True):
        prompt = tokens[text] or (encoder.prefix_id,)
        draft = _draft(encoder, request, prompt)
        drafts.append(draft if draft.room == request.sampling.max_tokens else _shortened(encoder, request))
        drafts[-1].restart()
        if drafts[-1].room < 1:
            drafts[-1].failure = too_long(len(drafts[-1].prompt), encoder.max_length)
    return drafts


def _draft(encoder: Encoder, request: Request, prompt: Tokens, dropped: int = 0) -> Draft:
    return Draft(request, prompt, min(request.sampling.max_tokens, encoder.max_length - len(prompt)), dropped)


def _shortened(encoder: Encoder, request: Request) -> Draft:
    """First examples are dropped until the reply has its full room; without any left, the room shrinks."""
    draft = Draft(request, ())
    for prompt, dropped in without_shots(request.prompt):
        text = encoder.text(prompt)
        draft = _draft(encoder, request, encoder.encode([text])[text] or (encoder.prefix_id,), dropped)
        if draft.room == request.sampling.max_tokens:
            return draft
    return draft


def drawn(logits: torch.Tensor, sampling: Sampling, generator: torch.Generator) -> int:
    """One token by temperature, then the top_k likeliest, then the smallest set that holds top_p."""
    probabilities, tokens = (logits / sampling.temperature).softmax(-1).sort(descending=True)
    if sampling.top_k:
        probabilities[sampling.top_k :] = 0
        probabilities /= probabilities.sum()
    before = probabilities.cumsum(-1) - probabilities
    probabilities[before >= sampling.top_p] = 0
    probabilities[0] += 1e-12  # the likeliest token always stays
    return int(tokens[torch.multinomial(probabilities, 1, generator=generator)])


def end_ids(model: Any) -> frozenset[int]:
    ends = model.generation_config.eos_token_id
    return frozenset(ends if isinstance(ends, list) else [ends] if ends is not None else [])


def end_of(draft: Draft, tokenizer: Any, ends: frozenset[int]) -> Finish | None:
    """Why a draft is finished with what it has written by now; None: it is not."""
    if draft.failure:
        return Finish.ERROR
    if draft.tokens[-1] in ends or _has_stop(draft, tokenizer):
        return Finish.STOP
    return Finish.LENGTH if len(draft.tokens) >= draft.room else None


def _has_stop(draft: Draft, tokenizer: Any) -> bool:
    stops = [stop for stop in draft.sampling.stop if stop]
    if not stops:
        return False
    tail = draft.tokens[-4 * max(len(stop) for stop in stops) - 4 :]  # a character is four tokens at most
    text = tokenizer.decode(tail)
    return any(stop in text for stop in stops)


def are_bad(logits: torch.Tensor) -> list[bool]:
    """For each row of [rows, vocabulary]: whether its numbers are of no use. -inf is: a token ruled out."""
    return (logits.isnan().any(-1) | logits.isposinf().any(-1)).tolist()  # type: ignore[no-any-return]


def _before_stop(text: str, stops: Sequence[str]) -> str:
    for stop in filter(None, stops):
        text = text.split(stop)[0]
    return text


def _response(tokenizer: Any, draft: Draft) -> Response:
    if draft.failure:
        return Response(finish=Finish.ERROR, failure=draft.failure, seconds=draft.seconds)
    is_short = draft.room < draft.sampling.max_tokens
    note = f"room for {draft.room} tokens only: the model's context ends there"
    text = tokenizer.decode(draft.tokens, skip_special_tokens=True)
    return Response(
        text=_before_stop(text, draft.sampling.stop),
        finish=draft.ended or Finish.LENGTH,
        tokens_in=len(draft.prompt),
        tokens_out=len(draft.tokens),
        seconds=draft.seconds,
        cost_usd=0.0,
        dropped_shots=draft.dropped_shots,
        notes=(*draft.notes, *((note,) if is_short else ())),
    )

"""Ranking requests: tokens in, log-likelihoods out; how a model is asked is the scorer's matter.

A scorer fills `found` of what waits, some at a time, and gives control back after each pass.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from evalcore.models.transformers.batches import windows
from evalcore.models.transformers.encoding import Encoder, Pair, head_of, without_shots
from evalcore.models.transformers.failures import NAN, OUT_OF_MEMORY, too_long
from evalcore.types import Failure, Finish, Request, Response


@dataclass
class Ranked:
    """A request on its way. found: each option's log-likelihood, and whether greedy decoding gives it."""

    request: Request
    pairs: tuple[Pair, ...]
    dropped_shots: int = 0
    found: dict[int, tuple[float, bool]] = field(default_factory=dict)
    failure: Failure | None = None
    seconds: float = 0.0
    notes: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        return self.failure is not None or len(self.found) == len(self.pairs)

    def forget(self) -> None:
        self.found, self.failure = {}, None


Scorer = Callable[[Sequence[Ranked]], Iterator[None]]


def rank(
    encoder: Encoder, score: Scorer, requests: Iterable[Request], window: int
) -> Iterator[tuple[Request, Response]]:
    """window: requests that are taken at once."""
    for taken in windows(requests, window):
        waiting = _prepared(encoder, taken)
        for _ in score([ranked for ranked in waiting if not ranked.is_complete]):
            done = [ranked for ranked in waiting if ranked.is_complete]
            waiting = [ranked for ranked in waiting if not ranked.is_complete]
            yield from ((ranked.request, _response(ranked)) for ranked in done)
        yield from ((ranked.request, _response(ranked)) for ranked in waiting)


def _prepared(encoder: Encoder, window: list[Request]) -> list[Ranked]:
    texts = [(encoder.text(request.prompt), request.prompt.targets) for request in window]
    heads = [head_of(request.prompt) for request in window]
    return [
        Ranked(request, pairs) if _longest(pairs) <= _most(encoder) else _shortened(encoder, request)
        for request, pairs in zip(window, encoder.pairs_of(texts, heads), strict=True)
    ]


def _most(encoder: Encoder) -> int:
    return encoder.max_length + 1  # the last token is only read off, never fed


def _longest(pairs: Sequence[Pair]) -> int:
    return max(len(pair.context) + len(pair.continuation) for pair in pairs)


def _shortened(encoder: Encoder, request: Request) -> Ranked:
    """As many first examples dropped as it takes to fit."""
    longest = 0
    for prompt, dropped in without_shots(request.prompt):
        pairs = encoder.pairs(encoder.text(prompt), prompt.targets)
        longest = _longest(pairs)
        if longest <= _most(encoder):
            return Ranked(request, pairs, dropped)
    return Ranked(request, (), failure=too_long(longest, encoder.max_length))


def note(
    wants: Sequence[tuple[Ranked, int]], scores: Sequence[tuple[float, bool]] | None, seconds: float
) -> None:
    """Give each wanted option its score; None: it did not fit into memory."""
    for i, (ranked, option) in enumerate(wants):
        if scores is None:
            ranked.failure = OUT_OF_MEMORY
            continue
        ranked.found[option] = scores[i]
        ranked.seconds += seconds / len(wants)


def _response(ranked: Ranked) -> Response:
    if ranked.failure is not None:
        return Response(finish=Finish.ERROR, failure=ranked.failure, seconds=ranked.seconds)
    found = [ranked.found[option] for option in range(len(ranked.pairs))]
    if not all(-float("inf") < value < float("inf") for value, _ in found):
        return Response(finish=Finish.ERROR, failure=NAN, seconds=ranked.seconds)
    labels = ranked.request.prompt.option_order or tuple(str(n) for n in range(len(found)))
    return Response(
        option_logprobs={label: value for label, (value, _) in zip(labels, found, strict=True)},
        greedy=tuple(label for label, (_, is_greedy) in zip(labels, found, strict=True) if is_greedy),
        finish=Finish.RANKED,
        tokens_in=len(ranked.pairs[0].context) + sum(len(pair.continuation) for pair in ranked.pairs),
        seconds=ranked.seconds,
        cost_usd=0.0,
        dropped_shots=ranked.dropped_shots,
        notes=ranked.notes,
    )

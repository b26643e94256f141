"""Ranking options behind an endpoint: one request an option, each for the tokens of context and option.

An item's options are asked one after the other, so items in flight are requests in flight. An item of which
one option fails is asked again as a whole, by whoever asks again for failures.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from evalcore.models.openai import failures, replies
from evalcore.models.openai.replies import UnreadableReplyError
from evalcore.models.openai.session import Session
from evalcore.models.openai.told import (
    ASKED,
    NotFiniteError,
    NotToldError,
    Told,
    border,
    border_by,
    log_likelihood,
    told,
)
from evalcore.types import Endpoint, Finish, Part, Prompt, Request, Response, Sampling

_MELTS = "an option changes the question's last tokens: they count as they stand in the whole text"
_UNKNOWN = ("bad_request", "unsupported_parameter")  # a form that the server refuses; the other may do


@dataclass
class _Bill:
    """What the requests of one item took. cost_usd: None once a price or a usage is unknown."""

    tokens_in: int = 0
    tokens_out: int = 0
    cost_usd: float | None = 0.0
    notes: tuple[str, ...] = ()

    def add(self, usage: replies.Usage, cost_usd: float | None) -> None:
        self.tokens_in += usage.tokens_in or 0
        self.tokens_out += usage.tokens_out or 0
        self.cost_usd = None if cost_usd is None or self.cost_usd is None else self.cost_usd + cost_usd

    def note(self, *notes: str) -> None:
        self.notes = tuple(dict.fromkeys((*self.notes, *notes)))


class Ranker:
    """Finds out with the first question which form of log-probabilities the endpoint knows, and keeps to it.

    That it knows none is not remembered: a server may be changed while a run is paused.
    """

    def __init__(self, endpoint: Endpoint, model: str, timeout_s: float) -> None:
        self._endpoint = endpoint
        self._model = model
        self._timeout_s = timeout_s
        self._how = ""

    async def ask(self, session: Session, request: Request) -> Response:
        """Finish RANKED, or a failure."""
        start, bill, prompt = time.perf_counter(), _Bill(), request.prompt
        try:
            found = await self._ranked(session, prompt, bill)
        except UnreadableReplyError as error:
            return Response(finish=Finish.ERROR, failure=error.failure, seconds=time.perf_counter() - start)
        labels = prompt.option_order or tuple(map(str, range(len(found))))
        return Response(
            option_logprobs={label: value for label, (value, _) in zip(labels, found, strict=True)},
            greedy=tuple(label for label, (_, is_greedy) in zip(labels, found, strict=True) if is_greedy),
            finish=Finish.RANKED,
            seconds=time.perf_counter() - start,
            **vars(bill),
        )

    async def _ranked(self, session: Session, prompt: Prompt, bill: _Bill) -> list[tuple[float, bool]]:
        if prompt.is_chat:
            raise UnreadableReplyError(failures.no_chat_ranking(self._endpoint))
        try:
            whole = [await self._told(session, prompt.text + target, bill) for target in prompt.targets]
            firsts = await self._firsts(session, prompt, whole, bill)
            return [log_likelihood(one, first) for one, first in zip(whole, firsts, strict=True)]
        except NotToldError as error:
            raise UnreadableReplyError(failures.bad_reply(self._endpoint, str(error))) from None
        except NotFiniteError:
            raise UnreadableReplyError(failures.not_finite(self._endpoint)) from None

    async def _firsts(
        self, session: Session, prompt: Prompt, whole: Sequence[Told], bill: _Bill
    ) -> list[int]:
        """Each option's first token. Where one has no clear border, the context alone is asked for too."""
        pairs = zip(whole, prompt.targets, strict=True)
        firsts = [border(one, prompt.text, target) for one, target in pairs]
        context = prompt.text.rstrip()
        clear = [first for first in firsts if first is not None]
        if len(clear) == len(firsts) or not context:
            return [first or 0 for first in firsts]
        alone = await self._told(session, context, bill)
        first = border_by(alone, whole)
        if any(one.texts[: len(alone.texts)] != alone.texts for one in whole):
            bill.note(_MELTS)
        return [first] * len(whole)

    async def _told(self, session: Session, text: str, bill: _Bill) -> Told:
        """In the known form; until one is known, in each in turn."""
        if self._how:
            return await self._asked(session, text, self._how, bill)
        reasons = []
        for how in ASKED:
            try:
                answer = await self._asked(session, text, how, bill)
            except NotToldError as error:
                reasons.append(f"{how}: the reply {error}")
            except UnreadableReplyError as error:
                reasons.append(f"{how}: {error.failure.message.partition(':')[0]}")
                if error.failure.kind == "not_found":
                    break
                if error.failure.kind not in _UNKNOWN:
                    raise
            else:
                self._how = how
                return answer
        raise UnreadableReplyError(failures.cannot_rank(self._endpoint, self._model, reasons))

    async def _asked(self, session: Session, text: str, how: str, bill: _Bill) -> Told:
        """One request for one token. Raises UnreadableReplyError, and NotToldError for what else came."""
        body = {"model": self._model, "prompt": text, "max_tokens": 1, **ASKED[how]}
        await session.pace.turn(Request(0, Prompt((Part(text),), "rank"), Sampling(max_tokens=1)))
        try:
            async with session.deadline(self._timeout_s):
                answer = await session.servers.post("/completions", body)
        except Exception as error:  # as for questions: whatever a call does is this item's failure
            failure = failures.of_exception(error, self._endpoint, self._timeout_s)
            if failure.kind == "rate_limited":
                session.pace.hold(failure.retry_after_s)
            raise UnreadableReplyError(failure) from None
        reply = replies.parsed(answer.content, self._endpoint)
        choice, usage = replies.first_choice(reply, self._endpoint), replies.usage_of(reply)
        bill.add(usage, replies.cost_of(usage, self._endpoint))
        found = told(how, choice, usage.tokens_in, usage.tokens_out)
        bill.note(*replies.notes(reply, body, ""))
        return found

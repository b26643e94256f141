"""A model behind an endpoint, asked with as many requests in flight as the endpoint allows."""

import asyncio
import json
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from evalcore.models.endpoints import key_of, validated
from evalcore.models.openai import failures, replies
from evalcore.models.openai.ranking import Ranker
from evalcore.models.openai.session import Session
from evalcore.types import Endpoint, Failure, Finish, ModelIdentity, Request, Response, Way

_TIMEOUT_S = 300.0
Ask = Callable[[Session, Request], Coroutine[Any, Any, Response]]
_OMITTABLE = {"temperature", "top_p", "top_k", "stop", "seed", "response_format"}


def identity(endpoint: Endpoint, model: str) -> ModelIdentity:
    """Without a revision: what stands behind a name is known only from the replies, whose notes tell it."""
    return ModelIdentity(f"api:{endpoint.name}/{model}")


class OpenAIModel:
    """Asks an OpenAI-compatible API; prompts with roles go to chat completions, plain text to completions.

    Runs its own event loop inside next() of what `generate` returns: not from within a running loop, and from
    one thread only. timeout_s: for one whole call, from sending to the last byte.
    """

    ways = frozenset(Way)  # whether an endpoint can rank shows when it is asked
    has_chat_template = True

    def __init__(self, endpoint: Endpoint, model: str, *, timeout_s: float = _TIMEOUT_S) -> None:
        self.endpoint = validated(endpoint)
        self.model = model
        self.identity = identity(endpoint, model)
        self._timeout_s = timeout_s
        self._ranker = Ranker(endpoint, model, timeout_s)
        self._refused: set[str] = set()
        self._session: Session | None = None

    def __repr__(self) -> str:
        return f"OpenAIModel({self.identity.name!r})"

    def generate(self, requests: Iterable[Request]) -> Iterator[tuple[Request, Response]]:
        """Yields (request, response) as they finish, each once; pulls the next as soon as one is done.

        Raises EndpointError when the key is not set. After a failure that stops the run nothing more is
        pulled; what is in flight is still yielded. So it is when `requests` raises: its error comes last.
        """
        return self._each(requests, self._ask)

    def rank(self, requests: Iterable[Request]) -> Iterator[tuple[Request, Response]]:
        """As `generate`. Where the endpoint gives no log-likelihoods, the first failures stop the run."""
        return self._each(requests, self._ranker.ask)

    def _each(self, requests: Iterable[Request], ask: Ask) -> Iterator[tuple[Request, Response]]:
        key_of(self.endpoint)
        source, session = _Source(requests), self._opened()
        running: dict[asyncio.Task[Response], Request] = {}
        try:
            self._refill(running, source, ask)
            while running:
                for task in self._finished(running, source):
                    yield running.pop(task), task.result()
                self._refill(running, source, ask)
        finally:
            session.cancel(list(running))
        source.raise_error()

    def close(self) -> None:
        if self._session:
            self._session.close()
        self._session = None

    def _opened(self) -> Session:
        if self._session is None:
            self._session = Session(self.endpoint)
        return self._session

    def _refill(self, running: dict[asyncio.Task[Response], Request], source: "_Source", ask: Ask) -> None:
        """Each is on the wire before the next is pulled: sent together they would also come back together."""
        session = self._opened()
        while len(running) < self.endpoint.in_flight and (request := source.pull()) is not None:
            running[session.start(ask(session, request))] = request
            session.send_off()

    def _finished(
        self, running: dict[asyncio.Task[Response], Request], source: "_Source"
    ) -> list[asyncio.Task[Response]]:
        """Waits for the next ones. All are handed out before others are sent in their place: whoever keeps
        answers has kept them by then (in one transaction), so a kill costs no more than what is in flight.
        """
        done = list(self._opened().first_done(running))
        if any((failure := task.result().failure) and failure.stops_run for task in done):
            source.stop()
        return done

    async def _ask(self, session: Session, request: Request) -> Response:
        await session.pace.turn(request)
        start = time.perf_counter()
        response = await self._answer(session, request)
        failure = response.failure
        if failure and failure.kind == "rate_limited":
            session.pace.hold(failure.retry_after_s)
        return replace(response, seconds=time.perf_counter() - start)

    async def _answer(self, session: Session, request: Request) -> Response:
        body, path = self._body(request), "/chat/completions" if request.prompt.is_chat else "/completions"
        try:
            async with session.deadline(self._timeout_s):
                reply = await session.servers.post(path, body)
        except Exception as error:  # a call may fail in any way: that is its item's failure
            return self._failed(error, body)
        response = replies.read(reply.content, body, self.endpoint)
        refused = self._refused & _OMITTABLE - (set() if request.schema else {"response_format"})
        dropped = tuple(f"{name} not sent: the endpoint refuses it" for name in sorted(refused))
        return replace(response, notes=response.notes + dropped)

    def _failed(self, error: Exception, body: Mapping[str, Any]) -> Response:
        """A refused parameter is remembered: it costs one failed round, later requests go without it."""
        failure = failures.of_exception(error, self.endpoint, self._timeout_s)
        said = failures.error_body(getattr(error, "body", None))
        if "response_format" in body and failures.refuses_schema(failure, said):
            failure = self._without("response_format", failures.without_schema(self.endpoint))
        elif failure.kind == "unsupported_parameter":
            failure = self._without(said.param, failure)
        return Response(finish=Finish.ERROR, failure=failure)

    def _without(self, parameter: str, failure: Failure) -> Failure:
        if parameter in _OMITTABLE | {"max_tokens"}:
            self._refused.add(parameter)
            return failure
        return replace(failure, kind="bad_request", is_final=True)

    def _body(self, request: Request) -> dict[str, Any]:
        sampling, prompt = request.sampling, request.prompt
        limit = "max_completion_tokens" if "max_tokens" in self._refused else "max_tokens"
        body: dict[str, Any] = {
            "model": self.model,
            "temperature": sampling.temperature,
            limit: sampling.max_tokens,
        }
        if prompt.is_chat:
            body["messages"] = [{"role": role, "content": text} for role, text in prompt.messages]
        else:
            body["prompt"] = prompt.text
        if sampling.top_p != 1.0:
            body["top_p"] = sampling.top_p
        if sampling.top_k:
            body["top_k"] = sampling.top_k
        if sampling.stop:
            body["stop"] = list(sampling.stop)
        if sampling.temperature > 0:
            body["seed"] = sampling.seed + request.sample
        if request.schema and prompt.is_chat:
            named = {"name": "reply", "strict": True, "schema": json.loads(request.schema)}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
        return {name: value for name, value in body.items() if name not in self._refused & _OMITTABLE}


class _Source:
    """The requests, pulled one by one; an error of theirs waits until what is in flight is handed out."""

    def __init__(self, requests: Iterable[Request]) -> None:
        self._requests: Iterator[Request] | None = iter(requests)
        self._error: Exception | None = None

    def pull(self) -> Request | None:
        if self._requests is None:
            return None
        try:
            return next(self._requests)
        except StopIteration:
            self.stop()
        except Exception as error:  # held back, not swallowed: `raise_error` tells it
            self._error = error
            self.stop()
        return None

    def stop(self) -> None:
        self._requests = None

    def raise_error(self) -> None:
        if self._error:
            raise self._error

"""Whether an endpoint can be used for a model, said before a run: reached, key accepted, model known."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TypeVar

import httpx2
import openai

from evalcore.errors import EndpointError
from evalcore.models import Check
from evalcore.models.endpoints import key_of, validated
from evalcore.models.openai import failures, replies
from evalcore.models.openai.model import OpenAIModel
from evalcore.models.openai.servers import Servers
from evalcore.types import Endpoint, Failure, Part, Prompt, Request, Response, Sampling

_TIMEOUT_S = 20.0
_PROBE_TOKENS = 16  # some reasoning models refuse fewer
_NO_CHAT = ("bad_request", "not_found")  # a model without a chat template is refused so
_PROBE_TRIES = 4  # one more for each parameter that the endpoint refuses

MOST_MODELS = 200  # a list of thousands is cut; its length is told

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Reached:
    """One server of an endpoint. problem: why it cannot be used, or what is worth knowing; listed: how many
    models it names, of which `models` are the first.
    """

    base_url: str
    is_up: bool
    problem: str = ""
    models: tuple[str, ...] = ()
    listed: int = 0


def check(endpoint: Endpoint, model: str, *, load: bool = False) -> Check:
    """Asks the endpoint for its list of models, which costs nothing; load: also for a few tokens.

    `ok` with problems means usable, but to be known. Without a list (vLLM has one, others answer 404 or 500)
    only `load` can tell whether the model is there. Raises UsageError for an endpoint that cannot be.
    """
    name = f"api:{validated(endpoint).name}/{model}"
    try:
        key_of(endpoint)
    except EndpointError as error:
        return Check(False, name, problems=(str(error),))
    stops, remarks = _list_problems(endpoint, model)
    if not load or stops:
        return Check(not stops, name, problems=(*stops, *remarks))
    return _probed(endpoint, Check(True, name, problems=remarks), model)


def reach(endpoint: Endpoint) -> tuple[Reached, ...]:
    """Each server of an endpoint, in its order. Asks for the list of models only, which costs nothing.

    Raises EndpointError where the key is not set in this process, UsageError for what cannot be.
    """
    key_of(validated(endpoint))
    answers = _within(endpoint, lambda servers: servers.get("/models"))
    if isinstance(answers, Failure):
        return tuple(Reached(base_url, False, answers.message) for base_url in endpoint.base_urls)
    pairs = zip(endpoint.base_urls, answers, strict=True)
    return tuple(_reached(endpoint, base_url, answer) for base_url, answer in pairs)


def _reached(endpoint: Endpoint, base_url: str, answer: httpx2.Response | openai.APIError) -> Reached:
    stop, remark = _list_problem(endpoint, "a model", answer)
    if isinstance(answer, openai.APIError) or stop:
        return Reached(base_url, not stop, stop or remark)
    known = _known(endpoint, answer)
    return Reached(base_url, True, "", tuple(name[:200] for name in known[:MOST_MODELS]), len(known))


def _list_problems(endpoint: Endpoint, model: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(what makes it unusable, what is worth knowing), from every server's list of models."""
    answers = _within(endpoint, lambda servers: servers.get("/models"))
    if isinstance(answers, Failure):
        return (answers.message,), ()
    stops, remarks = [], []
    for base_url, answer in zip(endpoint.base_urls, answers, strict=True):
        stop, remark = _list_problem(endpoint, model, answer)
        stops += [f"{base_url}: {stop}"] if stop else []
        remarks += [f"{base_url}: {remark}"] if remark else []
    if len(stops) < len(endpoint.base_urls):
        return (), (*stops, *remarks)
    return tuple(stops), tuple(remarks)


def _list_problem(
    endpoint: Endpoint, model: str, answer: httpx2.Response | openai.APIError
) -> tuple[str, str]:
    if isinstance(answer, openai.APIError):
        failure = failures.of_exception(answer, endpoint, _TIMEOUT_S)
        if failure.kind in ("connection", "timeout", "auth", "quota", "redirect"):
            return failure.message, ""
        status = getattr(answer, "status_code", "an error")
        return (
            "",
            f"it does not list its models ({status}); whether {model} is there shows at the first question.",
        )
    try:
        known = _known(endpoint, answer)
    except replies.UnreadableReplyError as error:
        return error.failure.message, ""
    return "", _unlisted(model, known)


def _known(endpoint: Endpoint, answer: httpx2.Response) -> list[str]:
    """Models of a list; raises UnreadableReplyError."""
    listed = replies.parsed(answer.content, endpoint).get("data")
    entries = listed if isinstance(listed, list) else ()
    return [entry["id"] for entry in entries if isinstance(entry, dict) and isinstance(entry.get("id"), str)]


def _unlisted(model: str, known: list[str]) -> str:
    """A remark only: gateways answer for models that they do not list."""
    if not known or model in known:
        return ""
    near = get_close_matches(model, known, n=3, cutoff=0.3) or sorted(known)[:3]
    return (
        f"{model} is not in its list of {len(known)} models. Near: {', '.join(name[:80] for name in near)}."
    )


def _probed(endpoint: Endpoint, found: Check, model: str) -> Check:
    """What two short questions add: does it answer, can it rank. One of the two is enough to be of use."""
    response = _answer(endpoint, model)
    failure, said = response.failure, response.notes
    ranks, why_not = can_rank(endpoint, model) if not failure or failure.kind in _NO_CHAT else (None, "")
    if failure and not ranks:
        return replace(found, ok=False, problems=(failure.message,))
    if failure:
        said = (f"It does not answer in chat form, so ask with --chat off: {failure.message}",)
    return replace(found, ranks=ranks, problems=(*found.problems, *said, *filter(None, [why_not])))


def _answer(endpoint: Endpoint, model: str) -> Response:
    prompt = Prompt((Part("Answer with one word: hello.", role="user"),), template="check")
    request = Request(0, prompt, Sampling(max_tokens=_PROBE_TOKENS))
    with closing(OpenAIModel(endpoint, model, timeout_s=_TIMEOUT_S * 3)) as asked:
        for _ in range(_PROBE_TRIES):
            ((_, response),) = asked.generate([request])
            if not (response.failure and response.failure.kind == "unsupported_parameter"):
                break
    return response


def can_rank(endpoint: Endpoint, model: str) -> tuple[bool | None, str]:
    """(whether options can be ranked through it, why not); None where no answer came that tells.

    Ranks one option, for a token or two.
    """
    prompt = Prompt((Part("One two three"),), template="check", targets=(" four",))
    with closing(OpenAIModel(endpoint, model, timeout_s=_TIMEOUT_S)) as asked:
        ((_, response),) = asked.rank([Request(0, prompt)])
    if response.failure is None:
        return True, ""
    is_known = response.failure.kind == failures.CANNOT_RANK
    return False if is_known else None, response.failure.message


def _within(endpoint: Endpoint, ask: Callable[[Servers], Awaitable[_Result]]) -> _Result | Failure:
    """One exchange in a loop of its own; what goes wrong comes back as a Failure."""

    async def exchange() -> _Result:
        servers = Servers(endpoint)
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                return await ask(servers)
        finally:
            await servers.close()

    try:
        return asyncio.run(exchange())
    except Exception as error:  # a check must end in words, whatever the server does
        return failures.of_exception(error, endpoint, _TIMEOUT_S)

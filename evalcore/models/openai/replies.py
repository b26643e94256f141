"""From the bytes of a reply to a Response, believing nothing about their form."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from evalcore.models.openai import failures
from evalcore.types import Endpoint, Failure, Finish, Response

_STOPPED = {"stop", "eos", "eos_token", "end_turn", "stop_sequence", "tool_calls", "function_call"}
_AT_LIMIT = {"length", "max_tokens", "max_length", "max_output_tokens"}
_BROKEN = {"error", "abort", "cancelled"}


class UnreadableReplyError(Exception):
    """Carries the Failure; raised and caught inside this room only."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


@dataclass(frozen=True)
class Usage:
    """Tokens as the endpoint counts them; None where it does not say."""

    tokens_in: int | None
    tokens_out: int | None


def read(content: bytes, body: Mapping[str, Any], endpoint: Endpoint) -> Response:
    """The Response in a 200 reply to `body`; one with a failure where the reply is no answer.

    Thinking that the server returns apart from the answer stands as <think>...</think> before the text.
    """
    try:
        reply = parsed(content, endpoint)
        choice = first_choice(reply, endpoint)
        answer, text = _texts(choice, endpoint)
    except UnreadableReplyError as error:
        return Response(finish=Finish.ERROR, failure=error.failure)
    usage = usage_of(reply)
    response = Response(
        text=text,
        tokens_in=usage.tokens_in or 0,
        tokens_out=usage.tokens_out or 0,
        cost_usd=cost_of(usage, endpoint),
        notes=notes(reply, body, answer),
    )
    return _finished(response, choice.get("finish_reason"), endpoint)


def parsed(content: bytes, endpoint: Endpoint) -> Mapping[str, Any]:
    """A JSON object, or an UnreadableReplyError that says what came instead."""
    try:
        reply = json.loads(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise _unreadable(endpoint, "is not valid UTF-8") from None
    except (ValueError, RecursionError):
        is_page = content.lstrip()[:1] == b"<"
        raise _unreadable(endpoint, "is a web page, not JSON" if is_page else "is not JSON") from None
    if not isinstance(reply, Mapping):
        raise _unreadable(endpoint, "is JSON, but no object")
    return reply


def _unreadable(endpoint: Endpoint, what: str) -> UnreadableReplyError:
    return UnreadableReplyError(failures.bad_reply(endpoint, what))


def first_choice(reply: Mapping[str, Any], endpoint: Endpoint) -> Mapping[str, Any]:
    """Raises UnreadableReplyError, also for an error that came with status 200."""
    choices = reply.get("choices")
    if isinstance(choices, list) and choices and isinstance(choices[0], Mapping):
        return choices[0]
    error = failures.error_body(reply)
    if isinstance(reply.get("error"), Mapping):  # gateways send errors with status 200
        status = int(error.code) if error.code.isdecimal() else 500
        raise UnreadableReplyError(failures.of_status(status, error, endpoint))
    raise _unreadable(endpoint, "holds no answer (choices are empty or missing)")


def _texts(choice: Mapping[str, Any], endpoint: Endpoint) -> tuple[str, str]:
    """(the answer alone, the answer with the thinking before it)."""
    message = choice.get("message")
    if not isinstance(message, Mapping):
        answer = _words(choice.get("text"), endpoint)
        return answer, answer
    answer = _words(message.get("content"), endpoint) or _words(message.get("refusal"), endpoint)
    thinking = message.get("reasoning_content") or message.get("reasoning")
    if isinstance(thinking, str) and thinking:
        return answer, f"<think>{thinking}</think>\n{answer}"
    return answer, answer


def _words(content: object, endpoint: Endpoint) -> str:
    """A string, null, or a list of text parts."""
    if content is None or isinstance(content, str):
        return content or ""
    if isinstance(content, list) and all(isinstance(part, Mapping) for part in content):
        return "".join(part["text"] for part in content if isinstance(part.get("text"), str))
    raise _unreadable(endpoint, "holds an answer that is not text")


def usage_of(reply: Mapping[str, Any]) -> Usage:
    usage = reply.get("usage")
    if not isinstance(usage, Mapping):
        return Usage(None, None)
    return Usage(_count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens")))


def _count(value: object) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53
    return int(str(value)) if is_count else None


def cost_of(usage: Usage, endpoint: Endpoint) -> float | None:
    """USD; None while a price or the usage is unknown, never a guess."""
    if usage.tokens_in is None or usage.tokens_out is None:
        return None
    if endpoint.price_in is None or endpoint.price_out is None:
        return None
    return (usage.tokens_in * endpoint.price_in + usage.tokens_out * endpoint.price_out) / 1_000_000


def _finished(response: Response, reason: object, endpoint: Endpoint) -> Response:
    if not isinstance(reason, str) or not reason or reason in _BROKEN:
        return replace(response, finish=Finish.ERROR, failure=failures.cut_off(endpoint))
    if reason == "content_filter":
        return replace(response, finish=Finish.ERROR, failure=failures.filtered(endpoint))
    if reason in _AT_LIMIT:
        return replace(response, finish=Finish.LENGTH)
    if reason in _STOPPED:
        return response
    return replace(response, notes=(*response.notes, f"unknown finish reason {reason[:40]!r}, taken as stop"))


def notes(reply: Mapping[str, Any], body: Mapping[str, Any], answer: str) -> tuple[str, ...]:
    """What the endpoint ignored of what it was asked, and which model it says answered."""
    usage, choices = usage_of(reply), reply["choices"]
    limit = body.get("max_tokens", body.get("max_completion_tokens"))
    wanted, served = body.get("n", 1), reply.get("model")
    ignored = [stop for stop in body.get("stop", ()) if stop in answer]
    facts = (
        (usage.tokens_out is None, "the endpoint reports no token usage: tokens and cost are unknown"),
        (
            limit and (usage.tokens_out or 0) > limit,
            f"max_tokens ignored: {usage.tokens_out} instead of {limit}",
        ),
        (ignored, f"stop string ignored: {ignored[:1]}"),
        (len(choices) != wanted, f"n ignored: {len(choices)} answers instead of {wanted}"),
        (
            body.get("response_format") and not _is_object(answer),
            "response_format ignored: the reply is not the JSON that was asked for",
        ),
        (body.get("logprobs") and not choices[0].get("logprobs"), "logprobs ignored: none came back"),
        (isinstance(served, str) and served != body.get("model"), f"answered by model {str(served)[:100]!r}"),
    )
    return tuple(text for holds, text in facts if holds)


def _is_object(answer: str) -> bool:
    try:
        return isinstance(json.loads(answer), dict)
    except (ValueError, RecursionError):
        return False

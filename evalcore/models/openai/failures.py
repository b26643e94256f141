"""From what went wrong on the wire to a Failure.

Messages quote nothing that a server wrote but its short codes: servers echo keys and prompts in their errors.
"""

import re
import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import openai

from evalcore.errors import EndpointError
from evalcore.types import Endpoint, Failure

_POLICY = {"content_policy_violation", "content_filter", "moderation_blocked", "invalid_prompt"}
_QUOTA = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"}
_TOO_LONG = {"context_length_exceeded", "string_above_max_length"}
_TOO_LONG_WORDS = re.compile(
    r"context (length|window|size)|max_model_len|too many (input )?tokens", re.IGNORECASE
)
_POLICY_WORDS = re.compile(r"content (management )?policy|input was flagged|moderation", re.I)
_NO_MODEL_WORDS = re.compile(r"\bmodel\b.{0,99}\bnot (exist|found)|is pinned to", re.I)
_SCHEMA_WORDS = re.compile(
    r"response_?format|json_?schema|structured[ _-]?outputs?|guided[ _-]?(decoding|json)|\bgrammar", re.I
)
CANNOT_RANK = "cannot_rank"  # the kind of failure of an endpoint that gives no log-likelihoods
_UNSUPPORTED = {"unsupported_parameter", "unsupported_value", "unknown_parameter"}
_LONGEST_RETRY_S = 86_400.0


class ReplyTooLargeError(Exception):
    """The reply was longer than anything a question can call for; reading was stopped."""


@dataclass(frozen=True)
class ErrorBody:
    """The short facts of an API's error; `words` is for recognising only, it must reach no message."""

    code: str = ""
    type: str = ""
    param: str = ""
    words: str = field(default="", repr=False)

    @property
    def codes(self) -> set[str]:
        return {self.code, self.type} - {""}

    def __str__(self) -> str:
        facts = (("code", self.code), ("type", self.type), ("param", self.param))
        shown = ", ".join(f"{name} {value}" for name, value in facts if value)
        return f" ({shown})" if shown else ""


def error_body(body: object) -> ErrorBody:
    """Reads {"error": {...}} or its inside; anything else is an error without facts."""
    facts = body.get("error", body) if isinstance(body, Mapping) else None
    if not isinstance(facts, Mapping):
        return ErrorBody(words=body[:2000] if isinstance(body, str) else "")
    return ErrorBody(
        code=_short(facts.get("code")),
        type=_short(facts.get("type")),
        param=_short(facts.get("param")),
        words=str(facts.get("message") or facts.get("detail") or "")[:2000],
    )


def _short(value: Any) -> str:
    """Codes are short and plain; what is not could be anything, even a patient's words."""
    text = str(value) if isinstance(value, str | int) else ""
    return text if re.fullmatch(r"[A-Za-z0-9_.\-]{1,64}", text) else ""


def of_exception(error: Exception, endpoint: Endpoint, timeout_s: float) -> Failure:
    """What an exception of one call means. An unknown one is `internal`: its type is told, never its text."""
    match error:
        case openai.APIStatusError():
            headers = error.response.headers
            return of_status(error.status_code, error_body(error.body), endpoint, headers=headers)
        case ReplyTooLargeError():
            return bad_reply(endpoint, "is far too long")
        case TimeoutError():
            return _timeout(endpoint, timeout_s)
        case EndpointError():
            return _stop("auth", str(error))
        case UnicodeEncodeError():
            text = "The prompt holds half a character (a lone surrogate): it cannot be sent. Correct it."
            return Failure("bad_request", text, is_final=True)
        case openai.APIConnectionError():
            return _connection(error, endpoint)
    return Failure(
        "internal",
        f"Asking {endpoint.name} broke with {type(error).__name__}. This is a fault in Rounds: report it.",
        is_final=True,
    )


def of_status(
    status: int, error: ErrorBody, endpoint: Endpoint, headers: Mapping[str, str] | None = None
) -> Failure:
    """What an HTTP status (or the same number inside a reply) means for this question and for the run."""
    if 300 <= status < 400:
        return _redirect(status, endpoint)
    if status in (400, 403, 413, 422):
        failure = _refused_question(status, error, endpoint)
        if failure:
            return failure
    if status == 402 or error.codes & _QUOTA:
        return _stop("quota", f"{endpoint.name} says that the account has no credit left{error}. Top it up.")
    if status in (401, 403, 404, 405, 410):
        return _setup(status, error, endpoint)
    if status == 429:
        return _rate_limited(error, endpoint, retry_after_s(headers))
    return _server_error(status, error, endpoint, retry_after_s(headers))


def _refused_question(status: int, error: ErrorBody, endpoint: Endpoint) -> Failure | None:
    said = f"{endpoint.name} answered {status}{error}"
    if status == 413 or error.codes & _TOO_LONG or _TOO_LONG_WORDS.search(error.words):
        text = f"{said}: the prompt is longer than the model can read. Use fewer examples."
        return Failure("context_length", text, is_final=True)
    if error.codes & _POLICY or _POLICY_WORDS.search(error.words):
        text = f"{said}: its content policy refuses this question. Nothing to do: it counts as refused."
        return Failure("content_filter", text, is_final=True)
    if status == 403 or error.codes & _QUOTA:
        return None
    if error.code == "model_not_found" or _NO_MODEL_WORDS.search(error.words):
        return _setup(404, error, endpoint)
    if error.code in _UNSUPPORTED and error.param:
        return Failure("unsupported_parameter", f"{said}: it is asked again without {error.param}.")
    return Failure(
        "bad_request", f"{said}: it does not understand the request. Check model and settings.", is_final=True
    )


def refuses_schema(failure: Failure, error: ErrorBody) -> bool:
    """Whether a request failed on its schema; servers say so by parameter, by code, or only in words."""
    about = f"{error.param} {error.code} {error.words}"
    is_refusal = failure.kind in ("bad_request", "unsupported_parameter", "server_error")
    return is_refusal and _SCHEMA_WORDS.search(about) is not None


def without_schema(endpoint: Endpoint) -> Failure:
    text = f"{endpoint.name} cannot hold a reply to a JSON schema: it is asked again without one."
    return Failure("unsupported_parameter", text)


def _key_in_words(endpoint: Endpoint) -> str:
    if endpoint.key_env:
        return f"the key in {endpoint.key_env} is not accepted. Correct it."
    return "a request without a key is not accepted. Add the endpoint again with --key-env VARIABLE."


def _setup(status: int, error: ErrorBody, endpoint: Endpoint) -> Failure:
    said = f"{endpoint.name} answered {status}{error}"
    if status == 401:
        return _stop("auth", f"{said}: {_key_in_words(endpoint)}")
    if status == 403:
        return _stop("auth", f"{said}: this key may not use this model. Choose another key or model.")
    return _stop("not_found", f"{said}: no such model or path. Check the model's name and the base URL.")


def _redirect(status: int, endpoint: Endpoint) -> Failure:
    return _stop(
        "redirect",
        f"{endpoint.name} answered {status}, a redirect. It was not followed, because the prompt would go to "
        "another address. Give the final address as --base-url.",
    )


def _rate_limited(error: ErrorBody, endpoint: Endpoint, wait_s: float | None) -> Failure:
    text = f"{endpoint.name} answered 429{error}: asked too often. Later again; lower --rpm or --in-flight."
    return Failure("rate_limited", text, retry_after_s=2.0 if wait_s is None else wait_s)


def _server_error(status: int, error: ErrorBody, endpoint: Endpoint, wait_s: float | None) -> Failure:
    kind = "timeout" if status in (408, 504) else "server_error"
    text = f"{endpoint.name} answered {status}{error}: the server has a fault. It is asked again later."
    return Failure(kind, text, retry_after_s=2.0 if wait_s is None else wait_s)


def _timeout(endpoint: Endpoint, timeout_s: float) -> Failure:
    text = f"{endpoint.name} did not finish its answer within {timeout_s:g} s. It is asked again later."
    return Failure("timeout", text, retry_after_s=1.0)


def _connection(error: Exception, endpoint: Endpoint) -> Failure:
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error)):
        text = (
            f"The certificate of {endpoint.name} cannot be trusted. Check the base URL, or add its authority."
        )
        return _stop("connection", text)
    if is_refused(error):
        text = f"{endpoint.name} cannot be reached at {', '.join(endpoint.base_urls)}. Is the server running?"
        return Failure("connection", text, retry_after_s=5.0)
    text = f"{endpoint.name} broke the connection before its answer was complete. It is asked again later."
    return Failure("connection", text, retry_after_s=2.0)


def is_refused(error: Exception) -> bool:
    """No connection came about, so nothing was sent and another server may be asked at no cost."""
    never_connected = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
    return any(isinstance(cause, never_connected) for cause in _causes(error))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def bad_reply(endpoint: Endpoint, what: str) -> Failure:
    """what: completes "the reply of X ..."."""
    text = f"The reply of {endpoint.name} {what}. It is asked again. Check the base URL (most end in /v1)."
    return Failure("bad_reply", text, retry_after_s=1.0)


def cut_off(endpoint: Endpoint) -> Failure:
    text = f"The reply of {endpoint.name} came without its end (no finish reason). It is asked again."
    return Failure("cut_off", text, retry_after_s=1.0)


def filtered(endpoint: Endpoint) -> Failure:
    return Failure(
        "content_filter", f"The content filter of {endpoint.name} stopped the answer.", is_final=True
    )


def cannot_rank(endpoint: Endpoint, model: str, reasons: Sequence[str]) -> Failure:
    """reasons: what came of each form of asking."""
    text = (
        f"api:{endpoint.name}/{model} cannot rank options: it gives no log-likelihood of a given text "
        f"({'; '.join(reasons)}). That takes /v1/completions with echo and logprobs, or with prompt_logprobs "
        "(vLLM). Ask with --ask generate."
    )
    return _stop(CANNOT_RANK, text)


def no_chat_ranking(endpoint: Endpoint) -> Failure:
    text = (
        f"{endpoint.name} cannot rank options in chat form: log-likelihoods come from /v1/completions, which "
        "takes plain text and knows no chat template. Use --chat off, or --ask generate."
    )
    return _stop(CANNOT_RANK, text)


def not_finite(endpoint: Endpoint) -> Failure:
    text = (
        f"The log-probabilities of {endpoint.name} for this item are not finite, so nothing can be read from "
        "them. The precision that the server runs the model in is too coarse: serve it in bf16 or fp32."
    )
    return Failure("nan", text, is_final=True)


def _stop(kind: str, message: str) -> Failure:
    return Failure(kind, message, stops_run=True)


def retry_after_s(headers: Mapping[str, str] | None) -> float | None:
    """Seconds of Retry-After, given as a number or a date; None where there is none or it makes no sense."""
    value = (headers or {}).get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", value):
        return min(float(value), _LONGEST_RETRY_S)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((moment - datetime.now(UTC)).total_seconds(), 0.0), _LONGEST_RETRY_S)

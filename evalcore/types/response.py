"""What came back from a model, or why nothing did."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Finish(StrEnum):
    """Why a reply ended."""

    STOP = "stop"  # end of text, or a stop string
    LENGTH = "length"  # the token limit
    RANKED = "ranked"  # nothing was written: the options were ranked
    ERROR = "error"


@dataclass(frozen=True)
class Failure:
    """Why no answer came.

    kind: a short code that is counted and shown (rate_limited, timeout, connection, server_error, auth,
    quota, not_found, context_length, content_filter, bad_reply, cut_off, cannot_rank, nan, out_of_memory,
    internal).
    message: what, why, what to do; never a key, never patient text.
    is_final: the item's own result, asking again changes nothing. stops_run: no other item would fare better.
    retry_after_s: earliest moment of the next try.
    """

    kind: str
    message: str
    is_final: bool = False
    stops_run: bool = False
    retry_after_s: float = 0.0


@dataclass(frozen=True)
class Response:
    """Exactly what came back.

    option_logprobs: summed log-likelihood of each option, by its label. greedy: options that greedy decoding
    gives.
    dropped_shots: few-shot examples left out because the prompt did not fit. notes: what an endpoint
    ignored, and the like.
    """

    text: str = ""
    option_logprobs: Mapping[str, float] | None = None
    greedy: tuple[str, ...] = ()
    finish: Finish = Finish.STOP
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    cost_usd: float | None = None
    dropped_shots: int = 0
    notes: tuple[str, ...] = ()
    failure: Failure | None = None

"""What a reply tells of the prompt's own tokens, and the log-likelihood of an option in it. Asks nobody.

Two forms are known: completions with `echo` and `logprobs` (vLLM, SGLang, the first OpenAI models), and
vLLM's `prompt_logprobs`. Places of tokens in the text (`text_offset`) are not used: they count a BOS that
the text does not have, or are -1.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from evalcore.models.border import first_of_option

ASKED: dict[str, dict[str, Any]] = {
    "echo": {"echo": True, "logprobs": 1},
    "prompt_logprobs": {"prompt_logprobs": 1},
}
"""What asks for each form, beside the prompt; the first is tried first."""

_STRAYING = 4  # tokens before the option that may be others than without it; more, and the prompt was changed
_ABOVE_ZERO = 1e-3  # what rounding may add to a log-probability


class NotToldError(Exception):
    """The reply does not tell what was asked for; completes "the reply of X ..."."""


class NotFiniteError(Exception):
    """A scored token has a log-probability that is no finite number."""


@dataclass(frozen=True)
class Told:
    """A prompt's tokens as the server read them. texts: one each, not always what stands in the prompt.

    values: log-probability of each token, None for the first. tops: by token, those of the likeliest ones in
    its place. Neither is checked before it is scored.
    """

    texts: Sequence[str]
    values: Sequence[Any]
    tops: Sequence[Any]


def told(how: str, choice: Mapping[str, Any], tokens_in: int | None, tokens_out: int | None) -> Told:
    """What a reply's choice tells in the form `how`. tokens_in, tokens_out: as the reply's usage has it.

    Raises NotToldError.
    """
    return _of_prompt(choice) if how == "prompt_logprobs" else _of_echo(choice, tokens_in, tokens_out)


def _of_echo(choice: Mapping[str, Any], tokens_in: int | None, tokens_out: int | None) -> Told:
    """The written token stands last and is cut off; its log-probability alone is no echo (llama.cpp)."""
    given = choice.get("logprobs")
    if not isinstance(given, Mapping):
        raise NotToldError("ignores logprobs: none came back")
    texts, values, tops = (given.get(name) for name in ("tokens", "token_logprobs", "top_logprobs"))
    if not (isinstance(texts, list) and isinstance(values, list) and isinstance(tops, list)):
        raise NotToldError("holds log-probabilities in a form that is not known")
    if tokens_in is None:
        raise NotToldError("does not say how many tokens the prompt has (no usage)")
    most = tokens_in + (1 if tokens_out is None else tokens_out)
    if not tokens_in <= len(texts) <= most or not len(texts) == len(values) == len(tops):
        raise NotToldError(
            f"ignores echo, or is cut: {tokens_in} tokens were read, {len(texts)} have a log-probability"
        )
    return _named(Told(texts[:tokens_in], values[:tokens_in], tops[:tokens_in]))


def _of_prompt(choice: Mapping[str, Any]) -> Told:
    """Each place holds the token itself and the likeliest, which may be the same: {id: {logprob, ...}}."""
    places = choice.get("prompt_logprobs")
    if not isinstance(places, list) or not places:
        raise NotToldError("ignores prompt_logprobs: none came back")
    try:
        own = [min(place.values(), key=_logprob) if place else {} for place in places]
        tops = [{id_: one["logprob"] for id_, one in place.items()} if place else None for place in places]
        texts = [one.get("decoded_token", "") for one in own]
    except (AttributeError, KeyError, TypeError):
        raise NotToldError("holds prompt_logprobs in a form that is not known") from None
    return _named(Told(texts, [one.get("logprob") for one in own], tops))


def _logprob(one: Mapping[str, Any]) -> float:
    return float(one["logprob"])


def _named(found: Told) -> Told:
    if not all(isinstance(text, str) for text in found.texts):
        raise NotToldError("holds tokens that are no text")
    return found


def border(found: Told, context: str, option: str) -> int | None:
    """How many tokens stand before the option; blanks at the context's end go along with it.

    None where the context's own tokens must be asked for: a token stands across the border, or the tokens'
    texts do not spell the prompt (a character of several tokens, a tokenizer that hides blanks).
    """
    spelled, whole = "".join(found.texts), context + option
    if not spelled.endswith(whole):
        return None
    at = len(spelled) - len(option) - len(context) + len(context.rstrip())
    starts = [0, *accumulate(map(len, found.texts))]
    place = starts.index(at) if at in starts else len(found.texts)
    return place if place < len(found.texts) and found.texts[place] else None


def border_by(context: Told, whole: Sequence[Told]) -> int:
    """How many tokens stand before the option, by the context's own tokens; one number for all options.

    Raises NotToldError where the server did not read what was sent.
    """
    for found in whole:
        pairs = zip(context.texts, found.texts, strict=False)
        shared = min(len(context.texts), len(found.texts))
        same = next((place for place, (one, other) in enumerate(pairs) if one != other), shared)
        if same == len(found.texts) or same < len(context.texts) - _STRAYING:
            raise NotToldError("tells of another prompt than was sent (cut?)")
    return first_of_option(context.texts, [found.texts for found in whole])


def log_likelihood(found: Told, first: int) -> tuple[float, bool]:
    """(sum over the tokens from `first` on, whether each is the likeliest in its place).

    Raises NotToldError, NotFiniteError.
    """
    total, is_greedy = 0.0, True
    for value, top in zip(found.values[first:], found.tops[first:], strict=True):
        best = max(map(_number, top.values()), default=None) if isinstance(top, Mapping) else None
        own = _number(value)
        if best is None:
            raise NotToldError("holds a token without the likeliest one in its place")
        total, is_greedy = total + own, is_greedy and own >= best
    return total, is_greedy


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotToldError("holds a token without its log-probability")
    if not math.isfinite(value):
        raise NotFiniteError
    if value > _ABOVE_ZERO:
        raise NotToldError("holds a log-probability above 0")
    return float(value)

"""Where an option begins among the tokens of context and option. Knows tokens of any kind, no model."""

from collections.abc import Sequence
from typing import TypeVar

_Token = TypeVar("_Token", int, str)


def first_of_option(context: Sequence[_Token], whole: Sequence[Sequence[_Token]]) -> int:
    """The place of the first token that is scored, the same in each of `whole`, the context with an option.

    Where an option melts into the context's last token ("：A" is one), nothing would be left to score. The
    reference harness stops there. All options of the item are then split at one earlier place, where they
    all still agree with the context, so that their sums stay comparable.
    """
    if all(len(tokens) > len(context) for tokens in whole):
        return len(context)
    shortest = min(len(tokens) for tokens in (context, *whole)) - 1
    cut = next((n for n in range(shortest) if any(tokens[n] != context[n] for tokens in whole)), shortest)
    return max(cut, 1)

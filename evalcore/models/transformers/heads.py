"""Encodes texts of which many begin alike: the common head once, then each tail.

Tokens may cross any border. So a head is cut where a line of letters ends, well before its own end, and used
only once head and tail together have been seen to give the tokens of the whole; what stands near the cut, on
both sides, is then the same in every text.
"""

from collections.abc import Iterable, Sequence
from typing import Any

Tokens = tuple[int, ...]
NEAR = 200  # characters on each side of a cut that all texts share


class Heads:
    """Remembers the heads of the last call, so that the next window need not encode them again."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._known: dict[tuple[str, bool], Tokens | None] = {}

    def encode(self, texts: Sequence[str], heads: Iterable[str] = (), *, is_begun: bool) -> dict[str, Tokens]:
        """Tokens of each text. heads: what many of them begin with. is_begun: special tokens are there."""
        found: dict[str, Tokens] = {}
        used: dict[tuple[str, bool], Tokens | None] = {}
        for head in heads:
            start, alike = head[: _cut(head)], [text for text in texts if text.startswith(head)]
            if not start or len(alike) < 2:
                continue
            known = used[start, is_begun] = self._head(start, alike[0], is_begun)
            if known is not None:
                tails = self._plain([text[len(start) :] for text in alike], is_begun=True)
                found |= {text: known + tails[text[len(start) :]] for text in alike}
        self._known = used or self._known
        return found | self._plain([text for text in texts if text not in found], is_begun=is_begun)

    def _head(self, start: str, text: str, is_begun: bool) -> Tokens | None:
        """None where the tokens of a whole text are not those of its two pieces."""
        if (start, is_begun) in self._known:
            return self._known[start, is_begun]
        head = self._plain([start], is_begun=is_begun)[start]
        tail = self._plain([text[len(start) :]], is_begun=True)[text[len(start) :]]
        return head if self._plain([text], is_begun=is_begun)[text] == head + tail else None

    def _plain(self, texts: list[str], *, is_begun: bool) -> dict[str, Tokens]:
        if not texts:
            return {}
        found = self._tokenizer(texts, add_special_tokens=not is_begun)["input_ids"]
        return {text: tuple(ids) for text, ids in zip(texts, found, strict=True)}


def _cut(head: str) -> int:
    """0 where there is no good place."""
    places = range(len(head) - NEAR, NEAR, -1)
    return next((n for n in places if head[n] == "\n" and head[n - 1].isalnum()), 0)

"""How many rows go through the model at once: a budget of tokens that shrinks when memory runs out."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import accumulate, islice
from typing import TypeVar

import torch

Row = TypeVar("Row")
Done = TypeVar("Done")
FULL = 0.75  # a pass that uses so much of its budget says that a larger one is worth trying
WINDOW = 64  # requests taken at once: enough to sort by length, few enough to hold


def windows(rows: Iterable[Row], size: int = WINDOW) -> Iterator[list[Row]]:
    """Take `size` rows at a time, none before it is needed."""
    rest = iter(rows)
    while window := list(islice(rest, size)):
        yield window


class Budget:
    """Tokens of one forward pass. Halved for good whenever memory runs out.

    most: full passes that fit double it up to here; what did not fit once is not tried again.
    is_padded: every row of a pass is as long as its longest; else a pass holds its rows' own tokens.
    """

    def __init__(self, tokens: int, most: int = 0, *, is_padded: bool = True) -> None:
        self.tokens, self.most = tokens, max(tokens, most)
        self.is_padded = is_padded

    def size(self, rows: Sequence[Row], length: Callable[[Row], int]) -> int:
        lengths = [length(row) for row in rows]
        return len(rows) * max(lengths, default=0) if self.is_padded else sum(lengths)

    def halve(self, size: int) -> None:
        """A pass of this size did not fit."""
        self.tokens = self.most = max(min(size, self.tokens) // 2, 1)

    def grow(self, size: int) -> None:
        """A pass of this size did fit."""
        if size > self.tokens * FULL:
            self.tokens = min(self.tokens * 2, self.most)

    def batches(self, rows: Sequence[Row], length: Callable[[Row], int]) -> Iterator[list[Row]]:
        """As many rows together as the budget allows at this moment, at least one.

        Padded rows come sorted by length. Others keep their order, in passes of about the same size: a small
        last pass would be slow.
        """
        waiting = sorted(rows, key=length) if self.is_padded else list(rows)
        while waiting:
            count = self._fitting([length(row) for row in waiting])
            yield waiting[:count]
            waiting = waiting[count:]

    def _fitting(self, lengths: list[int]) -> int:
        """How many of the first rows make one pass."""
        if self.is_padded:  # lengths rise
            sizes = [count * longest for count, longest in enumerate(lengths, 1)]
            return max(sum(size <= self.tokens for size in sizes), 1)
        sizes = list(accumulate(lengths))
        passes = -(-sizes[-1] // self.tokens)
        enough = next(count for count, size in enumerate(sizes, 1) if size >= sizes[-1] / passes)
        return enough if enough == 1 or sizes[enough - 1] <= self.tokens else enough - 1

    def run(
        self, rows: Sequence[Row], length: Callable[[Row], int], ask: Callable[[list[Row]], Done]
    ) -> Iterator[tuple[list[Row], Done | None]]:
        """Ask batch after batch; one that does not fit is asked in halves, a row that does not gives None."""
        for batch in self.batches(rows, length):
            done = attempt(partial(ask, batch))
            if done is not None or len(batch) == 1:
                if done is not None:
                    self.grow(self.size(batch, length))
                yield batch, done
                continue
            self.halve(self.size(batch, length))
            yield from self.run(batch, length, ask)


def attempt(ask: Callable[[], Done]) -> Done | None:
    """None when memory ran out."""
    try:
        return ask()
    except (MemoryError, RuntimeError) as error:
        if not _is_out_of_memory(error):
            raise
    if torch.cuda.is_available():  # after the exception is gone, or its frames keep the tensors alive
        torch.cuda.empty_cache()
    return None


def _is_out_of_memory(error: Exception) -> bool:
    said = str(error)
    return (
        isinstance(error, (MemoryError, torch.OutOfMemoryError))
        or "can't allocate memory" in said
        or "not enough memory" in said
    )

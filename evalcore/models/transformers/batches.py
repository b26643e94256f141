"""How many rows go through the model at once: a budget of tokens that shrinks when memory runs out."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

import torch

Row = TypeVar("Row")
Done = TypeVar("Done")
WINDOW = 64  # requests taken at once: enough to sort by length, few enough to hold


def windows(rows: Iterable[Row], size: int = WINDOW) -> Iterator[list[Row]]:
    """Take `size` rows at a time, none before it is needed."""
    rest = iter(rows)
    while window := list(islice(rest, size)):
        yield window


class Budget:
    """Padded tokens of one forward pass. Halved for good whenever memory runs out."""

    def __init__(self, tokens: int) -> None:
        self.tokens = tokens

    def batches(self, rows: Sequence[Row], length: Callable[[Row], int]) -> Iterator[list[Row]]:
        """Rows sorted by length, as many together as the budget allows at this moment, at least one."""
        waiting = sorted(rows, key=length)
        while waiting:
            count = 1
            while count < len(waiting) and (count + 1) * length(waiting[count]) <= self.tokens:
                count += 1
            yield waiting[:count]
            waiting = waiting[count:]

    def run(
        self, rows: Sequence[Row], length: Callable[[Row], int], ask: Callable[[list[Row]], Done]
    ) -> Iterator[tuple[list[Row], Done | None]]:
        """Ask batch after batch; one that does not fit is asked in halves, a row that does not gives None."""
        for batch in self.batches(rows, length):
            done = _asked(batch, ask)
            if done is not None or len(batch) == 1:
                yield batch, done
                continue
            self.tokens = max(len(batch) * length(batch[-1]) // 2, 1)
            yield from self.run(batch, length, ask)


def _asked(batch: list[Row], ask: Callable[[list[Row]], Done]) -> Done | None:
    try:
        return ask(batch)
    except (torch.OutOfMemoryError, RuntimeError) as error:
        if not _is_out_of_memory(error):
            raise
    if torch.cuda.is_available():  # after the exception is gone, or its frames keep the tensors alive
        torch.cuda.empty_cache()
    return None


def _is_out_of_memory(error: RuntimeError) -> bool:
    said = str(error)
    return (
        isinstance(error, torch.OutOfMemoryError)
        or "can't allocate memory" in said
        or "not enough memory" in said
    )

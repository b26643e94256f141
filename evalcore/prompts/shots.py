"""Which examples are shown before an item.

first_n: the pool's first k, as the reference harness does for MMLU; the block is the same for every item,
so an engine computes it once. It never shows the item itself: an example with the item's question and
options is passed over. Within one task the published pools hold no test item, so this equals the harness
there (tested).

harness_random: what the harness draws for tasks without an own sampler: k of the pool from one Random(1234)
a task, item after item in file order. Nothing is passed over, because the harness passes nothing over.
"""

import random
from collections.abc import Iterator, Sequence

from evalcore.errors import UsageError
from evalcore.types import Entry, Item, LoadedTask, normalised

FEWSHOT_SEED = 1234
"""The harness' default for drawing examples."""

SAMPLERS = ("first_n", "harness_random")


def shots_in_order(loaded: LoadedTask, k: int, sampler: str = "first_n") -> Iterator[tuple[Entry, ...]]:
    """The examples of each item of the task, in file order; UsageError where the pool has fewer than k."""
    rng = random.Random(FEWSHOT_SEED)  # noqa: S311 - repeats the harness, keeps no secret
    _require_pool(loaded.fewshot, k, loaded.task.id)
    for entry in loaded.entries:
        yield choose_shots(loaded.fewshot, entry.item, k, sampler=sampler, rng=rng)


def choose_shots(
    pool: Sequence[Entry], item: Item, k: int, *, sampler: str = "first_n", rng: random.Random | None = None
) -> tuple[Entry, ...]:
    """Examples: k for one item; with first_n fewer than k only where the pool holds the item itself.

    rng: for harness_random, the task's generator; it moves on, so items must come in file order.
    """
    if sampler not in SAMPLERS:
        raise UsageError(f"There is no sampler {sampler!r}. Use --sampler {' or '.join(SAMPLERS)}.")
    _require_pool(pool, k, "The task")
    if sampler == "first_n":
        return _first_n(pool, item, k)
    rng = rng or random.Random(FEWSHOT_SEED)  # noqa: S311 - repeats the harness, keeps no secret
    return tuple(rng.sample(pool, k)) if k else ()


def _first_n(pool: Sequence[Entry], item: Item, k: int) -> tuple[Entry, ...]:
    asked = _same(item)
    others = (entry for entry in pool if _same(entry.item) != asked)
    return tuple(entry for _, entry in zip(range(k), others, strict=False))


def _same(item: Item) -> tuple[str, tuple[str, ...]]:
    """Question and options in any order; never the question alone: stems repeat with other options."""
    return normalised(item.question), tuple(sorted(normalised(option.text) for option in item.options))


def _require_pool(pool: Sequence[Entry], k: int, task_id: str) -> None:
    if k < 0:
        raise UsageError(f"--fewshot {k}: the number of examples cannot be negative. Use 0 or more.")
    if k and not pool:
        raise UsageError(
            f"{task_id} has no few-shot pool here: none is published with it, or the local copy holds the "
            f"test "
            "split only. Use --fewshot 0, or put the split with the examples (train) beside the test file."
        )
    if k > len(pool):
        raise UsageError(
            f"{task_id} has {len(pool)} few-shot examples, {k} were asked for. Use at most {len(pool)}."
        )

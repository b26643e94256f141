"""Which examples are shown before an item.

first_n: the pool's first k, as the reference harness does for MMLU; the block is the same for every item,
so an engine computes it once. It never shows the item itself: an example with the item's question and
options is passed over. Within one task the published pools hold no test item, so this equals the harness
there (tested).

seeded: k of the pool for each item by itself, drawn from its seed and its content, so that neither the order
of the items nor a limit changes them. What the item is, or shares its stem with, is never drawn: the pool may
be the task itself (leave one out).

harness_random: what the harness draws for tasks without an own sampler: k of the pool from one Random(1234)
a task, item after item in file order. Nothing is passed over, because the harness passes nothing over.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from evalcore.errors import UsageError
from evalcore.types import Entry, Item, LoadedTask, normalised

FEWSHOT_SEED = 1234
"""The harness' default for drawing examples."""

SAMPLERS = ("first_n", "seeded", "harness_random")


def shots_in_order(loaded: LoadedTask, k: int, sampler: str = "first_n") -> Iterator[tuple[Entry, ...]]:
    """The examples of each item of the task, in file order; UsageError where the pool has fewer than k."""
    rng = random.Random(FEWSHOT_SEED)  # noqa: S311 - repeats the harness, keeps no secret
    _require_pool(loaded.fewshot, k, loaded.task.id)
    for entry in loaded.entries:
        yield choose_shots(loaded.fewshot, entry, k, sampler=sampler, rng=rng)


def choose_shots(
    pool: Sequence[Entry],
    entry: Entry,
    k: int,
    *,
    sampler: str = "first_n",
    seed: int = 0,
    rng: random.Random | None = None,
) -> tuple[Entry, ...]:
    """Examples: k for one item, fewer only where the pool without the item and its stem holds fewer.

    rng: for harness_random, the task's generator; it moves on, so items must come in file order.
    """
    if sampler not in SAMPLERS:
        raise UsageError(f"There is no sampler {sampler!r}. Use --sampler {' or '.join(SAMPLERS)}.")
    _require_pool(pool, k, "The task")
    if sampler == "harness_random":
        rng = rng or random.Random(FEWSHOT_SEED)  # noqa: S311 - repeats the harness, keeps no secret
        return tuple(rng.sample(pool, k)) if k else ()
    if sampler == "first_n":
        return tuple(islice(_others(pool, entry), k))
    return _seeded(pool, entry, k, seed)


def _others(pool: Iterable[Entry], entry: Entry) -> Iterator[Entry]:
    """Examples that are neither the item itself nor of its stem."""
    asked = _same(entry.item)
    for one in pool:
        shares_stem = entry.group and entry.group == one.group
        if not shares_stem and _same(one.item) != asked:
            yield one


def _seeded(pool: Sequence[Entry], entry: Entry, k: int, seed: int) -> tuple[Entry, ...]:
    """A random order of the pool, of which the first k that may be shown are taken: no pass over it all."""
    rng = random.Random(f"{seed}:{entry.item.sha}")  # noqa: S311 - a seeded draw, no secret
    drawn = (pool[place] for place in _places(rng, len(pool)))
    return tuple(islice(_others(drawn, entry), k))


def _places(rng: random.Random, size: int) -> Iterator[int]:
    """Places 0..size-1 in random order, each once."""
    seen: set[int] = set()
    while len(seen) < size:
        place = rng.randrange(size)
        if place not in seen:
            seen.add(place)
            yield place


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

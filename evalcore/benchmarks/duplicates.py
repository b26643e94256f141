"""Questions that stand in more than one place, within a task or across tasks (benchmarks.md D20).

Two items are one question when text, context, turns and the set of option texts are equal, whatever their
order: never the stem alone, because stems such as "Which of these is false?" repeat with other options.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations_with_replacement

from evalcore.types import Entry, Item, LoadedTask, normalised

Same = tuple[str, str, tuple[tuple[str, str], ...], tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True)
class Repeat:
    """One question in several places.

    places: (task id, item id), in the order of the tasks and their files. has_one_gold: its keys agree,
    options compared by their texts.
    """

    places: tuple[tuple[str, str], ...]
    has_one_gold: bool


def repeats(tasks: Iterable[LoadedTask]) -> tuple[Repeat, ...]:
    """Every question with two places or more, in the order of its first one."""
    found: dict[Same, list[tuple[str, Entry]]] = defaultdict(list)
    for loaded in tasks:
        for entry in loaded.entries:
            found[_same(entry.item)].append((loaded.task.id, entry))
    return tuple(_repeat(places) for places in found.values() if len(places) > 1)


def shared(found: Iterable[Repeat]) -> dict[tuple[str, str], int]:
    """How many questions two tasks have in common; a task with itself: those that it holds twice or more."""
    counts: Counter[tuple[str, str]] = Counter()
    for one in found:
        inside = Counter(task_id for task_id, _ in one.places)
        for pair in combinations_with_replacement(inside, 2):
            counts[pair] += pair[0] != pair[1] or inside[pair[0]] > 1
    return {pair: count for pair, count in counts.items() if count}


def _same(item: Item) -> Same:
    return (
        normalised(item.question),
        normalised(item.context),
        tuple((role, normalised(text)) for role, text in item.turns),
        tuple(sorted(normalised(option.text) for option in item.options)),
        item.media,
    )


def _repeat(places: list[tuple[str, Entry]]) -> Repeat:
    golds = {_gold(entry) for _, entry in places}
    return Repeat(tuple((task_id, entry.item_id) for task_id, entry in places), len(golds) == 1)


def _gold(entry: Entry) -> frozenset[tuple[str, ...]]:
    """Acceptable answers by their texts: letters differ where the options stand in another order."""
    texts = {option.label: normalised(option.text) for option in entry.item.options}
    return frozenset(tuple(sorted(texts.get(label, label) for label in one)) for one in entry.key.acceptable)

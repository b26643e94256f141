"""The task file of MedS-Ins and MedS-Bench: one object with its instruction and its Instances.

Published files differ: strings stand where lists are specified, outputs are a list (its first element is the
gold) or a bare string, ids are often missing, `.jsonl` may hold one indented object (D27).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from evalcore import data
from evalcore.errors import DataError
from evalcore.types import Entry, content_hash, normalised


@dataclass(frozen=True)
class Instance:
    """One row: what the model reads and the gold text. An id that the file lacks is made from the input."""

    item_id: str
    input: str
    output: str


@dataclass(frozen=True)
class TaskFile:
    definition: str
    language: str  # as the file names it: "English"
    instances: tuple[Instance, ...]


def read(rows: list[data.Row], name: str) -> TaskFile:
    """name: the task's number in the file's words (`task57`), for messages and for missing ids."""
    if len(rows) != 1 or not isinstance(rows[0].get("Instances"), list):
        raise DataError(
            f"{name}: the file is no task file: one object with a list of Instances was expected. "
            "Put the published file there."
        )
    card = rows[0]
    instances = (_instance(row, f"{name} instance {place}") for place, row in enumerate(card["Instances"]))
    definition, language = first(card.get("Definition")), first(card.get("Input_language"))
    return TaskFile(definition, language, tuple(named(instances, name)))


def first(value: Any) -> str:
    """A string, or the first element where the file has a list of them; "" for nothing."""
    if isinstance(value, list):
        return data.text(value[0]) if value else ""
    return data.text(value)


def named(instances: Iterable[Instance], name: str) -> Iterable[Instance]:
    """Gives those without an id one from their input: the same in every copy, whatever stands before it."""
    seen: Counter[str] = Counter()
    for one in instances:
        own = one.item_id or f"{name}-{content_hash(normalised(one.input))[:10]}"
        seen[own] += 1
        is_again = seen[own] > 1 and not one.item_id
        yield replace(one, item_id=f"{own}-{seen[own]}" if is_again else own)


def apart(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """One question may stand twice with another gold: from the second gold on, the key says which it is."""
    golds: dict[str, list[Any]] = {}
    found = []
    for entry in entries:
        known = golds.setdefault(entry.item.sha, [])
        if entry.key.acceptable not in known:
            known.append(entry.key.acceptable)
        place = known.index(entry.key.acceptable)
        key = replace(entry.key, name=f"{entry.key.name}#{place + 1}") if place else entry.key
        found.append(replace(entry, key=key))
    return tuple(found)


def _instance(row: Any, place: str) -> Instance:
    given = row if isinstance(row, dict) else {}
    text, output = data.field(given, "input", place), data.field(given, "output", place)
    return Instance(data.text(given.get("id")), data.text(text), first(output))

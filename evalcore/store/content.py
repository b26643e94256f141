"""Items, keys, task versions and prompts: each stored once, however many tasks and runs hold it."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, select

from evalcore.errors import DataError
from evalcore.store.schema import items, keys, members, prompt_parts, prompts, task_versions
from evalcore.store.search import index_texts
from evalcore.store.sql import chunks, insert_new
from evalcore.types import (
    Criterion,
    Entry,
    Item,
    Key,
    Kind,
    LoadedTask,
    Option,
    Part,
    Prompt,
    Source,
    Task,
    content_hash,
)


def put_task(transaction: Connection, loaded: LoadedTask) -> int:
    """Stores a task version with its items, keys and few-shot pool; returns its id. Twice is the same as
    once.

    Raises DataError where a stored key of the same name and version says otherwise.
    """
    known = find_task_version(transaction, loaded.task.id, loaded.version)
    version_id = _put_version(transaction, loaded) if known is None else known
    if known is None:
        _put_members(transaction, version_id, loaded.entries, pool=False)
    if loaded.fewshot and not _has_pool(transaction, version_id):
        _put_members(transaction, version_id, loaded.fewshot, pool=True)
    return version_id


def _put_members(transaction: Connection, version_id: int, entries: Sequence[Entry], *, pool: bool) -> None:
    item_ids = _put_items(transaction, [entry.item for entry in entries])
    _put_keys(transaction, entries)
    rows = [_member(version_id, pool, p, e, item_ids) for p, e in enumerate(entries)]
    insert_new(transaction, members, rows)


def _has_pool(transaction: Connection, version_id: int) -> bool:
    """A task loaded for 0 shots comes without its pool, which may be large; it is added when first needed."""
    found = select(members.c.position).where(
        members.c.task_version_id == version_id, members.c.pool.is_(True)
    )
    return transaction.execute(found.limit(1)).first() is not None


def find_task_version(transaction: Connection, task_id: str, version: str) -> int | None:
    found = select(task_versions.c.id).where(
        task_versions.c.task_id == task_id, task_versions.c.version == version
    )
    return transaction.execute(found).scalar()


def _put_version(transaction: Connection, loaded: LoadedTask) -> int:
    row = {
        "task_id": loaded.task.id,
        "version": loaded.version,
        "benchmark": loaded.task.benchmark,
        "definition": asdict(loaded.task),
        "origin": loaded.source,
        "template_version": loaded.template_version,
        "item_count": len(loaded.entries),
        "created_at": time.time(),
    }
    insert_new(transaction, task_versions, [row])
    version_id = find_task_version(transaction, loaded.task.id, loaded.version)
    if version_id is None:
        raise RuntimeError("a task version that was just stored is not there")
    return version_id


def _put_items(transaction: Connection, wanted: Sequence[Item]) -> dict[str, int]:
    """Ids by sha; new items enter the text index."""
    by_sha = {item.sha: item for item in wanted}
    before = _item_ids(transaction, by_sha)
    fresh = {sha: item for sha, item in by_sha.items() if sha not in before}
    insert_new(transaction, items, [_item_row(item) for item in fresh.values()])
    after = _item_ids(transaction, by_sha)
    index_texts(transaction, "item_grams", [(after[sha], _searchable(item)) for sha, item in fresh.items()])
    return after


def _item_ids(transaction: Connection, shas: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for chunk in chunks(shas):
        rows = transaction.execute(select(items.c.sha, items.c.id).where(items.c.sha.in_(chunk)))
        found.update((row.sha, row.id) for row in rows)
    return found


def _item_row(item: Item) -> dict[str, Any]:
    return {
        "sha": item.sha,
        "question": item.question,
        "options": [[option.label, option.text] for option in item.options],
        "context": item.context,
        "language": item.language,
        "media": list(item.media),
        "turns": [list(turn) for turn in item.turns] or None,
    }


def _searchable(item: Item) -> str:
    said = (text for _, text in item.turns)
    return "\n".join([*said, item.question, item.context, *(option.text for option in item.options)])


def _put_keys(transaction: Connection, entries: Sequence[Entry]) -> None:
    stored = _stored_keys(transaction, entries)
    for entry in entries:
        said = [list(alternative) for alternative in entry.key.acceptable]
        known = stored.setdefault((entry.item.sha, entry.key.name, entry.key.version), said)
        if known != said:
            raise DataError(
                f"{entry.item_id}: its key {entry.key.name!r} version {entry.key.version} is "
                f"{said}, but the same question is stored with {known}. "
                "Two files disagree about one question: publish the change as a new key version."
            )
    insert_new(transaction, keys, [_key_row(entry) for entry in entries])


def _stored_keys(transaction: Connection, entries: Sequence[Entry]) -> dict[tuple[str, str, int], Any]:
    found: dict[tuple[str, str, int], Any] = {}
    for chunk in chunks({entry.item.sha for entry in entries}):
        for row in transaction.execute(select(keys).where(keys.c.item_sha.in_(chunk))):
            found[row.item_sha, row.name, row.version] = row.acceptable
    return found


def _key_row(entry: Entry) -> dict[str, Any]:
    return {
        "item_sha": entry.item.sha,
        "name": entry.key.name,
        "version": entry.key.version,
        "acceptable": [list(alternative) for alternative in entry.key.acceptable],
        "rationale": entry.key.rationale,
        "source": entry.key.source,
        "rubric": [[one.text, one.points, list(one.tags)] for one in entry.key.rubric] or None,
        "created_at": time.time(),
    }


def _member(
    version_id: int, pool: bool, position: int, entry: Entry, item_ids: Mapping[str, int]
) -> dict[str, Any]:
    return {
        "task_version_id": version_id,
        "pool": pool,
        "position": position,
        "item_name": entry.item_id,
        "item_id": item_ids[entry.item.sha],
        "group_name": entry.group,
        "parallel": entry.parallel,
        "key_name": entry.key.name,
        "key_version": entry.key.version,
        "subject": str(entry.item.meta.get("subject", "")),
        "meta": dict(entry.item.meta),
    }


def get_task(transaction: Connection, version_id: int) -> Task:
    """The task as it was declared when this version was stored."""
    found = transaction.execute(
        select(task_versions.c.definition).where(task_versions.c.id == version_id)
    ).scalar()
    definition = dict(found or {})
    definition["kind"] = Kind(definition["kind"])
    definition["source"] = Source(**definition["source"])
    definition |= {name: tuple(definition[name]) for name in ("metrics", "readers") if name in definition}
    return Task(**definition)


_KEY_OF_MEMBER = and_(
    keys.c.item_sha == items.c.sha,
    keys.c.name == members.c.key_name,
    keys.c.version == members.c.key_version,
)
_ENTRIES = (  # made once: claims and readings ask it all the time
    select(members, items, keys.c.acceptable, keys.c.rationale, keys.c.source, keys.c.rubric)
    .select_from(members.join(items, items.c.id == members.c.item_id).join(keys, _KEY_OF_MEMBER))
    .where(members.c.task_version_id == bindparam("task"), members.c.pool == bindparam("is_pool"))
    .order_by(members.c.position)
)
_ENTRIES_AT = _ENTRIES.where(members.c.position.in_(bindparam("places", expanding=True)))


def get_entries(
    transaction: Connection, version_id: int, positions: Sequence[int] | None = None, *, pool: bool = False
) -> dict[int, Entry]:
    """Entries by position; all of them when positions is None."""
    task = {"task": version_id, "is_pool": pool}
    if positions is None:
        return {row.position: _entry(row) for row in transaction.execute(_ENTRIES, task)}
    found: dict[int, Entry] = {}
    for chunk in chunks(positions):
        rows = transaction.execute(_ENTRIES_AT, task | {"places": chunk})
        found.update((row.position, _entry(row)) for row in rows)
    return found


def item_of(row: Row[Any], meta: Mapping[str, Any]) -> Item:
    """An Item from a row with the columns of `items`."""
    return Item(
        question=row.question,
        options=tuple(Option(label, text) for label, text in row.options),
        context=row.context,
        language=row.language,
        media=tuple(row.media),
        turns=tuple((role, text) for role, text in row.turns or ()),
        meta=meta,
    )


def rubric_of(stored: Any) -> tuple[Criterion, ...]:
    """The criteria in the column `rubric` of a key."""
    return tuple(Criterion(text, points, tuple(tags)) for text, points, tags in stored or ())


def _entry(row: Row[Any]) -> Entry:
    acceptable = tuple(tuple(alternative) for alternative in row.acceptable)
    rubric = rubric_of(row.rubric)
    key = Key(acceptable, row.key_name, row.key_version, row.rationale, row.source, rubric)
    return Entry(row.item_name, item_of(row, row.meta), key, row.group_name, row.parallel)


def put_prompts(transaction: Connection, wanted: Sequence[Prompt]) -> None:
    """Stores prompts by key and their parts by content: a few-shot block is kept once."""
    shas = {text: content_hash(text) for text in {part.text for prompt in wanted for part in prompt.parts}}
    insert_new(transaction, prompt_parts, [{"sha": sha, "text": text} for text, sha in shas.items()])
    insert_new(transaction, prompts, [_prompt_row(prompt, shas) for prompt in wanted])


def _prompt_row(prompt: Prompt, shas: Mapping[str, str]) -> dict[str, Any]:
    return {
        "key": prompt.key,
        "parts": [[part.role, shas[part.text]] for part in prompt.parts],
        "template": prompt.template,
        "template_version": prompt.template_version,
        "fewshot": list(prompt.fewshot_ids),
        "option_order": list(prompt.option_order),
        "targets": list(prompt.targets),
    }


def get_prompts(transaction: Connection, wanted: Iterable[str]) -> dict[str, Prompt]:
    """Prompts by key, as they were asked; keys that were never stored (imported runs) are left out."""
    rows = [
        row
        for chunk in chunks(set(wanted))
        for row in transaction.execute(select(prompts).where(prompts.c.key.in_(chunk)))
    ]
    texts: dict[str, str] = {}
    for chunk in chunks({sha for row in rows for _, sha in row.parts}):
        found = transaction.execute(select(prompt_parts).where(prompt_parts.c.sha.in_(chunk)))
        texts.update((row.sha, row.text) for row in found)
    return {row.key: _prompt(row, texts) for row in rows}


def _prompt(row: Row[Any], texts: Mapping[str, str]) -> Prompt:
    return Prompt(
        parts=tuple(Part(texts[sha], role) for role, sha in row.parts),
        template=row.template,
        template_version=row.template_version,
        fewshot_ids=tuple(row.fewshot),
        option_order=tuple(row.option_order),
        targets=tuple(row.targets),
    )

"""Items, keys, tasks and prompts in both databases."""

from dataclasses import replace

import pytest
from filled import entry, four, task
from sqlalchemy import func, select

from evalcore.errors import DataError
from evalcore.store import Store, content
from evalcore.store.schema import items, keys, members, prompt_parts, prompts, task_versions
from evalcore.types import Key, Part, Prompt


def _count(store: Store, table: object) -> int:
    with store.read() as t:
        return t.execute(select(func.count()).select_from(table)).scalar_one()


def test_putting_a_task_twice_is_the_same_as_once(store: Store) -> None:
    with store.write() as t:
        first = content.put_task(t, four())
    with store.write() as t:
        second = content.put_task(t, four())
    assert first == second
    assert (_count(store, task_versions), _count(store, items), _count(store, members)) == (1, 4, 4)


def test_an_item_in_two_tasks_is_stored_once(store: Store) -> None:
    shared = entry("q1", "What is a murmur?")
    with store.write() as t:
        content.put_task(t, task([shared], "demo/one"))
        content.put_task(t, task([replace(shared, item_id="other-name")], "demo/two"))
    assert (_count(store, items), _count(store, keys), _count(store, members)) == (1, 1, 2)


def test_a_key_that_contradicts_a_stored_one_of_the_same_version_is_refused_and_nothing_is_kept(
    store: Store,
) -> None:
    first = entry("q1", "What is a murmur?", "A")
    with store.write() as t:
        content.put_task(t, task([first], "demo/one"))
    with pytest.raises(DataError, match="q1.*new key version"), store.write() as t:
        content.put_task(t, task([entry("q1", "What is a murmur?", "B"), entry("q2", "New?")], "demo/two"))
    assert (_count(store, items), _count(store, task_versions)) == (1, 1)


def test_the_same_question_may_have_a_key_of_another_version(store: Store) -> None:
    first = entry("q1", "What is a murmur?", "A")
    second = replace(first, key=Key((("B",),), "published", 2))
    with store.write() as t:
        content.put_task(t, task([first], "demo/one"))
        version = content.put_task(t, task([second], "demo/two"))
        assert content.get_entries(t, version)[0].key.acceptable == (("B",),)


def test_entries_come_back_as_they_were_stored(store: Store) -> None:
    loaded = four()
    with store.write() as t:
        version = content.put_task(t, loaded)
        found = content.get_entries(t, version)
        some = content.get_entries(t, version, [2])
    assert tuple(found.values()) == loaded.entries
    assert some == {2: loaded.entries[2]}


def test_the_declared_task_comes_back_as_it_was_stored(store: Store) -> None:
    with store.write() as t:
        version = content.put_task(t, four())
        assert content.get_task(t, version) == four().task


def test_few_shot_examples_are_kept_apart_from_the_items_asked(store: Store) -> None:
    with store.write() as t:
        version = content.put_task(t, task([entry("q1", "One?")], fewshot=[entry("s1", "Shown?")]))
        assert [e.item_id for e in content.get_entries(t, version).values()] == ["q1"]
        assert [e.item_id for e in content.get_entries(t, version, pool=True).values()] == ["s1"]


def test_prompts_come_back_and_share_their_parts(store: Store) -> None:
    block = Part("Five examples.\n")
    chat = Prompt((Part("Be brief.", "system"), Part("Hi?", "user")), "chat", 2)
    wanted = [
        Prompt(
            (block, Part("First?")), "plain", fewshot_ids=("s1",), option_order=("B", "A"), targets=(" B",)
        ),
        Prompt((block, Part("Second?")), "plain"),
        chat,
    ]
    with store.write() as t:
        content.put_prompts(t, wanted)
        content.put_prompts(t, wanted[:1])
        found = content.get_prompts(t, [prompt.key for prompt in wanted])
    assert [found[prompt.key] for prompt in wanted] == wanted
    assert (_count(store, prompts), _count(store, prompt_parts)) == (3, 5)


def test_a_prompt_that_was_never_recorded_is_left_out(store: Store) -> None:
    with store.read() as t:
        assert content.get_prompts(t, ["nowhere"]) == {}

"""Repeated questions; the figures of MMLU are those of benchmarks.md D20."""

import pytest

from evalcore import benchmarks, prompts
from evalcore.benchmarks import duplicates, gold
from evalcore.types import Entry, Item, Key, Kind, LoadedTask, Source, Task

PAIR = ("mmlu_clinical_knowledge", "mmlu_college_medicine")


@pytest.fixture
def mmlu(hub):
    return [benchmarks.load(name) for name in PAIR]


def task(name, *entries):
    return LoadedTask(Task(name, "b", name, Kind.CHOICE, "en", ("acc",), Source(), "mit"), entries)


def entry(item_id, question, texts, letter, **more):
    return Entry(item_id, Item(question, gold.lettered(texts), **more), Key(((letter,),), "b"))


def test_d20_78_questions_stand_in_both_clinical_knowledge_and_college_medicine_with_one_gold(mmlu):
    found = duplicates.repeats(mmlu)
    assert duplicates.shared(found) == {PAIR: 78}
    assert all(one.has_one_gold for one in found)


def test_d20_a_stem_that_repeats_with_other_options_is_no_duplicate(mmlu):
    """Items 12 and 41, and 123 and 170, have the stem "Which of the following statements is false?"."""
    places = [one.places for one in duplicates.repeats(mmlu)]
    same = [(first, second) for first, second in places if first[1] in ("12", "41")]
    assert all(first[0] != second[0] for first, second in same)


@pytest.mark.parametrize(
    ("examples", "asked", "example_id", "item_id"), [(1, 0, "dev-0", "252"), (0, 1, "dev-0", "152")]
)
def test_d20_an_example_that_is_the_item_of_another_subject_is_never_shown(
    examples, asked, example_id, item_id, mmlu
):
    pool = mmlu[examples].fewshot
    item = next(one for one in mmlu[asked].entries if one.item_id == item_id)
    assert example_id in [one.item_id for one in pool]
    assert example_id not in [one.item_id for one in prompts.choose_shots(pool, item, 5)]


def test_options_in_another_order_are_the_same_question_and_their_golds_are_compared_by_text():
    first = entry("1", "Which?", ["iron", "zinc"], "A")
    turned = entry("7", "Which? ", ["zinc", "iron"], "B")
    (found,) = duplicates.repeats([task("x", first), task("y", turned)])
    assert found == duplicates.Repeat((("x", "1"), ("y", "7")), has_one_gold=True)


def test_keys_that_disagree_are_told():
    (found,) = duplicates.repeats(
        [task("x", entry("1", "Which?", ["iron", "zinc"], "A"), entry("2", "Which?", ["iron", "zinc"], "B"))]
    )
    assert not found.has_one_gold


@pytest.mark.parametrize(
    "other",
    [
        entry("2", "Which?", ["iron", "lead"], "A"),
        entry("2", "Which one?", ["iron", "zinc"], "A"),
        entry("2", "Which?", ["iron", "zinc"], "A", context="A girl of 3."),
        entry("2", "Which?", ["iron", "zinc"], "A", turns=(("user", "Hello"),)),
        entry("2", "Which?", ["iron", "zinc", "zinc"], "A"),
    ],
)
def test_another_option_question_context_or_conversation_is_another_question(other):
    assert duplicates.repeats([task("x", entry("1", "Which?", ["iron", "zinc"], "A"), other)]) == ()


def test_a_question_counts_once_for_each_pair_of_tasks_and_for_a_task_that_holds_it_twice():
    one, two, three = (entry(name, "Which?", ["iron", "zinc"], "A") for name in "123")
    found = duplicates.repeats([task("x", one, two), task("y", three), task("z", three)])
    assert duplicates.shared(found) == {("x", "x"): 1, ("x", "y"): 1, ("x", "z"): 1, ("y", "z"): 1}

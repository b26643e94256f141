import random
from dataclasses import replace

import pytest

from evalcore import benchmarks
from evalcore.errors import UsageError
from evalcore.prompts import choose_shots, render, shots_in_order, template_names
from evalcore.types import Entry, Item, Key, Kind, LoadedTask, Option, Source, Task, Way

LANGUAGES = ("en", "zh", "fr", "ja", "ru", "es")
STATEMENTS = {
    "en": ("Answer: ", ", "),
    "zh": ("答案：", "、"),
    "fr": ("Réponse : ", ", "),
    "ja": ("答え：", "、"),
    "ru": ("Ответ: ", ", "),
    "es": ("Respuesta: ", ", "),
}
YES_NO_MAYBE = {"yes": "yes", "no": "no", "maybe": "maybe"}


def task(kind=Kind.CHOICE, language="en", *, benchmark="mine", template="", task_id="mine/set"):
    return Task(task_id, benchmark, "Title", kind, language, ("acc",), Source(), "mit", template=template)


def item(question="Which drug?", options=None, context=""):
    offered = {"A": "aspirin", "B": "heparin"} if options is None else options
    return Item(question, tuple(Option(label, text) for label, text in offered.items()), context)


def entry(question, gold=("A",), *, item_id="", rationale="", options=None):
    key = Key((gold,), "mine", rationale=rationale)
    return Entry(item_id or question, item(question, options), key)


def test_a_ranked_choice_ends_before_its_answer_and_has_one_target_an_option():
    prompt = render(item(context="A patient."), task=task(), way=Way.RANK)
    assert prompt.text == "Text: A patient.\n\nQuestion: Which drug?\nA. aspirin\nB. heparin\nAnswer:"
    assert prompt.targets == (" A", " B")
    assert (prompt.template, prompt.option_order) == ("plain", ("A", "B"))


def test_chinese_has_no_blank_between_colon_and_target():
    prompt = render(item(), task=task(language="zh"), way=Way.RANK)
    assert prompt.text == "问题：Which drug?\nA. aspirin\nB. heparin\n答案："
    assert prompt.targets == ("A", "B")


def test_yes_no_maybe_targets_are_the_words_and_no_options_are_listed():
    prompt = render(item(options=YES_NO_MAYBE), task=task(Kind.YES_NO_MAYBE), way=Way.RANK)
    assert prompt.text == "Question: Which drug?\nAnswer:"
    assert prompt.targets == (" yes", " no", " maybe")


@pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.CHOICE, Kind.YES_NO_MAYBE}))
def test_what_cannot_be_ranked_is_refused_with_the_way_out(kind):
    assert template_names(task(kind), Way.RANK) == ()
    with pytest.raises(UsageError, match=rf"mine/set cannot be asked by ranking.*{kind}.*--ask generate"):
        render(item(), task=task(kind), way=Way.RANK)


def test_an_unknown_template_is_refused_with_a_known_one():
    with pytest.raises(UsageError, match=r"no template 'plane'.*--template plain"):
        render(item(), task=task(), way=Way.RANK, template="plane")
    with pytest.raises(UsageError, match=r"no template 'plain' .* by generate.*--template written"):
        render(item(), task=task(), way=Way.GENERATE, template="plain")
    with pytest.raises(UsageError, match="The reference harness has no prompt for mine/set"):
        render(item(), task=task(), way=Way.RANK, template="harness")


def test_every_choice_task_may_be_asked_by_the_plain_template_too():
    medqa = benchmarks.tasks()["medqa_4options"]
    prompt = render(item(), task=medqa, way=Way.RANK, template="plain")
    assert (prompt.template, prompt.text.splitlines()[0]) == ("plain", "Question: Which drug?")


def test_the_mmlu_prompt_is_the_published_one():
    """Form as in benchmarks.md B; one example, written out by hand."""
    anatomy = benchmarks.tasks()["mmlu_college_medicine"]
    prompt = render(item(" Which? "), task=anatomy, way=Way.RANK, shots=[entry("First?", ("B",))])
    assert prompt.text == (
        "The following are multiple choice questions (with answers) about college medicine.\n\n"
        "First?\nA. aspirin\nB. heparin\nAnswer: B\n\n"
        "Which?\nA. aspirin\nB. heparin\nAnswer:"
    )
    assert prompt.fewshot_ids == ("First?",)


def test_description_and_each_example_are_parts_that_all_items_share():
    mmlu = benchmarks.tasks()["mmlu_anatomy"]
    shots = [entry("First?"), entry("Second?", ("B",))]
    one, two = (render(item(name), task=mmlu, way=Way.RANK, shots=shots) for name in ("x", "y"))
    assert len(one.parts) == 4
    assert one.parts[:3] == two.parts[:3]
    assert one.parts[3] != two.parts[3]


def test_a_ranked_chat_has_the_description_as_system_and_examples_as_turns():
    mmlu = benchmarks.tasks()["mmlu_anatomy"]
    prompt = render(item("x"), task=mmlu, way=Way.RANK, shots=[entry("y", ("B",))], chat=True)
    assert prompt.is_chat
    assert [role for role, _ in prompt.messages] == ["system", "user", "assistant", "user"]
    assert prompt.messages[2] == ("assistant", "B")
    assert prompt.targets == ("A", "B")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [Kind.CHOICE, Kind.SEVERAL, Kind.YES_NO_MAYBE])
def test_a_written_prompt_shows_the_very_statement_that_ends_an_example_reply(kind, language):
    lead, comma = STATEMENTS[language]
    gold = {"choice": ("B",), "several": ("A", "C"), "yes_no_maybe": ("yes",)}[kind.value]
    options = YES_NO_MAYBE if kind is Kind.YES_NO_MAYBE else {"A": "a", "B": "b", "C": "c"}
    shot = entry("First?", gold, rationale="For this reason.", options=options)
    prompt = render(
        item(options=options), task=task(kind, language), way=Way.GENERATE, shots=[shot], chat=True
    )
    statement = lead + comma.join(gold)
    assert statement in prompt.messages[0][1].split("First?")[0]
    assert prompt.messages[1] == ("assistant", f"For this reason.\n{statement}")
    assert prompt.targets == ()


def test_a_written_prompt_in_full():
    prompt = render(item(context="A patient."), task=task(), way=Way.GENERATE, chat=True)
    assert prompt.messages == ((
        "user",
        "Answer the medical question below. Exactly one option is right. Give a short reasoning first, "
        'then end with a last line that holds only "Answer: " and the letter of the option, for example '
        '"Answer: B".\n\n'
        "Text: A patient.\n\nQuestion: Which drug?\nA. aspirin\nB. heparin",
    ),)  # fmt: skip
    assert prompt.template == "written"


def test_a_written_prompt_without_chat_is_one_text_with_the_examples_before_the_item():
    shot = entry("First?", ("B",), rationale="Because.")
    prompt = render(item(), task=task(), way=Way.GENERATE, shots=[shot])
    first = "Question: First?\nA. aspirin\nB. heparin\n\nBecause.\nAnswer: B\n\n"
    assert prompt.text.endswith(first + "Question: Which drug?\nA. aspirin\nB. heparin\n\n")
    assert not prompt.is_chat
    assert len(prompt.parts) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_open_question_is_asked_without_a_statement_line(language):
    prompt = render(item(options={}), task=task(Kind.TEXT, language), way=Way.GENERATE, chat=True)
    assert STATEMENTS[language][0].strip() not in prompt.text
    assert prompt.text.endswith("Which drug?")


def test_a_language_without_own_words_is_asked_in_english():
    assert "Answer: B" in render(item(), task=task(language="de"), way=Way.GENERATE).text


def test_first_n_shows_the_first_examples_in_the_pools_order():
    pool = [entry(name) for name in "abcd"]
    assert [shot.item_id for shot in choose_shots(pool, entry("x"), 2)] == ["a", "b"]
    assert choose_shots(pool, entry("x"), 0) == ()


def test_an_example_equal_to_the_item_by_question_and_options_is_passed_over():
    pool = [entry("a "), entry("b"), entry("c")]
    reordered = entry("a", options={"A": "heparin", "B": "aspirin"})
    assert [shot.item_id for shot in choose_shots(pool, reordered, 2)] == ["b", "c"]
    assert [shot.item_id for shot in choose_shots(pool, entry("b"), 3)] == ["a ", "c"]


def test_an_example_with_the_same_stem_but_other_options_is_shown():
    pool = [entry("Which is false?", options={"A": "one", "B": "two"})]
    assert len(choose_shots(pool, entry("Which is false?"), 1)) == 1


def test_a_task_without_examples_says_so_when_asked_for_some():
    loaded = LoadedTask(task(), (entry("x"),))
    with pytest.raises(UsageError, match="mine/set has no few-shot pool here.*--fewshot 0"):
        list(shots_in_order(loaded, 1))
    assert list(shots_in_order(loaded, 0)) == [()]


def test_more_examples_than_the_pool_holds_are_refused():
    with pytest.raises(UsageError, match="2 few-shot examples, 3 were asked for"):
        choose_shots([entry("a"), entry("b")], entry("x"), 3)
    with pytest.raises(UsageError, match="cannot be negative"):
        choose_shots([entry("a")], entry("x"), -1)
    with pytest.raises(
        UsageError, match="no sampler 'last_n'. Use --sampler first_n or seeded or harness_random"
    ):
        choose_shots([entry("a")], entry("x"), 1, sampler="last_n")


def test_random_examples_of_an_item_do_not_depend_on_how_many_items_follow():
    pool = tuple(entry(str(number)) for number in range(30))
    items = tuple(entry(f"item {number}") for number in range(8))
    few, all_ = (
        list(shots_in_order(LoadedTask(task(), some, pool), 3, "harness_random"))
        for some in (items[:3], items)
    )
    assert all_[:3] == few
    drawn = random.Random(1234)
    assert [shot.item_id for shot in few[0]] == [shot.item_id for shot in drawn.sample(pool, 3)]


def test_d23_a_seeded_draw_from_the_task_itself_never_shows_the_item_nor_its_stem():
    pool = [replace(entry(f"q{number}"), group=f"case {number // 3}") for number in range(9)]
    for one in pool:
        shown = choose_shots(pool, one, 3, sampler="seeded")
        assert len(shown) == 3
        assert one.group not in {shot.group for shot in shown}


def test_a_seeded_draw_depends_on_the_seed_and_the_item_alone():
    pool = [entry(f"q{number}") for number in range(40)]
    drawn = [shot.item_id for shot in choose_shots(pool, pool[5], 3, sampler="seeded", seed=7)]
    again = [shot.item_id for shot in choose_shots(pool, pool[5], 3, sampler="seeded", seed=7)]
    other = [shot.item_id for shot in choose_shots(pool, pool[5], 3, sampler="seeded", seed=8)]
    assert drawn == again != other
    assert len(set(drawn)) == 3


def test_a_conversation_is_asked_turn_by_turn_and_as_a_transcript_without_a_chat_template():
    turns = (("user", "My tooth hurts."), ("assistant", "Since when?"))
    rubric = task(Kind.RUBRIC)
    asked = Item("Since Monday.", turns=turns)
    chat = render(asked, task=rubric, way=Way.GENERATE, chat=True)
    assert chat.messages == (*turns, ("user", "Since Monday."))
    plain = render(asked, task=rubric, way=Way.GENERATE)
    assert plain.text.endswith("assistant: Since when?\n\nuser: Since Monday.\n\nassistant:")


def test_a_list_of_labels_is_shown_but_yes_no_maybe_is_not():
    offered = item(options={"stable angina": "stable angina", "GERD": "GERD"})
    prompt = render(offered, task=task(Kind.LABEL), way=Way.GENERATE)
    assert prompt.text.endswith("Which drug?\n- stable angina\n- GERD\n\n")

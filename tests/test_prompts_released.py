"""The released evaluators' prompts, against what they published and against their code, read by hand."""

import csv
import re

import pytest

from evalcore.benchmarks import mmedbench
from evalcore.prompts import render, template_names
from evalcore.prompts.mmedbench import TREATMENT
from evalcore.types import Entry, Item, Key, Kind, Option, Source, Task, Way

SYSTEM = "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\n"
USER = "<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n"
END = "<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n"


def meds_task(kind=Kind.TEXT, language="en", instruction="Explain."):
    return Task(
        "meds_bench/task1",
        "meds_bench",
        "T",
        kind,
        language,
        ("acc",),
        Source(),
        "mit",
        instruction=instruction,
    )


def text_entry(question, reference):
    return Entry(question, Item(question), Key(((reference,),), "k"))


@pytest.fixture(scope="module")
def published(data_dir):
    folder = data_dir / "upstream/meds_bench_submission"
    (file,) = folder.glob("*.csv")
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))[1:]


def taken_apart(prompt):
    """(examples as (input, output), instruction, item) of a published prompt."""
    system, user = prompt.removeprefix(SYSTEM).removesuffix(END).split(USER)
    *blocks, last = re.split(r"(?:^|\n\n\n)(?=Input:\n)", system)[1:]
    shown = [block.removeprefix("Input:\n").split("\n\nOutput:\n") for block in (*blocks, last)]
    output, _, instruction = shown[-1][1].rpartition("\n\n\n")
    shown[-1][1] = output
    return shown, instruction, user.removeprefix("Input:\n").removesuffix("\nOutput:")


def test_the_medsbench_prompt_is_that_of_all_300_published_outputs(published):
    """Llama's chat template strips what it wraps."""
    for _, prompt, _, _ in published:
        shown, instruction, asked = taken_apart(prompt)
        definition = instruction.removesuffix(
            "Please learn from the few-shot cases to see what content you have to ouput."
        )
        assert definition == "Given a question and its answer, generate an explanation statement."
        made = render(
            Item(asked),
            task=meds_task(instruction=definition),
            way=Way.GENERATE,
            shots=[text_entry(*shot) for shot in shown],
            template="medsbench_compat",
            chat=True,
        )
        (first, system), (second, user) = made.messages
        assert (first, second) == ("system", "user")
        assert f"{SYSTEM}{system.strip()}{USER}{user.strip()}{END}" == prompt


def test_d23_published_prompts_hold_their_own_gold(published):
    assert sum(gold in taken_apart_system(prompt) for _, prompt, gold, _ in published) == 5


def taken_apart_system(prompt):
    return prompt.split(USER)[0]


@pytest.mark.parametrize(
    ("language", "asked", "answered"),
    [
        ("en", "Question: q?\nOptions: A: x\tB: y\t", "The right answer is B: y"),
        ("zh", "问题: q?\n选项: A: x\tB: y\t", "正确答案是 B: y"),
        ("fr", "Question: q?\nOptions: A: x\tB: y\t", "La bonne réponse est B: y"),
        ("ja", "質問: q?\nオプション: A: x\tB: y\t", "正しい答えは B: y です"),
        ("ru", "Вопрос: q?\nВарианты: A: x\tB: y\t", "Правильный ответ: B: y"),
        ("es", "Pregunta: q?\nOpciones: A: x\tB: y\t", "La respuesta correcta es B: y"),
    ],
)
def test_a_choice_is_put_together_again_as_its_file_words_it(language, asked, answered):
    item = Item("q?", (Option("A", "x"), Option("B", "y")), language=language, meta={"category": "mcqa"})
    shot = Entry("1", item, Key((("B",),), "k"))
    prompt = render(
        item,
        task=meds_task(Kind.CHOICE, language),
        way=Way.GENERATE,
        shots=[shot],
        template="medsbench_compat",
    )
    assert prompt.text == (
        f"Input:\n{asked}\n\nOutput:\n{answered}\n\n\n"
        "Explain.Please learn from the few-shot cases to see what content you have to ouput.\n"
        f"Input:\n{asked}\nOutput:\n"
    )


@pytest.mark.parametrize(
    ("category", "kind", "gold", "answered"),
    [
        ("ner", Kind.ENTITIES, ("aspirin", "ibuprofen."), "aspirin, ibuprofen."),
        ("ner", Kind.ENTITIES, (), "There is no related enetity."),
        ("extraction", Kind.ENTITIES, (), "not found"),
        ("diagnosis", Kind.LABEL, ("gerd",), "The diagnosis result is gerd."),
        (
            "treatment",
            Kind.LABEL,
            ("Radiation after surgery",),
            "The treatment planning is: Radiation after surgery",
        ),
        ("outcome", Kind.LABEL, ("True",), "True"),
    ],
)
def test_an_example_is_answered_as_its_file_words_it(category, kind, gold, answered):
    shot = Entry("1", Item("in", meta={"category": category}), Key((gold,), "k"))
    prompt = render(
        Item("q"), task=meds_task(kind), way=Way.GENERATE, shots=[shot], template="medsbench_compat"
    )
    assert prompt.parts[0].text == f"Input:\nin\n\nOutput:\n{answered}\n\n\n"


def test_without_examples_the_medsbench_prompt_is_instruction_and_item():
    prompt = render(Item("q"), task=meds_task(), way=Way.GENERATE, template="medsbench_compat", chat=True)
    assert prompt.messages == (("system", "Explain."), ("user", "q"))


ALPACA = (
    "Below is an instruction that describes a task, paired with an input that provides further context. "
    "Write a response that appropriately completes the request.\n\n### Instruction:\n"
)


@pytest.mark.parametrize(
    ("family", "instruction"),
    [
        (
            "mmedbench",
            "You're a French doctor, kindly address the medical queries according to the patient's account. "
            "Answer with the best option directly.",
        ),
        (
            "mmedbench_rationale",
            "You're a French doctor, kindly address the medical queries according to the patient's account "
            "in French. Let’s solve this step-by-step.  You should first give the reason in French for your "
            "choice. Then you should give the right answer index of the question.",
        ),
    ],
)
def test_the_mmedbench_prompt_is_that_of_the_released_script(family, instruction):
    task = next(task for task in mmedbench.BENCHMARK.tasks if task.id == f"{family}/fr")
    item = Item("Le pH ?", (Option("A", "suc"), Option("B", "bile")), language="fr")
    prompt = render(item, task=task, way=Way.GENERATE, template="mmedbench_compat")
    assert prompt.text == (
        f"{ALPACA}{instruction}\n\n### Input:\n###Question: Le pH ? Which of the following is the best "
        "treatment for this patient? ###Options: A. suc B. bile \n\n### Response:"
    )


@pytest.mark.parametrize("task", mmedbench.BENCHMARK.tasks, ids=lambda task: task.id)
def test_d25_the_treatment_sentence_stands_in_the_compat_prompt_only(task):
    item = Item("q", (Option("A", "x"), Option("B", "y")), language=task.language)
    assert template_names(task, Way.GENERATE)[0] == "written"
    for name in template_names(task, Way.GENERATE):
        prompt = render(item, task=task, way=Way.GENERATE, template=name)
        assert (TREATMENT in prompt.text) is (name == "mmedbench_compat")


def test_examples_of_mmedbench_end_with_the_published_target():
    task = next(task for task in mmedbench.BENCHMARK.tasks if task.id == "mmedbench/ja")
    item = Item("q", (Option("A", "x"), Option("B", "y")), language="ja")
    shot = Entry("1", item, Key((("A", "B"),), "k"))
    prompt = render(item, task=task, way=Way.GENERATE, shots=[shot], template="mmedbench_compat")
    assert prompt.parts[0].text.endswith("### Response:###Answer: OPTION A,B IS CORRECT.\n\n")

"""The prompt of MedS-Bench's released evaluator, character for character as in its published outputs.

Source: MAGIC-AI4Med/MedS-Ins, Evaluation/EvalDataset.py, and the prompts in its example results, which carry
the misspelled "ouput" (later code spells it rightly). Examples and instruction are the system message, the
item is the user's. Without examples the item stands alone.
"""

from collections.abc import Sequence

from evalcore.types import Entry, Item, Key, Kind, Part, Task

LEARN = "Please learn from the few-shot cases to see what content you have to ouput."
_WORDS = {
    "en": ("Question", "Options"),
    "fr": ("Question", "Options"),
    "zh": ("问题", "选项"),
    "ja": ("質問", "オプション"),
    "ru": ("Вопрос", "Варианты"),
    "es": ("Pregunta", "Opciones"),
}
_ANSWERS = {
    "en": "The right answer is {}",
    "fr": "La bonne réponse est {}",
    "zh": "正确答案是 {}",
    "ja": "正しい答えは {} です",
    "ru": "Правильный ответ: {}",
    "es": "La respuesta correcta es {}",
}
_PHRASES = {"diagnosis": "The diagnosis result is {}.", "treatment": "The treatment planning is: {}"}
_EMPTY = {"ner": "There is no related enetity.", "extraction": "not found"}


def fits(task: Task) -> bool:
    return task.benchmark == "meds_bench"


def parts(task: Task, item: Item, shots: Sequence[Entry], chat: bool) -> tuple[Part, ...]:
    role = "system" if chat else ""
    examples = tuple(Part(_example(task, shot), role) for shot in shots)
    instruction = f"{task.instruction}{LEARN}" if shots else task.instruction
    asked = f"Input:\n{input_of(item)}\nOutput:\n" if shots else input_of(item)
    if not chat:
        return (*examples, Part(f"{instruction}\n{asked}" if instruction else asked))
    told = (Part(instruction, role),) if instruction else ()
    return (*examples, *told, Part(asked, "user"))


def _example(task: Task, shot: Entry) -> str:
    return f"Input:\n{input_of(shot.item)}\n\nOutput:\n{output_of(task.kind, shot.item, shot.key)}\n\n\n"


def input_of(item: Item) -> str:
    """The item as the task's file has it."""
    if kept := item.meta.get("input"):
        return str(kept)
    if all(option.label == option.text for option in item.options):
        return item.question
    question, options = _WORDS.get(item.language, _WORDS["en"])
    offered = "".join(f"{option.label}: {option.text}\t" for option in item.options)
    return f"{question}: {item.question}\n{options}: {offered}"


def output_of(kind: Kind, item: Item, key: Key) -> str:
    """The gold as the task's file words it."""
    answer, category = key.acceptable[0], str(item.meta.get("category", ""))
    if kind in (Kind.CHOICE, Kind.SEVERAL):
        named = ", ".join(f"{label}: {item.text_of(label)}" for label in answer)
        return _ANSWERS.get(item.language, _ANSWERS["en"]).format(named)
    if kind is Kind.ENTITIES:
        return ("  " if item.meta.get("form") == "attributes" else ", ").join(answer) or _EMPTY[category]
    return _PHRASES.get(category, "{}").format(", ".join(answer))

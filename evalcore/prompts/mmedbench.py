"""The prompt of MMedBench's released inference script, kept only to compare with published figures.

Source: MAGIC-AI4Med/MMedLM, inference/inference.py: the wrapper of Stanford Alpaca, instructions in English
for every language, and an English sentence about "the best treatment" behind every question (D25). It shows
no examples; asked with some, each stands before the item in the same form with its published target.
"""

from collections.abc import Sequence

from evalcore.types import Entry, Item, Kind, Part, Task

TREATMENT = "Which of the following is the best treatment for this patient?"
_WRAPPER = (
    "Below is an instruction that describes a task, paired with an input that provides further context. "
    "Write a response that appropriately completes the request.\n\n"
    "### Instruction:\n{instruction}\n\n### Input:\n{asked}\n\n### Response:"
)
_DOCTOR = "You're a {language} doctor, kindly address the medical queries according to the patient's account"
_ANSWER = _DOCTOR + ". Answer with the best option directly."
_RATIONALE = (
    _DOCTOR
    + " in {language}. Let’s solve this step-by-step.  You should first give the reason in {language} "
    "for your choice. Then you should give the right answer index of the question."
)
_LANGUAGES = {
    "en": "English",
    "zh": "Chinese",
    "ja": "Japanese",
    "fr": "French",
    "ru": "Russian",
    "es": "Spanish",
}


def fits(task: Task) -> bool:
    return task.benchmark == "mmedbench"


def parts(task: Task, item: Item, shots: Sequence[Entry], chat: bool) -> tuple[Part, ...]:
    if not chat:
        shown = (Part(f"{_asked(task, shot.item)}{_target(task, shot)}\n\n") for shot in shots)
        return (*shown, Part(_asked(task, item)))
    turns = (
        Part(text, role)
        for shot in shots
        for role, text in (("user", _asked(task, shot.item)), ("assistant", _target(task, shot)))
    )
    return (*turns, Part(_asked(task, item), "user"))


def _asked(task: Task, item: Item) -> str:
    form = _RATIONALE if task.kind is Kind.TEXT else _ANSWER
    options = "".join(f"{option.label}. {option.text} " for option in item.options)
    asked = f"###Question: {item.question} {TREATMENT} ###Options: {options}"
    return _WRAPPER.format(instruction=form.format(language=_LANGUAGES[task.language]), asked=asked)


def _target(task: Task, shot: Entry) -> str:
    """A rationale's key holds no letter, so its target ends with the reasoning."""
    if task.kind is Kind.TEXT:
        return f"###Rationale: {shot.key.acceptable[0][0]}"
    return f"###Answer: OPTION {','.join(shot.key.acceptable[0])} IS CORRECT."

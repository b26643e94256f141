"""UniMedicalEval's prompt for choices, in our words: the model goes on after 正确答案是：.

Examples before the item are complete items with their letters (0 and 5 were published). Nothing asks for a
reasoning: the reader strict_template wants the letters and nothing else.
"""

import re
from collections.abc import Sequence

from evalcore.prompts.shape import option_lines
from evalcore.types import Entry, Item, Kind, Part, Task

END = "正确答案是："
_HEAD = "请根据患者的症状、化验报告、检查报告或问诊结论回答下面的问题。"
_PICK = {Kind.CHOICE: "请选出唯一正确的选项。", Kind.SEVERAL: "请选出全部正确的选项。"}
_OWN_END = re.compile(r"正确答案是\s*[：:]\s*$")


def fits(task: Task) -> bool:
    return task.benchmark == "unimedicaleval" and task.kind in _PICK


def parts(task: Task, item: Item, shots: Sequence[Entry], chat: bool) -> tuple[Part, ...]:
    """chat: examples are turns, and the reply is to hold the letters, as the completion would."""
    asked = _ask(item, task.kind)
    examples = [(_ask(shot.item, task.kind), "、".join(shot.key.acceptable[0])) for shot in shots]
    if not chat:
        return (*(Part(f"{question}{letters}。\n\n") for question, letters in examples), Part(asked))
    turns = (
        Part(text, role)
        for example in examples
        for role, text in zip(("user", "assistant"), example, strict=True)
    )
    return (*turns, Part(asked, "user"))


def _ask(item: Item, kind: Kind) -> str:
    """Printed questions that end with 正确答案是： themselves lose it: it stands once, behind the options."""
    question = _OWN_END.sub("", item.question.strip()).rstrip()
    shared = f"{item.context.strip()}\n" if item.context.strip() else ""
    return f"{_HEAD}\n{shared}{question}\n{_PICK[kind]}\n{option_lines(item)}{END}"

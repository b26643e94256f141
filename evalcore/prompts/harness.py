"""The rank prompts of lm-evaluation-harness, character for character (tests/test_parity.py compares them).

Source: its task files medqa, medmcqa, pubmedqa and mmlu/default, version 0.4.13. Few-shot examples are parted
by a blank line, an answer follows its question after one blank; the description stands before them, and is
the system message of a chat.
"""

from evalcore.errors import UsageError
from evalcore.prompts.shape import Shape, option_lines
from evalcore.types import Item, Task


def shape(task: Task) -> Shape:
    """The task's template; UsageError for a task that the harness does not have."""
    if task.benchmark == "mmlu":
        subject = task.id.removeprefix("mmlu_").replace("_", " ")
        about = f"The following are multiple choice questions (with answers) about {subject}.\n\n"
        return Shape(_mmlu, about)
    shapes = {"medqa": _medqa, "medmcqa": _medmcqa, "pubmedqa": _pubmedqa}
    if task.benchmark not in shapes:
        raise UsageError(f"The reference harness has no prompt for {task.id}. Use --template plain.")
    return Shape(shapes[task.benchmark])


def _medqa(item: Item) -> str:
    return f"Question: {item.question}\n{option_lines(item)}Answer:"


def _medmcqa(item: Item) -> str:
    return f"Question: {item.question}\nChoices:\n{option_lines(item)}Answer:"


def _pubmedqa(item: Item) -> str:
    return f"Abstract: {item.context}\nQuestion: {item.question}\nAnswer:"


def _mmlu(item: Item) -> str:
    return f"{item.question.strip()}\n{option_lines(item)}Answer:"

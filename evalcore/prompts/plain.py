"""The built-in way to write an item down, in the item's language."""

from evalcore.prompts.shape import Shape, option_lines
from evalcore.prompts.wording import Wording, wording
from evalcore.types import Item


def shape(language: str) -> Shape:
    """The built-in rank template: context, question, options, then the word for "Answer:"."""
    words = wording(language)
    return Shape(lambda item: f"{question(item, words)}\n{words.answer}", blank=words.blank)


def question(item: Item, words: Wording) -> str:
    """Context, question and options; options that only repeat their labels (yes, no, maybe) are left out."""
    context = f"{words.context}{words.blank}{item.context.strip()}\n\n" if item.context.strip() else ""
    return f"{context}{words.question}{words.blank}{item.question.strip()}{_options(item)}"


def _options(item: Item) -> str:
    if any(option.text != option.label for option in item.options):
        return f"\n{option_lines(item)}".rstrip("\n")
    is_plain = set(item.labels) <= {"yes", "no", "maybe"}
    return "" if is_plain else "".join(f"\n- {label}" for label in item.labels)

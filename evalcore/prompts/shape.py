"""The shape of a rank template: description, an item up to where its answer begins, the blank before it."""

from collections.abc import Callable
from dataclasses import dataclass

from evalcore.types import Item


@dataclass(frozen=True)
class Shape:
    """ask: the item as text, ending just before the answer. blank: between that text and the answer."""

    ask: Callable[[Item], str]
    description: str = ""
    blank: str = " "

    def target(self, label: str, *, chat: bool = False) -> str:
        return label if chat else self.blank + label


def option_lines(item: Item) -> str:
    """One line an option, "A. text", each ended by a newline."""
    return "".join(f"{option.label}. {option.text}\n" for option in item.options)

"""A question, without its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from evalcore.types.content import content_hash, normalised


@dataclass(frozen=True)
class Option:
    """One offered answer: its label in the item's own letters (or the word yes, no, maybe) and its text."""

    label: str
    text: str


@dataclass(frozen=True)
class Item:
    """One question, without its answer.

    turns: (role, text) of a conversation before the question; role is user, assistant or system.
    meta: facts that are not part of the question: `subject` (a code of `evalcore.specialties`), `year`, ...
    """

    question: str
    options: tuple[Option, ...] = ()
    context: str = ""
    language: str = "en"
    media: tuple[str, ...] = ()
    turns: tuple[tuple[str, str], ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def sha(self) -> str:
        """Same question, same options in the same order, same context: one item, whichever task holds it."""
        turns = [[[role, normalised(text)] for role, text in self.turns]] if self.turns else []
        return content_hash(
            [
                normalised(self.question),
                [[option.label, normalised(option.text)] for option in self.options],
                normalised(self.context),
                list(self.media),
                *turns,
            ]
        )

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(option.label for option in self.options)

    def text_of(self, label: str) -> str:
        return next(option.text for option in self.options if option.label == label)

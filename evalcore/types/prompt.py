"""What a model reads."""

from dataclasses import dataclass
from functools import cached_property

from evalcore.types.content import content_hash


@dataclass(frozen=True)
class Part:
    """A piece of a prompt, stored once however many prompts hold it. role: "" in plain text."""

    text: str
    role: str = ""


@dataclass(frozen=True)
class Prompt:
    """Exactly what the model reads.

    parts: plain text is their concatenation; chat is one message per run of equal roles.
    targets: for ranking, the continuation scored for each option, in option order, with its leading blank.
    """

    parts: tuple[Part, ...]
    template: str
    template_version: int = 1
    fewshot_ids: tuple[str, ...] = ()
    option_order: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()

    @cached_property
    def key(self) -> str:
        return content_hash([[[part.role, part.text] for part in self.parts], list(self.targets)])

    @property
    def is_chat(self) -> bool:
        return any(part.role for part in self.parts)

    @cached_property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)

    @cached_property
    def messages(self) -> tuple[tuple[str, str], ...]:
        """(role, text) pairs; neighbouring parts of one role are one message."""
        merged: list[tuple[str, str]] = []
        for part in self.parts:
            if merged and merged[-1][0] == part.role:
                merged[-1] = (part.role, merged[-1][1] + part.text)
            else:
                merged.append((part.role, part.text))
        return tuple(merged)

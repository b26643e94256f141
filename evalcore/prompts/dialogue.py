"""What the two sides of a consultation are told, and how one of them sees the turns so far."""

from collections.abc import Sequence
from enum import StrEnum

from evalcore.types import Item, Part, Prompt

VERSION = 1


class Role(StrEnum):
    """Who speaks. The patient opens; doctor and patient take turns."""

    DOCTOR = "doctor"
    PATIENT = "patient"

    @property
    def other(self) -> "Role":
        return Role.PATIENT if self is Role.DOCTOR else Role.DOCTOR


_END = {"zh": "问诊结束", "en": "END OF CONSULTATION"}
_WORDS = {
    ("zh", Role.DOCTOR): "你是接诊医生。{task}每次只说一小段话，最多问两个问题，不要重复已经问过的内容。"
    "了解清楚之后，给出总结、可能的诊断和建议，并在最后单独一行写“{end}”。",
    ("zh", Role.PATIENT): "请你扮演一名患者，用患者的口吻与医生对话。你的情况写在下面：只说其中有的内容，"
    "没有写到的就说不清楚；医生问什么答什么，不要一次全说出来。\n\n{script}",
    ("en", Role.DOCTOR): "You are the doctor in a consultation. {task} Speak briefly, ask at most two "
    "questions a turn, and never repeat one. When you know enough, sum up, name the likely diagnosis and "
    'what to do, and end with a line that holds only "{end}".',
    (
        "en",
        Role.PATIENT,
    ): "Play the patient in a consultation with a doctor. Your situation is written "
    "below: say only what stands there, say that you do not know what it does not say, answer what you are "
    "asked, and do not tell everything at once.\n\n{script}",
}
_OPENING = {"zh": "您好，请问哪里不舒服？", "en": "Hello, what brings you here?"}


def speaker(turn: int) -> Role:
    """Who says turn 0, 1, 2, ..."""
    return Role.DOCTOR if turn % 2 else Role.PATIENT


def is_ended(text: str, language: str) -> bool:
    """Whether the doctor has ended the consultation with these words."""
    return _END[_known(language)].casefold() in text.casefold()


def render(item: Item, said: Sequence[str], *, chat: bool) -> Prompt:
    """What the next speaker reads. said: all turns so far, the patient's first.

    The doctor sees the item's question (what to do), the patient its context (the script); neither sees the
    other's. chat: own turns are the assistant's; without, a transcript that ends with the speaker's name.
    """
    role, language = speaker(len(said)), _known(item.language)
    told = _WORDS[language, role].format(task=item.question, script=item.context, end=_END[language])
    parts = _chat(told, said, role, language) if chat else _transcript(told, said, role)
    return Prompt(parts, f"dialogue_{role}", VERSION)


def _chat(told: str, said: Sequence[str], role: Role, language: str) -> tuple[Part, ...]:
    turns = [Part(text, "assistant" if speaker(turn) is role else "user") for turn, text in enumerate(said)]
    opening = [Part(_OPENING[language], "user")] if role is Role.PATIENT else []
    return (Part(told, "system"), *opening, *turns)


def _transcript(told: str, said: Sequence[str], role: Role) -> tuple[Part, ...]:
    turns = (Part(f"{speaker(turn)}: {text.strip()}\n") for turn, text in enumerate(said))
    return (Part(f"{told}\n\n"), *turns, Part(f"{role}:"))


def _known(language: str) -> str:
    return language if language in _END else "en"

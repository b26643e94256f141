"""What a reader hands back before it is stamped with its name and version."""

from dataclasses import dataclass

from evalcore.types import AnswerState


@dataclass(frozen=True)
class Reading:
    """labels: () unless read. span: characters of the reply as it came."""

    state: AnswerState
    rule: str
    labels: tuple[str, ...] = ()
    span: tuple[int, int] | None = None


def unread(state: AnswerState, rule: str) -> Reading:
    return Reading(state, rule)

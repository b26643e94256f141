"""Readers that repeat released scorers with their warts, only to compare with published figures.

Facts: benchmarks.md A2, A3, A4, D8, D29. Never the default.
"""

import re

from evalcore.answers.reading import Reading, unread
from evalcore.types import AnswerState, Finish, Item, Kind

_STRICT = re.compile(r"(?:正确答案是[：:][ \u3000]?)?([A-Z](?:[ ]?[,，、]?[ ]?[A-Z])*)。?")
_PREFIX = "the right answer is"
_ANSWER, _CORRECT = "###Answer: OPTION ", " IS CORRECT."


def strict_template(text: str, item: Item, kind: Kind, finish: Finish) -> Reading:
    """UniMedicalEval: the reply, stripped, IS `正确答案是：X` (： or :, a blank and a final 。 allowed).

    The prompt ends with 正确答案是：, so a bare `X` is its completion and counts as the template: settled
    once for base and chat models alike. Anything around it is unreadable.
    """
    if not text.strip():
        return unread(AnswerState.EMPTY, "strict_template")
    found = _STRICT.fullmatch(text.strip())
    if not found:
        return unread(AnswerState.UNREADABLE, "strict_template")
    start = len(text) - len(text.lstrip()) + found.start(1)
    labels = tuple(dict.fromkeys(re.findall(r"[A-Z]", found[1])))
    if not set(labels) <= set(item.labels) or (kind is not Kind.SEVERAL and len(labels) > 1):
        return unread(AnswerState.UNREADABLE, "strict_template")
    return Reading(AnswerState.READ, "strict_template", labels, (start, start + len(found[1])))


def medsbench(text: str, item: Item, kind: Kind, finish: Finish) -> Reading:
    """MedS-Bench: lower case, drop `the right answer is`, and the first character is the answer.

    Only a to d (y, n for yes/no/maybe) can be right: E and maybe never. An empty reply is the text `nan`
    there, which starts with n: no. The gold is cut the same way, so that MedS-Bench's own items in other
    languages, whose phrase is not dropped (正确答案是 B: ...), can never be answered rightly.
    """
    if item.meta.get("category") == "mcqa" and item.language != "en":
        return unread(AnswerState.UNREADABLE, "gold_phrase_not_english")
    lowered = (text if text.strip() else "nan").lower().replace(_PREFIX, "").strip()
    first = lowered[:1]
    if kind is Kind.YES_NO_MAYBE:
        label = {"y": "yes", "n": "no"}.get(first, "")
    else:
        label = first.upper() if first in set("abcd") else ""
    if not label or label not in item.labels:
        return unread(AnswerState.UNREADABLE, "first_character")
    after = text.lower().rfind(_PREFIX)
    at = text.lower().find(first, after + len(_PREFIX) if after >= 0 else 0)
    span = (at, at + 1) if at >= 0 and text.strip() else None
    return Reading(AnswerState.READ, "first_character", (label,), span)


def mmedbench(text: str, item: Item, kind: Kind, finish: Finish) -> Reading:
    """MMedBench: drop newlines and the fixed phrases; one letter, or letters split at commas, as they are.

    So `A, B` never matches (its second part is " B"), and neither does a phrase without its final period.
    """
    flat = text.replace("\n", "")
    rest = flat.split(_ANSWER)[-1].replace(_CORRECT, "")
    parts = rest.split(",")
    if not set(parts) <= set(item.labels) or (len(parts) > 1 and len(set(parts)) == 1):
        state = AnswerState.UNREADABLE if text.strip() else AnswerState.EMPTY
        return unread(state, "option_is_correct")
    at = text.rfind(rest)
    span = (at, at + len(rest)) if at >= 0 else None
    return Reading(AnswerState.READ, "option_is_correct", tuple(dict.fromkeys(parts)), span)

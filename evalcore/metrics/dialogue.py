"""Metrics of whole consultations, live or recorded (UniMedicalEval's pre-consultation table).

A dialogue's key holds, in this order: the patient's facts, medical terms, accepted diagnoses; a part that is
absent is not scored. A phrase counts as said when it stands in the dialogue as written, or when at least
`NEAR` of its pieces (words; pairs of characters in Chinese and Japanese) stand in one single turn: people do
not speak in the record's words. The published table names no rule; this one is ours.

coverage: share of the patient's facts that came out. knowledge_recall: share of the terms that the doctor
named. acc: the doctor's last words name an accepted diagnosis. turns: the doctor's turns. doctor_length:
their characters, on average.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Sequence

from evalcore.metrics.evidence import Evidence, Result, Scored, base_name
from evalcore.stats import bootstrap_interval
from evalcore.types import Key, Summary

NEAR = 0.8
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+|\w+")
_PAIRED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _pieces(text: str) -> set[str]:
    found: set[str] = set()
    for word in _WORD.findall(_plain(text)):
        pairs = {word[place : place + 2] for place in range(len(word) - 1)} if _PAIRED.match(word) else set()
        found |= pairs or {word}
    return found


def is_said(phrase: str, turns: Sequence[str]) -> bool:
    """Whether one of the turns holds the phrase, to the letter or nearly."""
    wanted, pieces = _plain(phrase).strip(" .。"), _pieces(phrase)
    return any(
        wanted in _plain(turn) or (pieces and len(pieces & _pieces(turn)) / len(pieces) >= NEAR)
        for turn in turns
    )


def _of(evidence: Evidence, role: str = "") -> list[str]:
    return [text for speaker, text in evidence.turns if not role or speaker == role]


def _share(phrases: Sequence[str], turns: Sequence[str], what: str) -> Result:
    if not phrases:
        return None, f"not scored: the key names no {what}", {}
    told = [phrase for phrase in phrases if is_said(phrase, turns)]
    missed = [phrase for phrase in phrases if phrase not in told]
    why = f"{len(told)} of {len(phrases)} {what}" + (f"; not: {'; '.join(missed)}" if missed else "")
    return len(told) / len(phrases), why, {"tp": len(told), "fn": len(missed)}


def _part(key: Key, place: int) -> tuple[str, ...]:
    return key.acceptable[place] if len(key.acceptable) > place else ()


def _coverage(evidence: Evidence, key: Key) -> Result:
    return _share(_part(key, 0), _of(evidence), "facts")


def _knowledge(evidence: Evidence, key: Key) -> Result:
    return _share(_part(key, 1), _of(evidence, "doctor"), "terms")


def _diagnosis(evidence: Evidence, key: Key) -> Result:
    accepted, said = _part(key, 2), _of(evidence, "doctor")[-1:]
    if not accepted:
        return None, "not scored: the key names no diagnosis", {}
    named = [one for one in accepted if is_said(one, said)]
    return float(bool(named)), f"named {named[0] if named else 'none'} of {' / '.join(accepted)}", {}


def _turns(evidence: Evidence, key: Key) -> Result:
    return float(len(_of(evidence, "doctor"))), "the doctor's turns", {}


def _length(evidence: Evidence, key: Key) -> Result:
    said = _of(evidence, "doctor")
    return (math.fsum(map(len, said)) / len(said) if said else None), "characters a turn of the doctor's", {}


METRICS: dict[str, Callable[[Evidence, Key], Result]] = {
    "coverage": _coverage,
    "knowledge_recall": _knowledge,
    "acc": _diagnosis,
    "turns": _turns,
    "doctor_length": _length,
}


def summarise(metric: str, scores: Sequence[Scored], *, level: float = 0.95) -> Summary:
    """Mean over dialogues with a bootstrap interval over dialogues; turns and lengths are not shares."""
    values = [one.value for one in scores if one.value is not None]
    unscored = len(scores) - len(values)
    if not values or base_name(metric) not in METRICS:
        return Summary(None, None, None, 0, len(scores))
    mean = math.fsum(values) / len(values)
    found = bootstrap_interval(
        [[value] for value in values], lambda sums: sums[:, 0] / len(values), level=level
    )
    low, high = found or (mean, mean)
    return Summary(mean, low, high, len(values), unscored, "bootstrap")


_SPEAKER = re.compile(r"\b(doctor|patient)\s*[:：]|(医生|患者)\s*[:：]", re.IGNORECASE)
_ROLES = {"医生": "doctor", "患者": "patient"}


def recorded(text: str) -> tuple[tuple[str, str], ...]:
    """(role, words) of a dialogue in one text, `doctor: … patient: …`, as the published items have it."""
    marks = list(_SPEAKER.finditer(text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return tuple(
        (_ROLES.get(mark[0].rstrip(":： "), mark[0].rstrip(":： ").lower()), text[mark.end() : end].strip())
        for mark, end in zip(marks, ends, strict=False)  # no speaker: no turns
    )

"""A reply as it came; marked are the characters that were read as its answer, and those searched for."""

from collections.abc import Iterator

from evalcore import report
from evalcore.types import Outcome
from pages.ui import links, text
from pages.ui.i18n import t
from pages.ui.item_blocks import Sheet

HITS = 100


def reply(sheet: Sheet, record: report.Record, *, key: str) -> None:
    """The raw reply with the characters marked that were read as the answer."""
    words = record.response.text if record.response else ""
    marks = [*read_span(record)]
    free = [hit for hit in hits(words) if all(hit.end <= m.start or hit.start >= m.end for m in marks)]
    sheet.text(words, (*marks, *free), key=key, language=record.language, scrolls=True)


def read_span(record: report.Record) -> Iterator[text.Mark]:
    """Nothing is marked where the whole reply is the answer."""
    answer = record.answer
    if answer is None or answer.span is None or answer.rule == "whole_text":
        return
    kind = {Outcome.RIGHT: "gold", Outcome.WRONG: "wrong"}.get(Outcome(record.outcome), "read")
    yield text.Mark(*answer.span, kind, t("items.read_as", value=", ".join(answer.value) or "–"))


def hits(words: str) -> tuple[text.Mark, ...]:
    """Where the searched words stand."""
    lowered = words.lower()
    if len(lowered) != len(words):
        return ()  # rare letters change length when lowered; no mark is better than a wrong one
    return tuple(_hits(lowered, links.code("q").lower().split()))[:HITS]


def _hits(lowered: str, wanted: list[str]) -> Iterator[text.Mark]:
    for one in wanted:
        at = lowered.find(one)
        for _ in range(HITS):
            if at < 0:
                break
            yield text.Mark(at, at + len(one), "hit")
            at = lowered.find(one, at + len(one))

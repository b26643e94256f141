"""A reply as it came; marked are the characters read as its answer, quoted by judges, or searched for."""

from collections.abc import Iterator, Sequence

from evalcore import report
from evalcore.types import Answer, Outcome
from pages.ui import text
from pages.ui.i18n import t
from pages.ui.item_blocks import Sheet, searched


def reply(sheet: Sheet, record: report.Record, *, key: str, marks: Sequence[text.Mark] = ()) -> None:
    """The raw reply. marks: of its kind or its judges, beside what was read and searched."""
    words = record.response.text if record.response else ""
    found = [*read_spans(record), *marks]
    sheet.text(words, marked(found, searched(words)), key=key, language=record.language, scrolls=True)


def read_spans(record: report.Record) -> Iterator[text.Mark]:
    """What was read as the answer, and what another reader read otherwise; nothing for whole replies."""
    answer = record.answer
    if answer is None:
        return
    kind = {Outcome.RIGHT: "gold", Outcome.WRONG: "wrong"}.get(Outcome(record.outcome), "read")
    yield from _span(answer, kind, t("items.read_as", value=_value(answer)))
    for other in record.answers:
        if other.value != answer.value:
            yield from _span(other, "flag", t("items.read_as_by", value=_value(other), reader=other.reader))


def _span(answer: Answer, kind: str, note: str) -> Iterator[text.Mark]:
    if answer.span is not None and answer.rule not in ("whole_text", "dialogue"):
        yield text.Mark(*answer.span, kind, note)


def _value(answer: Answer) -> str:
    return text.cell(", ".join(answer.value), 60) or "–"


def marked(marks: Sequence[text.Mark], hits: Sequence[text.Mark] = ()) -> tuple[text.Mark, ...]:
    """Marks that overlap as neighbours: the first of them gives the kind, each keeps its note at its end.

    hits: drawn upon the others, not instead of them.
    """
    edges = sorted({edge for mark in (*marks, *hits) for edge in (mark.start, mark.end)})
    return tuple(
        mark
        for start, end in zip(edges, edges[1:], strict=False)
        if (mark := _piece(start, end, marks, hits)) is not None
    )


def _piece(start: int, end: int, marks: Sequence[text.Mark], hits: Sequence[text.Mark]) -> text.Mark | None:
    over = [mark for mark in marks if mark.start <= start and end <= mark.end]
    is_hit = any(hit.start <= start and end <= hit.end for hit in hits)
    kinds = [*(mark.kind for mark in over[:1]), *["hit"] * is_hit]
    notes = dict.fromkeys(mark.note for mark in over if mark.end == end and mark.note)
    return text.Mark(start, end, " ".join(kinds), " · ".join(notes)) if kinds else None

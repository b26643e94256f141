"""Scores of one record in words, and how each reader read the reply: why strict and robust differ."""

import re
from collections.abc import Iterator

from evalcore import report
from evalcore.types import Answer
from pages.ui import text, told
from pages.ui.i18n import CATALOGUES, language, t
from pages.ui.item_blocks import Sheet
from pages.ui.item_filters import word

SAID = re.compile(r"said (.+), key (.+)", re.DOTALL)
UNREAD = re.compile(r"(\w+): no answer could be read")

ROLES = re.compile(r"(doctor|patient),(?:doctor|patient)=(.+)")


def scores(sheet: Sheet, record: report.Record) -> None:
    """The task's headline first; judges' scores stand with their verdicts."""
    rows = sorted((one for one in record.scores if "/" not in one.metric), key=lambda one: _rank(one, record))
    if rows:
        sheet.title(t("items.scores"))
        head = [t(f"items.score.{name}") for name in ("metric", "value", "why")]
        before = ["", *(one.why for one in rows)]
        whys = [
            t("items.same_why") if one.why and one.why == last else _why(one.why)
            for one, last in zip(rows, before, strict=False)
        ]
        sheet.table(
            head, [(metric(o.metric), value(o.value), why) for o, why in zip(rows, whys, strict=True)]
        )


def _rank(one: report.ScoreRow, record: report.Record) -> tuple[bool, int, str]:
    names = [*record.metrics]
    is_other = one.metric not in names
    return is_other, 0 if is_other else names.index(one.metric), one.metric


def value(number: float | None) -> str:
    return "–" if number is None else f"{number:.3f}".rstrip("0").rstrip(".")


def metric(name: str) -> str:
    """A metric in words; a variant says whose rule it follows."""
    base, _, variant = name.partition("@")
    words = CATALOGUES[language()]
    if not variant or f"metric.{name}" in words:
        return told.metric(name)
    if roles := ROLES.fullmatch(variant):
        tested = t("items.variant.roles", role=t(f"items.role.{roles[1]}"), partner=text.cell(roles[2], 60))
        return f"{told.metric(base)} · {tested}"
    key = f"items.variant.{variant}"
    return f"{told.metric(base)} · {t(key) if key in words else text.cell(variant, 60)}"


def _why(words: str) -> str:
    """The two reasons that most scores have, in the reader's language; any other as it was stored.

    Alignments stand in the table of points.
    """
    words = report.ALIGNED.split(words)[0]
    if found := SAID.fullmatch(words):
        return t("items.why", said=found[1], right=found[2])
    unread = UNREAD.fullmatch(words)
    return t("items.why_unread", state=word("answer", unread[1])) if unread else words


def readers(sheet: Sheet, record: report.Record) -> None:
    """Where several readers read one reply: what each read, by which rule, and what that is worth."""
    if record.answer is None or not record.answers:
        return
    sheet.title(t("items.readers"))
    head = [t(f"items.reader.{name}") for name in ("name", "value", "rule", "score")]
    sheet.table(head, [tuple(_reading(one, record)) for one in (record.answer, *record.answers)])


def _reading(answer: Answer, record: report.Record) -> Iterator[str]:
    yield word("reader", answer.reader)
    yield ", ".join(answer.value) or word("answer", str(answer.state))
    yield word("rule", answer.rule)
    found = _headline(answer, record)
    yield "–" if found is None else f"{_sign(found)} {value(found)}"


def _headline(answer: Answer, record: report.Record) -> float | None:
    """The headline's value by this reader; ours has no variant in its name."""
    wanted = [f"{name}@{answer.reader}" for name in record.metrics[:1]]
    if answer is record.answer:
        wanted += record.metrics[:1]
    return next((one.value for one in record.scores if one.metric in wanted), None)


def _sign(found: float) -> str:
    return "✓" if found >= 1 else "◐" if found > 0 else "✗"

"""One record, opened: the case on the left; reply, reading, scores and gold on the right."""

import re
from collections.abc import Callable, Iterator

import streamlit as st

from evalcore import report
from evalcore.types import Kind
from pages.ui import item_list, item_more, item_reply, links, text, told
from pages.ui.i18n import t
from pages.ui.item_blocks import Sheet
from pages.ui.item_filters import subject_name, word

SAID = re.compile(r"said (.+), key (.+)", re.DOTALL)
UNREAD = re.compile(r"(\w+): no answer could be read")


def show(record: report.Record) -> None:
    """Header, choice of view, and the chosen view."""
    _header(record)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="items_switch"):
        view = _view()
        _siblings(record)
    VIEWS[view](record)


def _view() -> str:
    """Which part is shown; in the URL, so that a link opens it, and kept while walking."""
    names = tuple(VIEWS)
    st.session_state["items_view"] = links.code("view", names, default=names[0])

    def keep() -> None:
        value = st.session_state["items_view"]
        links.put(view=value if value in names[1:] else None)

    return str(
        st.segmented_control(
            t("items.view"),
            names,
            required=True,
            format_func=lambda name: t(f"items.view.{name}"),
            key="items_view",
            on_change=keep,
            label_visibility="collapsed",
        )
    )


def _header(record: report.Record) -> None:
    sign = item_list.SIGNS.get(record.outcome, "?")
    with st.container(key="items_header"), Sheet() as sheet:
        sheet.name(record.outcome, sign, record.item, " · ".join(_places(record)))


def _places(record: report.Record) -> Iterator[str]:
    """Where the record stands: task, specialty, language, model, run; and a reading that is none."""
    if record.answer is not None and record.answer.state != "read":
        yield t(f"answer.{record.answer.state}")
    yield text.cell(record.task, 50)
    if record.subject:
        yield subject_name(record.subject)
    yield word("tongue", record.language)
    yield text.cell(record.model, 50)
    if warning := told.demo(record.model):
        yield warning
    yield t("items.run", code=text.cell(record.run, 30))
    if record.sample:
        yield t("items.sample", n=record.sample + 1)


def case(record: report.Record) -> None:
    """Everything a reader needs to agree or disagree with the score, without scrolling where it is short."""
    with st.container(key="items_case"):
        left, right = st.columns([1, 1], gap="medium")
        with left, Sheet() as sheet:
            _context(sheet, record)
            _question(sheet, record)
        with right, Sheet() as sheet:
            _reply(sheet, record)
            _scores(sheet, record)
            _truth(sheet, record)
            _verdicts(sheet, record)


def _siblings(record: report.Record) -> None:
    """The questions of a shared case, each a step away."""
    if not record.siblings:
        return
    places = {str(one.work_id): one for one in record.siblings if one.work_id is not None}
    numbers = {str(one.work_id): n for n, one in enumerate(record.siblings, 1)}
    st.session_state["items_sibling"] = str(record.work_id)

    def walk() -> None:
        if st.session_state["items_sibling"] in places:  # a label of the item before is no code
            item_list.open_item(int(st.session_state["items_sibling"]))

    st.caption(t("items.siblings", n=len(record.siblings)))
    st.segmented_control(
        t("items.siblings", n=len(record.siblings)),
        list(places),
        required=True,
        format_func=lambda code: f"{numbers[code]} {item_list.SIGNS.get(places[code].outcome, '?')}",
        key="items_sibling",
        on_change=walk,
        label_visibility="collapsed",
    )


def _context(sheet: Sheet, record: report.Record) -> None:
    if not record.context:
        return
    sheet.title(t("items.shared_case") if record.siblings else t("items.context"))
    marks = item_reply.hits(record.context)
    sheet.text(record.context, marks, key="context", language=record.language, scrolls=True)


def _question(sheet: Sheet, record: report.Record) -> None:
    sheet.title(t("items.question"))
    marks = item_reply.hits(record.question)
    sheet.text(record.question, marks, key="question", language=record.language)
    if record.options:
        sheet.options(record)
    if record.probabilities:
        sheet.note(t("items.probabilities"))


def _reply(sheet: Sheet, record: report.Record) -> None:
    sheet.title(t("items.reply"))
    if record.error is not None:
        _error(sheet, record.error)
    elif record.response is None:
        sheet.not_recorded(t("items.reply"))
    elif record.response.option_logprobs is not None and not record.response.text:
        sheet.note(t("items.ranked"))
    else:
        item_reply.reply(sheet, record, key="reply")
    _reading(sheet, record)


def _error(sheet: Sheet, problem: report.Problem) -> None:
    """Missing, not wrong: what happened, in the words that were stored."""
    sheet.note(t("items.error", kind=word("failure", problem.kind), n=problem.attempts))
    sheet.text(problem.message, key="error")


def _reading(sheet: Sheet, record: report.Record) -> None:
    answer = record.answer
    if answer is None:
        return
    if answer.rule == "whole_text":
        sheet.note(t("items.reading_whole"))
        return
    value = ", ".join(answer.value)
    rule = word("rule", answer.rule)
    said = t("items.reading", value=value, rule=rule) if value else t("items.reading_none", rule=rule)
    sheet.note(said)


def _scores(sheet: Sheet, record: report.Record) -> None:
    if not record.scores:
        return
    sheet.title(t("items.scores"))
    rows = [
        (told.metric(score.metric), "–" if score.value is None else f"{score.value:g}", _why(score.why))
        for score in record.scores
    ]
    sheet.table([t(f"items.score.{name}") for name in ("metric", "value", "why")], rows)


def _why(words: str) -> str:
    """The two reasons that most scores have, in the reader's language; any other as it was stored."""
    if said := SAID.fullmatch(words):
        return t("items.why", said=said[1], right=said[2])
    unread = UNREAD.fullmatch(words)
    return t("items.why_unread", state=word("answer", unread[1])) if unread else words


def _truth(sheet: Sheet, record: report.Record) -> None:
    """Gold, why it is right, and where that comes from."""
    if record.kind is Kind.TEXT:
        sheet.title(t("items.reference"))
        for place, alternative in enumerate(record.gold):
            sheet.text("\n".join(alternative), key=f"gold{place}", language=record.language)
    if record.rationale:
        is_text = record.kind is Kind.TEXT
        sheet.title(t("items.rationale_text") if is_text else t("items.rationale", gold=record.gold_text))
        sheet.text(record.rationale, key="rationale", language=record.language)
    if record.source:
        sheet.source(record.source)
    if not record.rationale and record.kind is not Kind.TEXT:
        sheet.note(t("items.gold_only", gold=record.gold_text))


def _verdicts(sheet: Sheet, record: report.Record) -> None:
    """What judges and clinicians said, where anybody said anything."""
    if record.judgements:
        sheet.title(t("items.judgements"))
        for place, one in enumerate(record.judgements):
            judge = f"{text.cell(one.judge, 60)} · {one.criterion}"
            sheet.facts([(judge, f"{one.state}: {one.verdict}")])
            sheet.text(one.text, key=f"judgement{place}")
    if record.reviews:
        sheet.title(t("items.reviews"))
        for one in record.reviews:
            sheet.facts([(text.cell(one.reviewer, 60), f"{one.verdict}\n{one.note}")])


VIEWS: dict[str, Callable[[report.Record], None]] = {
    "case": case,
    "prompt": item_more.prompt,
    "runs": item_more.across_runs,
    "record": item_more.details,
}

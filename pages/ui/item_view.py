"""One record, opened: its parts laid out as its kind needs them, so that one screen holds the case."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import streamlit as st

from evalcore import report
from evalcore.types import Kind
from pages.ui import (
    item_judges,
    item_kinds,
    item_list,
    item_more,
    item_reply,
    item_reviews,
    item_scores,
    links,
    text,
    told,
)
from pages.ui.i18n import t
from pages.ui.item_blocks import Sheet, searched
from pages.ui.item_filters import subject_name, word


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
    is_verdict = record.run_kind == "judge"
    said = _verdict(record) if is_verdict else _ended(record)
    with st.container(key="items_header"), Sheet() as sheet:
        colour = "unscored" if is_verdict else record.outcome
        sheet.name(colour, " ".join(said), record.item, " · ".join(_places(record)))


def _verdict(record: report.Record) -> tuple[str, str]:
    return item_list.verdict(record.answer.state if record.answer else "")


def _ended(record: report.Record) -> tuple[str, str]:
    given = [one.value for one in record.scores if one.is_judged and one.value is not None]
    mean = sum(given) / len(given) if given else None
    return item_list.ended(record.outcome, is_judged=bool(record.judgements), mean=mean)


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
        layout = _with_judged if record.run_kind == "judge" else LAYOUTS.get(record.kind, _beside)
        layout(Opened.of(record))


@dataclass(frozen=True)
class Opened:
    """A record with what is looked up once for all its blocks. quoted: places of quotes, by number."""

    record: report.Record
    panels: tuple[report.Panel, ...]
    quoted: item_judges.Numbers

    @classmethod
    def of(cls, record: report.Record) -> "Opened":
        found = item_judges.panels(record)
        return cls(record, found, item_judges.numbers(found))

    @property
    def quotes(self) -> tuple[text.Mark, ...]:
        return item_judges.quote_marks(self.quoted)


def _beside(opened: Opened) -> None:
    """The question on the left; reply, reading, scores and gold on the right."""
    record = opened.record
    left, right = st.columns([1, 1], gap="medium")
    with left, Sheet() as sheet:
        _asked(sheet, record)
    with right, Sheet() as sheet:
        _reply(sheet, record, opened.quotes)
        _scores(sheet, record)
        _truth(sheet, record)
        _verdicts(sheet, opened)


def _with_entities(opened: Opened) -> None:
    """Entities marked in the source on the left, and in the reply and as lists on the right."""
    record = opened.record
    found = report.entities(record)
    left, right = st.columns([1, 1], gap="medium")
    with left, Sheet() as sheet:
        _context(sheet, record, item_kinds.entity_marks(found, record.context))
        _question(sheet, record, item_kinds.entity_marks(found, record.question))
    with right, Sheet() as sheet:
        _reply(sheet, record, (*item_kinds.reply_marks(found), *opened.quotes))
        item_kinds.entities(sheet, found, record)
        item_kinds.cut(sheet, record)
        _scores(sheet, record)
        _verdicts(sheet, opened)


def _with_points(opened: Opened) -> None:
    """The table of keys over the whole width, below the question and the reply."""
    record = opened.record
    left, right = st.columns([1, 1], gap="medium")
    with left, Sheet() as sheet:
        _asked(sheet, record)
    with right, Sheet() as sheet:
        _reply(sheet, record, opened.quotes)
    with Sheet() as sheet:
        item_kinds.points(sheet, report.points(record))
        item_kinds.cut(sheet, record)
        _scores(sheet, record)
        sheet.fold(t("items.reference"), "\n\n".join(map("\n".join, record.gold)), key="gold")
        _verdicts(sheet, opened)


def _with_reference(opened: Opened) -> None:
    """The reply beside the reference, what differs marked in both."""
    record = opened.record
    with st.container(key="items_short"), Sheet() as sheet:
        _asked(sheet, record)
    gone, new = item_kinds.differing(record)
    left, right = st.columns([1, 1], gap="medium")
    with left, Sheet() as sheet:
        _reply(sheet, record, (*opened.quotes, *new))
    with right, Sheet() as sheet:
        item_kinds.reference(sheet, record, gone)
        sheet.note(t("items.differing" if gone or new else "items.no_difference"))
    with Sheet() as sheet:
        _scores(sheet, record)
        _rationale(sheet, record)
        _verdicts(sheet, opened)


def _with_rubric(opened: Opened) -> None:
    """Conversation and reply on the left, so that criteria and quotes stand beside them."""
    record = opened.record
    left, right = st.columns([1, 1], gap="medium")
    with left, st.container(key="items_stays"), Sheet() as sheet:
        _asked(sheet, record)
        _reply(sheet, record, opened.quotes)
    with right, Sheet() as sheet:
        _scores(sheet, record)
        _verdicts(sheet, opened)
        if not opened.panels:
            item_kinds.rubric(sheet, record)
        if any(map(any, record.gold)):
            item_kinds.reference(sheet, record)
        _rationale(sheet, record)


def _with_dialogue(opened: Opened) -> None:
    """The script on the left, what was said in the middle of it, what should have come out on the right."""
    record = opened.record
    left, right = st.columns([1, 1], gap="medium")
    with left, Sheet() as sheet:
        if record.dialogue:
            item_kinds.dialogue(sheet, record)
        else:
            _reply(sheet, record)
        _context(sheet, record)
        _question(sheet, record)
        item_kinds.recorded(sheet, record)
    with right, Sheet() as sheet:
        item_kinds.facts(sheet, record)
        _scores(sheet, record)
        _rationale(sheet, record)
        _verdicts(sheet, opened)


def _with_judged(opened: Opened) -> None:
    """A judge's cell: what it judged on the left, what it wrote and how that was read on the right."""
    record = opened.record
    left, right = st.columns([1, 1], gap="medium")
    with left, Sheet() as sheet:
        item_kinds.turns(sheet, record)
        _context(sheet, record)
        sheet.title(t("items.question"))
        sheet.text(record.question, key="question", language=record.language)
        for place, one in enumerate(record.rivals):
            sheet.title(t("items.judged_reply", model=text.cell(one.model, 60), run=one.run))
            sheet.text(one.text, key=f"judged{place}", language=record.language, scrolls=True)
            sheet.draw()
            st.button(
                t("items.open_judged"),
                key=f"items_judged{place}",
                on_click=item_list.open_item,
                args=(one.work_id,),
            )
    with right, Sheet() as sheet:
        _reply(sheet, record)


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


def _asked(sheet: Sheet, record: report.Record) -> None:
    item_kinds.turns(sheet, record)
    _context(sheet, record)
    _question(sheet, record)


def _context(sheet: Sheet, record: report.Record, marks: tuple[text.Mark, ...] = ()) -> None:
    if not record.context:
        return
    is_script = record.kind is Kind.DIALOGUE
    sheet.title(
        t("items.shared_case" if record.siblings else "items.script" if is_script else "items.context")
    )
    found = item_reply.marked(marks, searched(record.context))
    sheet.text(record.context, found, key="context", language=record.language, scrolls=True)


def _question(sheet: Sheet, record: report.Record, marks: tuple[text.Mark, ...] = ()) -> None:
    sheet.title(t("items.question"))
    found = item_reply.marked(marks, searched(record.question))
    sheet.text(record.question, found, key="question", language=record.language)
    if record.options:
        sheet.options(record)
    if record.probabilities:
        sheet.note(t("items.probabilities"))


def _reply(sheet: Sheet, record: report.Record, marks: tuple[text.Mark, ...] = ()) -> None:
    sheet.title(t("items.reply"))
    if record.run_kind == "judge":
        sheet.note(t("items.judge_wrote", criterion=_criterion(record)))
    if record.error is not None:
        _error(sheet, record.error)
    elif record.response is None:
        sheet.not_recorded(t("items.reply"))
    elif record.response.option_logprobs is not None and not record.response.text:
        sheet.note(t("items.ranked"))
    else:
        item_reply.reply(sheet, record, key="reply", marks=marks)
    _reading(sheet, record)


def _criterion(record: report.Record) -> str:
    """The criterion of a judge's cell: of the item's own ones its words."""
    number = record.criterion.removeprefix("criterion-")
    is_own = number.isdecimal() and 0 < int(number) <= len(record.rubric)
    return text.cell(record.rubric[int(number) - 1].text if is_own else record.criterion)


def _error(sheet: Sheet, problem: report.Problem) -> None:
    """Missing, not wrong: what happened, in the words that were stored."""
    sheet.note(t("items.error", kind=word("failure", problem.kind), n=problem.attempts))
    sheet.text(problem.message, key="error")


def _reading(sheet: Sheet, record: report.Record) -> None:
    answer = record.answer
    if answer is None or answer.rule == "dialogue":
        return
    if answer.rule == "whole_text":
        if record.kind is Kind.TEXT and not record.scores:
            sheet.note(t("items.reading_whole"))
        return
    value = ", ".join(answer.value)
    rule = word("rule", answer.rule)
    said = t("items.reading", value=value, rule=rule) if value else t("items.reading_none", rule=rule)
    sheet.note(said)


def _scores(sheet: Sheet, record: report.Record) -> None:
    item_scores.readers(sheet, record)
    item_scores.scores(sheet, record)


def _truth(sheet: Sheet, record: report.Record) -> None:
    """Gold, why it is right, and where that comes from."""
    if not record.rationale:
        sheet.note(t("items.gold_only", gold=record.gold_text or t("items.none_word")))
    _rationale(sheet, record)


def _rationale(sheet: Sheet, record: report.Record) -> None:
    if record.rationale:
        title = t("items.rationale", gold=record.gold_text) if record.options else t("items.rationale_text")
        sheet.title(title)
        sheet.text(record.rationale, key="rationale", language=record.language)
    if record.source:
        sheet.source(record.source)


def _verdicts(sheet: Sheet, opened: Opened) -> None:
    """What judges and clinicians said, where anybody said anything."""
    record = opened.record
    item_judges.show(sheet, record, opened.panels, opened.quoted)
    item_reviews.show(sheet, record)


LAYOUTS: dict[Kind, Callable[[Opened], None]] = {
    Kind.ENTITIES: _with_entities,
    Kind.STRUCTURED: _with_points,
    Kind.TEXT: _with_reference,
    Kind.RUBRIC: _with_rubric,
    Kind.DIALOGUE: _with_dialogue,
}
VIEWS: dict[str, Callable[[report.Record], None]] = {
    "case": case,
    "prompt": item_more.prompt,
    "runs": item_more.across_runs,
    "record": item_more.details,
}

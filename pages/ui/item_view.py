"""One record, opened: the case on the left; reply, reading, scores and gold on the right."""

from collections.abc import Callable, Iterator

import streamlit as st

from evalcore import report
from evalcore.types import Kind, Outcome
from pages.ui import cards, item_blocks, item_list, item_more, item_reply, links, text
from pages.ui.i18n import t
from pages.ui.item_filters import subject_name, word

CONTEXT_FOLDED = 700  # a longer context is folded, so that the question is seen first


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
        links.put(view=None if value == names[0] else value)

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
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="items_header"):
        cards.outcome(Outcome(record.outcome))
        if record.answer is not None and record.answer.state != "read":
            cards.answer_state(record.answer.state)
        st.markdown(f"**{text.label(record.item, 60)}**")
        st.caption(" · ".join(_places(record)))


def _places(record: report.Record) -> Iterator[str]:
    """Where the record stands: task, specialty, language, model, run."""
    yield text.label(record.task, 50)
    if record.subject:
        yield text.label(subject_name(record.subject))
    yield text.label(word("tongue", record.language))
    yield text.label(record.model, 50)
    yield text.label(t("items.run", code=record.run))
    if record.sample:
        yield t("items.sample", n=record.sample + 1)


def case(record: report.Record) -> None:
    """Everything a reader needs to agree or disagree with the score, without scrolling where it is short."""
    with st.container(key="items_case"):
        left, right = st.columns([1, 1], gap="medium")
        with left:
            _context(record)
            _question(record)
        with right:
            _reply(record)
            _scores(record)
            _truth(record)
            _verdicts(record)


def _siblings(record: report.Record) -> None:
    """The questions of a shared case, each a step away."""
    if not record.siblings:
        return
    places = {str(one.work_id): one for one in record.siblings if one.work_id is not None}
    numbers = {str(one.work_id): n for n, one in enumerate(record.siblings, 1)}
    st.session_state["items_sibling"] = str(record.work_id)

    def walk() -> None:
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


def _context(record: report.Record) -> None:
    if not record.context:
        return
    name = t("items.shared_case") if record.siblings else t("items.context")
    if len(record.context) <= CONTEXT_FOLDED:
        item_blocks.title(name)
        _text(record.context, record, "context")
        return
    size = t("items.characters", n=f"{len(record.context):,}")
    with st.expander(f"{name} · {size}", icon=":material/article:"):
        _text(record.context, record, "context")


def _text(words: str, record: report.Record, key: str) -> None:
    text.highlighted(words, item_reply.hits(words), key=key, language=record.language)


def _question(record: report.Record) -> None:
    item_blocks.title(t("items.question"))
    _text(record.question, record, "question")
    if record.options:
        item_blocks.options(record)
    if record.probabilities:
        st.caption(t("items.probabilities"))


def _reply(record: report.Record) -> None:
    item_blocks.title(t("items.reply"))
    if record.error is not None:
        _error(record.error)
    elif record.response is None:
        item_blocks.not_recorded(t("items.reply"))
    elif record.response.option_logprobs is not None and not record.response.text:
        item_blocks.note(t("items.ranked"))
    else:
        with st.container(key="items_reply"):  # a long one scrolls by itself: score and gold stay in sight
            item_reply.reply(record, key="reply")
    _reading(record)


def _error(problem: report.Problem) -> None:
    """Missing, not wrong: what happened, in the words that were stored."""
    item_blocks.note(t("items.error", kind=word("failure", problem.kind), n=problem.attempts))
    text.plain(problem.message, key="error")


def _reading(record: report.Record) -> None:
    answer = record.answer
    if answer is None:
        return
    value = ", ".join(answer.value)
    rule = word("rule", answer.rule)
    said = t("items.reading", value=value, rule=rule) if value else t("items.reading_none", rule=rule)
    item_blocks.note(said)


def _scores(record: report.Record) -> None:
    if not record.scores:
        return
    item_blocks.title(t("items.scores"))
    rows = [
        (score.metric, "–" if score.value is None else f"{score.value:g}", score.why)
        for score in record.scores
    ]
    item_blocks.table([t(f"items.score.{name}") for name in ("metric", "value", "why")], rows)


def _truth(record: report.Record) -> None:
    """Gold, why it is right, and where that comes from."""
    if record.kind is Kind.TEXT:
        item_blocks.title(t("items.reference"))
        for place, alternative in enumerate(record.gold):
            text.plain("\n".join(alternative), key=f"gold{place}", language=record.language)
    if record.rationale:
        is_text = record.kind is Kind.TEXT
        item_blocks.title(
            t("items.rationale_text") if is_text else t("items.rationale", gold=record.gold_text)
        )
        text.plain(record.rationale, key="rationale", language=record.language)
    if record.source:
        item_blocks.source(record.source)
    if not record.rationale and record.kind is not Kind.TEXT:
        item_blocks.note(t("items.gold_only", gold=record.gold_text))


def _verdicts(record: report.Record) -> None:
    """What judges and clinicians said, where anybody said anything."""
    if record.judgements:
        item_blocks.title(t("items.judgements"))
        for place, one in enumerate(record.judgements):
            judge = f"{text.cell(one.judge, 60)} · {one.criterion}"
            item_blocks.facts([(judge, f"{one.state}: {one.verdict}")])
            text.plain(one.text, key=f"judgement{place}")
    if record.reviews:
        item_blocks.title(t("items.reviews"))
        for one in record.reviews:
            item_blocks.facts([(text.cell(one.reviewer, 60), f"{one.verdict}\n{one.note}")])


VIEWS: dict[str, Callable[[report.Record], None]] = {
    "case": case,
    "prompt": item_more.prompt,
    "runs": item_more.across_runs,
    "record": item_more.details,
}

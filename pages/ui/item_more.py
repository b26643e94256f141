"""The other views of an opened item: the exact prompt, the same item in other runs, and what is on record."""

import time
from collections.abc import Iterator, Sequence

import streamlit as st

from evalcore import report
from evalcore.types import Prompt
from pages.ui import cards, item_export, item_list, item_reply, links, text
from pages.ui.database import store
from pages.ui.i18n import t
from pages.ui.item_blocks import Sheet
from pages.ui.item_filters import word


def prompt(record: report.Record) -> None:
    """Character by character what the model read."""
    with Sheet() as sheet:
        if record.prompt is None:
            sheet.not_recorded(t("items.view.prompt"))
            return
        kept = record.prompt
        sheet.note(t("items.prompt_note", template=f"{kept.template} v{kept.template_version}"))
        for place, (role, words) in enumerate(kept.messages if kept.is_chat else [("", kept.text)]):
            if role:
                sheet.title(word("items.role", role))
            sheet.text(words, key=f"turn{place}", mono=True)
        _asked_beside(sheet, kept)


def _asked_beside(sheet: Sheet, kept: Prompt) -> None:
    """Ranked continuations in brackets, so that their blanks are seen, and the examples' ids."""
    rows = []
    if kept.targets:
        rows.append((t("items.targets"), "   ".join(f"[{target}]" for target in kept.targets)))
    if kept.fewshot_ids:
        rows.append((t("items.fewshot", n=len(kept.fewshot_ids)), ", ".join(kept.fewshot_ids)))
    if rows:
        sheet.facts(rows)


def across_runs(record: report.Record) -> None:
    """The same question in every run that asked it, and one of them beside this one."""
    others = [one for one in report.same_item(store(), record.work_id) if one.work_id != record.work_id]
    with Sheet() as sheet:
        if not others:
            sheet.note(t("items.runs_none"))
            return
        names = ("model", "run", "task", "way", "outcome", "picked", "state")
        sheet.table([t(f"items.column.{name}") for name in names], [*map(_run_line, (record, *others))])
    other = _beside(others)
    for column, one in zip(st.columns(2, gap="medium", border=True), (record, other), strict=True):
        with column, Sheet() as sheet:
            _one_of_two(sheet, one)
    _difference(record, other)


def _run_line(one: report.Record) -> Sequence[str]:
    outcome = f"{item_list.SIGNS.get(one.outcome, '?')} {word('outcome', one.outcome)}"
    state = word("answer", one.answer_state or "none")
    way = word("way", str(one.way)) if one.way else "–"
    return (one.model, one.run, one.task, way, outcome, one.picked or "–", state)


def _beside(others: Sequence[report.Record]) -> report.Record:
    by_code = {str(one.work_id): one for one in others}

    def shown(code: str) -> str:
        one = by_code[code]
        return text.cell(f"{item_list.SIGNS.get(one.outcome, '?')} {one.model} · {one.run} · {one.task}", 90)

    st.session_state["items_with"] = links.code("with", tuple(by_code), default=next(iter(by_code)))

    def keep() -> None:
        if st.session_state["items_with"] in by_code:
            links.put(**{"with": st.session_state["items_with"]})

    chosen = st.selectbox(t("items.with"), list(by_code), format_func=shown, key="items_with", on_change=keep)
    return by_code[str(chosen)]


def _one_of_two(sheet: Sheet, one: report.Record) -> None:
    sheet.title(f"{text.cell(one.model, 60)} · {one.run}")
    sheet.note(_run_line(one)[4] + (f" · {one.picked}" if one.picked else ""))
    if one.error is not None:
        sheet.note(t("items.error", kind=word("failure", one.error.kind), n=one.error.attempts))
    elif one.response is None:
        sheet.not_recorded(t("items.reply"))
    elif one.response.option_logprobs is not None and not one.response.text:
        sheet.options(one)
    else:
        item_reply.reply(sheet, one, key=f"reply{one.work_id}")


def _difference(first: report.Record, second: report.Record) -> None:
    words = [one.response.text if one.response else "" for one in (first, second)]
    if not all(words):
        return
    with Sheet() as sheet:
        sheet.title(t("items.diff"))
        if words[0] == words[1]:
            sheet.note(t("items.same"))
    if words[0] != words[1]:
        text.diff(words[0], words[1], language=first.language)


def details(record: report.Record) -> None:
    """Cost, time, versions, other readers: what is not recorded is said to be so."""
    left, right = st.columns(2, gap="medium")
    with left, Sheet() as sheet:
        sheet.title(t("items.asking"))
        sheet.facts(list(_asking(record)))
        sheet.draw()
        item_export.menu((record.run,))
    with right, Sheet() as sheet:
        sheet.title(t("items.identity"))
        sheet.facts(list(_identity(record)))
        _readers(sheet, record)


def _asking(record: report.Record) -> Iterator[tuple[str, str]]:
    unknown = t("items.unrecorded")
    kept = record.response
    at = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(record.asked_at)) if record.asked_at else unknown
    yield t("items.fact.at"), at
    yield t("items.fact.finish"), word("finish", str(kept.finish)) if kept else unknown
    has_time = kept is not None and kept.seconds > 0
    yield (
        t("items.fact.seconds"),
        t("time.seconds", n=f"{kept.seconds:.2f}") if kept and has_time else unknown,
    )
    yield t("items.fact.tokens_in"), f"{kept.tokens_in:,}" if kept and kept.tokens_in else unknown
    yield t("items.fact.tokens_out"), f"{kept.tokens_out:,}" if kept and record.way != "rank" else unknown
    yield t("items.fact.cost"), cards.money(kept.cost_usd) if kept else unknown
    shots = ", ".join(record.fewshot) if record.fewshot else t("items.none_word")
    yield t("items.fact.fewshot"), shots if record.prompt else unknown
    if kept and kept.dropped_shots:
        yield t("items.fact.dropped"), str(kept.dropped_shots)
    if kept and kept.notes:
        yield t("items.fact.notes"), "\n".join(kept.notes)
    if record.is_reused:
        yield t("items.fact.reused"), t("items.yes")


def _identity(record: report.Record) -> Iterator[tuple[str, str]]:
    yield t("items.fact.model"), f"{record.model}  {record.precision}".strip()
    yield t("items.fact.run"), f"{record.run}  {record.run_name}".strip()
    yield t("items.fact.task"), f"{record.task}  {record.task_version}"
    yield t("items.fact.kind"), word("kind", str(record.kind))
    yield t("items.fact.way"), word("way", str(record.way)) if record.way else t("items.unrecorded")
    yield t("items.fact.item"), f"{record.item}  ({record.item_sha})"
    yield t("items.fact.key"), f"{record.gold_text[:200]}  ({record.key[0]} v{record.key[1]})"


def _readers(sheet: Sheet, record: report.Record) -> None:
    answers = [one for one in (record.answer, *record.answers) if one is not None]
    if not answers:
        return
    sheet.title(t("items.readers"))
    sheet.table(
        [t(f"items.reader.{name}") for name in ("name", "value", "state", "rule")],
        [
            (
                f"{one.reader} v{one.reader_version}",
                ", ".join(one.value) or "–",
                word("answer", str(one.state)),
                word("rule", one.rule),
            )
            for one in answers
        ],
    )

"""Small blocks of the opened item in HTML of our own: options with bars, facts, short tables.

Every text from outside goes through `text.as_html`; everything else is escaped here.
"""

import html
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from evalcore import report
from evalcore.types import Option
from pages.ui import text
from pages.ui.i18n import t

HERE = Path(__file__).resolve().parent
OPTION_LIMIT = 3_000


def style() -> None:
    st.html(HERE / "items.css")


def title(words: str) -> None:
    """A quiet heading inside the item; words are ours."""
    st.html(f'<h4 class="rd-item-title">{html.escape(words)}</h4>')


def note(words: str) -> None:
    """A quiet line of our own words, with what they quote already escaped by `text`."""
    st.html(f'<div class="rd-item-note">{html.escape(words)}</div>')


def not_recorded(what: str) -> None:
    st.html(f'<div class="rd-text rd-empty">{html.escape(t("items.not_recorded", what=what))}</div>')


def options(record: report.Record) -> None:
    """Options in the item's order; gold and pick by sign and word, probabilities as bars with numbers."""
    gold = {label for alternative in record.gold for label in alternative}
    picked = set(record.answer.value) if record.answer else set()
    rows = [_option(one, record, one.label in gold, one.label in picked) for one in record.options]
    st.html(f'<div class="rd-options" role="list">{"".join(rows)}</div>')


def _option(option: Option, record: report.Record, is_gold: bool, is_pick: bool) -> str:
    words = "" if option.text == option.label else option.text
    body = text.as_html(words[:OPTION_LIMIT], language=record.language)
    share = record.probabilities.get(option.label)
    classes = "rd-option" + " rd-option-gold" * is_gold + " rd-option-missed" * (is_pick and not is_gold)
    label = html.escape(text.cell(option.label, 12))
    return (
        f'<div class="{classes}" role="listitem"><span class="rd-letter">{label}</span>'
        f'<div class="rd-option-body">{body}{_bar(share)}</div>{_marks(is_gold, is_pick)}</div>'
    )


def _bar(share: float | None) -> str:
    if share is None:
        return ""
    width = f"{100 * share:.1f}"
    return (
        f'<div class="rd-share"><span class="rd-track"><span class="rd-fill" style="width:{width}%"></span>'
        f'</span><span class="rd-number">{width}%</span></div>'
    )


def _marks(is_gold: bool, is_pick: bool) -> str:
    """Icon and word; a wrong pick has another sign than a right one."""
    gold = f'<span class="rd-sign rd-sign-gold">✓ {html.escape(t("items.gold"))}</span>' * is_gold
    sign = "●" if is_gold else "✗"
    kind = "rd-sign-pick" if is_gold else "rd-sign-wrong"
    pick = f'<span class="rd-sign {kind}">{sign} {html.escape(t("items.pick"))}</span>' * is_pick
    return f'<span class="rd-signs">{gold}{pick}</span>'


def source(words: str) -> None:
    """Where a rationale comes from, in one quiet paragraph."""
    name = html.escape(t("items.source"))
    st.html(
        f'<div class="rd-source"><span class="rd-source-name">{name}</span>'
        f"{text.as_html(words[:OPTION_LIMIT])}</div>"
    )


def facts(rows: Sequence[tuple[str, str]]) -> None:
    """Names (ours) and values (anybody's) in two columns."""
    lines = "".join(
        f"<dt>{html.escape(name)}</dt><dd>{text.as_html(value[:OPTION_LIMIT])}</dd>" for name, value in rows
    )
    st.html(f'<dl class="rd-facts">{lines}</dl>')


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A short table; cells are text of anybody's."""
    top = "".join(f"<th>{html.escape(name)}</th>" for name in head)
    lines = "".join(
        "<tr>" + "".join(f"<td>{text.as_html(cell[:OPTION_LIMIT])}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    st.html(f'<table class="rd-table"><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table>')

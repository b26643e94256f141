"""Small blocks of the opened item in HTML of our own: options with bars, facts, short tables.

Every text from outside goes through `text.as_html`; everything else is escaped here.
"""

import html
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from evalcore import report
from evalcore.types import Option
from pages.ui import links, text
from pages.ui.i18n import t

HERE = Path(__file__).resolve().parent
OPTION_LIMIT = 3_000
MANY = 12  # options of a closed list beyond which those nobody named are folded away
SORTS = {"matched": ("✓", "gold"), "missed": ("○", "flag"), "extra": ("✗", "wrong")}
"""Sign and kind of mark of what both sides have, only the key, only the reply."""
Chip = tuple[str, str, str]
"""(sort, text of anybody's, a short note)."""


def style() -> None:
    st.html(HERE / "items.css")


class Sheet:
    """Blocks of one column, gathered and drawn together: a browser pays for elements, not for their text.

    A text too long to be shown at once is drawn by itself, with its "show all" and download.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []

    def __enter__(self) -> "Sheet":
        return self

    def __exit__(self, *_: object) -> None:
        self.draw()

    def draw(self) -> None:
        """Puts what was gathered so far on the page."""
        if self._pieces:
            st.html("".join(self._pieces))
        self._pieces = []

    def text(
        self,
        words: str,
        marks: Sequence[text.Mark] = (),
        *,
        key: str,
        language: str = "",
        mono: bool = False,
        scrolls: bool = False,
    ) -> None:
        """Text of anybody's. scrolls: a long one keeps what follows in sight."""
        if len(words) > text.LIMIT:
            self.draw()
            with st.container(key=f"items_long_{key}"):
                text.highlighted(words, marks, key=key, language=language, mono=mono)
            return
        body = text.as_html(words, marks=marks, language=language, mono=mono)
        if not words.strip():
            body = f'<div class="rd-text rd-empty">{html.escape(t("text.empty"))}</div>'
        self._pieces.append(f'<div class="rd-scroll">{body}</div>' if scrolls else body)

    def title(self, words: str) -> None:
        """A quiet heading inside the item; words are ours."""
        self._pieces.append(f'<h4 class="rd-item-title">{html.escape(words)}</h4>')

    def note(self, words: str) -> None:
        """A quiet line of our own words."""
        self._pieces.append(f'<div class="rd-item-note">{html.escape(words)}</div>')

    def not_recorded(self, what: str) -> None:
        words = html.escape(t("items.not_recorded", what=what))
        self._pieces.append(f'<div class="rd-text rd-empty">{words}</div>')

    def name(self, outcome: str, said: str, item: str, places: str) -> None:
        """The opened record's line: how it ended, its id, where it stands."""
        kind = f"rd-sign rd-outcome-{html.escape(outcome)}"
        self._pieces.append(
            f'<div class="rd-name"><span class="{kind}">{html.escape(said)}</span>'
            f"<strong>{html.escape(text.cell(item, 60))}</strong>"
            f'<span class="rd-places">{html.escape(places)}</span></div>'
        )

    def options(self, record: report.Record) -> None:
        """Options in the item's order; gold and pick by sign and word, probabilities as bars and numbers.

        Of a long closed list only those that are right or were picked stay in sight.
        """
        gold = {label for alternative in record.gold for label in alternative}
        picked = set(record.answer.value) if record.answer else set()
        is_long = len(record.options) > MANY
        shown = [one for one in record.options if not is_long or one.label in gold | picked]
        rows = [_option(one, record, one.label in gold, one.label in picked) for one in shown]
        self._pieces.append(f'<div class="rd-options" role="list">{"".join(rows)}</div>')
        rest = [one for one in record.options if one not in shown]
        if rest:
            names = "".join(f"<li>{text.as_html(_named(one), language=record.language)}</li>" for one in rest)
            self._folded(t("items.other_options", n=len(rest)), f'<ul class="rd-others">{names}</ul>')

    def turn(self, who: str, words: str, *, key: str, language: str = "", is_marked: bool = False) -> None:
        """One turn of a conversation. who: our words; is_marked: said by the model that is tested."""
        classes = "rd-turn rd-turn-tested" if is_marked else "rd-turn"
        self._pieces.append(f'<div class="{classes}"><div class="rd-who">{html.escape(who)}</div>')
        if len(words) > text.LIMIT:
            self._pieces.append("</div>")
            self.text(words, key=key, language=language)
        else:
            marks = searched(words)
            self._pieces.append(f"{text.as_html(words, marks=marks, language=language)}</div>")

    def chips(self, rows: Sequence[Chip]) -> None:
        """Each with the sign and the colour of its sort."""
        self._pieces.append(_chips(rows))

    def points(
        self, head: Sequence[str], rows: Sequence[tuple[Chip, Sequence[Chip], Sequence[Chip]]]
    ) -> None:
        """A table of named points with the values that each of two sides has under them."""
        top = "".join(f"<th>{html.escape(name)}</th>" for name in head)
        lines = "".join(
            f"<tr><td>{_chips([key])}</td>{_side(one)}{_side(two)}</tr>" for key, one, two in rows
        )
        table = f"<thead><tr>{top}</tr></thead><tbody>{lines}</tbody>"
        self._pieces.append(f'<table class="rd-table rd-points-table">{table}</table>')

    def fold(self, title: str, words: str, *, key: str, language: str = "") -> None:
        """Text of anybody's behind a click; one too long for that is drawn by itself. title: ours."""
        if len(words) > text.LIMIT:
            self.note(title)
            self.text(words, key=key, language=language)
        else:
            self._folded(title, text.as_html(words, language=language))

    def _folded(self, title: str, body: str) -> None:
        summary = f"<summary>{html.escape(title)}</summary>"
        self._pieces.append(f'<details class="rd-fold">{summary}{body}</details>')

    def opening(self, classes: str) -> None:
        """Begins a block that `closing` ends; nothing that may be long stands between."""
        self._pieces.append(f'<div class="{html.escape(classes)}">')

    def closing(self) -> None:
        self._pieces.append("</div>")

    def line(self, *parts: tuple[str, str]) -> None:
        """Parts of (class, words) in one line; words are shown as text, whoever wrote them."""
        spans = "".join(
            f'<span class="{html.escape(kind)}">{html.escape(text.visible(words))}</span>'
            for kind, words in parts
            if words
        )
        self._pieces.append(f'<div class="rd-line">{spans}</div>')

    def source(self, words: str) -> None:
        """Where a rationale comes from, in one quiet paragraph."""
        name = html.escape(t("items.source"))
        self._pieces.append(
            f'<div class="rd-source"><span class="rd-source-name">{name}</span>'
            f"{text.as_html(words[:OPTION_LIMIT])}</div>"
        )

    def facts(self, rows: Sequence[tuple[str, str]]) -> None:
        """Names (ours) and values (anybody's) in two columns."""
        lines = "".join(
            f"<dt>{html.escape(name)}</dt><dd>{text.as_html(value[:OPTION_LIMIT])}</dd>"
            for name, value in rows
        )
        self._pieces.append(f'<dl class="rd-facts">{lines}</dl>')

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A short table; cells are text of anybody's."""
        top = "".join(f"<th>{html.escape(name)}</th>" for name in head)
        lines = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
        table = f'<table class="rd-table"><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table>'
        self._pieces.append(table)


def searched(words: str) -> tuple[text.Mark, ...]:
    """Where the words stand that the search looks for."""
    query = links.code("q")
    return tuple(text.Mark(*span, "hit") for span in report.searched(words, query)) if query else ()


def _quiet(note: str) -> str:
    return f'<span class="rd-chip-note">{html.escape(text.cell(note))}</span>' if note else ""


def _named(option: Option) -> str:
    words = option.text if option.text == option.label else f"{option.label}. {option.text}"
    return words[:OPTION_LIMIT]


def _chips(rows: Sequence[Chip]) -> str:
    return f'<ul class="rd-chips">{"".join(_chip(*one) for one in rows)}</ul>'


def _chip(sort: str, words: str, note: str) -> str:
    """Without a sign where the sort has none."""
    sign, kind = SORTS.get(sort, ("", ""))
    title = html.escape(t(f"items.{sort}")) if sign else ""
    mark = f'<span class="rd-chip-sign" title="{title}">{sign}</span>' if sign else ""
    body = text.as_html(words[:OPTION_LIMIT])
    return f'<li class="rd-chip rd-{kind}">{mark}{body}{_quiet(note)}</li>'


def _side(rows: Sequence[Chip]) -> str:
    return f"<td>{_chips(rows) if rows else '–'}</td>"


def _cell(value: str) -> str:
    return f"<td>{text.as_html(value[:OPTION_LIMIT])}</td>"


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

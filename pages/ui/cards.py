"""Small pieces that look the same on every screen: heading, figures, badges, empty states, errors."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from evalcore.errors import RoundsError
from evalcore.metrics import is_share
from evalcore.types import AnswerState, Outcome, Summary
from pages.ui import text
from pages.ui.i18n import t

MOST = 4
_OUTCOMES = {
    Outcome.RIGHT: (":material/check:", "green"),
    Outcome.WRONG: (":material/close:", "red"),
    Outcome.PARTLY: (":material/contrast:", "orange"),
    Outcome.UNSCORED: (":material/question_mark:", "gray"),
    Outcome.MISSING: (":material/remove:", "gray"),
}


@dataclass(frozen=True)
class Card:
    """A figure with its name. note: what qualifies it (n, interval, unscored), always beside it."""

    name: str
    value: str
    note: str = ""
    help: str = ""


def heading(title: str, subtitle: str = "") -> None:
    """The page's one title with a line on what is seen here; both from t(...) or text.label(...)."""
    st.title(title, anchor=False)
    if subtitle:
        st.caption(subtitle)


def cards(row: Sequence[Card]) -> None:
    """At most four figures side by side, of equal height."""
    if len(row) > MOST:
        raise ValueError(f"{len(row)} cards: at most {MOST} are read; put the rest into a table")
    for column, card in zip(st.columns(len(row)), row, strict=True):
        with column.container(border=True, height="stretch", gap="xsmall"):
            st.metric(card.name, card.value, help=card.help or None)
            if card.note:
                st.caption(card.note)


def percent(value: float | None, digits: int = 1) -> str:
    return "–" if value is None else f"{100 * value:.{digits}f}%"


def amount(metric: str, value: float | None) -> str:
    """A metric's value as it is read: in percent, or the number where it is no share (turns, lengths)."""
    return percent(value) if value is None or is_share(metric) else f"{value:.1f}"


def interval(summary: Summary, metric: str = "") -> str:
    """Such as 68.1–76.6%; a dash where no interval was computed."""
    if summary.low is None or summary.high is None:
        return "–"
    if not is_share(metric):
        return f"{summary.low:.1f}–{summary.high:.1f}"
    return f"{100 * summary.low:.1f}–{percent(summary.high)}"


def figure(name: str, summary: Summary, *, help: str = "") -> Card:
    """A card for one figure: value, interval, n, and what could not be scored."""
    note = t("figure.note", interval=interval(summary), n=f"{summary.n:,}")
    if summary.unscored:
        note += " · " + t("figure.unscored", n=summary.unscored)
    return Card(name, percent(summary.value), note, help)


def duration(seconds: float) -> str:
    """Such as 45 s, 12 min, 3 h 05 min."""
    if round(seconds) < 90:
        return t("time.seconds", n=round(seconds))
    hours, minutes = divmod(round(seconds / 60), 60)
    if hours == 0:
        return t("time.minutes", n=minutes)
    return t("time.hours", hours=hours, minutes=f"{minutes:02d}")


def money(usd: float | None) -> str:
    """Unknown stays unknown; small sums keep their cents' fractions."""
    if usd is None:
        return t("figure.unknown")
    return f"${usd:,.2f}" if usd >= 1 or usd == 0 else f"${usd:.4f}"


def outcome(value: Outcome) -> None:
    """A badge with sign, word and colour."""
    icon, colour = _OUTCOMES[value]
    st.badge(t(f"outcome.{value}"), icon=icon, color=colour)  # type: ignore[arg-type]


def answer_state(value: AnswerState) -> None:
    is_read = value is AnswerState.READ
    st.badge(t(f"answer.{value}"), icon=":material/short_text:", color="blue" if is_read else "orange")


def empty(sentence: str, *, icon: str = ":material/inbox:") -> st.delta_generator.DeltaGenerator:
    """One sentence on what is missing; the box it returns takes the button that fills the place."""
    box = st.container(border=True, horizontal_alignment="left", gap="small")
    box.markdown(f"{icon} {sentence}")
    return box


def problem(error: RoundsError) -> None:
    """A user's error as it was written: what, why, what to do; no traceback."""
    with st.container(border=True):
        st.badge(t("problem.title"), icon=":material/error:", color="red")
        text.plain(str(error))


def research_line() -> None:
    """Stands under every screen with scores."""
    st.html(f'<div class="rd-note" role="note">{t("research")}</div>')

"""A judge's own run on Live: what it judges, what became of its calls, what it costs, what it came to."""

import streamlit as st

from evalcore import runs
from evalcore.errors import RoundsError
from evalcore.report import Snapshot
from evalcore.worker.process import ensure_running
from pages.ui import cards, charts, judge_charts, judge_results, judge_words, links, live_view, text
from pages.ui.cards import Card
from pages.ui.database import store
from pages.ui.i18n import t


def about(seen: Snapshot) -> None:
    """Whose answers, by which rubric; with the way back to the judged run."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(t("judge.run_of"), icon=":material/gavel:", color="violet")
        st.badge(text.label(seen.rubric), color="gray")
        words = t("judge.judged_run", code=text.label(seen.judged))
        judge_words.to_run(words, seen.judged, "judge_judged")
        if seen.against:
            words = t("judge.against_run", code=text.label(seen.against))
            judge_words.to_run(words, seen.against, "judge_against")


def budget(seen: Snapshot) -> None:
    """The run stands still because its budget is used up: a higher one lets it go on."""
    with st.container(border=True, key="judge_budget_used"):
        st.badge(t("judge.budget_used"), icon=":material/savings:", color="orange")
        spent, most = cards.money(seen.cost_usd), cards.money(seen.budget_usd)
        st.markdown(t("judge.budget_used_note", spent=text.label(spent), budget=text.label(most)))
        amount, press = st.columns([2, 1], vertical_alignment="bottom")
        raised = amount.number_input(
            t("judge.budget"), 0.01, 10.0**6, 2 * (seen.budget_usd or 0.0), step=1.0, key="judge_raised"
        )
        if press.button(t("judge.budget_raise"), key="judge_raise", type="primary", width="stretch"):
            try:
                runs.set_budget(store(), seen.code, raised)
                ensure_running(store())
            except RoundsError as error:
                cards.problem(error)
                return
            judge_results.look.clear()
            st.rerun()


def draw(seen: Snapshot) -> None:
    figures(seen)
    left, right = st.columns([5, 3], gap="medium")
    with left:
        calls(seen)
        result(seen)
    with right:
        live_view.errors(seen)
        live_view.latest(seen, has_all=False)
        links.link("items", t("judge.open_calls"), run=seen.code)
        links.link("items", t("judge.open_answers"), run=seen.judged, judged="yes")


def figures(seen: Snapshot) -> None:
    failed = t("live.failed", n=f"{seen.failed:,}") if seen.failed else t("live.no_failures")
    tokens = t("live.tokens_note", written=f"{seen.tokens_out:,}")
    cost = live_view.cost(seen)
    if seen.budget_usd is not None:
        cost = Card(
            cost.name, cost.value, t("judge.of_budget", budget=text.label(cards.money(seen.budget_usd)))
        )
    cards.cards(
        [
            Card(t("judge.judged_calls"), f"{seen.done:,} / {seen.planned:,}", failed),
            pace(seen),
            Card(t("live.tokens"), f"{seen.tokens_in + seen.tokens_out:,}", tokens),
            cost,
        ]
    )


def pace(seen: Snapshot) -> Card:
    """How fast, or how long it took."""
    if not seen.is_over:
        left = t("live.left", time=cards.duration(seen.eta_s)) if seen.eta_s is not None else ""
        return Card(t("live.rate"), live_view.rate(seen.rate), left)
    seconds = judge_results.result_of(seen.code, judge_results.stands(seen)).seconds
    return Card(t("live.took"), cards.duration(seconds) if seconds else "–")


def calls(seen: Snapshot) -> None:
    """What became of the calls so far; what is still to ask is part of it."""
    st.subheader(t("judge.calls"), anchor=False)
    counts = judge_results.counted(seen)
    said = ", ".join(f"{t(f'judge.state.{state}')}: {n}" for state, n in counts.items() if n)
    charts.draw(judge_charts.states(counts), alt=said, key="judge_states")


def result(seen: Snapshot) -> None:
    """Once it is over or stands still; while it works its figures would change at every look."""
    st.subheader(t("judge.result"), anchor=False)
    if seen.status in judge_results.GOING:
        st.caption(t("judge.result_later"))
        return
    judge_results.group(seen.rubric, seen.against, [seen])

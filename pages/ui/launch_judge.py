"""Launch, last part: judges that grade the answers once they are there, and whom a dialogue is with."""

import streamlit as st

from evalcore import benchmarks, models, runs
from evalcore.errors import RoundsError
from evalcore.judge import Mode
from evalcore.types import Kind
from pages.ui import cards, form, judge_form, judge_pick, judge_words, text
from pages.ui.database import store
from pages.ui.form import key, value
from pages.ui.i18n import t


def ask() -> None:
    """Optional, and folded until somebody wants it."""
    with st.container(border=True):
        st.subheader(t("launch.judge"), anchor=False)
        st.caption(t("launch.judge_note"))
        judges = judge_pick.ask(key("judges"))
        if not judges:
            return
        known = {id: one for id, one in judge_words.known().items() if one.mode is not Mode.PAIRWISE}
        if value("rubric") not in known:
            form.set_value("rubric", form.DEFAULTS["rubric"])
        rubric, budget, batch = st.columns([4, 2, 2])
        rubric.selectbox(
            t("judge.rubric"),
            list(known),
            format_func=lambda id: judge_words.title(known[id]),
            key=key("rubric"),
            persist_state="session",
        )
        budget.number_input(
            t("judge.budget"),
            0.01,
            10.0**6,
            key=key("budget"),
            step=1.0,
            persist_state="session",
            placeholder=t("judge.budget_none"),
            help=t("judge.budget_help"),
        )
        judge_form.ask_batch(batch, key("batch"))
        with st.expander(t("judge.rubric_words"), icon=":material/checklist:"):
            judge_words.said(known[value("rubric")])


def specs(run: str = "") -> list[runs.JudgeSpec]:
    """What the fields ask for; run: whose answers, "" while it is not started."""
    rubric = judge_words.known().get(value("rubric"))
    return [
        runs.JudgeSpec(
            name, run, rubric.id, rubric.version, budget_usd=value("budget"), batch=int(value("batch"))
        )
        for name in value("judges")
        if rubric is not None
    ]


def say_estimate(plan: runs.Plan) -> bool:
    """What the judges will take; false with the reason on screen where they cannot be."""
    wanted = specs()
    if not wanted:
        return True
    try:
        found = [runs.estimate_judging(store(), plan, one) for one in wanted]
    except RoundsError as error:
        cards.problem(error)
        return False
    costs = [one.cost_usd_most for one in found]
    cost = None if None in costs else sum(one for one in costs if one is not None)
    calls = t("launch.judge_calls", n=f"{sum(one.calls for one in found):,}")
    for name, shown in {"launch.judge": calls, "launch.judge_cost": judge_form.told_cost(cost)}.items():
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            st.markdown(t(name), width="content")
            st.markdown(f"**{text.label(shown)}**", width="content")
    judge_form.say_asked_singly(wanted, judge_words.known()[wanted[0].rubric])
    if found[0].unfit:
        st.caption(t("launch.judge_unfit", n=f"{found[0].unfit:,}"))
    return True


def ask_dialogue() -> None:
    """Whom the tested model talks to; only where a dialogue was chosen."""
    known = benchmarks.tasks()
    if not any(known[task].kind is Kind.DIALOGUE for task in value("tasks") if task in known):
        return
    with st.container(border=True, key="launch_dialogue"):
        st.subheader(t("launch.dialogue"), anchor=False)
        st.caption(t("launch.dialogue_note"))
        role, turns = st.columns(2)
        form.choice(role, "role", t("launch.role_help"))
        form.number(turns, "max_turns", help=t("launch.max_turns_help"))
        partner = value("partner").strip()
        st.text_input(
            t("launch.partner"),
            key=key("partner"),
            persist_state="session",
            placeholder=t("launch.partner_hint"),
            help=judge_pick.endpoints(),
            max_chars=500,
        )
        if partner:
            try:
                models.parse(partner)
            except RoundsError as error:
                cards.problem(error)

"""Judging the answers of a run: by which rubric, by whom, how many; what it takes; what the judge reads."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from evalcore import benchmarks, report, runs
from evalcore.errors import RoundsError
from evalcore.judge import MOST, Mode, Rubric
from evalcore.judge.spec import asked_singly
from evalcore.report import Snapshot
from evalcore.types import Endpoint, Kind
from evalcore.worker.process import ensure_running
from pages.ui import cards, judge_pick, judge_words, links, text, told
from pages.ui.database import store
from pages.ui.i18n import t

DEFAULTS = {Kind.RUBRIC: "healthbench", Kind.TEXT: "mmedbench"}
JUDGES = "judge_models"


@st.cache_resource(ttl=120, max_entries=16, show_spinner=False)
def planned(
    spec: runs.JudgeSpec, limit: int | None, endpoint: Endpoint | None, stands: tuple[int, str]
) -> runs.JudgePlan:
    """stands: answers so far and the rubric's hash; endpoint: its prices are part of the estimate."""
    return runs.plan_judging(store(), spec, limit)


def show(seen: Snapshot) -> None:
    st.button(
        t("judge.back"),
        icon=":material/arrow_back:",
        type="tertiary",
        key="judge_back",
        on_click=links.put,
        kwargs={"judge": None, "rubric": None, "against": None},
    )
    st.subheader(t("judge.new"), anchor=False)
    st.caption(t("judge.new_note"))
    left, right = st.columns([5, 3], gap="medium")
    with left:
        rubric = ask_rubric(seen)
        against = ask_other(seen) if rubric.mode is Mode.PAIRWISE else ""
        with st.container(border=True):
            st.subheader(t("judge.by_whom"), anchor=False)
            judges = judge_pick.ask(JUDGES)
            for name in judges:
                with st.container(horizontal=True, vertical_alignment="center"):
                    if judge_words.family(seen.model, name):
                        st.caption(t("judge.same_family_note", judge=text.label(name)))
        limit, budget, batch = ask_how_much()
    with right, st.container(border=True, key="judge_takes"):
        st.subheader(t("launch.takes"), anchor=False)
        specs = [
            runs.JudgeSpec(
                name, seen.code, rubric.id, rubric.version, against, budget_usd=budget, batch=batch
            )
            for name in judges
        ]
        plans = takes(seen, rubric, specs, limit)
    if plans:
        preview(plans)


def ask_rubric(seen: Snapshot) -> Rubric:
    known = judge_words.known()
    with st.container(border=True):
        st.subheader(t("judge.rubric"), anchor=False)
        code = links.pick(
            "rubric",
            t("judge.rubric"),
            list(known),
            show=lambda id: judge_words.title(known[id]),
            default=usual(seen),
        )
        with st.expander(t("judge.rubric_words"), icon=":material/checklist:"):
            judge_words.said(known[code])
        links.link("benchmarks", t("judge.to_rubrics"), view="rubrics")
    return known[code]


def usual(seen: Snapshot) -> str:
    """The rubric that fits the run's first task."""
    task = benchmarks.tasks().get(seen.tasks[0].task) if seen.tasks else None
    return DEFAULTS.get(task.kind, "correctness") if task else "correctness"


def ask_other(seen: Snapshot) -> str:
    """The run to compare with: only those that were asked one of the same tasks."""
    mine = {task.task for task in seen.tasks}
    rows = {
        row.code: row
        for row in report.runs_overview(store())
        if row.kind == "ask" and row.code != seen.code and mine & set(row.tasks)
    }
    with st.container(border=True):
        st.subheader(t("judge.against"), anchor=False)
        if not rows:
            st.caption(t("judge.against_none"))
            return ""
        return links.pick("against", t("judge.against"), list(rows), show=lambda code: told.title(rows[code]))


def ask_how_much() -> tuple[int | None, float | None, int]:
    """Answers of each task, the budget, criteria of one call."""
    with st.container(border=True):
        many, budget, at_once = st.columns(3)
        limit = many.number_input(
            t("judge.limit"), 1, 10**7, None, key="judge_limit", placeholder=t("launch.n_all")
        )
        usd = budget.number_input(
            t("judge.budget"),
            0.01,
            10.0**6,
            None,
            step=1.0,
            key="judge_budget",
            placeholder=t("judge.budget_none"),
            help=t("judge.budget_help"),
        )
        batch = ask_batch(at_once, "judge_batch")
    return (None if limit is None else int(limit)), usd, batch


def ask_batch(column: DeltaGenerator, key: str) -> int:
    return int(
        column.number_input(
            t("judge.batch"), 1, MOST, key=key, help=t("judge.batch_help"), persist_state="session"
        )
    )


def takes(
    seen: Snapshot, rubric: Rubric, specs: Sequence[runs.JudgeSpec], limit: int | None
) -> list[runs.JudgePlan]:
    """The estimate and the button; the plans, none where one of them cannot be."""
    plans: list[runs.JudgePlan] = []
    if not specs:
        st.caption(t("judge.missing"))
    elif rubric.mode is Mode.PAIRWISE and not specs[0].against:
        st.caption(t("judge.missing_against"))
    else:
        plans = look(seen, rubric, specs, limit)
    if plans:
        estimate(plans)
        say_asked_singly(specs, rubric)
    label = t("judge.start", n=max(1, len(plans)))
    pressed = st.button(
        label,
        key="judge_start",
        type="primary",
        icon=":material/gavel:",
        disabled=not plans,
        width="stretch",
    )
    if pressed:
        start(seen, plans)
    return plans


def look(
    seen: Snapshot, rubric: Rubric, specs: Sequence[runs.JudgeSpec], limit: int | None
) -> list[runs.JudgePlan]:
    try:
        with st.spinner(t("judge.reading")):
            stands = (seen.done, rubric.sha)
            return [planned(one, limit, runs.endpoint_of(store(), one.model), stands) for one in specs]
    except RoundsError as error:
        cards.problem(error)
        return []


def estimate(plans: Sequence[runs.JudgePlan]) -> None:
    answers = sum(len(wanted) for _, wanted in plans[0].tasks)
    costs = [one.cost_usd_most for one in plans]
    cost = None if None in costs else sum(one for one in costs if one is not None)
    rows = {
        "judge.answers": f"{answers:,}",
        "judge.cells": f"{sum(one.cells for one in plans):,}",
        "judge.calls_n": f"{sum(one.calls for one in plans):,}",
        "launch.tokens_in": f"≈ {sum(one.tokens_in for one in plans):,}",
        "launch.tokens_out": t("launch.at_most", n=f"{sum(one.tokens_out_most for one in plans):,}"),
        "launch.cost": told_cost(cost),
    }
    for name, shown in rows.items():
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            st.markdown(t(name), width="content")
            st.markdown(f"**{text.label(shown)}**", width="content")
    st.caption(t("judge.again", share=cards.percent(plans[0].spec.again, 0)))


def say_asked_singly(specs: Sequence[runs.JudgeSpec], rubric: Rubric) -> None:
    """Where the criteria per call that were asked for change nothing."""
    names = asked_singly(specs, rubric)
    if names:
        st.caption(t("judge.batch_single", judges=", ".join(map(text.label, names))))


def told_cost(usd: float | None) -> str:
    if usd == 0:
        return t("launch.free")
    return t("figure.unknown") if usd is None else t("launch.at_most", n=cards.money(usd))


def start(seen: Snapshot, plans: Sequence[runs.JudgePlan]) -> None:
    """One judge: its own page. Several: the page of the judged run, where they stand side by side."""
    try:
        codes = [runs.begin_judging(store(), one) for one in plans]
        for one in plans:
            ensure_running(store(), one.endpoint.key_env if one.endpoint else "")
    except RoundsError as error:
        cards.problem(error)
        return
    links.go("live", run=codes[0] if len(codes) == 1 else seen.code)


def preview(plans: Sequence[runs.JudgePlan]) -> None:
    """On an answer of this run, as the first of the judges will read it."""
    with st.expander(t("judge.preview"), icon=":material/visibility:"):
        which, criterion = st.columns(2)
        answers = sum(len(wanted) for _, wanted in plans[0].tasks)
        at = which.number_input(t("judge.preview_at", n=answers), 1, answers, 1, key="judge_preview_at")
        found = runs.preview_judging(store(), plans[0], int(at) - 1)
        name = criterion.selectbox(
            t("judge.criterion"),
            found.criteria,
            key="judge_preview_criterion",
            format_func=lambda one: judge_words.criterion(one, plans[0].rubric.name),
        )
        shown = runs.preview_judging(store(), plans[0], int(at) - 1, name or "")
        st.caption(
            t(
                "judge.preview_of",
                task=text.label(shown.task),
                item=text.label(shown.item),
                judge=text.label(plans[0].spec.model),
            )
        )
        judge_words.preview(shown)

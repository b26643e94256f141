"""Live while it works: how far, how fast, how right so far, what went wrong, what came last."""

import streamlit as st

from evalcore import stats
from evalcore.report import Snapshot, TaskProgress
from evalcore.types import Outcome
from pages.ui import cards, charts, links, text
from pages.ui.cards import Card
from pages.ui.i18n import t

SIGNS = {
    Outcome.RIGHT: ":green[:material/check:]",
    Outcome.WRONG: ":red[:material/close:]",
    Outcome.PARTLY: ":orange[:material/contrast:]",
    Outcome.UNSCORED: ":gray[:material/question_mark:]",
    Outcome.MISSING: ":gray[:material/remove:]",
}
VERDICT = ":gray[:material/gavel:]"  # of a judge: it is about an answer, and neither right nor wrong itself
CURVE = 400  # points kept of the curve of one task
ENOUGH = 30  # planned items of a task from which on a curve says something


def draw(seen: Snapshot) -> None:
    figures(seen)
    left, right = st.columns([5, 3], gap="medium")
    with left:
        progress(seen)
        accuracy(seen)
        curve(seen)
    with right:
        errors(seen)
        latest(seen)


def figures(seen: Snapshot) -> None:
    """Answered, rate with what is left, tokens, cost."""
    failed = t("live.failed", n=f"{seen.failed:,}") if seen.failed else t("live.no_failures")
    left = (
        t("live.left", time=cards.duration(seen.eta_s)) if seen.eta_s is not None else t("live.left_unknown")
    )
    tokens = t("live.tokens_note", written=f"{seen.tokens_out:,}")
    cards.cards(
        [
            Card(t("live.answered"), f"{seen.done:,} / {seen.planned:,}", failed),
            Card(t("live.rate"), rate(seen.rate), left),
            Card(t("live.tokens"), f"{seen.tokens_in + seen.tokens_out:,}", tokens),
            cost(seen),
        ]
    )


def rate(items_a_second: float | None) -> str:
    if items_a_second is None:
        return "–"
    if items_a_second < 1:
        return t("live.per_minute", n=f"{60 * items_a_second:.1f}")
    return t("live.per_second", n=f"{items_a_second:.1f}")


def cost(seen: Snapshot) -> Card:
    """Models of this machine cost nothing; an API's answer without a price makes the sum unknown."""
    if not seen.model.startswith("api:"):
        return Card(t("live.cost"), "–", t("live.cost_none"))
    note = t("live.costless", n=f"{seen.costless:,}") if seen.costless else t("live.so_far")
    return Card(t("live.cost"), cards.money(seen.cost_usd), note)


def progress(seen: Snapshot) -> None:
    st.subheader(t("live.progress"), anchor=False)
    rows = [bar(task) for task in seen.tasks]
    alt = t("live.progress_alt", done=seen.done, planned=seen.planned)
    charts.draw(charts.progress(rows), alt=alt, key="live_progress")


def bar(task: TaskProgress) -> charts.Progress:
    wrong = max(0, task.scored - task.right - task.partly)
    answered = task.right + task.partly + wrong + task.unscored
    left = max(0, task.planned - answered - task.failed)
    return charts.Progress(task.task, task.right, task.partly, wrong, task.unscored, task.failed, left)


def accuracy(seen: Snapshot) -> None:
    """Dots with intervals that hold at every look, if the order is random; dots alone if it is not."""
    scored = [task for task in seen.tasks if task.value is not None]
    if not scored:
        return
    st.subheader(t("live.accuracy"), anchor=False)
    st.caption(t("live.interval_valid" if seen.is_random_order else "live.interval_none"))
    charts.draw(
        charts.dot_plot([dot(task, is_random_order=seen.is_random_order) for task in scored]),
        alt="; ".join(f"{task.task}: {cards.percent(task.value)}" for task in scored),
        key="live_accuracy",
    )


def dot(task: TaskProgress, *, is_random_order: bool) -> charts.Dot:
    """A task that is through has its usual interval: how many would be asked was fixed before."""
    value = task.value or 0.0
    low, high = value, value
    if task.done + task.failed >= task.planned:
        low, high = stats.wilson_interval(task.right, task.scored)
    elif is_random_order and task.low is not None and task.high is not None:
        low, high = task.low, task.high
    return charts.Dot(task.task, value, low, high, task.scored)


def curve(seen: Snapshot) -> None:
    """How the figure of the task at work moved since this page was opened."""
    kept = st.session_state.setdefault("live_curve", {})
    for task in seen.tasks:
        remember(kept.setdefault(f"{seen.code} {task.task}", []), task)
    going = [task for task in seen.tasks if task.planned >= ENOUGH and 0 < task.scored < task.planned]
    points = kept[f"{seen.code} {going[-1].task}"] if going and seen.is_random_order else []
    if len(points) > 1:
        st.subheader(t("live.curve", task=text.label(going[-1].task)), anchor=False)
        charts.draw(
            charts.running(points), alt=t("live.curve_alt", n=going[-1].scored), key="live_curve_chart"
        )


def remember(points: list[charts.Point], task: TaskProgress) -> None:
    if task.value is None or task.low is None or task.high is None:
        return
    if not points or points[-1].n < task.scored:
        points.append(charts.Point(task.scored, task.value, task.low, task.high))
    if len(points) > CURVE:
        del points[1::2]


def errors(seen: Snapshot) -> None:
    if not seen.errors:
        return
    st.subheader(t("live.errors"), anchor=False)
    with st.container(border=True, gap="xsmall"):
        for kind, n in seen.errors:
            st.markdown(f":material/error: {failure(kind)} · **{n:,}**")
        links.link("items", t("live.errors_open"), run=seen.code, outcome="missing")


def failure(kind: str) -> str:
    try:
        return t(f"failure.{kind}")
    except KeyError:
        return text.label(kind)


def latest(seen: Snapshot, *, has_all: bool = True) -> None:
    """The newest answers, each a link to its record."""
    st.subheader(t("live.latest"), anchor=False)
    with st.container(border=True, gap="xsmall"):
        if not seen.latest:
            st.caption(t("live.latest_none"))
        for one in seen.latest:
            picked = text.label(one.picked, 24) if one.picked else t(f"answer.{one.answer_state or 'none'}")
            is_verdict = seen.is_judge and one.answer_state == "read"
            sign = VERDICT if is_verdict else SIGNS[Outcome(one.outcome)]
            label = f"{sign} {text.label(one.item, 40)} · {picked}"
            links.link("items", label, run=seen.code, item=one.work_id)
    if has_all:
        links.link("items", t("live.all_items"), run=seen.code)

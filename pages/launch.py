"""Launch: a model, tasks, how to ask; what it takes; start. Nothing typed is lost when something is wrong."""

from dataclasses import replace

import streamlit as st

from evalcore import benchmarks, report, runs, stats
from evalcore.errors import RoundsError
from evalcore.types import Endpoint, Source
from evalcore.worker.process import ensure_running
from pages.ui import cards, form, launch_judge, launch_model, launch_tasks, links, text
from pages.ui.database import store
from pages.ui.form import key, value
from pages.ui.i18n import t


@st.cache_resource(ttl=300, max_entries=4, show_spinner=False)
def planned(
    spec: runs.RunSpec, endpoint: Endpoint | None, sources: tuple[Source, ...], ranks: bool | None
) -> runs.Plan:
    """A plan for all items; reading the tasks is what costs, so it is kept while the form is edited.

    The rest makes two plans one: an endpoint's price and place, an own dataset's version, a check's finding.
    """
    return runs.plan(store(), spec)


def ask_how() -> None:
    with st.container(border=True):
        st.subheader(t("launch.how"), anchor=False)
        many, order = st.columns(2)
        form.number(many, "n", placeholder=t("launch.n_all"), help=t("launch.n_help"), step=50)
        form.choice(order, "order", t("launch.order_help"))
        with st.expander(t("launch.advanced"), icon=":material/tune:"):
            advanced()


def advanced() -> None:
    ask, chat, seed = st.columns(3)
    form.choice(ask, "ask", t("launch.ask_help"))
    form.choice(chat, "chat", t("launch.chat_help"))
    form.number(seed, "seed", help=t("launch.seed_help"))
    shots, sampler, most = st.columns(3)
    form.number(shots, "fewshot", placeholder=t("launch.fewshot_own"))
    form.choice(sampler, "sampler")
    form.number(most, "max_tokens", step=64)
    warmth, nucleus, samples = st.columns(3)
    form.number(warmth, "temperature", step=0.1)
    form.number(nucleus, "top_p", step=0.05)
    form.number(samples, "samples", help=t("launch.samples_help"))
    st.checkbox(t("launch.fresh"), key=key("fresh"), help=t("launch.fresh_help"))  # not kept: meant once


def summary() -> None:
    """What is chosen, what it takes, or what is still missing; then the button."""
    st.subheader(t("launch.takes"), anchor=False)
    launch_tasks.say_chosen()
    is_ready = bool(form.model_name() and value("tasks"))
    plan = look() if is_ready else None
    if not is_ready:
        st.caption(t("launch.missing_model" if not form.model_name() else "launch.missing_tasks"))
    if plan:
        say_estimate(plan)
        say_power(plan)
        say_continued(plan)
        plan = plan if launch_judge.say_estimate(plan) else None
    pressed = st.button(
        t("launch.start"),
        type="primary",
        icon=":material/play_arrow:",
        disabled=plan is None,
        width="stretch",
    )
    if pressed and plan:
        start(plan)
    if is_ready:
        with st.expander(t("launch.command"), icon=":material/terminal:"):
            st.code(
                text.visible(runs.command_line(form.spec(), form.limit(), launch_judge.specs())),
                language=None,
                wrap_lines=True,
            )


def look() -> runs.Plan | None:
    """The plan as the form stands; None with the reason on screen when it cannot be."""
    try:
        spec = form.spec()
        with st.spinner(t("launch.reading")):
            sources = tuple(task.source for task in benchmarks.select(spec.tasks))
            endpoint = runs.endpoint_of(store(), spec.model)
            ranks = runs.can_rank(store(), spec.model, endpoint)
            found = planned(spec, endpoint, sources, ranks)
            return replace(found, limit=form.limit())
    except RoundsError as error:
        cards.problem(error)
        return None


def say_estimate(plan: runs.Plan) -> None:
    found = runs.estimate(plan)
    rows = {
        "launch.items": f"{found.items:,}",
        "launch.tokens_in": f"≈ {found.tokens_in:,}",
        "launch.tokens_out": t("launch.at_most", n=f"{found.tokens_out_most:,}")
        if found.tokens_out_most
        else "0",
        "launch.time": t("figure.unknown") if found.seconds is None else cards.duration(found.seconds),
        "launch.cost": cost(found.cost_usd_most),
    }
    for name, shown in rows.items():
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            st.markdown(t(name), width="content")
            st.markdown(f"**{text.label(shown)}**", width="content")


def cost(usd: float | None) -> str:
    if usd == 0:
        return t("launch.free")
    return t("figure.unknown") if usd is None else t("launch.at_most", n=cards.money(usd))


def say_power(plan: runs.Plan) -> None:
    """What difference between two models these items can show."""
    counts = [plan.wanted(loaded) for loaded, _ in plan.tasks]
    smallest, largest = (f"{100 * stats.detectable_difference(n):.0f}" for n in (max(counts), min(counts)))
    one = min(counts) == max(counts)
    words = (
        t("launch.power", n=f"{counts[0]:,}", points=smallest)
        if one
        else t("launch.power_range", low=smallest, high=largest)
    )
    if len(counts) > 1:
        together = f"{100 * stats.detectable_difference(sum(counts)):.0f}"
        words += " " + t("launch.power_together", n=f"{sum(counts):,}", points=together)
    st.caption(words, help=t("launch.power_help"))


def say_continued(plan: runs.Plan) -> None:
    code = runs.continued(store(), plan)
    if code and not value("fresh"):
        stands = report.run_status(store(), code)
        st.info(t("launch.continues", code=code, n=f"{stands.done:,}"), icon=":material/history:")


def start(plan: runs.Plan) -> None:
    try:
        code = runs.begin(store(), plan, fresh=bool(value("fresh")))
        judges = launch_judge.specs(code)
        if judges:
            runs.judge_when_done(store(), judges)
        ensure_running(store(), plan.endpoint.key_env if plan.endpoint else "")
    except RoundsError as error:
        cards.problem(error)
        return
    links.go("live", run=code)


form.settle(tuple(benchmarks.tasks()))
cards.heading(t("page.launch"), t("page.launch.help"))
left, right = st.columns([5, 3], gap="medium")
with left:
    launch_model.ask()
    launch_tasks.ask()
    launch_judge.ask_dialogue()
    ask_how()
    launch_judge.ask()
with right, st.container(border=True, key="launch_takes"):
    summary()
form.keep_in_url()

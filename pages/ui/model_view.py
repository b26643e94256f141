"""One model: what a check says of it, loading it for real, all its runs with figures and commands."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from evalcore import models, registry, report, runs
from evalcore.errors import RoundsError
from evalcore.report import RunRow
from evalcore.types import Endpoint, Summary
from evalcore.worker.process import ensure_running
from pages.ui import cards, links, text, told
from pages.ui.database import store
from pages.ui.i18n import t


@st.cache_data(ttl=60, max_entries=32, show_spinner=False)
def check_of(name: str, precision: str) -> models.Check:
    return models.check(name, precision)


def in_words(parameters: int | None) -> str:
    if parameters is None:
        return t("models.size_unknown")
    for size, unit in ((10**9, "models.billion"), (10**6, "models.million")):
        if parameters >= size:
            return t(unit, n=f"{parameters / size:.3g}")
    return t("models.parameters", n=f"{parameters:,}")


def in_a_line(known: registry.KnownModel) -> str:
    """Size, precision and architecture; Markdown-safe."""
    if known.kind == "api":
        return t("models.behind_api")
    if known.parameters is None:
        return text.label(known.precision)
    parts = [in_words(known.parameters), text.label(known.precision), text.label(known.architecture)]
    if known.problems:
        parts.append(f":orange[{t('models.has_problems')}]")
    return " · ".join(part for part in parts if part)


def say_check(found: models.Check) -> None:
    """Will it load, does it fit, how large is it: in words; every problem with what to do."""
    sign, colour = (":material/check:", "green") if found.ok else (":material/close:", "red")
    st.badge(t("models.loads" if found.ok else "models.loads_not"), icon=sign, color=colour)  # type: ignore[arg-type]
    for place, problem in enumerate(found.problems):
        text.plain(problem, key=f"problem{place}")
    if found.ranks:
        st.caption(t("models.ranks"))
    if found.parameters is not None:
        facts(found)


def facts(found: models.Check) -> None:
    memory = t("figure.unknown") if found.memory_gb is None else t("models.gb", n=f"{found.memory_gb:.3g}")
    chat = t("models.yes" if found.chat_template else "models.no")
    rows = {
        "models.fact.architecture": found.architecture,
        "models.fact.size": in_words(found.parameters),
        "models.fact.precision": found.precision,
        "models.fact.memory": memory,
        "models.fact.chat": chat,
        "models.fact.revision": found.revision,
    }
    table = [{t("models.fact"): t(name), t("models.value"): text.cell(value)} for name, value in rows.items()]
    st.dataframe(table, hide_index=True, width="stretch")


# ---------------------------------------------------------------------------------------------- page


def show(name: str, precision: str) -> None:
    back = {"model": None, "precision": None}
    st.button(t("models.all"), icon=":material/arrow_back:", type="tertiary", on_click=links.put, kwargs=back)
    note = t("models.page_note", precision=text.label(precision)) if precision else ""
    cards.heading(text.label(name, 200), note)
    kind = name.partition(":")[0]
    if kind == "demo":
        st.info(t("models.demo_note"), icon=":material/science:")
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(t("models.launch"), type="primary", icon=":material/play_arrow:", key="model_launch"):
            links.go("launch", model=name, precision=precision if kind == "hf" else "")
        links.copy_link()
    left, right = st.columns([3, 5], gap="medium")
    with left, st.container(border=True):
        st.subheader(t("models.facts"), anchor=False)
        api_facts(name) if kind == "api" else local_facts(name, precision)
    with right:
        runs_of(name, precision)


def api_facts(name: str) -> None:
    try:
        endpoint = runs.endpoint_of(store(), name)
    except RoundsError as error:
        cards.problem(error)
        return
    if endpoint:
        st.markdown(t("models.through", name=text.label(endpoint.name)))
        st.caption(t("models.api_note"))
        st.caption(ranking(name, endpoint))
        there = {"model": None, "precision": None, "view": "endpoints"}
        st.button(t("models.to_endpoints"), type="tertiary", on_click=links.put, kwargs=there)


def ranking(name: str, endpoint: Endpoint) -> str:
    """Whether a model behind an endpoint can rank options, as far as a check has looked."""
    can = runs.can_rank(store(), name, endpoint)
    return t({True: "models.ranks", False: "models.ranks_not", None: "models.ranks_unknown"}[can])


def local_facts(name: str, precision: str) -> None:
    try:
        say_check(check_of(name, precision or "auto"))
    except RoundsError as error:
        cards.problem(error)
        return
    st.caption(t("models.check_note"))
    real_check(name, precision or "auto")


def real_check(name: str, precision: str) -> None:
    """Loading by a worker: the button, then what the newest such job says."""
    job = registry.latest_job(store(), "check_model", model=name, precision=precision)
    is_going = job is not None and not job.is_over
    st.button(
        t("models.load"),
        key="model_load",
        icon=":material/download_done:",
        disabled=is_going,
        help=t("models.load_help"),
        on_click=start_check,
        args=(name, precision),
    )
    if job:
        watch(job, told_model)


def start_check(name: str, precision: str) -> None:
    registry.check_model(store(), name, precision)
    ensure_running(store())


def told_model(job: registry.JobView) -> None:
    found = from_result(job.result)
    st.badge(
        t("models.loaded" if found.ok else "models.loaded_not"),
        icon=":material/check:" if found.ok else ":material/close:",
        color="green" if found.ok else "red",
    )
    for place, problem in enumerate(found.problems):
        text.plain(problem, key=f"job{job.id}_{place}")


def from_result(result: Mapping[str, Any]) -> models.Check:
    return models.Check(**{**result, "problems": tuple(result["problems"])})


def watch(job: registry.JobView, tell: Any) -> None:
    """A job that is going on is looked at every second; one that is over is told."""
    if not job.is_over:
        ticking(job.id)
    elif job.state == "done" and job.result:
        tell(job)
    elif job.state == "failed":
        cards.problem(RoundsError(job.message))
    else:
        st.caption(t("models.job.cancelled"))


@st.fragment(run_every=1.0)
def ticking(job_id: int) -> None:
    job = registry.job(store(), job_id)
    if job is None or job.is_over:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        words = t("models.job.key", key=text.label(job.key_env)) if job.key_env else t("models.job.waiting")
        st.caption(
            f":material/hourglass_top: {t('models.job.running') if job.state == 'running' else words}",
            width="content",
        )
        if st.button(t("models.job.cancel"), key=f"cancel_{job_id}", type="tertiary"):
            registry.cancel_job(store(), job_id)
            st.rerun()


# ---------------------------------------------------------------------------------------------- runs


def runs_of(name: str, precision: str) -> None:
    plain = registry.plain_name(name)
    found = [row for row in report.runs_overview(store()) if row.model == plain]
    mine = [row for row in found if not precision or row.precision == precision or name.startswith("api:")]
    st.subheader(t("models.all_runs"), anchor=False)
    if not mine:
        with cards.empty(t("models.no_runs")):
            links.link("launch", t("models.launch"), model=name)
    for row in mine:
        run(row)


def run(row: RunRow) -> None:
    with st.container(border=True, gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            links.link("live", f"**{text.label(row.name)}**", run=row.code)
            told.status(row)
            links.link("items", t("models.items"), run=row.code)
        waiting = f" · {told.waiting(row)}" if row.waiting_for else ""
        progress = t("models.answered", done=f"{row.done:,}", planned=f"{row.planned:,}")
        st.caption(f"{progress}{waiting}")
        st.dataframe([figures(one) for one in row.headlines], hide_index=True, width="stretch")
        with st.expander(t("models.command"), icon=":material/terminal:"):
            command(row)


def figures(one: report.Headline) -> dict[str, Any]:
    summary = Summary(one.value, one.low, one.high, one.n, one.unscored)
    return {
        t("models.column.task"): text.cell(one.task),
        t("models.column.metric"): text.cell(one.metric) or "–",
        t("models.column.way"): t(f"way.{one.way}") if one.way else "–",
        t("models.column.value"): cards.percent(one.value),
        t("models.column.interval"): cards.interval(summary),
        t("models.column.n"): one.n,
        t("models.column.unscored"): one.unscored,
        t("models.column.missing"): one.missing,
    }


def command(row: RunRow) -> None:
    """The spec as a command; a run that was not asked to the end gets its limit."""
    try:
        line = runs.command_line(runs.spec_of(store(), row.code))
    except (RoundsError, KeyError, TypeError):
        st.caption(t("models.command_none"))
        return
    st.code(text.visible(line), language=None, wrap_lines=True)
    st.caption(t("models.command_note"))

"""Launch, second part: which tasks, by benchmark, with what one has to know before choosing."""

from collections.abc import Sequence

import streamlit as st

from evalcore import benchmarks
from evalcore.types import Benchmark, Task
from pages.ui import text, told
from pages.ui.form import set_value, value
from pages.ui.i18n import t

NAMED = 5  # chosen tasks that are named beside the button


@st.cache_data(ttl=60, show_spinner=False)
def places() -> dict[str, tuple[str, int | None]]:
    """Where each task's data are, and how many items it has (None: not known before it is fetched)."""
    found = {}
    for task in benchmarks.tasks().values():
        where = benchmarks.where(task)
        found[task.id] = (where, _count(task) if where == "bundled" else task.size)
    return found


def _count(task: Task) -> int:
    return len(benchmarks.load(task.id, with_examples=False).entries)


def ask() -> None:
    if set(places()) != set(benchmarks.tasks()):  # an own dataset came or went
        places.clear()
    with st.container(border=True):
        st.subheader(t("launch.tasks"), anchor=False)
        presets()
        wanted, tongue = st.columns([3, 2])
        wanted.text_input(t("launch.search"), key="launch_search", placeholder=t("launch.search_hint"))
        tongues = sorted({task.language for task in benchmarks.tasks().values()})
        tongue.selectbox(
            t("launch.language"),
            ["", *tongues],
            format_func=lambda code: t(f"tongue.{code}") if code else t("filter.all"),
            key="launch_tongue",
        )
        shown = [family(benchmark) for benchmark in benchmarks.benchmarks()]
        if not any(shown):
            st.caption(t("launch.no_match"))


def say_chosen() -> None:
    """The first tasks that are chosen, and how many more; nothing while there is none."""
    chosen = value("tasks")
    if chosen:
        names = [text.label(told.task_title(task)) for task in benchmarks.select(chosen[:NAMED])]
        more = [f"+{len(chosen) - NAMED:,}"] if len(chosen) > NAMED else []
        st.caption(f"**{t('launch.chosen', n=len(chosen))}** {' · '.join([*names, *more])}")


def presets() -> None:
    bundled = tuple(task.id for task in benchmarks.tasks().values() if task.benchmark == "demo")
    with st.container(horizontal=True):
        st.button(
            t("launch.preset_nine"), on_click=choose, args=(benchmarks.LEADERBOARD, True), key="launch_nine"
        )
        st.button(t("launch.preset_demo"), on_click=choose, args=(bundled, True), key="launch_bundled")
        st.button(
            t("launch.clear"),
            on_click=choose,
            args=((), True),
            key="launch_clear",
            disabled=not value("tasks"),
        )


def choose(ids: Sequence[str], is_all: bool) -> None:
    """Takes exactly these tasks (is_all), or adds them."""
    before = () if is_all else value("tasks")
    wanted = {*before, *ids}
    set_value("tasks", tuple(task for task in benchmarks.tasks() if task in wanted))


def family(benchmark: Benchmark) -> bool:
    """One benchmark's tasks as they pass the filters; false when none does."""
    tasks = {task.id: task for task in benchmark.tasks if passes(task, benchmark)}
    if not tasks:
        return False
    name = f"launch_pick_{benchmark.id}"
    st.session_state[name] = [task for task in value("tasks") if task in tasks]
    with st.container(gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{text.label(told.benchmark_title(benchmark))}**")
            badges(list(tasks.values()))
            if len(tasks) > 1:
                st.button(
                    t("launch.all_of"),
                    key=f"launch_all_{benchmark.id}",
                    type="tertiary",
                    on_click=choose,
                    args=(tuple(tasks), False),
                )
        st.pills(
            text.label(told.benchmark_title(benchmark)),
            list(tasks),
            selection_mode="multi",
            format_func=lambda task: shown(tasks[task]),
            key=name,
            on_change=keep_picks,
            args=(name, tuple(tasks)),
            label_visibility="collapsed",
        )
    return True


def keep_picks(name: str, visible: Sequence[str]) -> None:
    """What a filter hides stays chosen."""
    hidden = [task for task in value("tasks") if task not in visible]
    choose((*hidden, *st.session_state[name]), True)


def passes(task: Task, benchmark: Benchmark) -> bool:
    tongue, words = st.session_state["launch_tongue"], st.session_state["launch_search"].casefold().split()
    held = " ".join(
        (task.id, task.title, told.task_title(task), benchmark.title, task.subject, task.licence)
    ).casefold()
    return (not tongue or task.language == tongue) and all(word in held for word in words)


def shown(task: Task) -> str:
    _, items = places()[task.id]
    name = told.task_title(task)
    return f"{text.label(name)} · {items:,}" if items else text.label(name)


def badges(tasks: Sequence[Task]) -> None:
    for where in dict.fromkeys(places()[task.id][0] for task in tasks):
        is_here = where in ("bundled", "local")
        icon, colour = (":material/check:", "green") if is_here else (":material/cloud_download:", "orange")
        st.badge(t(f"source.{where}"), icon=icon, color=colour)
    tongues = list(dict.fromkeys(task.language for task in tasks))
    several = [t("launch.tongues", n=len(tongues))]
    for tongue in several if len(tongues) > 3 else [t(f"tongue.{code}") for code in tongues]:
        st.badge(tongue, color="gray")
    for licence in dict.fromkeys(task.licence for task in tasks):
        st.badge(text.label(licence), icon=":material/license:", color="gray")
    if any(task.patient_text for task in tasks):
        st.badge(t("launch.patient_text"), icon=":material/privacy_tip:", color="orange")
    if any(task.credentialed for task in tasks):
        st.badge(t("launch.credentialed"), icon=":material/lock:", color="orange")

"""Benchmarks: every task that can be asked, and one of them opened: data, licence, example, exact prompt."""

import streamlit as st

from evalcore import benchmarks
from evalcore.types import Benchmark, Kind, Task
from pages.ui import cards, dataset_keep, dataset_view, links, rubric_view, task_view, text, told
from pages.ui.i18n import CATALOGUES, language, t

TWO_COLUMNS = 7  # a family of more tasks is set in two columns


def passes(task: Task, benchmark: Benchmark, *, tongue: str, kind: str, words: str) -> bool:
    held = f"{task.id} {task.title} {told.task_title(task)} {benchmark.title} {task.licence}".casefold()
    fits = (not tongue or task.language == tongue) and (not kind or task.kind == kind)
    return fits and all(word in held for word in words.casefold().split())


def filters() -> dict[str, str]:
    """One row over the list; all of it in the address."""
    tongues = sorted({task.language for task in benchmarks.tasks().values()})
    wanted, tongue, kind = st.columns([2, 1, 1])
    with wanted:
        words = links.search("q", t("benchmarks.search"), placeholder=t("benchmarks.search_hint"))
    with tongue:
        picked = links.pick(
            "tongue",
            t("benchmarks.language"),
            ["", *tongues],
            show=lambda code: t(f"tongue.{code}") if code else t("filter.all"),
        )
    with kind:
        form = links.pick(
            "kind",
            t("benchmarks.kind"),
            ["", *map(str, Kind)],
            show=lambda code: t(f"kind.{code}") if code else t("filter.all"),
        )
    return {"tongue": picked, "kind": form, "words": words}


def about(benchmark: Benchmark) -> str:
    """What it is, in the language of the screen where that was written down."""
    return CATALOGUES[language()].get(f"benchmarks.about.{benchmark.id}", "")


def family(benchmark: Benchmark, tasks: list[Task]) -> None:
    with st.container(border=True, gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{text.label(told.benchmark_title(benchmark))}**", width="content")
            task_view.badges(tasks)
        if about(benchmark):
            st.markdown(about(benchmark))
        columns = st.columns(2) if len(tasks) >= TWO_COLUMNS else [st.container()]
        half = -(-len(tasks) // len(columns))
        for place, task in enumerate(tasks):
            with columns[place // half]:
                line(task)


def line(task: Task) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            f"**{text.label(told.task_title(task))}**",
            key=f"open_{task.id}",
            icon=":material/chevron_right:",
            type="tertiary",
            on_click=links.put,
            kwargs={"task": task.id, "at": None},
        )
        st.caption(task_view.summary(task), width="content")


def listing() -> None:
    title, rubrics, bring = st.columns([4, 1, 2], vertical_alignment="bottom")
    with title:
        cards.heading(t("page.benchmarks"), t("benchmarks.subtitle"))
    rubrics.button(
        t("rubric.title"),
        icon=":material/gavel:",
        key="rubric_list",
        on_click=links.put,
        kwargs={"view": "rubrics", "q": None, "tongue": None, "kind": None},
        width="stretch",
    )
    bring.button(
        t("dataset.bring"),
        icon=":material/upload_file:",
        key="dataset_bring",
        on_click=links.put,
        kwargs={"own": "new", "q": None, "tongue": None, "kind": None},
        width="stretch",
    )
    dataset_keep.undo()
    chosen = filters()
    shown = 0
    for benchmark in benchmarks.benchmarks():
        tasks = [task for task in benchmark.tasks if passes(task, benchmark, **chosen)]
        if tasks:
            family(benchmark, tasks)
        shown += len(tasks)
    if not shown:
        with cards.empty(t("benchmarks.none")):
            st.button(
                t("benchmarks.clear"), on_click=links.put, kwargs={"q": None, "tongue": None, "kind": None}
            )


asked = links.code("task")
if links.code("own", ("new",)):
    dataset_view.show()
elif dataset_keep.was_removed(asked):
    cards.heading(t("page.benchmarks"))
    dataset_keep.undo()
    st.button(
        t("benchmarks.all"),
        icon=":material/arrow_back:",
        on_click=links.put,
        kwargs={"task": None, "at": None},
    )
elif links.code("view", ("rubrics",)):
    rubric_view.show()
elif asked:
    dataset_keep.notice(asked)
    task_view.show(asked)
else:
    listing()

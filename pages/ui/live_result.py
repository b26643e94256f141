"""Live when it is over: the figures of every task, links into the items, and the export."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from evalcore import report
from evalcore.exchange import records
from evalcore.report import Figure, RunResult, Snapshot, TaskResult
from evalcore.types import Summary
from pages.ui import cards, charts, links, live_view, text, told
from pages.ui.cards import Card
from pages.ui.database import store
from pages.ui.i18n import t

EXPORTS: dict[str, tuple[Callable[..., int], str, str]] = {
    "csv": (records.write_csv, "csv", "text/csv"),
    "records": (records.write_jsonl, "jsonl", "application/jsonl"),
}


@st.cache_data(ttl=600, max_entries=32, show_spinner=False)
def result_of(code: str, stands: tuple[str, int, int]) -> RunResult:
    """stands: status and counts; a run that was retried or extended is looked up anew."""
    return report.run_result(store(), code)


def draw(seen: Snapshot) -> None:
    found = result_of(seen.code, (seen.status, seen.done, seen.failed))
    figures(seen, found)
    left, right = st.columns([5, 3], gap="medium")
    with left:
        has_chart = chart(seen, found)
    with right:
        onward(seen)
        live_view.errors(seen)
        live_view.latest(seen, has_all=False)
    table(found)
    if has_chart:
        with st.expander(t("live.counts"), icon=":material/bar_chart:"):
            live_view.progress(seen)


def figures(seen: Snapshot, found: RunResult) -> None:
    failed = t("live.failed", n=f"{seen.failed:,}") if seen.failed else t("live.no_failures")
    pace = live_view.rate(found.items / found.seconds if found.seconds else None)
    tokens = t("live.tokens_note", written=f"{found.tokens_out:,}")
    cards.cards(
        [
            Card(t("live.answered"), f"{seen.done:,} / {seen.planned:,}", failed),
            Card(t("live.took"), cards.duration(found.seconds) if found.seconds else "–", pace),
            Card(t("live.tokens"), f"{found.tokens_in + found.tokens_out:,}", tokens),
            live_view.cost(seen),
        ]
    )


def chart(seen: Snapshot, found: RunResult) -> bool:
    """The first metric of every task that has one, with where guessing would stand if that is one place.

    Where no rule scores anything the counts stand there, and it is false.
    """
    dots = [dot(name, task) for name, task in found.tasks.items()]
    drawn = [one for one in dots if one is not None]
    if not drawn:
        live_view.progress(seen)
        return False
    st.subheader(t("live.result"), anchor=False)
    st.markdown(sentence(seen))
    levels = {round(task.chance, 4) for task in found.tasks.values() if task.chance is not None}
    charts.draw(
        charts.dot_plot(drawn, chance=levels.pop() if len(levels) == 1 else None),
        alt="; ".join(f"{one.name}: {cards.percent(one.value)}" for one in drawn),
        key="live_result",
    )
    return True


def sentence(seen: Snapshot) -> str:
    """The run in counts over all its tasks: no average, because tasks differ in metric and chance."""
    right, scored = sum(one.right for one in seen.tasks), sum(one.scored for one in seen.tasks)
    words = t("live.sentence", right=f"{right:,}", scored=f"{scored:,}")
    unscored = sum(one.unscored for one in seen.tasks)
    return f"{words} {t('live.sentence_unscored', n=f'{unscored:,}')}" if unscored else words


def dot(name: str, task: TaskResult) -> charts.Dot | None:
    for metric, figure in list(by_rules(task).items())[:1]:
        if figure.value is not None and figure.low is not None and figure.high is not None:
            return charts.Dot(f"{name} · {metric}", figure.value, figure.low, figure.high, figure.n)
    return None


def by_rules(task: TaskResult) -> dict[str, Figure]:
    """Without what judges say: that stands under its own heading, judge beside judge."""
    return {metric: figure for metric, figure in task.metrics.items() if "/" not in metric}


def table(found: RunResult) -> None:
    """One row a task, for its first metric; with the switch one row a metric."""
    st.subheader(t("live.figures"), anchor=False)
    has_more = any(len(task.metrics) > 1 for task in found.tasks.values())
    most = None if has_more and st.toggle(t("live.all_metrics"), key="live_all_metrics") else 1
    rows = [row for name, task in found.tasks.items() for row in rows_of(name, task, most)]
    wide = {t("live.task"): st.column_config.TextColumn(width=220)}
    st.dataframe(
        rows, hide_index=True, width="stretch", height="content", key="live_table", column_config=wide
    )
    st.caption(t("live.table_note"))


def rows_of(name: str, task: TaskResult, most: int | None) -> list[dict[str, Any]]:
    unread = sum(n for state, n in task.answers.items() if state != "read")
    common = {t("live.chance"): cards.percent(task.chance), t("live.unread"): f"{unread:,} / {task.n:,}"}
    shown = task.metrics if most is None else by_rules(task)
    named = list(shown.items())[:most] or [(t("live.no_metric"), Figure(None, None, None, 0, 0))]
    return [
        {
            t("live.task"): text.cell(name),
            t("live.metric"): told.metric(metric),
            t("live.value"): cards.amount(metric, figure.value),
            t("live.interval"): cards.interval(
                Summary(figure.value, figure.low, figure.high, figure.n), metric
            ),
            "n": f"{figure.n:,}",
            t("live.unscored"): f"{figure.unscored:,}",
        }
        | common
        for metric, figure in named
    ]


def onward(seen: Snapshot) -> None:
    st.subheader(t("live.onward"), anchor=False)
    links.link("items", t("live.open_wrong"), run=seen.code, outcome="wrong")
    links.link("items", t("live.open_all"), run=seen.code)
    with st.container(horizontal=True):
        for name in EXPORTS:
            export(seen.code, name)


def export(code: str, name: str) -> None:
    """Written when it is asked for, not before."""
    _, ending, mime = EXPORTS[name]
    st.download_button(
        t(f"live.export_{name}"),
        lambda: exported(code, name),
        file_name=f"rounds-{code}.{ending}",
        mime=mime,
        key=f"live_export_{name}",
        icon=":material/download:",
        on_click="ignore",
    )


def exported(code: str, name: str) -> bytes:
    write, ending, _ = EXPORTS[name]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"records.{ending}"
        write(store(), [code], path)
        return path.read_bytes()

"""How a run is told in a line: its status, what it waits for, its headline figure. Home and Live share it."""

from typing import Protocol

import streamlit as st

from evalcore.report import RunRow
from evalcore.types import Benchmark, Summary, Task
from pages.ui import cards, text
from pages.ui.i18n import CATALOGUES, language, t

BY_PERSON = {
    "paused by a person": "told.paused",
    "cancelled by a person": "told.cancelled",
    "its command was ended": "told.ended",
}
_STATUSES = {
    "waiting": (":material/schedule:", "gray"),
    "running": (":material/play_arrow:", "blue"),
    "paused": (":material/pause:", "orange"),
    "cancelled": (":material/stop:", "gray"),
    "finished": (":material/check:", "green"),
    "finished_with_failures": (":material/warning:", "orange"),
}


class Told(Protocol):
    """What a run's row and its snapshot have in common."""

    @property
    def status(self) -> str: ...
    @property
    def waiting_for(self) -> str: ...
    @property
    def waiting_key(self) -> str: ...


def status(run: Told) -> None:
    """A badge with sign, word and colour."""
    icon, colour = _STATUSES[run.status]
    st.badge(t(f"status.{run.status}"), icon=icon, color=colour)  # type: ignore[arg-type]


def waiting(run: Told) -> str:
    """What keeps a run from going on, "" when nothing does."""
    if not run.waiting_for:
        return ""
    return t("waiting.key", key=run.waiting_key) if run.waiting_key else t("waiting.worker")


def reason(words: str) -> str:
    """A pause's reason: ours translated, an error's as it was written."""
    return t(BY_PERSON[words]) if words in BY_PERSON else words


def title(run: RunRow) -> str:
    """Name and model in one line, for lists that do not parse what they show."""
    return text.cell(f"{run.name} · {run.model}", 90)


def task_title(task: Task) -> str:
    """A task's own title; those of the demo in the language of the screen, because we wrote them."""
    tongue, _, form = task.id.removeprefix("demo/").partition("_")
    key = f"form.{form or 'choice'}"
    if task.benchmark != "demo" or key not in CATALOGUES[language()]:
        return task.title
    return t("told.demo_task", tongue=t(f"tongue.{tongue}"), form=t(key))


def benchmark_title(benchmark: Benchmark) -> str:
    return CATALOGUES[language()].get(f"benchmark.{benchmark.id}", benchmark.title)


def metric(name: str) -> str:
    """A metric in words with its name, such as "accuracy (acc)"; the bare name where there are none."""
    key = f"metric.{name}"
    return t(key) if key in CATALOGUES[language()] else text.cell(name, 40)


def demo(model: str) -> str:
    """A warning that goes wherever a demo model's figures or replies stand; "" for every other model."""
    return t("told.demo") if model.startswith("demo:") else ""


def headline(run: RunRow) -> str:
    """The figure of the task with the most scored items, named, with interval and n; Markdown-safe."""
    if run.kind == "judge":
        return t("told.judge")
    scored = [one for one in run.headlines if one.value is not None]
    if not scored:
        return t("told.none")
    best = max(scored, key=lambda one: one.n)
    figure = Summary(best.value, best.low, best.high, best.n, best.unscored)
    others = len(run.tasks) - 1
    return t(
        "told.figure",
        value=cards.percent(best.value),
        interval=cards.interval(figure),
        n=f"{best.n:,}",
        metric=text.label(metric(best.metric)),
        way=t(f"way.{best.way}") if best.way else "",
        task=text.label(best.task),
        more=f" · {t('told.more', n=others)}" if others else "",
    )

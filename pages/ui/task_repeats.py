"""Which questions of a task stand twice, or in another task of its benchmark too (benchmarks.md D20)."""

import streamlit as st

from evalcore import benchmarks
from evalcore.benchmarks import duplicates
from evalcore.errors import DataError
from evalcore.types import Benchmark, LoadedTask, Task
from pages.ui import links, text, told
from pages.ui.i18n import t

MOST_TASKS = 64  # of a benchmark are compared
LISTED = 200


@st.cache_data(max_entries=16, show_spinner=False)
def repeats(task_ids: tuple[str, ...], fingerprints: tuple[object, ...]) -> tuple[duplicates.Repeat, ...]:  # noqa: ARG001
    """Questions in more than one place of these tasks; a copy that cannot be read is left out."""
    return duplicates.repeats(found for task_id in task_ids if (found := _loaded(task_id)) is not None)


def _loaded(task_id: str) -> LoadedTask | None:
    try:
        return benchmarks.load(task_id, with_examples=False)
    except DataError:
        return None  # its own page says what is wrong with it


def show(task: Task, family: Benchmark, fingerprints: tuple[object, ...], at_hand: tuple[str, ...]) -> None:
    """A table of questions, with a way to each other task; nothing where there is none."""
    ids = tuple(one.id for one in family.tasks if benchmarks.where(one) in at_hand)[:MOST_TASKS]
    mine = [one for one in repeats(ids, fingerprints) if task.id in {place for place, _ in one.places}]
    if not mine:
        return
    counts = {pair: n for pair, n in duplicates.shared(mine).items() if task.id in pair}
    with st.container(border=True, key="task_repeats"):
        st.subheader(t("benchmarks.repeats"), anchor=False)
        for (first, second), n in sorted(counts.items(), key=lambda one: -one[1]):
            _line(task, first if second == task.id else second, n)
        if any(not one.has_one_gold for one in mine):
            st.warning(t("benchmarks.repeats_gold"), icon=":material/warning:")
        with st.expander(t("benchmarks.repeats_list", n=len(mine))):
            st.dataframe(
                [{t("benchmarks.repeats_places"): _places(one)} for one in mine[:LISTED]], hide_index=True
            )


def _line(task: Task, other: str, n: int) -> None:
    if other == task.id:
        text.plain(t("benchmarks.repeats_here", n=n), key="repeats_here")
        return
    known = benchmarks.tasks().get(other)
    name = told.task_title(known) if known else other
    label = t("benchmarks.repeats_there", n=n, task=text.label(name))
    if st.button(label, type="tertiary", key=f"repeats_{other}", icon=":material/content_copy:"):
        links.put(task=other, at=None)
        st.rerun()


def _places(one: duplicates.Repeat) -> str:
    return text.cell(" = ".join(f"{task_id} {item_id}" for task_id, item_id in one.places), 300)

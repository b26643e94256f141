"""Home: what is here, the demo one click away, and what to do next. Never empty."""

from collections.abc import Callable, Sequence

import streamlit as st

from evalcore import benchmarks, models, report, runs
from evalcore.errors import RoundsError
from evalcore.report import RunRow
from evalcore.worker.process import ensure_running
from pages.ui import cards, links, places, text, told
from pages.ui.cards import Card
from pages.ui.database import store
from pages.ui.i18n import t

LATEST = 8
DEMO = ("demo:strong", "demo:weak")


def demo_models() -> tuple[str, ...]:
    """Those of the bundled pair that this copy holds, the better one first."""
    return tuple(name for name in DEMO if name in models.demo_names())


def start_demo() -> None:
    """Both demo models on every demo task, in a seeded order so that watching is fair; then to Live."""
    specs = [
        runs.RunSpec(model=name, tasks=("demo/*",), ask="generate", order="random") for name in demo_models()
    ]
    codes = [runs.start(store(), spec, name=t("home.demo")) for spec in specs]
    ensure_running(store())
    links.go("live", run=codes[0])


def demo(*, is_first: bool) -> None:
    """The bundled run. The button waits where it was pressed, so that an error stays beside it."""
    with st.container(border=True, height="stretch", gap="small"):
        st.markdown(f":material/science: **{t('home.demo_title')}**")
        st.caption(t("home.demo_note"))
        is_here = bool(demo_models())
        if not is_here:
            st.caption(t("home.demo_absent"))
        kind = "primary" if is_first else "secondary"
        label = t("home.demo_start" if is_first else "home.demo_again")
        if st.button(label, key="home_demo", type=kind, icon=":material/play_arrow:", disabled=not is_here):
            tried(start_demo)


def tried(action: Callable[[], None]) -> None:
    try:
        action()
    except RoundsError as error:
        cards.problem(error)


def own(*, is_first: bool) -> None:
    with st.container(border=True, height="stretch", gap="small"):
        st.markdown(f":material/play_circle: **{t('home.own_title')}**")
        st.caption(t("home.own_note"))
        if st.button(t("home.own_start"), key="home_own", type="secondary" if is_first else "primary"):
            links.go("launch")


def doors(*, is_first: bool) -> None:
    """The demo first on an empty store, one's own run first afterwards."""
    for column, door in zip(st.columns(2), (demo, own) if is_first else (own, demo), strict=True):
        with column:
            door(is_first=is_first)


def totals(rows: Sequence[RunRow]) -> None:
    """Four figures on all that was asked here."""
    going = sum(row.status in ("running", "waiting") for row in rows)
    asked, failed = sum(row.done for row in rows), sum(row.failed for row in rows)
    tasks = {task for row in rows for task in row.tasks}
    cards.cards(
        [
            Card(t("home.runs"), f"{len(rows):,}", t("home.runs_note", n=going) if going else ""),
            Card(t("home.models"), f"{len({(row.model, row.precision) for row in rows}):,}"),
            Card(t("home.tasks"), f"{len(tasks):,}"),
            Card(t("home.items"), f"{asked:,}", t("home.items_note", n=f"{failed:,}") if failed else ""),
        ]
    )


def latest(rows: Sequence[RunRow]) -> None:
    st.subheader(t("home.latest"), anchor=False)
    with st.container(border=True, gap="small"):
        for place, row in enumerate(rows[:LATEST]):
            if place:
                st.divider()
            line(row)
    if len(rows) > LATEST:
        st.caption(t("home.older", n=len(rows) - LATEST))


def line(row: RunRow) -> None:
    name, state, figure = st.columns([4, 3, 5], vertical_alignment="center")
    with name:
        links.link("live", f"**{text.label(row.name)}**", run=row.code)
        parts = (row.model, row.precision, told.demo(row.model))
        st.caption(text.label(" · ".join(filter(None, parts)), 120))
    with state, st.container(gap="xsmall"):
        told.status(row)
        done = t("home.progress", done=f"{row.done:,}", planned=f"{row.planned:,}")
        st.caption(f"{done} · {told.waiting(row)}" if row.waiting_for else done)
    with figure:
        st.markdown(told.headline(row))


def attention(rows: Sequence[RunRow]) -> None:
    """Runs that stand still for a reason nobody chose."""
    for row in rows:
        if row.status == "paused" and row.pause_reason not in told.BY_PERSON:
            with st.container(border=True):
                st.badge(t("home.stopped"), icon=":material/pause:", color="orange")
                text.plain(row.pause_reason, key=row.code)
                links.link("live", text.label(row.name), run=row.code)


def next_steps(rows: Sequence[RunRow]) -> None:
    """What the newest results offer."""
    scored = next((row for row in rows if any(one.n > one.right for one in row.headlines)), None)
    if scored is None:
        return
    st.subheader(t("home.next_title"), anchor=False)
    with st.container(horizontal=True):
        links.link(
            "items", t("home.next_wrong", name=text.label(scored.name)), run=scored.code, outcome="wrong"
        )
        for place in places.existing():
            if place.code in ("benchmarks", "models"):
                links.link(place.code, t(f"home.next_{place.code}"))


def steps() -> None:
    st.subheader(t("home.next"), anchor=False)
    icons = (":material/checklist:", ":material/monitoring:", ":material/find_in_page:")
    for column, icon, name in zip(st.columns(3), icons, ("step1", "step2", "step3"), strict=True):
        with column.container(border=True, height="stretch"):
            st.markdown(f"{icon} **{t(f'home.{name}')}**")
            st.caption(t(f"home.{name}_note"))


found = report.runs_overview(store())
cards.heading(t("home.title"), t("home.subtitle"))
if found:
    attention(found)
    totals(found)
    latest(found)
    next_steps(found)
    doors(is_first=False)
else:
    doors(is_first=True)
    steps()
    st.caption(t("home.here", models=len(models.demo_names()), tasks=len(benchmarks.tasks())))

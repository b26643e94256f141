"""Live: one run while it works, and what it came to."""

from collections.abc import Callable

import streamlit as st

from evalcore import benchmarks, report, runs
from evalcore.errors import RoundsError
from evalcore.report import Snapshot
from evalcore.worker.process import ensure_running
from pages.ui import (
    cards,
    form,
    judge_form,
    judge_live,
    judge_results,
    links,
    live_result,
    live_view,
    text,
    told,
)
from pages.ui.database import store
from pages.ui.i18n import t

TICK_S = 1.0


@st.cache_data(ttl=1, show_spinner=False)
def snapshot(code: str) -> Snapshot:
    """One look a second, shared by everybody who watches."""
    return report.live(store(), code)


def empty() -> None:
    with cards.empty(t("live.empty")):
        links.link("launch", t("page.launch"))
        links.link("home", t("page.home"))


def pick(rows: tuple[report.RunRow, ...]) -> str:
    """The run of the address, even one that is on no list any more; else the newest that is going on."""
    known = {row.code: told.title(row) for row in rows}
    asked = links.code("run")
    codes = list(known) if not asked or asked in known else [asked, *known]
    going = next((row.code for row in rows if row.status == "running"), codes[0])
    chosen, more = st.columns([3, 2], vertical_alignment="bottom")
    with chosen:
        code = links.pick("run", t("live.run"), codes, show=lambda code: known.get(code, code), default=going)
    with more, st.container(horizontal=True, horizontal_alignment="right"):
        links.copy_link()
        if st.button(t("live.new"), icon=":material/add:", type="primary"):
            links.go("launch")
    return code


def facts(seen: Snapshot) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        told.status(seen)
        st.badge(text.label(seen.model), icon=":material/neurology:", color="gray")
        if seen.precision:
            st.badge(seen.precision, color="gray")
        if not seen.is_judge:
            st.badge(t("live.order_random" if seen.is_random_order else "live.order_file"), color="gray")
        st.caption(text.label(seen.code))
    if seen.is_judge:
        judge_live.about(seen)
    if told.demo(seen.model):
        st.caption(f":material/science: {t('live.demo')}")


def hindrance(seen: Snapshot) -> None:
    """Why it stands still, and what to do; nothing when it goes."""
    if seen.is_out_of_budget:
        judge_live.budget(seen)
    elif seen.status == "paused" and seen.pause_reason not in told.BY_PERSON:
        with st.container(border=True, key="live_reason"):
            st.badge(t("live.stopped"), icon=":material/pause:", color="red")
            text.plain(seen.pause_reason)
            st.caption(t("live.stopped_note"))
    elif seen.waiting_for:
        with st.container(border=True, key="live_waiting"):
            st.badge(told.waiting(seen), icon=":material/schedule:", color="orange")
            advise(seen)
    elif seen.status == "waiting":
        st.caption(f":material/hourglass_top: {t('live.starting')}")


def advise(seen: Snapshot) -> None:
    key = text.label(seen.waiting_key)
    st.caption(t("live.key_note", key=key) if key else t("live.worker_note"))
    command = "python -m evalcore worker"
    st.code(f"{seen.waiting_key}=... {command}" if key else command, language=None)
    if st.button(t("live.worker_start"), icon=":material/restart_alt:"):
        acted(lambda: ensure_running(store(), seen.waiting_key))


def acted(action: Callable[[], object]) -> None:
    """Does what was clicked; an error stays on screen, success draws the page anew."""
    try:
        action()
    except RoundsError as error:
        cards.problem(error)
        return
    snapshot.clear()
    st.rerun()


def go_on(code: str) -> None:
    runs.resume(store(), code)
    ensure_running(store())


def again(code: str) -> None:
    runs.retry(store(), code)
    ensure_running(store())


def more(code: str, limit: int | None) -> None:
    runs.extend(store(), code, limit)
    ensure_running(store())


def forget(code: str) -> None:
    runs.delete(store(), code)
    st.session_state["live_deleted"] = code
    links.put(run=None)


def bring_back(code: str) -> None:
    runs.restore(store(), code)
    st.session_state.pop("live_deleted", None)
    links.put(run=code)


def controls(seen: Snapshot) -> None:
    """What can be done with the run as it stands."""
    code, is_open = seen.code, seen.done + seen.failed < seen.planned
    with st.container(horizontal=True, gap="small"):
        if is_open and seen.status in ("running", "waiting"):
            button("pause", ":material/pause:", lambda: runs.pause(store(), code))
        if is_open and seen.status in ("paused", "cancelled"):
            button("resume", ":material/play_arrow:", lambda: go_on(code), kind="primary")
        if seen.failed:
            button("retry", ":material/replay:", lambda: again(code), n=seen.failed)
        if not seen.is_judge:
            extend(seen)
        if is_open and seen.status != "cancelled":
            with st.popover(t("live.cancel"), icon=":material/stop:"):
                st.caption(t("live.cancel_note"))
                button("cancel_really", ":material/stop:", lambda: runs.cancel(store(), code))
        if not seen.is_judge:
            again_link(code)
        if not is_open or seen.status in ("paused", "cancelled"):
            button("delete", ":material/delete:", lambda: forget(code), kind="tertiary")


def button(
    name: str, icon: str, action: Callable[[], object], *, kind: str = "secondary", **values: object
) -> None:
    if st.button(t(f"live.{name}", **values), key=f"live_{name}", icon=icon, type=kind):  # type: ignore[arg-type]
        acted(action)


def extend(seen: Snapshot) -> None:
    """More items of the same run; those answered are not asked again."""
    sizes = runs.sizes(store(), seen.code).values()
    if all(planned >= size for planned, size in sizes):
        return
    most, now = max(size for _, size in sizes), max(planned for planned, _ in sizes)
    with st.popover(t("live.extend"), icon=":material/expand_content:"):
        st.caption(t("live.extend_note"))
        limit = st.number_input(
            t("live.extend_to"),
            min(now + 1, most),
            most,
            None,
            key="live_limit",
            placeholder=t("launch.n_all"),
        )
        button("extend_start", ":material/play_arrow:", lambda: more(seen.code, limit), kind="primary")


def again_link(code: str) -> None:
    if st.button(t("live.like"), key="live_like", icon=":material/content_copy:", type="tertiary"):
        spec = runs.spec_of(store(), code)
        links.go("launch", **form.codes_of(spec), task=[task.id for task in benchmarks.select(spec.tasks)])


def undo() -> None:
    code = st.session_state.get("live_deleted")
    if code:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(t("live.deleted", code=text.label(code)))
            button("undo", ":material/undo:", lambda: bring_back(code))


def watch(code: str, drawn: str) -> None:
    """One tick; when the run's state changes the whole page is drawn anew, with other buttons."""
    seen = snapshot(code)
    if seen.status != drawn or seen.is_over:
        st.rerun()
    draw(seen)


def draw(seen: Snapshot) -> None:
    if seen.is_judge:
        judge_live.draw(seen)
    elif seen.is_over:
        live_result.draw(seen)
    else:
        live_view.draw(seen)


cards.heading(t("page.live"), t("page.live.help"))
undo()
rows = report.runs_overview(store())
if not rows and not links.code("run"):
    empty()
else:
    chosen = pick(rows)
    now = snapshot(chosen)
    facts(now)
    hindrance(now)
    controls(now)
    if links.code("judge") and not now.is_judge:
        judge_form.show(now)
    else:
        if now.is_over:
            draw(now)
        else:
            st.fragment(watch, run_every=TICK_S)(chosen, now.status)
        if not now.is_judge:
            judge_results.section(now)

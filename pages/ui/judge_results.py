"""What judges said of a run, on the run's own page: by rubric, judge beside judge, with what is missing."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from evalcore import registry, report, runs
from evalcore.errors import RoundsError
from evalcore.report import JudgeResult, Snapshot
from evalcore.types import Summary
from pages.ui import cards, charts, judge_charts, judge_words, links, text, told
from pages.ui.database import store
from pages.ui.i18n import t

TICK_S = 2.0
GOING = ("running", "waiting")
SEPARATOR = " · "  # of judge and task in a chart
FEW = 12  # rows of a table that are shown without being asked for
NUMBERS = ("length_tau",)  # figures that are no shares


@st.cache_data(ttl=600, max_entries=64, show_spinner=False)
def result_of(code: str, stands: tuple[str, int, int]) -> JudgeResult:
    """stands: status and counts of the judge's run; anything new is looked up anew."""
    return report.judge_result(store(), code)


@st.cache_data(ttl=600, max_entries=16, show_spinner=False)
def jury_of(
    codes: tuple[str, ...], stands: tuple[tuple[str, int, int], ...], quorum: int
) -> report.JuryResult:
    return report.jury_result(store(), codes, quorum)


@st.cache_data(ttl=1, show_spinner=False)
def look(code: str) -> Snapshot:
    return report.live(store(), code)


def stands(seen: Snapshot) -> tuple[str, int, int]:
    return seen.status, seen.done, seen.failed


def section(seen: Snapshot) -> None:
    """Under a run that asked questions. Ticks while a judge is at work."""
    codes = report.judges_of(store(), seen.code)
    title, button = st.columns([4, 2], vertical_alignment="bottom")
    title.subheader(t("judge.title"), anchor=False)
    button.button(
        t("judge.open"),
        key="judge_open",
        icon=":material/gavel:",
        width="stretch",
        disabled=not seen.done,
        on_click=links.put,
        kwargs={"judge": "new"},
    )
    waiting(seen)
    if not codes:
        st.caption(t("judge.none"))
        return
    is_going = any(not look(code).is_over for code in codes)
    st.fragment(watch, run_every=TICK_S if is_going else None)(seen.code, codes, is_going=is_going)


def watch(code: str, codes: tuple[str, ...], *, is_going: bool) -> None:
    found = [look(one) for one in codes]
    if is_going and all(one.is_over for one in found):
        st.rerun()
    groups: dict[tuple[str, str, int], list[Snapshot]] = {}
    for one in found:
        groups.setdefault((one.rubric, one.against, one.batch), []).append(one)
    for (rubric, against, batch), members in groups.items():
        with st.container(border=True, key=f"judged_{code}_{rubric}_{against}_{batch}"):
            group(rubric, against, members, look(code).model)


def waiting(seen: Snapshot) -> None:
    """Judges that were chosen together with the run and wait for its end, or could not start."""
    job = registry.latest_job(store(), runs.JUDGE_LATER, run=seen.code)
    if job is None or job.state in ("done", "cancelled"):
        return
    names = ", ".join(text.label(one.model) for one in runs.judges_waiting(job.arguments))
    rubric = text.label(runs.judges_waiting(job.arguments)[0].rubric)
    with st.container(border=True, key="judge_waiting"):
        if job.state == "failed":
            st.badge(t("judge.later_failed"), icon=":material/error:", color="red")
            text.plain(job.message)
            return
        st.badge(t("judge.later"), icon=":material/schedule:", color="gray")
        st.markdown(t("judge.later_note", judges=names, rubric=rubric))
        st.button(
            t("judge.later_cancel"),
            key="judge_later_cancel",
            icon=":material/close:",
            on_click=registry.cancel_job,
            args=(store(), job.id),
        )


def group(rubric: str, against: str, members: Sequence[Snapshot], model: str = "") -> None:
    """All judges by one rubric and batch. Those at work are told by their counts: adding up is for those that
    have ended. model: the judged one's name.
    """
    ended = [one for one in members if one.status not in GOING]
    try:
        results = [result_of(one.code, stands(one)) for one in ended]
    except RoundsError as error:  # the rubric's file says another version now
        st.markdown(f"**{text.label(rubric)}**")
        cards.problem(error)
        return
    heading(rubric, against, members[0])
    for one in members:
        if one.status in GOING:
            at_work(one, model)
    for one, result in zip(ended, results, strict=True):
        line(one, result)
    if results and results[0].mode == "pairwise":
        comparison(results)
    elif results:
        figures(ended, results)
    links.link("items", t("judge.items"), run=members[0].judged, judged="yes")


def heading(rubric: str, against: str, member: Snapshot) -> None:
    found = judge_words.known().get(rubric.rpartition("-")[0])
    with st.container(horizontal=True, vertical_alignment="center"):
        is_here = found is not None and found.name == rubric
        name = judge_words.title(found) if found and is_here else rubric
        st.markdown(f"**{text.label(name, 160)}**", width="content")
        if found:
            judge_words.mode(found)
        if member.batch > 1:
            st.badge(t("judge.batch_n", n=member.batch), color="gray")
        if against:
            words = t("judge.against_run", code=text.label(against))
            judge_words.to_run(words, against, f"against_{member.code}")


def counted(seen: Snapshot) -> dict[str, int]:
    """A judge's calls by what became of them; what is still to ask is part of it."""
    by_state, stopped = dict(seen.states), dict(seen.errors).get("content_filter", 0)
    counts = {state: by_state.get(state, 0) for state in ("unreadable", "refused", "truncated")}
    counts["refused"] += stopped
    left = max(0, seen.planned - seen.done - seen.failed)
    return {"ok": by_state.get("read", 0)} | counts | {"failed": seen.failed - stopped, "left": left}


def at_work(seen: Snapshot, model: str) -> None:
    counts = counted(seen)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        told.status(seen)
        judge_words.to_run(f"**{text.label(seen.model)}**", seen.code, f"judge_run_{seen.code}")
        judge_words.states([(state, counts[state]) for state in judge_words.STATES])
        st.caption(t("judge.left", n=f"{counts['left']:,}"), width="content")
        judge_words.family(model, seen.model)


def line(seen: Snapshot, result: JudgeResult) -> None:
    """One judge: where it stands, what became of its calls, what has to be known before believing it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        told.status(seen)
        judge_words.to_run(f"**{text.label(result.judge)}**", seen.code, f"judge_run_{seen.code}")
        judge_words.states([(state, result.judgements[state]) for state in judge_words.STATES])
        if left := counted(seen)["left"]:
            st.caption(t("judge.left", n=f"{left:,}"), width="content")
        if result.coverage is not None and result.coverage < report.COVERAGE_WARNING:
            judge_words.coverage(result.coverage)
        if result.is_same_family:
            st.badge(t("judge.same_family"), icon=":material/family_restroom:", color="orange")
    notes = [note for note in (agreement(result), told.demo(seen.model)) if note]
    if seen.cost_usd is None or seen.cost_usd:
        notes.append(t("judge.cost", cost=cards.money(seen.cost_usd)))
    if notes:
        st.caption(" · ".join(notes))


def agreement(result: JudgeResult) -> str:
    """How often the judge said the same when asked twice."""
    found = result.self_agreement
    if found is None or found.value is None:
        return ""
    span = cards.interval(Summary(found.value, found.low, found.high, found.n))
    return t("judge.self", share=cards.percent(found.value), interval=span, n=found.n)


def figures(members: Sequence[Snapshot], results: Sequence[JudgeResult]) -> None:
    """Each judge's figures, and the jury's where several sat."""
    rows = [row for result in results for row in rows_of(result)]
    rows += jury_rows(members, results)
    dots = [row.pop("dot") for row in rows]
    drawn = [dot for dot in dots if dot is not None]
    if len({row[t("live.task")] for row in rows}) == 1:
        drawn = [replace(dot, name=dot.name.partition(SEPARATOR)[0]) for dot in drawn]
    if drawn:
        charts.draw(
            judge_charts.shares(drawn, t("judge.axis")),
            alt="; ".join(f"{dot.name}: {cards.percent(dot.value)}" for dot in drawn),
        )
    rows = of_interest(rows, key=f"judge_parts_{members[0].code}")
    if rows:
        st.dataframe(rows, hide_index=True, width="stretch", height="content")
        st.caption(t("judge.scale_note" if results[0].mode == "rating" else "judge.share_note"))


def of_interest(rows: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    """All figures where they are few; of many the overall ones, until the others are asked for."""
    parts = [row.pop("part") for row in rows]
    if len(rows) <= FEW or all(parts) or st.toggle(t("judge.parts"), key=key):
        return rows
    return [row for row, part in zip(rows, parts, strict=True) if not part]


def rows_of(result: JudgeResult) -> list[dict[str, Any]]:
    """Overall first, then each criterion, tag or label."""
    base = f"/{result.judge}/{result.rubric}"
    return [
        row(task, result.judge, part_of(name, base), figure, result.rubric)
        for task, found in result.tasks.items()
        for name, figure in found.metrics.items()
    ]


def part_of(name: str, base: str) -> str:
    """What a figure's name says beside judge and rubric: a variant before them, a part after them."""
    head, _, tail = name.partition(base)
    return "/".join(one for one in (head.partition("@")[2], tail.lstrip("/")) if one)


def jury_rows(members: Sequence[Snapshot], results: Sequence[JudgeResult]) -> list[dict[str, Any]]:
    """Nothing where fewer than two different judges sat."""
    n = len({one.judge for one in results})
    if n < 2 or results[0].mode != "rating":
        return []
    found = jury_of(tuple(one.code for one in members), tuple(map(stands, members)), quorum(members[0], n))
    rows = []
    for task, figures in found.jury.items():
        for name, figure in figures.items():
            out = text.cell(name.removeprefix("without:"), 60)
            who = t("judge.without", judge=out) if name != "jury" else t("judge.jury", n=n, k=found.quorum)
            rows.append(row(task, who, "", figure))
    return rows


def quorum(member: Snapshot, judges: int) -> int:
    """Of two judges both; of more as many as are chosen, more than half until then."""
    if judges < 3:
        return 0
    label, key = t("judge.quorum"), f"judge_quorum_{member.code}"
    half = judges // 2 + 1
    return st.number_input(label, 1, judges, half, key=key, width=240, help=t("judge.quorum_help"))


def row(task: str, who: str, part: str, figure: report.Figure, rubric: str = "") -> dict[str, Any]:
    summary = Summary(figure.value, figure.low, figure.high, figure.n)
    low, high = (figure.value if end is None else end for end in (figure.low, figure.high))
    name = f"{text.cell(who, 40)}{SEPARATOR}{text.cell(task, 22)}"
    return {
        t("judge.judge"): text.cell(who, 60),
        t("live.task"): text.cell(task),
        t("judge.figure"): judge_words.part(part, rubric),
        t("live.value"): cards.percent(figure.value),
        t("live.interval"): cards.interval(summary),
        "n": f"{figure.n:,}",
        t("judge.not_judged"): f"{figure.unscored:,}",
        "part": part,
        "dot": charts.Dot(name, figure.value, low or 0.0, high or 0.0, figure.n)
        if not part and figure.value is not None
        else None,
    }


def comparison(results: Sequence[JudgeResult]) -> None:
    """Pairs: the win rate in a sentence, then what shows how far it can be believed."""
    for result in results:
        base = f"/{result.judge}/{result.rubric}"
        for task, found in result.tasks.items():
            parts = {name.partition(base)[2].lstrip("/"): one for name, one in found.metrics.items()}
            win = parts.pop("", None)
            if win is None or win.value is None:
                st.caption(t("judge.no_pairs", task=text.label(task)))
                continue
            sentence(result, task, win, parts)
            facts = [fact(name, one) for name, one in parts.items() if name not in ("wins", "ties", "losses")]
            st.dataframe(facts, hide_index=True, width="stretch", height="content")


def sentence(result: JudgeResult, task: str, win: report.Figure, parts: dict[str, report.Figure]) -> None:
    counts = {
        name: f"{round((parts[name].value or 0.0) * win.n):,}" if name in parts else "0"
        for name in ("wins", "ties", "losses")
    }
    st.markdown(
        t(
            "judge.win",
            judge=text.label(result.judge),
            task=text.label(task),
            value=cards.percent(win.value),
            interval=cards.interval(Summary(win.value, win.low, win.high, win.n)),
            pairs=f"{win.n:,}",
            **counts,
        )
    )


def fact(name: str, figure: report.Figure) -> dict[str, str]:
    is_number = name in NUMBERS
    value = "–" if figure.value is None else f"{figure.value:+.2f}"
    low, high = figure.low, figure.high
    span = "–" if low is None or high is None else f"{low:+.2f} – {high:+.2f}"
    summary = Summary(figure.value, low, high, figure.n)
    return {
        t("judge.figure"): judge_words.part(name),
        t("live.value"): value if is_number else cards.percent(figure.value),
        t("live.interval"): span if is_number else cards.interval(summary),
        "n": f"{figure.n:,}",
    }

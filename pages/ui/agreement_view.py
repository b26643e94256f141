"""What the page Agreement draws: every figure with its n and interval, published ones beside them."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from evalcore import judge, report
from evalcore.judge import Anchor
from evalcore.stats import Estimate
from pages.ui import charts, judge_charts, judge_words, links, text, told
from pages.ui.i18n import t
from pages.ui.item_filters import subject_name

FEW = 30
MEASURES = ("macro_f1", "kappa", "ac1", "same", "bias")
SHARES = ("macro_f1", "same", "bias")  # in percent; the others are numbers


def number(name: str, found: Estimate | None) -> str:
    """A figure with its interval, such as 0.61 (0.42 to 0.77)."""
    if found is None or found.value is None:
        return "–"
    sign = "+" if name == "bias" else ""
    if name in SHARES:
        value, low, high = (
            "–" if one is None else f"{100 * one:{sign}.1f}%" for one in (found.value, found.low, found.high)
        )
    else:
        value, low, high = (
            "–" if one is None else f"{round(one, 2) + 0.0:.2f}"
            for one in (found.value, found.low, found.high)
        )
    return value if found.low is None else t("agree.figure", value=value, low=low, high=high)


def row(name: dict[str, str], found: report.Matched) -> dict[str, Any]:
    note = t("agree.few") if found.is_few else ""
    measured = {t(f"agree.{one}"): number(one, getattr(found, one)) for one in MEASURES}
    return (
        name
        | {"n": f"{found.n:,}"}
        | measured
        | {t("agree.missing"): f"{found.missing:,}", t("agree.note"): note}
    )


def table(rows: Sequence[dict[str, Any]]) -> None:
    st.dataframe(list(rows), hide_index=True, width="stretch", height="content")


def judges(seen: report.Agreement) -> None:
    """All judges in one table; one of them opened: its confusion, its criteria, its specialties."""
    st.subheader(t("agree.judge_people"), anchor=False)
    for one in seen.unfit:
        st.caption(_unfit(one))
    if not seen.judges:
        st.caption(t("agree.no_judges"))
        return
    has_parts = any(one.whole is None for one in seen.judges)
    table([line for one in seen.judges for line in _lines(one, has_parts=has_parts)])
    names = {f"{one.judge}|{one.rubric}": one for one in seen.judges}
    code = links.pick(
        "judge", t("agree.which"), list(names), show=lambda key: _name(names[key]), default=next(iter(names))
    )
    opened(names[code])


def _unfit(one: report.Unfit) -> str:
    criterion = text.label(judge_words.criterion(one.criterion, one.rubric))
    values = text.label(", ".join(one.values))
    return t(
        "agree.unfit",
        criterion=criterion,
        form=text.label(one.form),
        rubric=text.label(one.rubric),
        values=values,
    )


def _name(one: report.JudgeAgainst) -> str:
    return f"{text.cell(one.judge, 50)} · {text.cell(one.rubric, 60)}"


def _lines(one: report.JudgeAgainst, *, has_parts: bool) -> list[dict[str, Any]]:
    """One line a judge, or one a criterion where their scales differ."""
    name = {t("judge.judge"): text.cell(one.judge, 50), t("judge.rubric"): text.cell(one.rubric, 60)}
    if one.whole:
        return [row(name | ({t("judge.figure"): t("agree.whole")} if has_parts else {}), one.whole)]
    return [
        row(name | {t("judge.figure"): judge_words.criterion(m.criterion, one.rubric)}, m)
        for m in one.criteria
    ]


def opened(one: report.JudgeAgainst) -> None:
    left, right = st.columns([3, 2], gap="medium")
    with left:
        matrix(one)
    right.caption(t("agree.measures"))
    if one.criteria:
        st.markdown(f"**{t('agree.by_criterion')}**")
        table(
            [
                row({t("judge.criterion"): judge_words.criterion(m.criterion, one.rubric)}, m)
                for m in one.criteria
            ]
        )
    if one.specialties:
        st.markdown(f"**{t('agree.by_specialty')}**")
        table([row({t("items.filter.subject"): subject_name(m.specialty)}, m) for m in one.specialties])
        if any(m.is_few for m in one.specialties):
            st.caption(t("agree.few_note", n=FEW))


def matrix(one: report.JudgeAgainst) -> None:
    """Of all criteria together where they share a scale, else of the first."""
    found = one.whole or one.criteria[0]
    title = (
        t("agree.confusion")
        if one.whole
        else f"{t('agree.confusion')} · {text.label(judge_words.criterion(found.criterion, one.rubric))}"
    )
    st.markdown(f"**{title}**")
    spec = judge_charts.confusion(
        found.labels,
        found.table,
        rows=t("agree.judge_says"),
        columns=t("agree.people_say"),
    )
    cells = [
        t("agree.cell", judge=one_, people=other, n=found.table[i][j])
        for i, one_ in enumerate(found.labels)
        for j, other in enumerate(found.labels)
        if found.table[i][j]
    ]
    charts.draw(spec, alt="; ".join(cells[:40]), key="agree_confusion")


def metrics(seen: report.Agreement) -> None:
    """Every metric and judge's score against the mean rating of people, as in MMedBench's figure."""
    st.subheader(t("agree.metrics"), anchor=False)
    if not seen.metrics:
        st.caption(t("agree.no_metrics"))
        return
    st.caption(t("agree.metrics_note"))
    is_shown = st.toggle(t("agree.published"), key="agree_published")
    ours = [_dot(one) for one in seen.metrics if one.tau.value is not None]
    values = [*ours, *(map(_published, _taus()) if is_shown else ())]
    values.sort(key=lambda value: -value["value"])
    if values:
        alt = "; ".join(f"{value['name']}: {value['shown']}" for value in values)
        groups = [g for g in ("judge", "metric", "published") if any(v["group"] == g for v in values)]
        charts.draw(judge_charts.correlations(values, groups), alt=alt, key="agree_tau")
    flat = [one for one in seen.metrics if one.tau.value is None]
    if flat:
        st.caption(t("agree.flat", names=", ".join(text.label(one.metric) for one in flat)))
    if any(one.tau.n < FEW for one in seen.metrics):
        st.caption(t("agree.few_note", n=FEW))


def _dot(one: report.Correlated) -> dict[str, Any]:
    tau = one.tau
    value = tau.value or 0.0
    low, high = (value if end is None else end for end in (tau.low, tau.high))
    name = text.cell(one.metric, 60) if one.is_judge else told.metric(one.metric)
    shown = f"τ = {value:.2f} · n = {tau.n:,}"
    group = "judge" if one.is_judge else "metric"
    return {
        "name": name,
        "value": value,
        "low": low,
        "high": high,
        "shown": shown,
        "group": group,
        "note": "",
    }


def _taus() -> list[Anchor]:
    return [one for one in judge.ANCHORS if one.measure == "tau_b" and one.value is not None]


def _published(one: Anchor) -> dict[str, Any]:
    value = one.value or 0.0
    name = text.cell(one.between.replace(" and five medical postgraduates", ""), 60)
    note = f"{one.source}; {one.note}"
    place = {"value": value, "low": value, "high": value}
    return place | {"name": f"◇ {name}", "shown": f"τ = {value:.2f}", "group": "published", "note": note}


def reviewers(seen: report.Agreement) -> None:
    """Every two people who rated the same answers."""
    st.subheader(t("agree.reviewers"), anchor=False)
    rows = [
        row(
            {
                t("agree.two"): f"{text.cell(pair.first, 40)} – {text.cell(pair.second, 40)}",
                t("agree.form"): text.cell(pair.form, 60),
                t("judge.criterion"): judge_words.criterion(found.criterion, pair.form),
            },
            found,
        )
        for pair in seen.reviewers
        for found in pair.matched
    ]
    if rows:
        table(rows)
        together(seen)
    else:
        st.caption(t("agree.no_reviewers"))


def together(seen: report.Agreement) -> None:
    """All reviewers at once, however many of them rated each answer."""
    st.markdown(f"**{t('agree.together')}**")
    rows = [
        {
            t("agree.form"): text.cell(one.form, 60),
            t("judge.criterion"): judge_words.criterion(one.criterion, one.form),
            t("agree.people"): f"{one.people:,}",
            "n": f"{one.alpha.n:,}",
            t("agree.alpha"): number("alpha", one.alpha),
            t("agree.scale"): t("agree.ordinal" if one.is_ordinal else "agree.nominal"),
        }
        for one in seen.together
    ]
    st.dataframe(rows, hide_index=True, width="stretch", height="content")
    st.caption(t("agree.alpha_note"))


def anchors() -> None:
    """Published figures, none of which is ours; those that were not seen in the paper itself are marked."""
    st.subheader(t("agree.anchors"), anchor=False)
    st.caption(t("agree.anchors_note"))
    widths = {t("agree.measure"): 150, t("agree.between"): 300, t("agree.note"): 330}
    config = {name: st.column_config.TextColumn(width=width) for name, width in widths.items()}
    rows = [_anchor(one) for one in judge.ANCHORS]
    st.dataframe(rows, hide_index=True, width="stretch", height="content", column_config=config)


def _anchor(one: Anchor) -> dict[str, str]:
    span = f"{one.low:g} – {one.high:g}" if one.low is not None and one.high is not None else ""
    return {
        t("agree.measure"): judge_words.measure(one.measure),
        t("agree.between"): text.cell(one.between),
        t("live.value"): span if one.value is None else f"{one.value:g}",
        "n": f"{one.n:,}" if one.n else "–",
        t("agree.note"): text.cell("; ".join(filter(None, (_secondary(one), one.note))), 300),
        t("agree.source"): text.cell(one.source),
    }


def _secondary(one: Anchor) -> str:
    return t("agree.secondary") if one.is_secondary else ""

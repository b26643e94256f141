"""The row of filters over the Items page: codes in the URL, counts in the labels."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from evalcore import report, specialties
from evalcore.store import Store
from pages.ui import links, places, text
from pages.ui.i18n import CATALOGUES, language, t

ANY = "any"
COUNT = "  ("  # stands between a name and its count
NAMES = ("run", "task", "subject", "tongue", "outcome", "state", "judged", "reviewed", "q")
_YES_NO = {"yes": True, "no": False}


def word(prefix: str, code: str) -> str:
    """The catalogue's word for a code; the code itself where it has none. Fit for lists, not for Markdown."""
    key = f"{prefix}.{code}"
    return t(key) if key in CATALOGUES[language()] else text.cell(code, 40)


def subject_name(code: str) -> str:
    if code in ("", "none"):
        return t("items.no_subject")
    names = specialties.CODES.get(code)
    return names[language() == "zh"] if names else text.cell(code, 40)


def asked(store: Store) -> report.RecordFilter:
    """The filter that the URL names. Raises UsageError for runs and tasks that are not here."""
    return report.record_filter(
        store,
        runs=links.codes("run"),
        tasks=links.codes("task"),
        subject=links.code("subject"),
        language=links.code("tongue"),
        outcome=links.code("outcome"),
        answer_state=links.code("state"),
        judged=_YES_NO.get(links.code("judged")),
        reviewed=_YES_NO.get(links.code("reviewed")),
        text=links.code("q"),
    )


def clear() -> None:
    links.put(**dict.fromkeys((*NAMES, "page", "item", "with")))


def row(store: Store, found: report.RecordFilter) -> None:
    """One control per dimension; each value shows what it would leave under the other filters."""
    counted = report.facets(store, found)
    with st.container(horizontal=True, gap="xsmall", key="items_filters", vertical_alignment="bottom"):
        links.search("q", t("items.search"), placeholder=t("items.search"))
        _pick("run", counted.runs, show=_run_names(store))
        _pick("task", counted.tasks, show=text.cell)
        _pick("subject", counted.subjects, show=subject_name)
        _pick("tongue", counted.languages, show=lambda code: word("tongue", code))
        _pick("outcome", counted.outcomes, show=lambda code: word("outcome", code))
        _pick("state", counted.answer_states, show=lambda code: word("answer", code))
        for name in ("judged", "reviewed"):
            if links.code(name) or _is_any(name):
                _pick(name, _YES_NO_FACETS, show=lambda code, name=name: t(f"items.{name}.{code}"))
        st.button(
            "",
            icon=":material/filter_alt_off:",
            help=t("items.clear"),
            key="items_clear",
            on_click=clear,
            disabled=not any(links.code(name) for name in NAMES),
        )


_YES_NO_FACETS = (report.Facet("yes", None), report.Facet("no", None))


@st.cache_data(ttl=30, show_spinner=False)
def _is_any(name: str) -> bool:
    """Whether anything was judged or reviewed at all."""
    from pages.ui.database import store

    wanted = report.RecordFilter(judged=True) if name == "judged" else report.RecordFilter(reviewed=True)
    return bool(report.records(store(), wanted, limit=1).rows)


def _run_names(store: Store) -> Callable[[str], str]:
    """Runs by model and code: the code is what a link holds, the model what a person looks for."""
    known = {run.code: run.model for run in report.runs_overview(store)}
    return lambda code: text.cell(f"{known.get(code, '')} · {code}", 60)


def _pick(name: str, facets: Sequence[report.Facet], *, show: Callable[[str], str]) -> None:
    """A select box whose first value is "all"; what the URL holds is always among the values."""
    counts = {facet.value: facet.n for facet in facets}
    current = links.code(name, default=ANY)
    values = list(dict.fromkeys([ANY, *counts, current]))
    names = {code: t(f"items.all.{name}") if code == ANY else show(code) for code in values}
    key = f"url_{name}"
    st.session_state[key] = current

    def keep() -> None:
        code = told(str(st.session_state[key]), names)
        links.put(**{name: None if code == ANY else code, "page": None})

    st.selectbox(
        t(f"items.filter.{name}"),
        values,
        format_func=lambda code: counted_name(names.get(code, code), counts.get(code, 0)),
        key=key,
        on_change=keep,
    )


def counted_name(name: str, n: int | None) -> str:
    return f"{name}{COUNT}{n:,})" if n else name


def told(value: str, names: Mapping[str, str]) -> str:
    """The code of what a browser sent: it sends labels, and one with an old count is handed on as it is."""
    if value in names:
        return value
    name = value.rsplit(COUNT, 1)[0]
    return next((code for code, known in names.items() if known == name), ANY)


def ways_to_fill() -> None:
    """The demo first: it needs nothing."""
    there = {place.code for place in places.existing()}
    with st.container(horizontal=True):
        for code in ("home", "launch"):
            if code in there:
                links.link(code, t(f"items.go.{code}"))

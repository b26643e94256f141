"""Agreement: judges against people, people among each other, metrics against people; and bringing ratings."""

import streamlit as st

from evalcore import report
from pages.ui import agreement_view, cards, links, ratings_view, text, told
from pages.ui.cards import Card
from pages.ui.database import store
from pages.ui.i18n import t


@st.cache_data(ttl=600, max_entries=16, show_spinner=False)
def found(run: str, task: str, state: tuple[int, int], runs: int) -> report.Agreement:
    """state, runs: anything new, or a run that was taken off the lists, is looked up anew."""
    return report.agreement(store(), run, task)


def filters(everything: report.Agreement) -> tuple[str, str]:
    """One row; all of it in the address."""
    titles = {row.code: told.title(row) for row in report.runs_overview(store())}
    run, task, link = st.columns([3, 3, 1], vertical_alignment="bottom")
    with run:
        code = links.pick(
            "run",
            t("live.run"),
            ["", *everything.runs],
            show=lambda one: titles.get(one, one) if one else t("items.all.run"),
        )
    with task:
        name = links.pick(
            "task",
            t("live.task"),
            ["", *everything.tasks],
            show=lambda one: text.cell(one) if one else t("items.all.task"),
        )
    with link:
        links.copy_link()
    return code, name


def figures(seen: report.Agreement) -> None:
    cards.cards(
        [
            Card(t("agree.ratings"), f"{seen.ratings:,}", t("agree.ratings_note")),
            Card(t("agree.answers"), f"{seen.answers:,}"),
            Card(t("agree.people"), f"{len(seen.people):,}", t("agree.people_note")),
            Card(t("agree.judges"), f"{len(seen.judges):,}", t("agree.judges_note")),
        ]
    )


cards.heading(t("page.agreement"), t("page.agreement.help"))
ratings_view.outcome()
state, runs = report.agreement_state(store()), len(report.runs_overview(store()))
everything = found("", "", state, runs)
if not everything.ratings:
    ratings_view.empty()
else:
    seen = found(*filters(everything), state, runs)
    figures(seen)
    agreement_view.judges(seen)
    agreement_view.metrics(seen)
    agreement_view.reviewers(seen)
    agreement_view.anchors()
    with st.expander(t("agree.import"), icon=":material/upload_file:"):
        ratings_view.bring()

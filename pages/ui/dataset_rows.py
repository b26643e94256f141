"""What becomes of the rows: good ones as they will be shown and asked, bad ones with their reasons."""

import csv
import io
from collections import Counter
from collections.abc import Mapping

import streamlit as st

from evalcore import datasets, tables
from evalcore.types import Way
from pages.ui import task_view, text
from pages.ui.i18n import CATALOGUES, language, t

MOST_ROWS = 5_000  # of a table on the screen; the download has all
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def show(
    checked: datasets.Checked, layout: datasets.Layout, found: datasets.Scan, table: tables.Table
) -> None:
    names = [t("dataset.tab.items"), t("dataset.tab.bad", n=f"{len(checked.faults):,}")]
    items, bad, persons = st.tabs([*names, t("dataset.tab.persons", n=f"{found.rows:,}")])
    with items:
        preview(checked, layout, table)
    with bad:
        faults(checked)
    with persons:
        findings(found)


def preview(checked: datasets.Checked, layout: datasets.Layout, table: tables.Table) -> None:
    """One good row as the item it becomes, and the exact prompts."""
    if not checked.entries:
        st.markdown(t("dataset.no_good"))
        return
    n = len(checked.entries)
    if not 1 <= st.session_state.get("dataset_item", 1) <= n:
        st.session_state["dataset_item"] = 1
    place, row = st.columns([1, 3], vertical_alignment="bottom")
    number = int(place.number_input(t("benchmarks.example_of", n=f"{n:,}"), 1, n, key="dataset_item"))
    row.caption(t("dataset.from_row", row=checked.rows[number - 1]))
    entry = checked.entries[number - 1]
    task_view.options(entry)
    about = datasets.About(name="", instruction=table.head.card.get("Definition", ""))
    for way in Way:
        task_view.prompt(datasets.task_of(about, layout), entry, way)


def faults(checked: datasets.Checked) -> None:
    if not checked.faults:
        st.markdown(f":material/check: {t('dataset.no_bad')}")
        return
    counts = Counter(fault.code for fault in checked.faults)
    st.caption(t("dataset.bad_kinds", n=len(counts), shown=f"{min(MOST_ROWS, len(checked.faults)):,}"))
    rows = [
        {t("dataset.row"): fault.row, t("dataset.why"): text.cell(reason(fault), 300)}
        for fault in checked.faults[:MOST_ROWS]
    ]
    table_of(rows, t("dataset.why"))
    words = CATALOGUES[language()]  # the download is made outside the session
    st.download_button(
        t("dataset.bad_download"),
        lambda: as_csv(checked.faults, words),
        file_name="rows_left_out.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key="dataset_bad_file",
    )


def table_of(rows: list[dict[str, object]], widest: str) -> None:
    widths = {
        t("dataset.row"): st.column_config.NumberColumn(width=70, format="%d"),
        widest: st.column_config.TextColumn(width=900),
    }
    height = min(360, 38 + 35 * len(rows))
    st.dataframe(rows, hide_index=True, width="stretch", height=height, column_config=widths)


def reason(fault: tables.Fault) -> str:
    return t(f"dataset.why.{fault.code}", **fault.facts)


def as_csv(faults: tuple[tables.Fault, ...], words: Mapping[str, str]) -> bytes:
    """Row, code, reason in the words of a catalogue; a cell that could act as a formula is quoted."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(("row", "code", "why"))
    for fault in faults:
        why = words[f"dataset.why.{fault.code}"].format(**fault.facts)
        writer.writerow((fault.row, fault.code, f"'{why}" if why.startswith(_FORMULA) else why))
    return out.getvalue().encode("utf-8-sig", "backslashreplace")


def findings(found: datasets.Scan) -> None:
    st.caption(t("dataset.persons_warning"))
    if not found.rows:
        st.markdown(t("dataset.persons_none"))
        return
    rows = [
        {
            t("dataset.row"): finding.row,
            t("dataset.person_kind"): t(f"dataset.person.{finding.kind}"),
            t("dataset.words"): text.cell(finding.words, 120),
        }
        for finding in found.findings
    ]
    table_of(rows, t("dataset.words"))

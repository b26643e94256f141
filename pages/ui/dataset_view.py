"""Bring your own dataset: a file, its columns, what becomes of every row, and the decision to keep it."""

import hashlib
from dataclasses import dataclass

import streamlit as st

from evalcore import datasets, tables
from evalcore.errors import DataError
from pages.ui import cards, dataset_columns, dataset_keep, dataset_rows, links, text
from pages.ui.cards import Card
from pages.ui.i18n import t

TYPES = ("csv", "tsv", "txt", "jsonl", "json", "xlsx", "parquet")
HELD = "dataset_file"


@dataclass(frozen=True)
class Upload:
    """A file that was read. mark: changes with its content or the sheet; widgets start anew with it."""

    name: str
    mark: str
    table: tables.Table


def show() -> None:
    st.button(
        t("benchmarks.all"),
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=links.put,
        kwargs={"own": None},
    )
    cards.heading(t("dataset.title"), t("dataset.subtitle"))
    upload = ask_file()
    if upload is None:
        begin()
        return
    describe(upload)
    layout = dataset_columns.ask(upload.table, upload.mark)
    if layout is None:
        return
    checked = look(upload, layout)
    found = persons(upload, layout, checked)
    figures(checked, found)
    dataset_rows.show(checked, layout, found, upload.table)
    dataset_keep.ask(upload.name, upload.table, layout, checked, found)


def ask_file() -> Upload | None:
    given = st.file_uploader(
        t("dataset.upload"),
        type=list(TYPES),
        key="dataset_upload",
        max_upload_size=tables.MOST_BYTES // 1_000_000,
        help=t("dataset.upload_help", rows=f"{tables.MOST_ROWS:,}"),
    )
    if given is None:
        st.session_state.pop(HELD, None)
        return None
    sheet = st.session_state.get("dataset_sheet", "")
    held = st.session_state.get(HELD)
    if held is not None and held[0] == (given.file_id, sheet):
        return held[1]
    try:
        with st.spinner(t("dataset.reading")):
            upload = read(given.name, given.getvalue(), sheet)
    except DataError as error:
        st.session_state.pop(HELD, None)
        st.session_state.pop("dataset_sheet", None)
        cards.problem(error)
        return None
    st.session_state[HELD] = ((given.file_id, sheet), upload)
    return upload


def read(name: str, content: bytes, sheet: str) -> Upload:
    table = tables.read(content, name=name, sheet=sheet)
    digest = hashlib.sha256(content + sheet.encode("utf-8", "surrogatepass")).hexdigest()
    return Upload(name, digest[:12], table)


def begin() -> None:
    """What a file may hold, and one to begin with."""
    with st.container(border=True):
        st.markdown(t("dataset.begin"))
        kind, button = st.columns([2, 3], vertical_alignment="bottom")
        chosen = kind.selectbox(
            t("dataset.template_kind"),
            datasets.KINDS,
            format_func=lambda one: t(f"kind.{one}"),
            key="dataset_template",
        )
        button.download_button(
            t("dataset.template"),
            datasets.template(chosen),
            file_name=f"template_{chosen}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )


def describe(upload: Upload) -> None:
    """The first rows as they were read, and what its owner should know about the file."""
    table = upload.table
    with st.container(border=True):
        st.subheader(t("dataset.file"), anchor=False)
        if len(table.head.sheets) > 1:
            st.selectbox(
                t("dataset.sheet"),
                table.head.sheets,
                index=table.head.sheets.index(table.head.sheet),
                format_func=lambda name: text.cell(name, 60),
                key="dataset_sheet",
            )
        read_rows = len(table.rows) + len(table.faults)
        st.caption(t("dataset.shape", rows=f"{read_rows:,}", columns=len(table.columns)))
        rows = [
            {"": str(row.number)}
            | {
                text.cell(name, 60): text.cell(cell, 300)
                for name, cell in zip(table.columns, row.cells, strict=True)
            }
            for row in table.rows[:5]
        ]
        st.dataframe(rows, hide_index=True, width="stretch")
        notes = [note for note in table.notes if note.code != "delimiter"]
        st.caption(" · ".join(said(note) for note in notes[:12]))


def said(note: tables.Note) -> str:
    facts = {name: text.label(str(value)) for name, value in note.facts.items()}
    return t(f"dataset.note.{note.code}", **facts)


def look(upload: Upload, layout: datasets.Layout) -> datasets.Checked:
    """Kept as long as file and layout stay what they are: every widget on the page reruns it."""
    held = st.session_state.get("dataset_checked")
    if held is None or held[0] != (upload.mark, layout):
        with st.spinner(t("dataset.checking")):
            held = ((upload.mark, layout), datasets.check(upload.table, layout))
        st.session_state["dataset_checked"] = held
        st.session_state.pop("dataset_scan", None)
    return held[1]


def persons(upload: Upload, layout: datasets.Layout, checked: datasets.Checked) -> datasets.Scan:
    if "dataset_scan" not in st.session_state:
        with st.spinner(t("dataset.scanning")):
            st.session_state["dataset_scan"] = datasets.scan(checked.entries, checked.rows)
    return st.session_state["dataset_scan"]


def figures(checked: datasets.Checked, found: datasets.Scan) -> None:
    reasons = len({fault.code for fault in checked.faults})
    cards.cards(
        [
            Card(t("dataset.good"), f"{len(checked.entries):,}", t("dataset.good_note")),
            Card(t("dataset.bad"), f"{len(checked.faults):,}", t("dataset.bad_note", n=reasons)),
            Card(t("dataset.persons"), f"{found.rows:,}", t("dataset.persons_note")),
        ]
    )

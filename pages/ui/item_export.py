"""Records of a run as files, written when somebody clicks and not before."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from evalcore.exchange import ratings, records
from evalcore.store import Store
from pages.ui import text
from pages.ui.database import store
from pages.ui.i18n import t

_FORMATS: dict[str, tuple[Callable[[Store, tuple[str, ...], Path], int], str]] = {
    "jsonl": (records.write_jsonl, "application/x-ndjson"),
    "csv": (records.write_csv, "text/csv"),
    "ratings.csv": (ratings.write, "text/csv"),
}


def menu(codes: tuple[str, ...]) -> None:
    """Each format for these runs, whole."""
    if not codes:
        return
    with st.popover(t("items.export"), icon=":material/download:"):
        st.caption(t("items.export_note", runs=text.label(", ".join(codes)), n=len(codes)))
        for kind, (_, mime) in _FORMATS.items():
            name = "_".join(codes[:3])
            st.download_button(
                t(f"items.export.{kind.partition('.')[0]}"),
                lambda kind=kind: _content(kind, codes),
                file_name=f"rounds_{name}.{kind}",
                mime=mime,
                key=f"items_export_{kind.partition('.')[0]}",
                on_click="ignore",
                width="stretch",
            )


def _content(kind: str, codes: tuple[str, ...]) -> bytes:
    write, _ = _FORMATS[kind]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"records.{kind}"
        write(store(), codes, path)
        return path.read_bytes()

"""Settings: where results are kept, who works on them, what this machine has, which versions work."""

import os
import platform
import time
from importlib.metadata import PackageNotFoundError, version

import streamlit as st

from evalcore import registry, report
from evalcore.models import machine
from evalcore.worker.alive import is_running
from evalcore.worker.process import ensure_running
from pages.ui import cards, links, text
from pages.ui.cards import Card
from pages.ui.database import store
from pages.ui.i18n import t

PACKAGES = (
    "streamlit", "sqlalchemy", "alembic", "psycopg", "torch", "transformers", "tokenizers", "safetensors",
    "accelerate", "bitsandbytes", "peft", "datasets", "openai",
)  # fmt: skip
SWITCHES = (
    "ROUNDS_HOME", "ROUNDS_DATABASE_URL", "ROUNDS_DATA_DIR", "HF_HUB_OFFLINE", "HF_HOME",
    "CUDA_VISIBLE_DEVICES",
)  # fmt: skip
SECRET = {"ROUNDS_DATABASE_URL"}  # may hold a password: only whether it is set is told
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def size(n: float) -> str:
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if n < 1000 or unit == "TB":
            return f"{n:.0f} {unit}" if unit == "B" else f"{n:.3g} {unit}"
        n /= 1000
    return ""


def living() -> list:
    return [row for row in registry.workers(store()) if row.is_alive and is_running(row)]


def overview(found: registry.Storage, working: list) -> None:
    rows = report.runs_overview(store())
    left = sum(row.planned - row.done - row.failed for row in rows if row.status in ("running", "waiting"))
    name = f"{NAMES.get(found.kind, found.kind)} {found.server}"
    state = t("settings.database_known" if not found.is_sound else "settings.database_fine")
    cards.cards(
        [
            Card(t("settings.workers"), f"{len(working)}", t("settings.workers_note")),
            Card(t("settings.queue"), f"{left:,}", t("settings.queue_note")),
            Card(t("settings.database_card"), size(found.size_bytes), f"{name} · {state}"),
            Card(t("settings.disk"), size(found.free_bytes), t("settings.disk_note")),
        ]
    )


def storage(found: registry.Storage) -> None:
    with st.container(border=True):
        st.subheader(t("settings.storage"), anchor=False)
        st.caption(t("settings.place"))
        st.code(text.visible(found.place), language=None, wrap_lines=True)
        st.caption(t("settings.schema", version=found.schema))
        if not found.is_sound:
            st.badge(t("settings.sqlite_old"), icon=":material/info:", color="orange")
            st.markdown(t("settings.sqlite_advice", version=found.server))


def health(working: list) -> None:
    with st.container(border=True):
        st.subheader(t("settings.health"), anchor=False)
        for row in working:
            worker(row)
        if not working:
            st.badge(t("settings.no_worker"), icon=":material/warning:", color="orange")
            st.markdown(t("settings.no_worker_note"))
            st.button(
                t("settings.start_worker"),
                type="primary",
                icon=":material/play_arrow:",
                on_click=start_worker,
            )
        st.caption(t("settings.log"))
        st.code(text.visible(str(registry.worker_log())), language=None, wrap_lines=True)


def start_worker() -> None:
    ensure_running(store())
    for _ in range(40):  # it signs in within about two seconds
        if living():
            return
        time.sleep(0.1)


def worker(row) -> None:  # noqa: ANN001
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(t("settings.alive"), icon=":material/check:", color="green")
        st.markdown(t("settings.worker", id=row.id, host=text.label(row.host), pid=row.pid), width="content")
    st.caption(t("settings.doing", what=text.label(row.doing)) if row.doing else t("settings.idle"))
    seconds = max(0.0, time.time() - row.heartbeat)
    gpu = t("settings.gpu_yes" if row.capabilities.get("gpu") else "settings.gpu_no")
    st.caption(f"{t('settings.heartbeat', ago=cards.duration(seconds))} · {gpu}")


def folders() -> None:
    with st.container(border=True):
        st.subheader(t("settings.data"), anchor=False)
        found = registry.data_folders()
        if not found:
            st.markdown(t("settings.data_none"))
        for folder in found:
            icon, colour, word = (
                (":material/check:", "green", "settings.folder_there")
                if folder.is_there
                else (":material/error:", "red", "settings.folder_gone")
            )
            st.badge(t(word), icon=icon, color=colour)  # type: ignore[arg-type]
            text.plain(str(folder.folder), mono=True)
            shown = ", ".join(text.label(name) for name in folder.datasets)
            st.caption(t("settings.datasets", names=shown) if shown else t("settings.datasets_none"))
        links.link("benchmarks", t("settings.to_benchmarks"))


def environment() -> None:
    with st.container(border=True):
        st.subheader(t("settings.environment"), anchor=False)
        rows = [{t("settings.switch"): name, t("settings.value"): switch(name)} for name in SWITCHES]
        st.dataframe(rows, hide_index=True, width="stretch")


def switch(name: str) -> str:
    found = os.environ.get(name, "")
    if not found:
        return t("settings.unset")
    return t("settings.set") if name in SECRET else text.cell(found)


def installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return t("settings.absent")


def versions() -> None:
    with st.container(border=True):
        st.subheader(t("settings.versions"), anchor=False)
        found = {"Python": platform.python_version()} | {package: installed(package) for package in PACKAGES}
        rows = [{t("settings.part"): name, t("settings.version"): value} for name, value in found.items()]
        st.dataframe(rows, hide_index=True, width="stretch")
        gpus = ", ".join(size(memory) for memory in machine.gpu_memory()) or t("settings.gpu_none")
        st.caption(t("settings.machine", memory=size(machine.main_memory()), gpu=gpus))


cards.heading(t("page.settings"), t("settings.subtitle"))
kept, working = registry.storage(store()), living()
overview(kept, working)
left, right = st.columns(2)
with left:
    health(working)
    storage(kept)
    with st.container(border=True):
        st.subheader(t("settings.endpoints"), anchor=False)
        st.caption(t("settings.endpoints_note"))
        links.link("models", t("settings.to_endpoints"), view="endpoints")
with right:
    folders()
    environment()
    versions()

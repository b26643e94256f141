"""The directions of the house: imports only go down. A breach is named with its line.

The rules are tried on small made-up houses first, so that each of them is seen to fail.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {
    "types": 0, "errors": 0, "stats": 0,  # numbers in, numbers out: it looks at nothing of ours
    "data": 1, "prompts": 1, "answers": 1, "metrics": 1, "store": 1, "specialties": 1,
    "reference": 1, "terms": 1,
    "benchmarks": 2, "models": 2, "judge": 2, "tables": 2,
    "runs": 3, "registry": 3, "worker": 3, "reviews": 3, "report": 3, "exchange": 3, "datasets": 3,
    "demo": 3,  # builds what is bundled; its files are read as data, its code is imported by nothing below
    "__main__": 4, "cli": 4, "streamlit_app": 4, "pages": 4,
}  # fmt: skip
SAME_FLOOR = {
    ("judge", "models"),
    ("worker", "runs"),
    ("report", "reviews"),
    ("registry", "runs"),
    ("__main__", "cli"),
}
BLIND = ("models", "answers")  # never see the truth
TRUTH = {"Key", "Entry", "LoadedTask"}
NOUNS = {f"evalcore.types.{file.stem}" for file in (ROOT / "evalcore/types").glob("*.py")}
PURE = ("metrics", "stats", "types", "errors")
WORLD = {
    "os", "pathlib", "io", "shutil", "tempfile", "subprocess", "time", "datetime", "socket", "ssl", "http",
    "urllib", "requests", "httpx", "httpx2", "aiohttp", "asyncio", "importlib.resources", "sqlite3",
}  # fmt: skip
HEAVY = {"torch", "transformers", "datasets", "openai"}
NOT_FOR_PAGES = HEAVY | {"sqlalchemy", "alembic", "sqlite3", "psycopg", "httpx", "requests", "scipy"}


@dataclass(frozen=True)
class Import:
    """One imported module or name: `from evalcore import stats` is evalcore.stats."""

    file: str
    line: int
    room: str
    target: str

    @property
    def to_room(self) -> str:
        parts = self.target.split(".")
        if parts[0] == "evalcore":
            return parts[1] if len(parts) > 1 else ""
        return parts[0] if parts[0] in ("pages", "streamlit_app") else ""

    def within(self, modules: set[str]) -> bool:
        return any(self.target == module or self.target.startswith(f"{module}.") for module in modules)


def sources(root: Path) -> Iterator[tuple[Path, str]]:
    """Every Python file of ours with its room."""
    for file in sorted([*root.glob("*.py"), *root.glob("pages/**/*.py"), *root.glob("evalcore/**/*.py")]):
        parts = file.relative_to(root).with_suffix("").parts
        yield file, parts[0] if parts[0] != "evalcore" else parts[1]


def imports(root: Path) -> Iterator[Import]:
    for file, room in sources(root):
        if room == "__init__":
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            for target in targets(node, file.relative_to(root)):
                yield Import(str(file.relative_to(root)), node.lineno, room, target)


def targets(node: ast.AST, file: Path) -> list[str]:
    if isinstance(node, ast.Import):
        return [name.name for name in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    package = file.parent.parts[: len(file.parent.parts) - node.level + 1] if node.level else ()
    module = ".".join([*package, *([node.module] if node.module else [])])
    return [f"{module}.{name.name}" for name in node.names]


def broken_directions(root: Path) -> list[str]:
    return [
        f"{found.file}:{found.line} imports {found.target}: {why}"
        for found in imports(root)
        if (why := broken_direction(found))
    ]


def broken_direction(found: Import) -> str:
    room, other = found.room, found.to_room
    if room not in FLOORS:
        return f"the room {room!r} has no floor; draw it in this test and in the design"
    if not other or other == room:
        return ""
    if other not in FLOORS:
        return f"the room {other!r} has no floor; draw it in this test and in the design"
    if FLOORS[other] > FLOORS[room]:
        return f"floor {FLOORS[room]} may not look up to floor {FLOORS[other]}"
    if FLOORS[other] == FLOORS[room] and (room, other) not in SAME_FLOOR:
        return f"both are on floor {FLOORS[room]}, and {room} -> {other} is not one of the exceptions"
    return ""


def broken_promises(root: Path) -> list[str]:
    return [
        f"{found.file}:{found.line} imports {found.target}: {why}"
        for found in imports(root)
        for why in promises(found)
        if why
    ]


def promises(found: Import) -> Iterator[str]:
    """Rules that are not floors."""
    is_page = found.room in ("pages", "streamlit_app")
    if found.room in BLIND and found.target in {f"evalcore.types.{name}" for name in TRUTH}:
        yield "backends and readers never see the true answer"
    if found.room != "types" and found.within(NOUNS):
        yield "the nouns have one door: from evalcore.types import ..."
    if found.room in PURE and found.within(WORLD):
        yield "this room knows no files, clock or network"
    if not is_page and found.within({"streamlit"}):
        yield "the engine never imports streamlit"
    if found.room not in ("store", "pages", "streamlit_app") and found.within({"sqlalchemy", "alembic"}):
        yield "only the store speaks SQL"
    if is_page and found.within(NOT_FOR_PAGES):
        yield "pages ask evalcore; no SQL, no HTTP, no formulas, no model library"
    if found.file.startswith("pages/ui/") and is_screen(found.target):
        yield "what screens share knows no screen"


def is_screen(target: str) -> bool:
    parts = target.split(".")
    return parts[0] == "pages" and len(parts) > 1 and parts[1] != "ui"


def truths_by_attribute(root: Path) -> list[str]:
    """`types.Key` after `from evalcore import types` is the same breach."""
    return [
        f"{file.relative_to(root)}:{node.lineno} reads types.{node.attr}: backends and readers never see it"
        for file, room in sources(root)
        if room in BLIND
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in TRUTH
        if isinstance(node.value, ast.Name) and node.value.id == "types"
    ]


def raw_html(root: Path) -> list[str]:
    """Calls that put HTML on a screen outside the shared pieces, or with sanitising off."""
    return [
        f"{file.relative_to(root)}:{node.lineno} draws HTML: go through pages/ui/text.py"
        for file, room in sources(root)
        if room in ("pages", "streamlit_app")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and is_raw(node, is_shared="ui" in file.relative_to(root).parts)
    ]


def is_raw(call: ast.Call, *, is_shared: bool) -> bool:
    named = {word.arg for word in call.keywords}
    is_html = isinstance(call.func, ast.Attribute) and call.func.attr in ("html", "iframe")
    return bool(named & {"unsafe_allow_html", "unsafe_allow_javascript"}) or (is_html and not is_shared)


def opened_files(root: Path) -> list[str]:
    return [
        f"{file.relative_to(root)}:{node.lineno} opens a file: this room knows no files"
        for file, room in sources(root)
        if room in PURE
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open"
    ]


def test_imports_only_go_down():
    assert broken_directions(ROOT) == []


def test_the_other_promises_of_the_design_hold():
    assert broken_promises(ROOT) + truths_by_attribute(ROOT) + opened_files(ROOT) == []


def test_untrusted_text_has_one_door():
    assert raw_html(ROOT) == []


def test_the_walk_sees_the_house():
    rooms = {room for _, room in sources(ROOT)}
    assert {"types", "errors", "pages", "streamlit_app"} <= rooms


@pytest.fixture
def house(tmp_path):
    """Writes one file of a made-up house and returns its root."""

    def build(name: str, code: str) -> Path:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(code)
        return tmp_path

    return build


@pytest.mark.parametrize(
    ("name", "code", "line"),
    [
        (
            "evalcore/metrics.py",
            "\nfrom evalcore import store",
            "evalcore/metrics.py:2 imports evalcore.store: both",
        ),
        ("evalcore/data.py", "import evalcore.runs", "evalcore/data.py:1 imports evalcore.runs: floor 1"),
        (
            "evalcore/store/a.py",
            "from ..report import x",
            "evalcore/store/a.py:1 imports evalcore.report.x: floor 1",
        ),
        ("evalcore/runs.py", "def f():\n from evalcore.worker import x", "evalcore/runs.py:2 imports"),
        ("evalcore/tools.py", "import os", "evalcore/tools.py:1 imports os: the room 'tools' has no floor"),
        ("evalcore/report.py", "import pages.home", "evalcore/report.py:1 imports pages.home: floor 3"),
    ],
)
def test_a_broken_direction_is_named_with_its_line(house, name, code, line):
    assert [found.startswith(line) for found in broken_directions(house(name, code))] == [True]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("evalcore/judge.py", "from evalcore.models import load"),
        ("evalcore/worker.py", "from evalcore import runs, store, types"),
        ("evalcore/report.py", "import evalcore.reviews"),
        ("evalcore/store/b.py", "from evalcore.store import schema\nfrom .schema import x\nimport json"),
        ("pages/home.py", "from evalcore import report\nfrom pages.ui import text"),
        ("evalcore/__init__.py", "import os"),
    ],
)
def test_what_is_allowed_is_not_reported(house, name, code):
    root = house(name, code)
    assert broken_directions(root) + broken_promises(root) == []


@pytest.mark.parametrize(
    ("name", "code", "why"),
    [
        ("evalcore/models/a.py", "from evalcore.types import Item, Key", "never see the true answer"),
        ("evalcore/answers.py", "from evalcore.types import Entry", "never see the true answer"),
        ("evalcore/models/b.py", "from evalcore.types.key import Key", "one door"),
        ("evalcore/store/c.py", "from evalcore.types import key", "one door"),
        ("evalcore/stats.py", "import time", "no files, clock or network"),
        ("evalcore/metrics/a.py", "from pathlib import Path", "no files, clock or network"),
        ("evalcore/report.py", "import streamlit as st", "never imports streamlit"),
        ("evalcore/runs.py", "from sqlalchemy import text", "only the store speaks SQL"),
        ("pages/home.py", "import torch.nn", "no model library"),
        ("pages/ui/text.py", "from pages import home", "knows no screen"),
    ],
)
def test_a_broken_promise_is_named(house, name, code, why):
    (found,) = broken_promises(house(name, code))
    assert found.startswith(f"{name}:1 ") and why in found


def test_a_key_read_through_its_module_is_found(house):
    root = house("evalcore/models/a.py", "from evalcore import types\nx: types.Key\ny: types.Item")
    assert [found.split()[0] for found in truths_by_attribute(root)] == ["evalcore/models/a.py:2"]


def test_raw_html_and_opened_files_are_found(house):
    house("pages/home.py", "import streamlit as st\nst.html('x')\nst.markdown('x', unsafe_allow_html=True)")
    root = house("evalcore/stats.py", "open('x')")
    assert [found.split()[0] for found in raw_html(root)] == ["pages/home.py:2", "pages/home.py:3"]
    assert [found.split()[0] for found in opened_files(root)] == ["evalcore/stats.py:1"]

"""The published libraries, read once: each workbook takes seconds."""

import pytest

from evalcore.terms import Library, load

NAMES = ("疾病诊断术语", "医疗操作术语", "手术操作术语")


@pytest.fixture(scope="session")
def published(data_dir) -> dict[str, Library]:
    return {name: load(data_dir / f"upstream/term_libraries/{name}.xlsx") for name in NAMES}

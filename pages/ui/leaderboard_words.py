"""What the leaderboard's codes are called on screen. Plain words: for lists, and for HTML once escaped."""

from collections import Counter
from collections.abc import Sequence
from functools import cache

from evalcore import benchmarks, reference
from evalcore.report.leaderboard import Block, Column, PublishedRow, Row
from evalcore.types import Task
from pages.ui import judge_words, text, told
from pages.ui.i18n import CATALOGUES, language, t

SOURCES = {"hub dataset": "dataset", "hub card": "card", "computed for this project": "own"}


def named(key: str, otherwise: str) -> str:
    return t(key) if key in CATALOGUES[language()] else otherwise


def board(code: str) -> str:
    """The four systems by name; any other board by its benchmark's."""
    for one in benchmarks.benchmarks():
        if one.id == code and f"board.{code}" not in CATALOGUES[language()]:
            return told.benchmark_title(one)
    return named(f"board.{code}", text.cell(code, 40))


def section(board_code: str, code: str) -> str:
    return named(f"board.{board_code}.{code}", named(f"board.section.{code}", text.cell(code, 40)))


@cache
def _tasks() -> dict[str, Task]:
    """Looked up once: a table asks for every column several times."""
    return benchmarks.tasks()


def title(column: Column) -> str:
    task = _tasks().get(column.task) if column.version else None
    return text.cell(told.task_title(task) if task else column.title, 60)


def column(one: Column) -> str:
    """Title, metric, and the version where it is not the newest."""
    older = f" ({t('board.older', version=one.version)})" if one.is_old else ""
    return f"{title(one)} · {one.metric}{older}"


def names(columns: Sequence[Column]) -> dict[str, str]:
    """A name for every column, by key, none twice: a list sends what it shows. Metrics where they differ."""
    usual = next((one.metric for one in columns), "")
    short = {
        one.key: title(one) if one.metric == usual and not one.is_old else column(one) for one in columns
    }
    counted = Counter(short.values())
    return {
        one.key: f"{short[one.key]} ({text.cell(one.task, 40)})"
        if counted[short[one.key]] > 1
        else short[one.key]
        for one in columns
    }


def block(one: Block) -> str:
    """How the rows below it were got: "written reply · read as strict_template · 5-shot"."""
    said = [t(f"way.{one.way}")]
    if one.variant:
        said.append(t("board.variant", variant=text.cell(_variant(one.variant), 60)))
    elif one.way == "generate":
        said.append(t("board.our_reader"))
    return " · ".join([*said, *(text.cell(detail, 60) for detail in one.details)])


def _variant(name: str) -> str:
    """Of JUDGE/RUBRIC/CRITERION the last in the screen's words."""
    before, slash, last = name.rpartition("/")
    return f"{before}{slash}{judge_words.criterion(last, before.rpartition('/')[2])}"


def source(name: str) -> str:
    """Where a published figure stands: names as they are, the words around them in the screen's language."""
    for start in SOURCES:
        if name.startswith(start):
            return t(f"board.source.{SOURCES[start]}") + name.removeprefix(start)
    return name


def model(row: Row) -> str:
    """Model, precision and revision in one line."""
    parts = (row.model, row.precision, row.revision)
    return text.cell(" · ".join(part for part in parts if part), 80)


def model_class(code: str) -> str:
    return named(f"board.class.{code}", code)


def setting(row: PublishedRow) -> str:
    """How a published figure was got, as far as its source says."""
    said = [named(f"board.setting.{row.setting}", row.setting) if row.setting else t("board.setting_unknown")]
    if row.in_domain == "yes":
        said.append(t("board.in_domain"))
    return " · ".join(said)


def figure(value: float | None, metric: str) -> str:
    """A share in percent, other metrics (turns, ratings, tau) as they are; of one width, to sort as text."""
    if value is None:
        return "–"
    return f"{value:6.2f}" if metric in reference.NUMBERS else f"{100 * value:5.1f}"


def metric(name: str) -> str:
    return told.metric(name)


def tuning(row: PublishedRow) -> str:
    return t(f"board.tuning.{row.tuning}")

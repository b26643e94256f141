"""Published rows: one for each model of a source in one setting."""

from collections.abc import Iterable

from evalcore.reference import Published
from evalcore.report.leaderboard.table import PublishedRow


def published_rows(printed: Iterable[Published]) -> tuple[PublishedRow, ...]:
    """In the order of the collected tables."""
    rows: dict[tuple[str, str, str, str], list[Published]] = {}
    for one in printed:
        rows.setdefault((one.source, one.model, one.setting, one.tuning), []).append(one)
    return tuple(_row(figures) for figures in rows.values())


def _row(figures: list[Published]) -> PublishedRow:
    first = figures[0]
    return PublishedRow(
        *(first.source, first.model, first.setting, first.tuning, first.in_domain, first.model_class),
        cells={f"{one.task}:{one.metric}": one for one in figures if not one.is_average},
        averages={one.metric: one for one in figures if one.is_average},
    )

"""What screens, commands and exports look up: small frozen tables. Knows no SQL and draws nothing."""

from evalcore.report.live import Snapshot, TaskProgress, live
from evalcore.report.records import (
    Facet,
    Facets,
    Neighbours,
    RecordPage,
    facets,
    neighbours,
    record,
    record_at,
    record_filter,
    records,
    same_item,
)
from evalcore.report.runs import (
    Figure,
    Headline,
    RunResult,
    RunRow,
    RunStatus,
    TaskResult,
    TaskStatus,
    run_result,
    run_status,
    runs_overview,
)
from evalcore.store.listed import RecordPlace, RecordRow
from evalcore.store.listing import Count, RecordFilter
from evalcore.store.overview import Recent
from evalcore.store.record import JudgementRow, Problem, Record, ReviewRow, ScoreRow, Sibling

__all__ = [
    "Count",
    "Facet",
    "Facets",
    "Figure",
    "Headline",
    "JudgementRow",
    "Neighbours",
    "Problem",
    "Recent",
    "Record",
    "RecordFilter",
    "RecordPage",
    "RecordPlace",
    "RecordRow",
    "ReviewRow",
    "RunResult",
    "RunRow",
    "RunStatus",
    "ScoreRow",
    "Sibling",
    "Snapshot",
    "TaskProgress",
    "TaskResult",
    "TaskStatus",
    "facets",
    "live",
    "neighbours",
    "record",
    "record_at",
    "record_filter",
    "records",
    "run_result",
    "run_status",
    "runs_overview",
    "same_item",
]

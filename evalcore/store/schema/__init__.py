"""The tables. Results are append-only; `records` and `record_counts` are derived from them and can be
rebuilt.

Integer ids are for joins inside the database; what travels outside are shas, task ids and run codes.
Times are seconds since 1970 (UTC). JSON is kept as text: no query looks into it.
"""

from evalcore.store.schema.asked import (
    endpoints,
    items,
    keys,
    members,
    models,
    prompt_parts,
    prompts,
    registered_models,
    task_versions,
)
from evalcore.store.schema.columns import metadata
from evalcore.store.schema.derived import figures, record_counts, records, settings
from evalcore.store.schema.planned import WorkState, attempts, jobs, run_tasks, runs, work, workers
from evalcore.store.schema.results import answers, judgements, responses, reviews, scores, subjects

__all__ = [
    "WorkState",
    "answers",
    "attempts",
    "endpoints",
    "figures",
    "items",
    "jobs",
    "judgements",
    "keys",
    "members",
    "metadata",
    "models",
    "prompt_parts",
    "prompts",
    "record_counts",
    "records",
    "registered_models",
    "responses",
    "reviews",
    "run_tasks",
    "runs",
    "scores",
    "settings",
    "subjects",
    "task_versions",
    "work",
    "workers",
]

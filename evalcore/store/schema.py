"""The tables. Results are append-only; `records` and `record_counts` are derived from them and can be
rebuilt.

Integer ids are for joins inside the database; what travels outside are shas, task ids and run codes.
Times are seconds since 1970 (UTC). JSON is kept as text: no query looks into it.
"""

import json
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect

from evalcore.store.clean import clean, clean_deep

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class CleanText(TypeDecorator[str]):
    """Text that both databases can hold: NUL and lone surrogates become visible escapes."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else clean(value)


class Json(TypeDecorator[Any]):
    """JSON as text; refuses NaN and infinity, which no database keeps faithfully."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return json.dumps(clean_deep(value), ensure_ascii=False, allow_nan=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


Id = BigInteger().with_variant(Integer, "sqlite")
Sha = String(32)
Name = CleanText


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def _ref(name: str, target: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, Id, ForeignKey(target), nullable=nullable)


# --- what is asked ----------------------------------------------------------------------------------------

items = Table(
    "items",
    metadata,
    _id(),
    Column("sha", Sha, nullable=False, unique=True),
    Column("question", CleanText, nullable=False),
    Column("options", Json, nullable=False),  # [[label, text], ...] in order
    Column("context", CleanText, nullable=False, server_default=""),
    Column("language", String(16), nullable=False),
    Column("media", Json, nullable=False),
)

keys = Table(
    "keys",
    metadata,
    Column("item_sha", Sha, primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("acceptable", Json, nullable=False),
    Column("rationale", CleanText, nullable=False, server_default=""),
    Column("source", CleanText, nullable=False, server_default=""),
    Column("created_at", Double, nullable=False),
)

task_versions = Table(
    "task_versions",
    metadata,
    _id(),
    Column("task_id", String(200), nullable=False),
    Column("version", String(32), nullable=False),
    Column("benchmark", String(64), nullable=False),
    Column("definition", Json, nullable=False),  # the Task as declared
    Column("origin", String(16), nullable=False),  # bundled, local, hub
    Column("template_version", Integer, nullable=False),
    Column("item_count", Integer, nullable=False),
    Column("created_at", Double, nullable=False),
    UniqueConstraint("task_id", "version"),
)

members = Table(
    "members",
    metadata,
    Column("task_version_id", Id, ForeignKey("task_versions.id"), primary_key=True),
    Column("pool", Boolean, primary_key=True),  # true: a few-shot example, never asked
    Column("position", Integer, primary_key=True),
    Column("item_name", CleanText, nullable=False),  # the item's id within its task
    Column("item_id", Id, ForeignKey("items.id"), nullable=False),
    Column("group_name", CleanText, nullable=False, server_default=""),
    Column("parallel", CleanText, nullable=False, server_default=""),
    Column("key_name", String(64), nullable=False),
    Column("key_version", Integer, nullable=False),
    Column("subject", String(64), nullable=False, server_default=""),
    Column("meta", Json, nullable=False),
    Index("ix_members_item", "item_id"),
    Index("ix_members_group", "task_version_id", "group_name"),
)

prompt_parts = Table(
    "prompt_parts",
    metadata,
    Column("sha", Sha, primary_key=True),
    Column("text", CleanText, nullable=False),
)

prompts = Table(
    "prompts",
    metadata,
    Column("key", Sha, primary_key=True),
    Column("parts", Json, nullable=False),  # [[role, sha], ...]
    Column("template", String(64), nullable=False),
    Column("template_version", Integer, nullable=False),
    Column("fewshot", Json, nullable=False),
    Column("option_order", Json, nullable=False),
    Column("targets", Json, nullable=False),
)

# --- who is asked -----------------------------------------------------------------------------------------

models = Table(
    "models",
    metadata,
    _id(),
    Column("sha", Sha, nullable=False, unique=True),
    Column("name", CleanText, nullable=False),
    Column("revision", CleanText, nullable=False),
    Column("precision", String(16), nullable=False),
    Column("base", CleanText, nullable=False),
    Column("facts", Json, nullable=False),  # parameters, architecture, type, tuning, check results
    Column("created_at", Double, nullable=False),
)

registered_models = Table(
    "registered_models",
    metadata,
    Column("name", CleanText, primary_key=True),  # as in cli.md: hf:FOLDER, api:ENDPOINT/MODEL
    Column("precision", String(16), primary_key=True),
    Column("facts", Json, nullable=False),
    Column("created_at", Double, nullable=False),
)

endpoints = Table(
    "endpoints",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("base_urls", Json, nullable=False),
    Column("key_env", String(128), nullable=False, server_default=""),
    Column("rpm", Integer),
    Column("tpm", Integer),
    Column("in_flight", Integer, nullable=False),
    Column("price_in", Double),
    Column("price_out", Double),
    Column("is_local", Boolean, nullable=False),
    Column("created_at", Double, nullable=False),
)

# --- what is to be done -----------------------------------------------------------------------------------

runs = Table(
    "runs",
    metadata,
    _id(),
    Column("code", String(32), nullable=False, unique=True),
    Column("identity", Sha, nullable=False),
    Column("repeat", Integer, nullable=False),
    Column("kind", String(16), nullable=False),  # ask, judge
    Column("name", CleanText, nullable=False),
    Column("spec", Json, nullable=False),
    _ref("model_id", "models.id"),
    Column("lane", String(200), nullable=False),  # local, or api:ENDPOINT: what runs side by side in a worker
    Column("key_env", String(128), nullable=False, server_default=""),
    Column("wanted", String(16), nullable=False),  # run, pause, cancel: what a person asked for, not what is
    Column("pause_reason", CleanText, nullable=False, server_default=""),
    Column("origin", Json, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("deleted_at", Double),
    UniqueConstraint("identity", "repeat"),
)

run_tasks = Table(
    "run_tasks",
    metadata,
    Column("run_id", Id, ForeignKey("runs.id"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    _ref("task_version_id", "task_versions.id"),
    Column("way", String(16), nullable=False),  # rank or generate, settled when the run was planned
    Column("planned", Integer, nullable=False),  # items of the run's order that are wanted so far
    UniqueConstraint("run_id", "task_version_id"),
)


class WorkState:
    """A work item's way: waiting -> leased -> answered (stored) -> done (read and scored), or failed."""

    WAITING = 0
    LEASED = 1
    ANSWERED = 2
    DONE = 3
    FAILED = 4
    CANCELLED = 5


work = Table(
    "work",
    metadata,
    _id(),
    _ref("run_id", "runs.id"),
    _ref("task_version_id", "task_versions.id"),
    Column("ordinal", BigInteger, nullable=False),  # the run's order: task, then item, then sample
    Column("position", Integer, nullable=False),
    Column("sample", Integer, nullable=False, server_default="0"),
    Column("option_order", Integer, nullable=False, server_default="0"),
    Column("turn", Integer, nullable=False, server_default="0"),
    Column("subject_id", Id, ForeignKey("subjects.id")),  # a judge's cell
    Column("criterion", String(64), nullable=False, server_default=""),
    Column("repeat", Integer, nullable=False, server_default="0"),
    Column("state", SmallInteger, nullable=False, server_default="0"),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("tries_left", Integer, nullable=False),
    Column("not_before", Double, nullable=False, server_default="0"),
    Column("owner", Id),
    Column("lease_until", Double),
    Column("error_kind", String(32), nullable=False, server_default=""),
    Column("error", CleanText, nullable=False, server_default=""),
    UniqueConstraint(
        "run_id", "ordinal", "option_order", "turn", "criterion", "repeat", name="uq_work_place"
    ),
    Index(
        "ix_work_waiting",
        "run_id",
        "ordinal",
        sqlite_where=text("state = 0"),
        postgresql_where=text("state = 0"),
    ),
    Index(
        "ix_work_leased", "lease_until", sqlite_where=text("state = 1"), postgresql_where=text("state = 1")
    ),
    Index("ix_work_answered", "run_id", sqlite_where=text("state = 2"), postgresql_where=text("state = 2")),
    Index(
        "ix_work_failed",
        "run_id",
        "error_kind",
        sqlite_where=text("state = 4"),
        postgresql_where=text("state = 4"),
    ),
)

attempts = Table(
    "attempts",
    metadata,
    Column("work_id", Id, ForeignKey("work.id"), primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("worker_id", Id, nullable=False),
    Column("started_at", Double, nullable=False),
    Column("finished_at", Double),
    Column("outcome", String(32)),  # ok, or the failure's kind; null: never came back
)

workers = Table(
    "workers",
    metadata,
    _id(),
    Column("host", String(128), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("process_started", Double, nullable=False),
    Column("capabilities", Json, nullable=False),
    Column("started_at", Double, nullable=False),
    Column("heartbeat", Double, nullable=False),
    Column("stopped_at", Double),
    Column("doing", CleanText, nullable=False, server_default=""),
)

jobs = Table(
    "jobs",
    metadata,
    _id(),
    Column("kind", String(64), nullable=False),
    Column("arguments", Json, nullable=False),
    Column("state", SmallInteger, nullable=False, server_default="0"),
    Column("wanted", String(16), nullable=False, server_default="run"),
    Column("done", BigInteger, nullable=False, server_default="0"),
    Column("total", BigInteger),
    Column("message", CleanText, nullable=False, server_default=""),
    Column("result", Json),
    Column("owner", Id),
    Column("lease_until", Double),
    Column("created_at", Double, nullable=False),
    Column("finished_at", Double),
)

# --- what came back ---------------------------------------------------------------------------------------

responses = Table(
    "responses",
    metadata,
    _id(),
    Column("work_id", Id, ForeignKey("work.id"), nullable=False, unique=True),
    _ref("run_id", "runs.id"),
    Column("prompt_key", Sha, nullable=False),
    Column("ask_key", Sha, nullable=False, index=True),
    Column("text", CleanText, nullable=False),
    Column("messages", Json),
    Column("option_logprobs", Json),
    Column("greedy", Json),
    Column("finish", String(16), nullable=False),
    Column("tokens_in", Integer, nullable=False),
    Column("tokens_out", Integer, nullable=False),
    Column("seconds", Double, nullable=False),
    Column("cost_usd", Double),
    Column("dropped_shots", Integer, nullable=False, server_default="0"),
    Column("notes", Json),
    Column("reused_from", Id),
    Column("created_at", Double, nullable=False),
    Index("ix_responses_run", "run_id", "id"),
)

answers = Table(
    "answers",
    metadata,
    Column("response_id", Id, ForeignKey("responses.id"), primary_key=True),
    Column("reader", String(32), primary_key=True),
    Column("reader_version", Integer, primary_key=True),
    Column("value", Json, nullable=False),
    Column("state", String(16), nullable=False),
    Column("rule", String(64), nullable=False),
    Column("span_start", Integer),
    Column("span_end", Integer),
)

scores = Table(
    "scores",
    metadata,
    Column("response_id", Id, ForeignKey("responses.id"), primary_key=True),
    Column("metric", String(128), primary_key=True),  # with @variant and /judge/rubric
    Column("scorer_version", Integer, primary_key=True),
    Column("key_name", String(64), primary_key=True),
    Column("key_version", Integer, primary_key=True),
    Column("judgement_id", Id, nullable=False, server_default="0", primary_key=True),
    Column("value", Double),
    Column("why", CleanText, nullable=False, server_default=""),
    Column("parts", Json),
)

subjects = Table(
    "subjects",
    metadata,
    _id(),
    Column("sha", Sha, nullable=False, unique=True),
    _ref("item_id", "items.id"),
    Column("response_ids", Json, nullable=False),  # in the stored order; empty: the item itself
    Index("ix_subjects_item", "item_id"),
)

judgements = Table(
    "judgements",
    metadata,
    _id(),
    _ref("subject_id", "subjects.id"),
    _ref("response_id", "responses.id"),  # its raw text
    Column("judge", CleanText, nullable=False),
    Column("rubric", String(64), nullable=False),
    Column("rubric_version", Integer, nullable=False),
    Column("criterion", String(64), nullable=False),
    Column("order", Integer, nullable=False),
    Column("repeat", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("verdict", Json),
    Column("created_at", Double, nullable=False),
    UniqueConstraint(
        "subject_id",
        "judge",
        "rubric",
        "rubric_version",
        "criterion",
        "order",
        "repeat",
        name="uq_judgements_cell",
    ),
)

reviews = Table(
    "reviews",
    metadata,
    _id(),
    _ref("subject_id", "subjects.id"),
    Column("reviewer", CleanText, nullable=False),
    Column("form", String(64), nullable=False),
    Column("form_version", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("verdict", Json, nullable=False),
    Column("note", CleanText, nullable=False, server_default=""),
    Column("seconds", Double),
    Column("hidden", Json),
    Column("created_at", Double, nullable=False),
    UniqueConstraint(
        "subject_id", "reviewer", "form", "form_version", "revision", name="uq_reviews_revision"
    ),
)

# --- derived: what screens page through and count ---------------------------------------------------------

records = Table(
    "records",
    metadata,
    Column("work_id", Id, ForeignKey("work.id"), primary_key=True),
    _ref("run_id", "runs.id"),
    _ref("task_version_id", "task_versions.id"),
    Column("ordinal", BigInteger, nullable=False),
    Column("position", Integer, nullable=False),
    _ref("item_id", "items.id"),
    Column("response_id", Id),
    Column("subject", String(64), nullable=False),
    Column("language", String(16), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("answer_state", String(16), nullable=False),
    Column("picked", CleanText, nullable=False, server_default=""),
    Column("is_judged", Boolean, nullable=False, server_default=text("false")),
    Column("is_reviewed", Boolean, nullable=False, server_default=text("false")),
    Column("created_at", Double, nullable=False),
    Index(
        "ix_records_order",  # holds every column that a filter looks at: a page is read from it alone
        "run_id",
        "ordinal",
        "work_id",
        "task_version_id",
        "outcome",
        "subject",
        "language",
        "answer_state",
        "is_judged",
        "is_reviewed",
        "item_id",
        "response_id",
    ),
    Index("ix_records_outcome", "run_id", "outcome", "ordinal", "work_id"),
    Index("ix_records_subject", "run_id", "subject", "ordinal", "work_id"),
    Index("ix_records_item", "item_id", "run_id", "ordinal"),
    Index(
        "ix_records_judged",
        "run_id",
        "ordinal",
        "work_id",
        sqlite_where=text("is_judged = 1"),
        postgresql_where=text("is_judged"),
    ),
    Index(
        "ix_records_reviewed",
        "run_id",
        "ordinal",
        "work_id",
        sqlite_where=text("is_reviewed = 1"),
        postgresql_where=text("is_reviewed"),
    ),
    Index("ix_records_response", "response_id"),
)

record_counts = Table(
    "record_counts",
    metadata,
    Column("run_id", Id, ForeignKey("runs.id"), primary_key=True),
    Column("task_version_id", Id, ForeignKey("task_versions.id"), primary_key=True),
    Column("subject", String(64), primary_key=True),
    Column("language", String(16), primary_key=True),
    Column("outcome", String(16), primary_key=True),
    Column("answer_state", String(16), primary_key=True),
    Column("n", BigInteger, nullable=False),
    Column("tokens_in", BigInteger, nullable=False),
    Column("tokens_out", BigInteger, nullable=False),
    Column("seconds", Double, nullable=False),
    Column("cost_usd", Double, nullable=False),
    Column("costless", BigInteger, nullable=False),  # answers whose price is unknown
    sqlite_with_rowid=False,
)

settings = Table(
    "settings",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Json, nullable=False),
)

"""What is to be done: runs, their work items, attempts, workers, jobs."""

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    text,
)

from evalcore.store.schema.columns import CleanText, Id, Json, Sha, metadata, reference, row_id

runs = Table(
    "runs",
    metadata,
    row_id(),
    Column("code", String(32), nullable=False, unique=True),
    Column("identity", Sha, nullable=False),
    Column("repeat", Integer, nullable=False),
    Column("kind", String(16), nullable=False),  # ask, judge, partner
    Column("name", CleanText, nullable=False),
    Column("spec", Json, nullable=False),
    reference("model_id", "models.id"),
    Column("lane", String(200), nullable=False),  # local, or api:ENDPOINT: what runs side by side in a worker
    Column("key_env", String(128), nullable=False, server_default=""),
    Column("wanted", String(16), nullable=False),  # run, pause, cancel: what a person asked for, not what is
    Column("pause_reason", CleanText, nullable=False, server_default=""),
    Column("origin", Json, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("deleted_at", Double),
    Column("parent_id", Id),  # the run that this one serves: a judge's, a dialogue partner's
    UniqueConstraint("identity", "repeat"),
)

run_tasks = Table(
    "run_tasks",
    metadata,
    Column("run_id", Id, ForeignKey("runs.id"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    reference("task_version_id", "task_versions.id"),
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
    row_id(),
    reference("run_id", "runs.id"),
    reference("task_version_id", "task_versions.id"),
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
        "ix_work_leased",
        "run_id",
        "lease_until",
        sqlite_where=text("state = 1"),
        postgresql_where=text("state = 1"),
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
    row_id(),
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
    row_id(),
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

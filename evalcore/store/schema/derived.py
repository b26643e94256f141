"""What screens page through and count: made from the results in the same transaction, can be rebuilt."""

from sqlalchemy import BigInteger, Boolean, Column, Double, ForeignKey, Index, Integer, String, Table, text

from evalcore.store.schema.columns import CleanText, Id, Json, metadata, reference

records = Table(
    "records",
    metadata,
    Column("work_id", Id, ForeignKey("work.id"), primary_key=True),
    reference("run_id", "runs.id"),
    reference("task_version_id", "task_versions.id"),
    Column("ordinal", BigInteger, nullable=False),
    Column("position", Integer, nullable=False),
    reference("item_id", "items.id"),
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

figures = Table(  # what the leaderboard has added up; a row counts for the state that it names and no other
    "figures",
    metadata,
    Column("run_id", Id, ForeignKey("runs.id"), primary_key=True),
    Column("task_version_id", Id, ForeignKey("task_versions.id"), primary_key=True),
    Column("state", String(128), nullable=False),
    Column("metrics", Json, nullable=False),
    sqlite_with_rowid=False,
)

settings = Table(
    "settings",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Json, nullable=False),
)

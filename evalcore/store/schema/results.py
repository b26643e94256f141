"""What came back, append-only: responses, answers, scores, judgements, reviews."""

from sqlalchemy import Column, Double, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from evalcore.store.schema.columns import CleanText, Id, Json, Sha, metadata, reference, row_id

responses = Table(
    "responses",
    metadata,
    row_id(),
    Column("work_id", Id, ForeignKey("work.id"), nullable=False, unique=True),
    reference("run_id", "runs.id"),
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
    row_id(),
    Column("sha", Sha, nullable=False, unique=True),
    reference("item_id", "items.id"),
    Column("response_ids", Json, nullable=False),  # in the stored order; empty: the item itself
    Index("ix_subjects_item", "item_id"),
)

judgements = Table(
    "judgements",
    metadata,
    row_id(),
    reference("subject_id", "subjects.id"),
    reference("response_id", "responses.id"),  # its raw text
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
    row_id(),
    reference("subject_id", "subjects.id"),
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

"""What is asked: items, keys, task versions, prompts; and who is asked: models, endpoints."""

from sqlalchemy import Boolean, Column, Double, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from evalcore.store.schema.columns import CleanText, Id, Json, Sha, metadata, row_id

items = Table(
    "items",
    metadata,
    row_id(),
    Column("sha", Sha, nullable=False, unique=True),
    Column("question", CleanText, nullable=False),
    Column("options", Json, nullable=False),  # [[label, text], ...] in order
    Column("context", CleanText, nullable=False, server_default=""),
    Column("language", String(16), nullable=False),
    Column("media", Json, nullable=False),
    Column("turns", Json),  # [[role, text], ...] before the question; null: none
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
    Column("rubric", Json),  # [[criterion, points, tags], ...]; null: none
    Column("created_at", Double, nullable=False),
)

task_versions = Table(
    "task_versions",
    metadata,
    row_id(),
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


models = Table(
    "models",
    metadata,
    row_id(),
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

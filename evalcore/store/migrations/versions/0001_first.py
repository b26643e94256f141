"""The first schema: every table of `schema`, and the full-text index in the database's own form."""

from alembic import op

from evalcore.store.schema import metadata

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SQLITE = (
    "CREATE VIRTUAL TABLE item_grams USING fts5(body, content='', tokenize='unicode61')",
    "CREATE VIRTUAL TABLE response_grams USING fts5(body, content='', tokenize='unicode61')",
    "CREATE VIRTUAL TABLE review_grams USING fts5(body, content='', tokenize='unicode61')",
)
_POSTGRESQL = tuple(
    statement
    for table in ("item_grams", "response_grams", "review_grams")
    for statement in (
        f"CREATE TABLE {table} (rowid BIGINT PRIMARY KEY, body TSVECTOR NOT NULL)",
        f"CREATE INDEX ix_{table}_body ON {table} USING gin (body)",
    )
)


def upgrade() -> None:
    bind = op.get_bind()
    metadata.create_all(bind)
    for statement in _SQLITE if bind.dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("the first schema has nothing below it; restore a backup instead")

"""Conversations before a question, rubrics in keys, and runs that belong to another run."""

import sqlalchemy as sa
from alembic import op

from evalcore.store.schema import metadata

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ADDED = (("items", "turns"), ("keys", "rubric"), ("runs", "parent_id"))


def upgrade() -> None:
    """The first migration makes the tables as they are now, so only an older database lacks the columns."""
    found = sa.inspect(op.get_bind())
    for table, column in _ADDED:
        if column not in {one["name"] for one in found.get_columns(table)}:
            op.add_column(table, sa.Column(column, metadata.tables[table].c[column].type))


def downgrade() -> None:
    for table, column in _ADDED:
        op.drop_column(table, column)

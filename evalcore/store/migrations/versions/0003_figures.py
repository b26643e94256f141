"""Figures that the leaderboard has added up already."""

import sqlalchemy as sa
from alembic import op

from evalcore.store.schema import metadata

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The first migration makes the tables as they are now, so only an older database lacks this one."""
    if not sa.inspect(op.get_bind()).has_table("figures"):
        metadata.tables["figures"].create(op.get_bind())


def downgrade() -> None:
    op.drop_table("figures")

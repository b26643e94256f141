"""Alembic's entry: runs on the connection that `engine.open_engine` hands over, in its transaction."""

from alembic import context

from evalcore.store.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
context.run_migrations()

"""What alembic runs for each command: the migrations, all in one transaction of the connection it is handed."""

from __future__ import annotations

from alembic import context

from exchange.state.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite can; a crash in the middle then leaves the old schema, whole.
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()

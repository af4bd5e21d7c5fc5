"""Alembic runs this for each migration, on the connection that `app.storage.migrations.migrate` passes."""

from alembic import context

from app.storage.schema.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # On SQLite too, tables are defined in a transaction: the connection begins a real one.
    transactional_ddl=True,
    # SQLite cannot alter most parts of a table in place; Alembic then creates a new table and copies the rows.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()

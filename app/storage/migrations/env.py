"""What Alembic runs for each migration: on the connection that `app.storage.migrations.migrate` hands over."""

from alembic import context

from app.storage.schema.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite defines tables in a transaction as well; the connection begins a real one.
    transactional_ddl=True,
    # SQLite cannot alter most of a table in place; Alembic then makes a new one and copies.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()

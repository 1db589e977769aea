"""Run by Alembic: takes the store that is being opened to the wanted step."""

from alembic import context

from dragoman.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite can undo a CREATE TABLE, so a crash half-way leaves the store as it was.
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()

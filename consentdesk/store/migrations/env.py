"""Alembic's door: runs the steps on the connection, and inside the transaction, that the store hands in."""

from alembic import context

from consentdesk.store.activity_tables import in_office

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=in_office,
    # SQLite rolls schema changes back as well, since the store begins its transactions itself.
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()

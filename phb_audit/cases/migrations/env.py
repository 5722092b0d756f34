"""Alembic's way in: the connection is handed over by `casebook_store.bring_up_to_date`, with its transaction begun."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()

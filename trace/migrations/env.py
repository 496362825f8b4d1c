"""Alembic's door: one history for the tables of both halves."""

from __future__ import annotations

from alembic import context

from brand.kernel.records import metadata
from trace import records  # noqa: F401  (names every table)

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    transaction_per_migration=False,
    user_module_prefix=None,
)
with context.begin_transaction():
    context.run_migrations()

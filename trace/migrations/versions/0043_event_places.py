"""Events say at which place they happened

What was written down before keeps none: such a row is never changed.
"""

from __future__ import annotations

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In one statement on both databases: SQLite would copy the table otherwise, and lose what forbids changes of it.
    op.execute("ALTER TABLE events ADD COLUMN place_id VARCHAR CONSTRAINT fk_events_place_id REFERENCES places (id)")

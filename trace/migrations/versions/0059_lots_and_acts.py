"""A holder's lots and the events of an act are found by index: sheets and undoing ask for many of both"""

from __future__ import annotations

from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_batches_holder_lot", "batches", ["holder_id", "lot"])
    op.drop_index("ix_batches_holder_id", "batches")
    op.create_index("ix_events_operation", "events", ["operation"])


def downgrade() -> None:
    op.drop_index("ix_events_operation", "events")
    op.create_index("ix_batches_holder_id", "batches", ["holder_id"])
    op.drop_index("ix_batches_holder_lot", "batches")

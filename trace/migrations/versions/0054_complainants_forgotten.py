"""Who sent a complaint is forgotten on request: when, and what they said in it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from brand.kernel.records import Moment
from trace.migrations import guards

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

_KEPT = (
    "id", "complaint_id", "position", "action", "from_state", "to_state", "at", "person_id", "person_name",
    "reason_code", "handler",
)  # fmt: skip


def upgrade() -> None:
    op.add_column("complaints", sa.Column("erased_at", Moment(timezone=True), nullable=True))
    guards.allow_changes("complaint_steps")
    guards.forbid_changes_but_forgetting("complaint_steps", "comment", "—", _KEPT)


def downgrade() -> None:
    guards.allow_changes("complaint_steps")
    guards.forbid_changes("complaint_steps")
    op.drop_column("complaints", "erased_at")

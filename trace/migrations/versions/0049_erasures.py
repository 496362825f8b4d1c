"""A person who left is forgotten on request: the name under acts, what signed in, and the salts of the log"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from brand.kernel.records import Moment
from trace.migrations import guards

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

_KEPT = (
    "id", "at", "action", "object_type", "object_id", "enterprise_id", "account_id", "person_id", "on_behalf_of", "via",
    "request_id", "detail",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "log_erasures",
        sa.Column("leaf_id", sa.String(), nullable=False),
        sa.Column("act_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("leaf_id", name=op.f("pk_log_erasures")),
    )
    op.create_index(op.f("ix_log_erasures_act_id"), "log_erasures", ["act_id"])
    guards.forbid_changes("log_erasures")
    op.add_column("persons", sa.Column("erased_at", Moment(timezone=True), nullable=True))
    guards.allow_changes("audit_entries")
    guards.forbid_changes_but_forgetting("audit_entries", "actor_name", "—", _KEPT)


def downgrade() -> None:
    guards.allow_changes("audit_entries")
    guards.forbid_changes("audit_entries")
    op.drop_column("persons", "erased_at")
    guards.allow_changes("log_erasures")
    op.drop_table("log_erasures")

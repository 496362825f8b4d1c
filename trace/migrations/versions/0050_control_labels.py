"""Orders may have control labels, which never go onto a pack: in a file that leaked they tell on whoever had it

No label issued before is one. Which labels are does not change any more, whatever happens to them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from trace.migrations import guards

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("label_orders", schema=None) as table:
        table.add_column(sa.Column("controls", sa.Integer(), server_default="0", nullable=False))
        table.create_check_constraint(op.f("ck_label_orders_controls"), "controls BETWEEN 0 AND packs")
    with op.batch_alter_table("labels", schema=None) as table:
        table.add_column(sa.Column("control", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.create_check_constraint(op.f("ck_labels_control_on_no_pack"), "NOT control OR state <> 'activated'")
        table.drop_index("ix_labels_batch_state")
        table.create_index("ix_labels_batch_state", ["batch_id", "state", "control"])
    guards.keep_once_set("labels", "control")

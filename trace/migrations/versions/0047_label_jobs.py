"""Label orders are signed in pieces, and jobs work on them as on sheets

Orders signed before have no pieces on record: their proofs are built from their labels, as until now.
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "label_chunks",
        sa.Column("order_id", _TEXT(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("labels", sa.Integer(), nullable=False),
        sa.Column("root", _TEXT(length=64), nullable=False),
        sa.CheckConstraint("number >= 0 AND labels BETWEEN 1 AND 2048", name=op.f("ck_label_chunks_piece")),
        sa.ForeignKeyConstraint(["order_id"], ["label_orders.id"], name=op.f("fk_label_chunks_order_id")),
        sa.PrimaryKeyConstraint("order_id", "number", name=op.f("pk_label_chunks")),
    )
    with op.batch_alter_table("label_orders", schema=None) as table:
        table.drop_constraint(op.f("ck_label_orders_state"), type_="check")
        table.create_check_constraint(
            op.f("ck_label_orders_state"), "state IN ('reserved', 'signed', 'released', 'called_off')"
        )
    with op.batch_alter_table("jobs", schema=None) as table:
        table.alter_column("import_id", existing_type=_TEXT(), nullable=True)
        table.add_column(sa.Column("order_id", _TEXT(), nullable=True))
        table.add_column(sa.Column("wanted", sa.JSON(), server_default="{}", nullable=False))
        table.create_foreign_key(op.f("fk_jobs_order_id"), "label_orders", ["order_id"], ["id"])
        table.create_index(op.f("ix_jobs_order_id"), ["order_id"])
        table.create_check_constraint(op.f("ck_jobs_one_subject"), "(import_id IS NULL) <> (order_id IS NULL)")

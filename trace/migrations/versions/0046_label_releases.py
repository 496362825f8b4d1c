"""A label order is released to whoever prints it before files are made

Orders of which sheets were made, or labels put on packs, before there was this step count as released.
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

from brand.kernel.records import Moment
from trace.migrations import guards

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    with op.batch_alter_table("label_orders", schema=None) as table:
        table.add_column(sa.Column("state", _TEXT(length=10), server_default="signed", nullable=False))
        table.create_check_constraint(op.f("ck_label_orders_state"), "state IN ('signed', 'released')")
    op.execute(
        "UPDATE label_orders SET state = 'released' WHERE id IN (SELECT order_id FROM print_runs) "
        "OR id IN (SELECT order_id FROM labels WHERE activated_at IS NOT NULL)"
    )
    op.create_table(
        "label_releases",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("order_id", _TEXT(), nullable=False),
        sa.Column("printer", _TEXT(length=8), nullable=False),
        sa.Column("name", _TEXT(length=120), nullable=False),
        sa.Column("released_at", Moment(timezone=True), nullable=False),
        sa.Column("released_by", _TEXT(), nullable=False),
        sa.CheckConstraint("printer IN ('own', 'house')", name=op.f("ck_label_releases_printer")),
        sa.CheckConstraint("(printer = 'house') = (name <> '')", name=op.f("ck_label_releases_house_named")),
        sa.ForeignKeyConstraint(["order_id"], ["label_orders.id"], name=op.f("fk_label_releases_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_releases")),
    )
    op.create_index(op.f("ix_label_releases_order_id"), "label_releases", ["order_id"])
    guards.forbid_changes("label_releases")

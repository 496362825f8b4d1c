"""Stop switches on labels, and orders that replace void labels of another"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

import brand.kernel.records

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_MOMENT = brand.kernel.records.Moment(timezone=True)
_OPEN = sa.text("lifted_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "label_stops",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("scope", _TEXT(length=8), nullable=False),
        sa.Column("key", _TEXT(length=40), nullable=False),
        sa.Column("enterprise_id", _TEXT(), nullable=False),
        sa.Column("name", _TEXT(length=40), nullable=False),
        sa.Column("reason_code", _TEXT(length=20), nullable=False),
        sa.Column("words", _TEXT(length=500), nullable=False),
        sa.Column("placed_by", _TEXT(), nullable=False),
        sa.Column("placed_at", _MOMENT, nullable=False),
        sa.Column("lifted_by", _TEXT(), nullable=True),
        sa.Column("lifted_at", _MOMENT, nullable=True),
        sa.Column("lift_words", _TEXT(length=500), nullable=False),
        sa.CheckConstraint("scope IN ('licence', 'order', 'key')", name=op.f("ck_label_stops_scope")),
        sa.CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name=op.f("ck_label_stops_lifted_whole")),
        sa.CheckConstraint("lifted_by IS NULL OR lifted_by <> placed_by", name=op.f("ck_label_stops_two")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_label_stops_enterprise_id")),
        sa.ForeignKeyConstraint(["placed_by"], ["persons.id"], name=op.f("fk_label_stops_placed_by")),
        sa.ForeignKeyConstraint(["lifted_by"], ["persons.id"], name=op.f("fk_label_stops_lifted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_stops")),
    )
    op.create_index(op.f("ix_label_stops_enterprise_id"), "label_stops", ["enterprise_id"])
    op.create_index(
        "uq_label_stops_open",
        "label_stops",
        ["scope", "key"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    with op.batch_alter_table("label_orders", schema=None) as table:
        table.add_column(sa.Column("replaces_id", _TEXT(), nullable=True))
        table.create_foreign_key(op.f("fk_label_orders_replaces_id"), "label_orders", ["replaces_id"], ["id"])
        table.create_index(op.f("ix_label_orders_replaces_id"), ["replaces_id"])


def downgrade() -> None:
    with op.batch_alter_table("label_orders", schema=None) as table:
        table.drop_index(op.f("ix_label_orders_replaces_id"))
        table.drop_constraint(op.f("fk_label_orders_replaces_id"), type_="foreignkey")
        table.drop_column("replaces_id")
    op.drop_table("label_stops")

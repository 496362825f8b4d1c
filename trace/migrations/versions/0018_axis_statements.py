"""Axis statements"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

import brand.kernel.records
from trace.migrations import guards

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "axis_statements",
        sa.Column("id", text(), nullable=False),
        sa.Column("batch_id", text(), nullable=False),
        sa.Column("axis", text(length=12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("value", text(length=120), nullable=False),
        sa.Column("method", text(length=12), nullable=False),
        sa.Column("reason", text(length=300), nullable=False),
        sa.Column("stated_by", text(), nullable=False),
        sa.Column("stated_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("position > 0", name=op.f("ck_axis_statements_position")),
        sa.CheckConstraint("method IN ('table', 'eye', 'instrument')", name=op.f("ck_axis_statements_method")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_axis_statements_batch_id")),
        sa.ForeignKeyConstraint(["stated_by"], ["persons.id"], name=op.f("fk_axis_statements_stated_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_axis_statements")),
        sa.UniqueConstraint("batch_id", "axis", "position", name=op.f("uq_axis_statements_batch_id_axis_position")),
    )
    guards.forbid_changes("axis_statements")

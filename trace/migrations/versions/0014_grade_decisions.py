"""Grade decisions"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

import brand.kernel.records
from trace.migrations import guards

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "grade_decisions",
        sa.Column("id", text(), nullable=False),
        sa.Column("carcass_id", text(), nullable=False),
        sa.Column("batch_id", text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("grade", text(length=10), nullable=False),
        sa.Column("method", text(length=12), nullable=False),
        sa.Column("reason", text(length=300), nullable=False),
        sa.Column("standing", text(length=10), nullable=False),
        sa.Column("disputed", sa.Boolean(), nullable=False),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.Column("grader_id", text(), nullable=False),
        sa.Column("decided_at", brand.kernel.records.Moment(timezone=True), nullable=False),
        sa.Column("event_id", text(), nullable=False),
        sa.CheckConstraint("position > 0", name=op.f("ck_grade_decisions_position")),
        sa.CheckConstraint("method IN ('table', 'eye', 'instrument')", name=op.f("ck_grade_decisions_method")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_grade_decisions_batch_id")),
        sa.ForeignKeyConstraint(["carcass_id"], ["carcasses.id"], name=op.f("fk_grade_decisions_carcass_id")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_grade_decisions_event_id")),
        sa.ForeignKeyConstraint(["grader_id"], ["persons.id"], name=op.f("fk_grade_decisions_grader_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade_decisions")),
        sa.UniqueConstraint("carcass_id", "position", name=op.f("uq_grade_decisions_carcass_id_position")),
    )
    op.create_index(op.f("ix_grade_decisions_batch_id"), "grade_decisions", ["batch_id"])
    guards.forbid_changes("grade_decisions")

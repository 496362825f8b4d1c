"""Witnesses of the log: their cosignatures, and how each answered last"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

import brand.kernel.records
from trace.migrations import guards

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_Text = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    moment = brand.kernel.records.Moment(timezone=True)
    op.create_table(
        "log_cosignatures",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("witness", _Text(length=300), nullable=False),
        sa.Column("line", _Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.ForeignKeyConstraint(["size"], ["log_heads.size"], name=op.f("fk_log_cosignatures_size")),
        sa.PrimaryKeyConstraint("size", "witness", name=op.f("pk_log_cosignatures")),
    )
    op.create_table(
        "log_witnessed",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.ForeignKeyConstraint(["size"], ["log_heads.size"], name=op.f("fk_log_witnessed_size")),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_log_witnessed")),
    )
    op.create_table(
        "log_witnesses",
        sa.Column("witness", _Text(length=300), nullable=False),
        sa.Column("code", _Text(length=60), nullable=False),
        sa.Column("detail", _Text(length=200), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("cosigned_at", moment, nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("witness", name=op.f("pk_log_witnesses")),
    )
    for table in ("log_cosignatures", "log_witnessed"):
        guards.forbid_changes(table)


def downgrade() -> None:
    for table in ("log_cosignatures", "log_witnessed"):
        guards.allow_changes(table)
    for table in ("log_witnesses", "log_witnessed", "log_cosignatures"):
        op.drop_table(table)

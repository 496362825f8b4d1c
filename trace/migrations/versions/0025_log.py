"""The transparency log"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

import brand.kernel.records
from trace.migrations import guards

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_Text = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    moment = brand.kernel.records.Moment(timezone=True)
    op.create_table(
        "log_leaves",
        sa.Column("id", _Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("statement", _Text(length=30), nullable=False),
        sa.Column("subject", _Text(length=80), nullable=False),
        sa.Column("issuer", _Text(length=20), nullable=False),
        sa.Column("facts", _Text(), nullable=False),
        sa.Column("commitment", _Text(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_leaves")),
    )
    op.create_table(
        "log_salts",
        sa.Column("leaf_id", _Text(), nullable=False),
        sa.Column("salt", _Text(length=32), nullable=False),
        sa.PrimaryKeyConstraint("leaf_id", name=op.f("pk_log_salts")),
    )
    op.create_table(
        "log_pending",
        sa.Column("leaf_id", _Text(), nullable=False),
        sa.PrimaryKeyConstraint("leaf_id", name=op.f("pk_log_pending")),
    )
    size = op.create_table(
        "log_size",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1 AND size >= 0", name=op.f("ck_log_size_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_size")),
    )
    op.bulk_insert(size, [{"id": 1, "size": 0}])
    op.create_table(
        "log_entries",
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("leaf_id", _Text(), nullable=False),
        sa.Column("subject", _Text(length=80), nullable=False),
        sa.Column("data", _Text(), nullable=False),
        sa.Column("hash", _Text(length=64), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_log_entries")),
        sa.UniqueConstraint("leaf_id", name=op.f("uq_log_entries_leaf_id")),
    )
    with op.batch_alter_table("log_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_log_entries_subject"), ["subject"], unique=False)
    op.create_table(
        "log_tiles",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hashes", _Text(), nullable=False),
        sa.Column("root", _Text(length=64), nullable=False),
        sa.PrimaryKeyConstraint("level", "place", name=op.f("pk_log_tiles")),
    )
    op.create_table(
        "log_heads",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("root", _Text(length=64), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("note", _Text(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_log_heads")),
    )
    op.create_table(
        "log_keys",
        sa.Column("kid", _Text(length=20), nullable=False),
        sa.Column("thumbprint", _Text(), nullable=False),
        sa.Column("public_key", _Text(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("retired_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_log_keys")),
        sa.UniqueConstraint("thumbprint", name=op.f("uq_log_keys_thumbprint")),
    )
    for table in ("log_leaves", "log_entries", "log_tiles"):
        guards.forbid_changes(table)


def downgrade() -> None:
    for table in ("log_leaves", "log_entries", "log_tiles"):
        guards.allow_changes(table)
    for table in (
        "log_keys",
        "log_heads",
        "log_tiles",
        "log_entries",
        "log_size",
        "log_pending",
        "log_salts",
        "log_leaves",
    ):
        op.drop_table(table)

"""Signed codes of batches on tags of carcasses, cases and lots"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

from brand.kernel.records import Moment
from trace.migrations import guards

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "batch_tags",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("batch_id", _TEXT(), nullable=False),
        sa.Column("kid", _TEXT(length=3), nullable=False),
        sa.Column("signature", _TEXT(length=86), nullable=False),
        sa.Column("issued_at", Moment(timezone=True), nullable=False),
        sa.Column("issued_by", _TEXT(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_batch_tags_batch_id")),
        sa.ForeignKeyConstraint(["kid"], ["signing_keys.kid"], name=op.f("fk_batch_tags_kid")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_tags")),
        sa.UniqueConstraint("batch_id", "kid", name=op.f("uq_batch_tags_batch_id_kid")),
    )
    guards.forbid_changes("batch_tags")

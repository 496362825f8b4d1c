"""Signed codes of cases and pallets on their labels"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

from brand.kernel.records import Moment
from trace.migrations import guards

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "container_tags",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("container_id", _TEXT(), nullable=False),
        sa.Column("kid", _TEXT(length=3), nullable=False),
        sa.Column("signature", _TEXT(length=86), nullable=False),
        sa.Column("issued_at", Moment(timezone=True), nullable=False),
        sa.Column("issued_by", _TEXT(), nullable=False),
        sa.ForeignKeyConstraint(["container_id"], ["containers.id"], name=op.f("fk_container_tags_container_id")),
        sa.ForeignKeyConstraint(["kid"], ["signing_keys.kid"], name=op.f("fk_container_tags_kid")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_container_tags")),
        sa.UniqueConstraint("container_id", "kid", name=op.f("uq_container_tags_container_id_kid")),
    )
    guards.forbid_changes("container_tags")


def downgrade() -> None:
    guards.allow_changes("container_tags")
    op.drop_table("container_tags")

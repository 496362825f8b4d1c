"""Acts of one transaction have one moment: what waits for a place in the log is numbered in the order of the acts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_LEAVES = sa.table("log_leaves", sa.column("id"), sa.column("at"))
_PENDING = sa.table("log_pending", sa.column("leaf_id"))


def upgrade() -> None:
    _again(
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("leaf_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_log_pending")),
        sa.UniqueConstraint("leaf_id", name=op.f("uq_log_pending_leaf_id")),
    )


def downgrade() -> None:
    _again(
        sa.Column("leaf_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("leaf_id", name=op.f("pk_log_pending")),
    )


def _again(*columns: sa.schema.SchemaItem) -> None:
    """The table anew with what waits, the oldest act first; it is short, and empty most of the time."""
    connection = op.get_bind()
    waiting = sa.select(_LEAVES.c.id).join(_PENDING, _PENDING.c.leaf_id == _LEAVES.c.id)
    ids = connection.execute(waiting.order_by(_LEAVES.c.at, _LEAVES.c.id)).scalars().all()
    op.drop_table("log_pending")
    op.create_table("log_pending", *columns)
    for one in ids:
        connection.execute(_PENDING.insert().values(leaf_id=one))

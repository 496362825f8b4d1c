"""Commitment certificates get a public address of their own."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("commitments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=True))
    _fill()
    with op.batch_alter_table("commitments", schema=None) as batch_op:
        batch_op.alter_column("code", existing_type=sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_commitments_code"), ["code"])
    with op.batch_alter_table("commitments_taken", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_commitments_taken_enterprise_id"), ["enterprise_id"], unique=False)


def _fill() -> None:
    """Nothing issued one until now; a row that stands there all the same gets an address."""
    commitments = sa.table("commitments", sa.column("id"), sa.column("code"))
    bind = op.get_bind()
    for (one,) in bind.execute(sa.select(commitments.c.id)).all():
        code = secrets.token_hex(6).upper()
        bind.execute(sa.update(commitments).where(commitments.c.id == one).values(code=code))

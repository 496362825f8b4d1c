"""Tables a scheme works by"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

from trace.migrations import guards

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scheme_tables",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("scheme_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("source_en", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("confidence", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("change_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["scheme_changes.id"], name=op.f("fk_scheme_tables_change_id")),
        sa.ForeignKeyConstraint(["scheme_id"], ["schemes.id"], name=op.f("fk_scheme_tables_scheme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheme_tables")),
        sa.UniqueConstraint("change_id", name=op.f("uq_scheme_tables_change_id")),
        sa.UniqueConstraint("scheme_id", "kind", "edition", name=op.f("uq_scheme_tables_scheme_id_kind_edition")),
    )
    guards.forbid_changes("scheme_tables")

"""Product rules"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

from trace.migrations import guards

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "product_rules",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("product_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("source_en", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("confidence", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("change_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["scheme_changes.id"], name=op.f("fk_product_rules_change_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_product_rules_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_rules")),
        sa.UniqueConstraint("change_id", name=op.f("uq_product_rules_change_id")),
        sa.UniqueConstraint("product_id", "kind", "edition", name=op.f("uq_product_rules_product_id_kind_edition")),
    )
    guards.forbid_changes("product_rules")

"""Tags may name goods of a batch by GTIN and lot"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

from trace.migrations import guards

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    guards.allow_changes("batch_tags")
    text = sqlmodel.sql.sqltypes.AutoString(length=14)
    with op.batch_alter_table("batch_tags", schema=None) as table:
        table.add_column(sa.Column("gtin", text, server_default="", nullable=False))
        table.drop_constraint(op.f("uq_batch_tags_batch_id_kid"), type_="unique")
        table.create_unique_constraint(op.f("uq_batch_tags_batch_id_kid_gtin"), ["batch_id", "kid", "gtin"])
    guards.forbid_changes("batch_tags")

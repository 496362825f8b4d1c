"""Place sheets"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("places", schema=None) as batch_op:
        batch_op.add_column(sa.Column("import_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.create_index(batch_op.f("ix_places_import_id"), ["import_id"], unique=False)
    with op.batch_alter_table("batches", schema=None) as batch_op:
        batch_op.create_foreign_key(batch_op.f("fk_batches_place_id"), "places", ["place_id"], ["id"])

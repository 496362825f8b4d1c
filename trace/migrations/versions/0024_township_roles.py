"""Roles held for one township"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("role_grants", schema=None) as table:
        table.add_column(sa.Column("township_code", sqlmodel.sql.sqltypes.AutoString(length=9), nullable=True))
        table.create_unique_constraint(
            op.f("uq_role_grants_account_id_role_township_code"), ["account_id", "role", "township_code"]
        )
        table.create_check_constraint(
            op.f("ck_role_grants_one_reach"), "enterprise_id IS NULL OR township_code IS NULL"
        )

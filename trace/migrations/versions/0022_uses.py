"""Uses of a licence, and licences without goods: what runs keeps every use its tier allows"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

import brand.kernel.records

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_OPEN = (
    "state IN ('draft', 'submitted', 'under_review', 'recommended', 'desk_reviewed', 'site_inspected', "
    "'experts_heard', 'returned', 'on_notice') AND product_id IS NULL"
)
_TIERS = sa.table("tiers", sa.column("id"), sa.column("allowed_uses", sa.JSON()))
_BRANDS = sa.table("brands", sa.column("id"), sa.column("tier_id"))


def upgrade() -> None:
    for name in ("applications", "licences"):
        with op.batch_alter_table(name, schema=None) as table:
            table.add_column(sa.Column("uses", sa.JSON(), nullable=True))
        rows = sa.table(name, sa.column("uses", sa.JSON()), sa.column("brand_id"))
        allowed = sa.select(_TIERS.c.allowed_uses).join(_BRANDS, _BRANDS.c.tier_id == _TIERS.c.id)
        op.execute(rows.update().values(uses=allowed.where(_BRANDS.c.id == rows.c.brand_id).scalar_subquery()))
        with op.batch_alter_table(name, schema=None) as table:
            table.alter_column("uses", existing_type=sa.JSON(), nullable=False)
            table.alter_column("product_id", existing_type=sqlmodel.sql.sqltypes.AutoString(), nullable=True)
            table.alter_column("cap_kg", existing_type=brand.kernel.records.Grams(), nullable=True)
            table.create_check_constraint(op.f(f"ck_{name}_goods"), "(product_id IS NULL) = (cap_kg IS NULL)")
    op.create_index(
        "uq_applications_one_open_without_goods",
        "applications",
        ["enterprise_id", "brand_id"],
        unique=True,
        sqlite_where=sa.text(_OPEN),
        postgresql_where=sa.text(_OPEN),
    )

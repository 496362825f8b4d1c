"""Company prefixes and the goods under their GTINs; label orders say which goods their codes name"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

import brand.kernel.records

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_MOMENT = brand.kernel.records.Moment(timezone=True)
_OPEN = sa.text("state IN ('declared', 'confirmed')")
_OWNED = sa.text("source = 'producer' AND state IN ('declared', 'confirmed')")
_ACTIVE = sa.text("active")


def upgrade() -> None:
    op.create_table(
        "company_prefixes",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("enterprise_id", _TEXT(), nullable=False),
        sa.Column("prefix", _TEXT(length=12), nullable=False),
        sa.Column("source", _TEXT(length=12), nullable=False),
        sa.Column("owner", _TEXT(length=120), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("state", _TEXT(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("declared_at", _MOMENT, nullable=False),
        sa.Column("declared_by", _TEXT(), nullable=False),
        sa.Column("decided_at", _MOMENT, nullable=True),
        sa.Column("decided_by", _TEXT(), nullable=True),
        sa.CheckConstraint("source IN ('producer', 'brand_owner')", name=op.f("ck_company_prefixes_source")),
        sa.CheckConstraint(
            "state IN ('declared', 'confirmed', 'refused', 'ended')", name=op.f("ck_company_prefixes_state")
        ),
        sa.CheckConstraint(
            "state <> 'confirmed' OR decided_by IS NOT NULL", name=op.f("ck_company_prefixes_confirmed_by_somebody")
        ),
        sa.CheckConstraint("source = 'producer' OR owner <> ''", name=op.f("ck_company_prefixes_lent_by_somebody")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_company_prefixes_enterprise_id")),
        sa.ForeignKeyConstraint(["declared_by"], ["persons.id"], name=op.f("fk_company_prefixes_declared_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["persons.id"], name=op.f("fk_company_prefixes_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_prefixes")),
    )
    op.create_index(op.f("ix_company_prefixes_enterprise_id"), "company_prefixes", ["enterprise_id"])
    _partial("uq_company_prefixes_open", "company_prefixes", ["enterprise_id", "prefix"], _OPEN)
    _partial("uq_company_prefixes_owned", "company_prefixes", ["prefix"], _OWNED)
    op.create_table(
        "trade_items",
        sa.Column("id", _TEXT(), nullable=False),
        sa.Column("gtin", _TEXT(length=14), nullable=False),
        sa.Column("enterprise_id", _TEXT(), nullable=False),
        sa.Column("prefix_id", _TEXT(), nullable=False),
        sa.Column("product_id", _TEXT(), nullable=False),
        sa.Column("goods", _TEXT(length=60), nullable=False),
        sa.Column("net_kg", brand.kernel.records.Grams(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("registered_at", _MOMENT, nullable=False),
        sa.Column("registered_by", _TEXT(), nullable=False),
        sa.Column("retired_at", _MOMENT, nullable=True),
        sa.CheckConstraint("net_kg > 0", name=op.f("ck_trade_items_net_kg")),
        sa.CheckConstraint("length(gtin) = 14", name=op.f("ck_trade_items_fourteen")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_trade_items_enterprise_id")),
        sa.ForeignKeyConstraint(["prefix_id"], ["company_prefixes.id"], name=op.f("fk_trade_items_prefix_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_trade_items_product_id")),
        sa.ForeignKeyConstraint(["registered_by"], ["persons.id"], name=op.f("fk_trade_items_registered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trade_items")),
        sa.UniqueConstraint("gtin", name=op.f("uq_trade_items_gtin")),
    )
    for one in ("enterprise_id", "prefix_id"):
        op.create_index(op.f(f"ix_trade_items_{one}"), "trade_items", [one])
    _partial("uq_trade_items_active", "trade_items", ["enterprise_id", "product_id", "goods", "net_kg"], _ACTIVE)
    with op.batch_alter_table("label_orders", schema=None) as table:
        table.add_column(sa.Column("gtin", _TEXT(length=14), nullable=True))
        table.add_column(sa.Column("gtin_source", _TEXT(length=12), nullable=False, server_default="none"))
        table.add_column(sa.Column("expiry", _TEXT(length=6), nullable=True))
        table.create_check_constraint(
            op.f("ck_label_orders_gtin_has_source"), "(gtin IS NULL) = (gtin_source = 'none')"
        )
        table.create_check_constraint(op.f("ck_label_orders_expiry_needs_gtin"), "expiry IS NULL OR gtin IS NOT NULL")
    with op.batch_alter_table("label_orders", schema=None) as table:
        table.alter_column("gtin_source", server_default=None)


def _partial(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    with op.batch_alter_table("label_orders", schema=None) as table:
        for one in ("expiry_needs_gtin", "gtin_has_source"):
            table.drop_constraint(op.f(f"ck_label_orders_{one}"), type_="check")
        for one in ("expiry", "gtin_source", "gtin"):
            table.drop_column(one)
    op.drop_table("trade_items")
    op.drop_table("company_prefixes")

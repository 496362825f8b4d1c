"""GS1 company prefixes that enterprises may use, and the GTINs they gave to goods under them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Grams, Moment

_OPEN = text("state IN ('declared', 'confirmed')")
_OWNED = text("source = 'producer' AND state IN ('declared', 'confirmed')")
_ACTIVE = text("active")


class CompanyPrefix(SQLModel, table=True):
    """A prefix as its enterprise declared it; its life is ``rules/gtins.py``. ``owner`` names whose it is if lent."""

    __tablename__ = "company_prefixes"
    __table_args__ = (
        CheckConstraint("source IN ('producer', 'brand_owner')", name="source"),
        CheckConstraint("state IN ('declared', 'confirmed', 'refused', 'ended')", name="state"),
        CheckConstraint("state <> 'confirmed' OR decided_by IS NOT NULL", name="confirmed_by_somebody"),
        CheckConstraint("source = 'producer' OR owner <> ''", name="lent_by_somebody"),
        Index(
            "uq_company_prefixes_open",
            "enterprise_id",
            "prefix",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("uq_company_prefixes_owned", "prefix", unique=True, sqlite_where=_OWNED, postgresql_where=_OWNED),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True)
    prefix: str = Field(max_length=12)
    source: str = Field(max_length=12, description="A value of rules.gtins.GtinSource")
    owner: str = Field(default="", max_length=120, description="The brand owner who lends the prefix")
    valid_until: date | None = Field(default=None, description="Last day of the lending or of the paid membership")
    state: str = Field(default="declared", max_length=10)
    version: int = 1
    declared_at: datetime = Field(sa_type=Moment)
    declared_by: str = Field(foreign_key="persons.id")
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    decided_by: str | None = Field(default=None, foreign_key="persons.id")


class TradeItem(SQLModel, table=True):
    """Goods of one kind and size under one GTIN. A GTIN is never given again, so a retired one stays."""

    __tablename__ = "trade_items"
    __table_args__ = (
        CheckConstraint("net_kg > 0", name="net_kg"),
        CheckConstraint("length(gtin) = 14", name="fourteen"),
        Index(
            "uq_trade_items_active",
            "enterprise_id",
            "product_id",
            "goods",
            "net_kg",
            unique=True,
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    gtin: str = Field(unique=True, max_length=14)
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True)
    prefix_id: str = Field(foreign_key="company_prefixes.id", index=True)
    product_id: str = Field(foreign_key="products.id")
    goods: str = Field(max_length=60, description="The cut or the name under which it is packed, as on pack lines")
    net_kg: Decimal = Field(sa_type=Grams)
    active: bool = True
    version: int = 1
    registered_at: datetime = Field(sa_type=Moment)
    registered_by: str = Field(foreign_key="persons.id")
    retired_at: datetime | None = Field(default=None, sa_type=Moment)

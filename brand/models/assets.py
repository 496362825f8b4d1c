"""What an enterprise brings with it: its sites, and the marks and certificates it holds."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment

_LIVE = text("state IN ('declared', 'confirmed')")


class SiteKind(StrEnum):
    PASTURE = "pasture"
    PLOT = "plot"
    BARN = "barn"
    ABATTOIR = "abattoir"
    PROCESSING = "processing"
    COLD_STORE = "cold_store"
    STATION = "station"
    SHOP = "shop"


class Site(SQLModel, table=True):
    """A place where an enterprise works, no finer than its township; we keep no coordinates."""

    __tablename__ = "sites"

    id: str = Field(default_factory=new_id, primary_key=True)
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True)
    kind: str = Field(max_length=20, description="A value of SiteKind")
    name: str = Field(max_length=80)
    county_code: str = Field(max_length=6)
    township_code: str = Field(default="", max_length=9)
    added_at: datetime = Field(sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)


class Asset(SQLModel, table=True):
    """A trademark or certificate as the enterprise declared it; its life is ``brand/rules/asset_flow.py``."""

    __tablename__ = "assets"
    __table_args__ = (
        CheckConstraint("valid_from IS NULL OR valid_until IS NULL OR valid_until >= valid_from", name="term"),
        Index("uq_assets_claim", "claim", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True)
    kind: str = Field(max_length=20, description="A value of rules.asset_kinds.AssetKind")
    number: str = Field(max_length=40)
    claim: str = Field(max_length=90, description="What may be held once at a time; see rules.asset_kinds.claim")
    title: str = Field(max_length=120)
    nice_class: int | None = Field(default=None, description="For a trademark: its class of goods")
    scope: str = Field(default="", max_length=300)
    issuer: str = Field(max_length=120)
    valid_from: date | None = None
    valid_until: date | None = Field(default=None, index=True, description="Empty: long valid")
    file_sha256: str = Field(default="", max_length=64, description="Digest of the scan, kept here or by the declarer")
    state: str = Field(max_length=20, index=True)
    version: int = 1
    declared_by: str = Field(foreign_key="persons.id")
    declared_at: datetime = Field(sa_type=Moment)
    decided_by: str | None = Field(default=None, foreign_key="persons.id")
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    reason_code: str = Field(default="", max_length=40)
    reason: str = Field(default="", max_length=500)


class AssetFile(SQLModel, table=True):
    """The scan that came with a declaration, for those who compare it; never public, rows are only ever added."""

    __tablename__ = "asset_files"
    __table_args__ = (CheckConstraint("size > 0", name="not_empty"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    asset_id: str = Field(foreign_key="assets.id", unique=True)
    name: str = Field(max_length=120)
    media_type: str = Field(max_length=40)
    size: int
    digest: str = Field(max_length=64)
    content: bytes = Field(sa_type=LargeBinary)
    added_at: datetime = Field(sa_type=Moment)
    added_by_name: str

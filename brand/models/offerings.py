"""The product catalogue: what an enterprise offers under a product of a scheme, with its pictures."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment


class Offering(SQLModel, table=True):
    """One enterprise's goods under one product; its life is ``brand/rules/offerings.py``."""

    __tablename__ = "offerings"

    id: str = Field(default_factory=new_id, primary_key=True)
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True)
    product_id: str = Field(foreign_key="products.id", index=True)
    name: str = Field(max_length=120)
    name_en: str = Field(default="", max_length=120)
    name_mn: str = Field(default="", max_length=120)
    origin: str = Field(default="", max_length=200)
    production_date: str = Field(default="", max_length=120, description="The day, or where it is printed on the pack")
    standard: str = Field(default="", max_length=120)
    specification: str = Field(default="", max_length=200)
    packaging: str = Field(default="", max_length=200)
    net_contents: str = Field(default="", max_length=60)
    storage: str = Field(default="", max_length=300)
    after_sales: str = Field(default="", max_length=500)
    certificates: list[str] = Field(sa_type=JSON, description="Ids of the marks and certificates shown")
    state: str = Field(default="draft", max_length=20, index=True)
    version: int = 1
    written_by: str = Field(foreign_key="persons.id")
    created_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)
    listed_at: datetime | None = Field(default=None, sa_type=Moment)
    reason_code: str = Field(default="", max_length=40)
    reason: str = Field(default="", max_length=500)


class OfferingPhoto(SQLModel, table=True):
    """One picture of an offering, drawn anew when it came; ``alt`` says what it shows to those who cannot see it."""

    __tablename__ = "offering_photos"
    __table_args__ = (UniqueConstraint("offering_id", "digest"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    offering_id: str = Field(foreign_key="offerings.id", index=True)
    alt: str = Field(max_length=200)
    alt_en: str = Field(default="", max_length=200)
    media_type: str = Field(max_length=40)
    size: int
    digest: str = Field(max_length=64, description="SHA-256 of the bytes kept")
    content: bytes = Field(sa_type=LargeBinary)
    added_at: datetime = Field(sa_type=Moment)
    added_by: str = Field(foreign_key="persons.id")

"""Quarantine certificates as papers with a number, and what each was used for."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Grams, Moment


class QuarantineCertificate(SQLModel, table=True):
    """One paper, «declared» until an inspector saw it; ``key`` is the number in one spelling, quantity head or kg."""

    __tablename__ = "quarantine_certificates"
    __table_args__ = (
        UniqueConstraint("form", "county_code", "key"),
        CheckConstraint("used >= 0 AND used <= quantity AND quantity > 0", name="used"),
        CheckConstraint("valid_until >= issued_on", name="order"),
        CheckConstraint("state IN ('declared', 'confirmed', 'rejected')", name="state"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True)
    form: str = Field(max_length=10, description="A value of rules.quarantine.Form")
    number: str = Field(max_length=40, description="As printed")
    key: str = Field(max_length=40)
    county_code: str = Field(max_length=6, description="Of the office that issued it")
    issued_on: date
    valid_until: date
    goods: str = Field(max_length=60)
    quantity: Decimal = Field(sa_type=Grams)
    unit: str = Field(max_length=4, description="head or kg")
    used: Decimal = Field(default=Decimal(0), sa_type=Grams)
    from_place: str = Field(max_length=120)
    to_place: str = Field(max_length=120)
    file_name: str = Field(default="", max_length=120)
    media_type: str = Field(default="", max_length=40)
    digest: str = Field(default="", max_length=64, description="SHA-256 of the paper's file")
    content: bytes | None = Field(default=None, sa_type=LargeBinary)
    state: str = Field(default="declared", max_length=10)
    seen_by: str | None = Field(default=None, foreign_key="persons.id")
    seen_at: datetime | None = Field(default=None, sa_type=Moment)
    seen_note: str = Field(default="", max_length=200)
    written_at: datetime = Field(sa_type=Moment)
    written_by: str = Field(foreign_key="persons.id")
    version: int = 1


class QuarantineUse(SQLModel, table=True):
    """What a certificate went with: a herd's event, a batch or a shipment. The database refuses UPDATE and DELETE."""

    __tablename__ = "quarantine_uses"
    __table_args__ = (UniqueConstraint("certificate_id", "subject", "subject_id"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    certificate_id: str = Field(foreign_key="quarantine_certificates.id", index=True)
    subject: str = Field(max_length=12, description="herd, batch or shipment; undone: goods taken back, below zero")
    subject_id: str = Field(max_length=20, index=True)
    quantity: Decimal = Field(sa_type=Grams)
    used_on: date
    used_at: datetime = Field(sa_type=Moment)
    used_by: str = Field(foreign_key="persons.id")

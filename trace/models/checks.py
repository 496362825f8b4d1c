"""Samples under seal, and looks at goods and places by a checklist; both are written once and never changed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import JSON, CheckConstraint, LargeBinary
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Grams, Moment


class Sample(SQLModel, table=True):
    """What was taken of a batch under one seal; the number of a seal is used once in the whole register."""

    __tablename__ = "samples"
    __table_args__ = (CheckConstraint("quantity > 0", name="something"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    batch_id: str = Field(foreign_key="batches.id", index=True)
    enterprise_id: str = Field(foreign_key="enterprises.id")
    seal: str = Field(max_length=40)
    seal_key: str = Field(max_length=80, unique=True)
    where: str = Field(max_length=120, description="Where it was taken, in words")
    quantity: Decimal = Field(sa_type=Grams)
    unit: str = Field(max_length=10)
    spare: bool = Field(description="Whether a second half was sealed for a retest")
    official: bool
    taken_at: datetime = Field(sa_type=Moment)
    taken_by: str = Field(foreign_key="persons.id")
    taken_by_name: str
    recorded_at: datetime = Field(sa_type=Moment)


class GoodsCheck(SQLModel, table=True):
    """One look at a batch by a checklist, signed by the person through the digest of all that was seen."""

    __tablename__ = "goods_checks"
    __table_args__ = (CheckConstraint("findings >= 0", name="findings"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    batch_id: str = Field(foreign_key="batches.id", index=True)
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True)
    checklist: str = Field(max_length=20)
    edition: str = Field(max_length=10)
    where: str = Field(max_length=120)
    checked_on: date
    answers: dict[str, str] = Field(sa_type=JSON)
    findings: int
    words: str = Field(default="", max_length=2000)
    official: bool
    digest: str = Field(max_length=64)
    signed_at: datetime = Field(sa_type=Moment)
    person_id: str = Field(foreign_key="persons.id")
    person_name: str


class GoodsCheckFile(SQLModel, table=True):
    """A photo or paper of a check."""

    __tablename__ = "goods_check_files"

    id: str = Field(default_factory=new_id, primary_key=True)
    check_id: str = Field(foreign_key="goods_checks.id", index=True)
    name: str = Field(max_length=120)
    media_type: str = Field(max_length=40)
    size: int
    digest: str = Field(max_length=64)
    content: bytes = Field(sa_type=LargeBinary)

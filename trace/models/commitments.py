"""Commitment certificates 承诺达标合格证: issued per batch, replaced after mixing, and those taken from sellers."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import JSON, CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Grams, Moment

_VALID = text("state = 'valid'")


class Commitment(SQLModel, table=True):
    """One certificate; its words never change, only ``state`` moves. One per batch is valid at a time.

    ``contact`` is for the paper only and never on a public page.
    """

    __tablename__ = "commitments"
    __table_args__ = (
        CheckConstraint("quantity_kg > 0", name="something"),
        CheckConstraint("style IN ('producer', 'collector')", name="style"),
        Index("uq_commitments_one_valid", "batch_id", unique=True, sqlite_where=_VALID, postgresql_where=_VALID),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    number: str = Field(unique=True, max_length=30)
    code: str = Field(unique=True, max_length=16, description="Its public address, /q/{code}; tells nothing")
    batch_id: str = Field(foreign_key="batches.id", index=True)
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True, description="The party that commits itself")
    style: str = Field(max_length=10)
    bases: list[str] = Field(sa_type=JSON)
    product: str = Field(max_length=120)
    quantity_kg: Decimal = Field(sa_type=Grams)
    origin: str = Field(max_length=200)
    party: str = Field(max_length=200)
    contact: str = Field(default="", max_length=60)
    issued_on: date
    keep_until: date
    replaces_id: str | None = Field(default=None, foreign_key="commitments.id", unique=True)
    state: str = Field(default="valid", max_length=10)
    reason: str = Field(default="", max_length=300)
    digest: str = Field(max_length=64)
    version: int = 1
    issued_at: datetime = Field(sa_type=Moment)
    issued_by: str = Field(foreign_key="persons.id")


class CommitmentInput(SQLModel, table=True):
    """A certificate of what went into mixed goods, behind a collector's certificate; rows only grow."""

    __tablename__ = "commitment_inputs"

    commitment_id: str = Field(foreign_key="commitments.id", primary_key=True)
    input_id: str = Field(foreign_key="commitments.id", primary_key=True)


class CommitmentTaken(SQLModel, table=True):
    """A paper certificate taken from a seller when goods were bought up, kept with its picture; rows only grow."""

    __tablename__ = "commitments_taken"
    __table_args__ = (UniqueConstraint("batch_id", "digest"), CheckConstraint("quantity_kg > 0", name="something"))

    id: str = Field(default_factory=new_id, primary_key=True)
    batch_id: str = Field(foreign_key="batches.id")
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True)
    product: str = Field(max_length=120)
    quantity_kg: Decimal = Field(sa_type=Grams)
    issued_on: date
    keep_until: date
    name: str = Field(max_length=120)
    media_type: str = Field(max_length=40)
    size: int
    digest: str = Field(max_length=64)
    content: bytes = Field(sa_type=LargeBinary)
    taken_at: datetime = Field(sa_type=Moment)
    taken_by: str = Field(foreign_key="persons.id")

"""Goods on the way from one holder to the next: who carries them under which seal, and what arrived of each batch."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Grams, Moment

_ON_THE_WAY = text("ended_at IS NULL")


class Shipment(SQLModel, table=True):
    """One journey. ``vehicle`` and seal are for those who send, carry and receive; nobody outside reads them."""

    __tablename__ = "shipments"
    __table_args__ = (
        CheckConstraint("state IN ('on_the_way', 'received', 'called_off')", name="state"),
        CheckConstraint("(state = 'on_the_way') = (ended_at IS NULL)", name="ended"),
        CheckConstraint("from_id <> to_id", name="somewhere_else"),
        CheckConstraint("(taken_over_at IS NULL) = (taken_over_by IS NULL)", name="taken_over"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    number: str = Field(unique=True, max_length=30)
    state: str = Field(default="on_the_way", max_length=12, index=True)
    from_id: str = Field(foreign_key="enterprises.id", index=True)
    to_id: str = Field(foreign_key="enterprises.id", index=True)
    carrier_id: str | None = Field(default=None, foreign_key="enterprises.id")
    vehicle: str = Field(default="", max_length=40)
    seal: str = Field(default="", max_length=40)
    taken_over_at: datetime | None = Field(default=None, sa_type=Moment, description="When its carrier confirmed it")
    taken_over_by: str | None = Field(default=None, foreign_key="persons.id")
    seal_taken: str = Field(default="", max_length=40, description="As the carrier read it")
    taken_words: str = Field(default="", max_length=300)
    seal_found: str = Field(default="", max_length=40)
    seal_words: str = Field(default="", max_length=300)
    planned_on: date
    sent_at: datetime = Field(sa_type=Moment)
    sent_by: str = Field(foreign_key="persons.id")
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    ended_by: str | None = Field(default=None, foreign_key="persons.id")
    version: int = 1


class ShipmentLine(SQLModel, table=True):
    """One batch on board, kg; ``parcels``: pieces counted for the subsidy. A batch is on one journey at a time."""

    __tablename__ = "shipment_lines"
    __table_args__ = (
        UniqueConstraint("shipment_id", "batch_id"),
        CheckConstraint("kg > 0 AND parcels >= 0", name="something"),
        CheckConstraint("received_kg IS NULL OR (received_kg >= 0 AND received_kg <= kg)", name="no_more_than_sent"),
        Index(
            "uq_shipment_lines_on_the_way",
            "batch_id",
            unique=True,
            sqlite_where=_ON_THE_WAY,
            postgresql_where=_ON_THE_WAY,
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    shipment_id: str = Field(foreign_key="shipments.id")
    batch_id: str = Field(foreign_key="batches.id", index=True)
    kg: Decimal = Field(sa_type=Grams)
    parcels: int = 0
    received_kg: Decimal | None = Field(default=None, sa_type=Grams)
    shortage: str = Field(default="", max_length=12)
    words: str = Field(default="", max_length=300)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)

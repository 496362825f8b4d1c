"""Animals announced to an abattoir, the tags read when they came, and what the examination before slaughter found."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment

#: A lot that was called off leaves its number to another.
_STANDING = text("state <> 'called_off'")


class Lairage(SQLModel, table=True):
    """One lot of animals before slaughter; its lot number becomes that of the batch."""

    __tablename__ = "lairages"
    __table_args__ = (
        Index(
            "uq_lairages_standing_lot",
            "abattoir_id",
            "lot",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
        CheckConstraint("announced_head > 0", name="head"),
        CheckConstraint("state IN ('announced', 'read', 'examined', 'slaughtered', 'called_off')", name="state"),
        CheckConstraint("(state = 'slaughtered') = (batch_id IS NOT NULL)", name="batch"),
        CheckConstraint("(state = 'called_off') = (called_off_at IS NOT NULL)", name="called_off"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    abattoir_id: str = Field(foreign_key="enterprises.id", index=True)
    producer_id: str = Field(foreign_key="enterprises.id", index=True)
    product_id: str = Field(foreign_key="products.id")
    lot: str = Field(max_length=20)
    expected_on: date
    announced_head: int
    announced_tags: list[Any] = Field(sa_type=JSON, description="Ear tags announced; empty where only heads were")
    certificate_id: str | None = Field(default=None, foreign_key="quarantine_certificates.id")
    state: str = Field(default="announced", max_length=12, description="A value of rules.lairage.LairageState")
    announced_by: str = Field(foreign_key="persons.id")
    announced_at: datetime = Field(sa_type=Moment)
    read_at: datetime | None = Field(default=None, sa_type=Moment, description="When the last tag was read")
    examined_at: datetime | None = Field(default=None, sa_type=Moment)
    examined_by: str | None = Field(default=None, foreign_key="persons.id")
    note: str = Field(
        default="", max_length=300, description="What the examiner says of differences, or why it was called off"
    )
    called_off_at: datetime | None = Field(default=None, sa_type=Moment)
    called_off_by: str | None = Field(default=None, foreign_key="persons.id")
    differences: list[Any] = Field(sa_type=JSON, description="Codes and figures as the examiner saw them")
    batch_id: str | None = Field(default=None, foreign_key="batches.id", unique=True)
    version: int = 1


class LairageTag(SQLModel, table=True):
    """One tag read at the gate; ``fit`` is the examination's word, none before it."""

    __tablename__ = "lairage_tags"
    __table_args__ = (UniqueConstraint("lairage_id", "tag"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    lairage_id: str = Field(foreign_key="lairages.id")
    tag: str = Field(max_length=15, index=True)
    read_at: datetime = Field(sa_type=Moment)
    read_by: str = Field(foreign_key="persons.id")
    fit: bool | None = None

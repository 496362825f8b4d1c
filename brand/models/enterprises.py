"""Enterprises that join the registry, every step of their life there, and the merging of duplicates."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment


class EnterpriseKind(StrEnum):
    COMPANY = "company"
    COOPERATIVE = "cooperative"
    COLLECTIVE = "collective"
    INDIVIDUAL = "individual"
    HOUSEHOLD = "household"
    ASSOCIATION = "association"
    STATION = "station"
    ABATTOIR = "abattoir"
    COLD_STORE = "cold_store"
    CARRIER = "carrier"
    LABORATORY = "laboratory"


class EnterpriseState(StrEnum):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    MERGED = "merged"


class Enterprise(SQLModel, table=True):
    """A party of the registry. Contact name, telephone and address are for the office only, never public."""

    __tablename__ = "enterprises"

    id: str = Field(default_factory=new_id, primary_key=True)
    kind: str = Field(max_length=20, description="A value of EnterpriseKind")
    name: str = Field(index=True, max_length=120)
    name_en: str = Field(default="", max_length=120)
    name_mn: str = Field(default="", max_length=120)
    credit_code: str | None = Field(default=None, unique=True, max_length=18)
    county_code: str = Field(max_length=6)
    township_code: str = Field(default="", max_length=9)
    address: str = Field(default="", max_length=200)
    contact_name: str = Field(max_length=60)
    contact_phone: str = Field(max_length=20)
    state: str = Field(default=EnterpriseState.PENDING.value, max_length=20)
    version: int = 1
    joined_at: datetime = Field(sa_type=Moment)
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    decided_by: str | None = Field(default=None, foreign_key="persons.id")
    reason_code: str = Field(default="", max_length=60, description="Why it was refused, from a fixed list")
    reason: str = Field(default="", max_length=500, description="The office's own words to it")
    merged_into: str | None = Field(
        default=None, foreign_key="enterprises.id", index=True, description="Where this entry's ids lead now"
    )


class EnterpriseStep(SQLModel, table=True):
    """One step of an enterprise's life, so that its state on any day can be told; rows are only ever added."""

    __tablename__ = "enterprise_steps"
    __table_args__ = (UniqueConstraint("enterprise_id", "position"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    enterprise_id: str = Field(foreign_key="enterprises.id")
    position: int = Field(description="The enterprise's version after this step")
    action: str
    from_state: str
    to_state: str
    at: datetime = Field(sa_type=Moment)
    person_id: str | None = Field(default=None, foreign_key="persons.id", description="Empty for the service itself")
    person_name: str
    reason_code: str = ""
    comment: str = Field(default="", max_length=500)


class EnterpriseMerge(SQLModel, table=True):
    """A proposal to close one entry as the duplicate of another; one open proposal per entry."""

    __tablename__ = "enterprise_merges"
    __table_args__ = (
        CheckConstraint("duplicate_id <> kept_id", name="two_entries"),
        CheckConstraint(
            "state <> 'merged' OR (decided_by IS NOT NULL AND decided_by <> proposed_by)", name="two_persons"
        ),
        Index(
            "uq_enterprise_merges_one_open",
            "duplicate_id",
            unique=True,
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    duplicate_id: str = Field(foreign_key="enterprises.id")
    kept_id: str = Field(foreign_key="enterprises.id", index=True)
    why: str = Field(max_length=500)
    state: str = Field(default="proposed", max_length=20)
    version: int = 1
    proposed_by: str = Field(foreign_key="persons.id")
    proposed_at: datetime = Field(sa_type=Moment)
    decided_by: str | None = Field(default=None, foreign_key="persons.id")
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    comment: str = Field(default="", max_length=500)

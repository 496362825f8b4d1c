"""Enterprises that join the registry: companies, cooperatives, households, abattoirs and their kind."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

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

"""Supply contracts: what a licence holder buys of one supplier in a season, on which plots, and what was bought."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, LargeBinary
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Grams, Moment


class SupplyContract(SQLModel, table=True):
    """One product, one supplier, one season under one licence; its life is ``trace/rules/supply.py``.

    The paper may follow: ``digest`` is empty until then, and once filled stays. ``kg`` is the weight agreed,
    ``used_kg`` what was bought under it; it moves by guarded updates. Paper and supplier are for both parties and the
    office, never public.
    """

    __tablename__ = "supply_contracts"
    __table_args__ = (
        CheckConstraint("used_kg >= 0 AND used_kg <= kg AND kg > 0", name="used_within_agreed"),
        CheckConstraint("supplier_id <> buyer_id", name="two_parties"),
        CheckConstraint("valid_until >= valid_from", name="term"),
        CheckConstraint("state <> 'running' OR confirmed_by IS NOT NULL", name="running_is_confirmed"),
        CheckConstraint("state NOT IN ('agreed', 'running', 'ended') OR digest <> ''", name="agreed_has_paper"),
        CheckConstraint(
            "confirmed_by IS NULL OR (confirmed_by <> declared_by AND confirmed_by <> consented_by)", name="four_eyes"
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    number: str = Field(max_length=40, description="Of the contract, as written on the paper")
    licence_id: str = Field(foreign_key="licences.id", index=True)
    buyer_id: str = Field(foreign_key="enterprises.id", index=True)
    product_id: str = Field(foreign_key="products.id")
    supplier_id: str = Field(foreign_key="enterprises.id", index=True)
    valid_from: date
    valid_until: date
    kg: Decimal = Field(sa_type=Grams)
    used_kg: Decimal = Field(default=Decimal(0), sa_type=Grams)
    name: str = Field(default="", max_length=120)
    media_type: str = Field(default="", max_length=40)
    digest: str = Field(
        max_length=64,
        description="SHA-256 of the paper, empty until it comes; without a file its buyer keeps the paper",
    )
    content: bytes | None = Field(default=None, sa_type=LargeBinary)
    state: str = Field(max_length=20, index=True)
    version: int = 1
    declared_by: str = Field(foreign_key="persons.id")
    declared_at: datetime = Field(sa_type=Moment)
    consent: str = Field(default="", max_length=200, description="Of a consent on paper: who gave it, where it is kept")
    consented_by: str | None = Field(default=None, foreign_key="persons.id")
    consented_at: datetime | None = Field(default=None, sa_type=Moment)
    office: str = Field(
        default="", max_length=9, description="Whose clerk confirmed: a township or the county, by code"
    )
    confirmed_by: str | None = Field(default=None, foreign_key="persons.id")
    confirmed_at: datetime | None = Field(default=None, sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    reason_code: str = Field(default="", max_length=20)
    reason: str = Field(default="", max_length=500)


class SupplyPlot(SQLModel, table=True):
    """A plot the contract names; rows are only ever added."""

    __tablename__ = "supply_plots"

    contract_id: str = Field(foreign_key="supply_contracts.id", primary_key=True)
    place_id: str = Field(foreign_key="places.id", primary_key=True)


class SupplyUse(SQLModel, table=True):
    """What was bought under a contract or given back (negative); rows are only ever added and sum up to ``used_kg``."""

    __tablename__ = "supply_uses"
    __table_args__ = (CheckConstraint("kg <> 0", name="something"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    contract_id: str = Field(foreign_key="supply_contracts.id", index=True)
    batch_id: str = Field(foreign_key="batches.id", index=True)
    kg: Decimal = Field(sa_type=Grams)
    harvested_on: date
    place_id: str | None = Field(default=None, foreign_key="places.id", description="The plot it grew on")
    at: datetime = Field(sa_type=Moment)
    person_id: str = Field(foreign_key="persons.id")

"""How much a household or plot can bring forth in a season, how much of it is used, and by what."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Grams, Hundredths, Moment

_LIVE = text("state IN ('declared', 'verified')")


class Capacity(SQLModel, table=True):
    """One product of one enterprise, or of one of its places, in one season; ``unit`` is kg or head.

    ``allowed`` is the declared figure until the office has verified it, then the verified one; it is raised by two
    persons only. ``used`` moves by guarded updates; see ``trace/services/capacities.py``.
    """

    __tablename__ = "capacities"
    __table_args__ = (
        CheckConstraint("used >= 0 AND used <= allowed", name="used_within_allowed"),
        CheckConstraint("declared > 0 AND (wanted IS NULL) = (wanted_by IS NULL)", name="figures"),
        CheckConstraint("(wanted IS NULL) = (wanted_at IS NULL)", name="wanted_since"),
        CheckConstraint("season_to >= season_from", name="season"),
        CheckConstraint("verified_by IS NULL OR verified_by <> declared_by", name="two_persons"),
        Index(
            "uq_capacities_live",
            "scope",
            "product_id",
            "season_from",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True)
    place_id: str | None = Field(default=None, foreign_key="places.id", index=True)
    scope: str = Field(max_length=40, description="The place's id, else the enterprise's: whose figure it is")
    product_id: str = Field(foreign_key="products.id")
    season_from: date
    season_to: date
    unit: str = Field(max_length=4, description="One of rules.capacities.UNITS")
    declared: Decimal = Field(sa_type=Grams)
    allowed: Decimal = Field(sa_type=Grams)
    used: Decimal = Field(default=Decimal(0), sa_type=Grams)
    basis: str = Field(max_length=10, description="A value of rules.capacities.Basis")
    mu: Decimal | None = Field(default=None, sa_type=Hundredths)
    per_mu: Decimal | None = Field(default=None, sa_type=Grams, description="Of the unit, per 亩")
    source: str = Field(max_length=200, description="Where the yield is from, or which contract it is")
    state: str = Field(max_length=20, index=True)
    version: int = 1
    declared_by: str = Field(foreign_key="persons.id")
    declared_at: datetime = Field(sa_type=Moment)
    wanted: Decimal | None = Field(default=None, sa_type=Grams, description="A higher figure that waits for agreement")
    wanted_by: str | None = Field(default=None, foreign_key="persons.id")
    wanted_at: datetime | None = Field(
        default=None, sa_type=Moment, description="From here the second person's term runs"
    )
    verified_by: str | None = Field(default=None, foreign_key="persons.id")
    verified_by_name: str = ""
    verified_at: datetime | None = Field(default=None, sa_type=Moment)
    agreed_by: str | None = Field(default=None, foreign_key="persons.id", description="The second person of a raise")
    reason_code: str = Field(default="", max_length=20)
    reason: str = Field(default="", max_length=500)


class CapacityUse(SQLModel, table=True):
    """What took from a capacity or gave back (negative); rows are only ever added and sum up to ``used``."""

    __tablename__ = "capacity_uses"
    __table_args__ = (CheckConstraint("amount <> 0", name="something"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    capacity_id: str = Field(foreign_key="capacities.id", index=True)
    batch_id: str = Field(foreign_key="batches.id", index=True)
    amount: Decimal = Field(sa_type=Grams)
    at: datetime = Field(sa_type=Moment)
    person_id: str = Field(foreign_key="persons.id")
